"""Blocking somebody, and undoing it: on their page, where nobody else sees it."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.members import blocking
from timebank.members.queries import party
from timebank.web.forms import Form, pressed
from timebank.web.schemas.members import SaidBlock
from timebank.web.session import action, database, done, me
from timebank.web.voices import for_whom, speaking, voices

pages = Blueprint("blocks", __name__, url_prefix="/members")


@pages.route("/<uuid:party_id>/block", methods=["GET", "POST"])
def block(party_id: UUID) -> ResponseReturnValue:
    """What a block does, said before it is done."""
    whom = party(database(), me().timebank_id, party_id)
    may_speak = voices(database(), me(), request.values.get("for"))
    if not may_speak:
        return for_whom()
    form = Form(SaidBlock)
    if (said := form.read()) is not None:
        with form.action() as session:
            blocking.block(session, party_id, by=speaking(said), at=now(), for_party=said["for_party"])
        if form.is_done:
            return done(gettext("Blocked: %(name)s. They are not told.", name=whom.name), _page_of(party_id))
    return form.page("blocks/block.html", party=whom, voices=may_speak)


@pages.post("/<uuid:party_id>/unblock")
def unblock(party_id: UUID) -> ResponseReturnValue:
    """It is undone for everybody for whom the reader speaks."""
    whom = party(database(), me().timebank_id, party_id)
    said = pressed(SaidBlock)["for_party"]
    with action() as session:
        standing = me().standing
        for blocker in {said} if said else standing.parties - {party_id}:
            blocking.unblock(session, party_id, by=standing, for_party=blocker)
    return done(gettext("The block is undone: %(name)s", name=whom.name), _page_of(party_id))


def _page_of(party_id: UUID) -> str:
    return url_for("members.show", party_id=party_id)
