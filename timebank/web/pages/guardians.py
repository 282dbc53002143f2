"""Who acts for a member as their guardian: how far they may go, what they did, and ending it."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask import render_template as rendered
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.exchanges.queries import done_by_guardians
from timebank.members import guarding
from timebank.members.queries import guardianships, member, party
from timebank.members.rules import check_broker
from timebank.web.forms import Form
from timebank.web.schemas.guardians import SaidGuardian, limits_said
from timebank.web.session import action, database, done, me, today

pages = Blueprint("guardians", __name__)


@pages.get("/members/<uuid:party_id>/guardians")
def show(party_id: UUID) -> str:
    """For the member and for brokers: who acts or acted for them, for whom they do, and what was done."""
    found = guardianships(database(), party_id, by=me().standing)
    return rendered(
        "guardians/show.html",
        party=party(database(), me().timebank_id, party_id),
        found=found,
        done=done_by_guardians(database(), party_id),
        today=today(),
    )


@pages.route("/members/<uuid:party_id>/guardians/new", methods=["GET", "POST"])
def new(party_id: UUID) -> ResponseReturnValue:
    """A broker lets somebody act for a member, and says how far."""
    check_broker(me().standing)
    ward = party(database(), me().timebank_id, member(database(), me().timebank_id, party_id).id)
    form = Form(SaidGuardian)
    if (said := form.read()) is not None:
        with form.action() as session:
            guarding.appoint(
                session,
                party_id,
                guardian_id=said["guardian_id"],
                limits=limits_said(said),
                evidence=said["evidence"],
                note=said["note"],
                broker=me().standing,
                at=now(),
                today=today(),
            )
        if form.is_done:
            return done(gettext("They may act for them now, as far as you said."), _page_of(party_id))
    return form.page("guardians/new.html", ward=ward, today=today(), acts=request.form.getlist("acts"))


@pages.post("/guardianships/<uuid:guardianship_id>/end")
def end(guardianship_id: UUID) -> ResponseReturnValue:
    """The ward, the guardian or a broker ends it at once."""
    with action() as session:
        held = guarding.end(session, guardianship_id, by=me().standing, at=now())
        about = held.guardian_id if me().member_id == held.guardian_id else held.ward_id
    return done(gettext("Ended. What was done stays."), _page_of(about))


def _page_of(party_id: UUID) -> str:
    return url_for(".show", party_id=party_id)
