"""A statement: every movement of one account, newest first, with the balance after each."""

from flask import Blueprint, render_template

from timebank.web.forms import asked
from timebank.web.schemas.statement import AskedStatement
from timebank.web.session import database, me
from timebank.web.statements import statement_of
from timebank.web.voices import voices

pages = Blueprint("statement", __name__, url_prefix="/statement")


@pages.get("")
def show() -> str:
    """One's own, one's organisation's, or for a broker and an auditor anybody's."""
    said = asked(AskedStatement)
    return render_template(
        "statement/show.html",
        statement=statement_of(said["of"], before=said["before"]),
        voices=voices(database(), me()),
    )
