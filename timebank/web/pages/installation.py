"""What an operator sees: the timebanks of this installation, and nobody's private life."""

from flask import Blueprint, render_template

from timebank.members.queries import member_counts
from timebank.members.rules import check_operator
from timebank.network.queries import all_timebanks
from timebank.web.session import database, me

pages = Blueprint("installation", __name__, url_prefix="/installation")


@pages.get("")
def show() -> str:
    """The timebanks here, with how many members each has."""
    check_operator(me().standing)
    return render_template(
        "installation/show.html", timebanks=all_timebanks(database()), members=member_counts(database())
    )
