"""At the door of a group session: the host's tablet, where people say that they are here, and the code to scan."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.errors import RuleBroken
from timebank.group_sessions import checking_in, queries
from timebank.group_sessions.rules import check_may_host
from timebank.group_sessions.tables import Presence
from timebank.language import N_
from timebank.members.finding import Found, people_called
from timebank.members.tables import PartyKind
from timebank.web.codes import NO_PLACE
from timebank.web.errors import sentence
from timebank.web.forms import Form, pressed
from timebank.web.group_sessions import session_for
from timebank.web.qr import whole_address
from timebank.web.schemas.group_sessions import SaidAbsence, SaidName
from timebank.web.session import action, database, done, me

NOBODY = N_("Nobody of that name belongs to this timebank. Try the family name, or ask the host.")
SEVERAL = N_("There are several people of that name. Choose yourself below, or type in more of it.")
pages = Blueprint("check_in", __name__, url_prefix="/sessions")


@pages.route("/<uuid:session_id>/door", methods=["GET", "POST"])
def door(session_id: UUID) -> ResponseReturnValue:
    """Whoever comes in types in their name; of several so called they choose themselves."""
    shown = session_for(me(), session_id)
    check_may_host(shown.session, me().standing)
    form = Form(SaidName)
    found: list[Found] = []
    if (said := form.read()) is not None:
        found = people_called(database(), me().timebank_id, said["name"], kind=PartyKind.PERSON)
        if len(found) == 1:
            return _let_in(session_id, found[0].id)
        form.errors["name"] = gettext(SEVERAL if found else NOBODY)
    return form.page(
        "group_sessions/door.html",
        shown=shown,
        found=found,
        here_now=queries.checked_in(database(), session_id),
        just=request.args.get("just", ""),
    )


@pages.post("/<uuid:session_id>/let-in")
def let_in(session_id: UUID) -> ResponseReturnValue:
    """One of those so called says which they are."""
    return _let_in(session_id, pressed(SaidAbsence)["party_id"])


def _let_in(session_id: UUID, party_id: UUID) -> ResponseReturnValue:
    try:
        with action() as session:
            came = checking_in.check_in(session, session_id, party_id=party_id, by=me().standing, at=now())
            is_in = came.presence is Presence.CAME
    except RuleBroken as refusal:
        flash(sentence(refusal))
        return redirect(url_for(".door", session_id=session_id), 303)
    if not is_in:
        return done(gettext(NO_PLACE), url_for(".door", session_id=session_id))
    return done(gettext("You are here. Welcome!"), url_for(".door", session_id=session_id, just=party_id))


@pages.post("/<uuid:session_id>/undo-check-in")
def undo(session_id: UUID) -> ResponseReturnValue:
    """A check-in is taken back, at the door or in the register."""
    party_id = pressed(SaidAbsence)["party_id"]
    with action() as session:
        checking_in.undo_check_in(session, session_id, party_id=party_id, by=me().standing, at=now())
    at_door = request.form.get("from") == "door"
    there = url_for(".door" if at_door else "group_sessions.show", session_id=session_id)
    return done(gettext("Taken back."), there)


@pages.post("/<uuid:session_id>/code")
def code(session_id: UUID) -> ResponseReturnValue:
    """The code to hang up or to hold out, shown on the answer itself, this once: no cookie or cache ever holds it."""
    with action() as session:
        made = checking_in.show_code(session, session_id, by=me().standing, at=now())
    return render_template(
        "group_sessions/code.html",
        shown=session_for(me(), session_id),
        code=made,
        address=whole_address(url_for("scan.arrive", code=made)),
        typed_at=whole_address(url_for("scan.enter")),
    )
