"""Leaving the timebank: a choice for one's hours, and kind words. Also for somebody who rings their broker."""

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.donations.leaving import leave
from timebank.members.queries import member, party
from timebank.members.rules import check_broker
from timebank.network.queries import book_of
from timebank.web.forms import Form
from timebank.web.people import recent_people
from timebank.web.schemas.donations import SaidLeaving
from timebank.web.session import database, done, me
from timebank.web.voices import speaking

pages = Blueprint("leaving", __name__)


@pages.route("/me/leave", methods=["GET", "POST"])
def own() -> ResponseReturnValue:
    return _leave(me().member_id, back=url_for("details.show"))


@pages.route("/members/<uuid:party_id>/leave", methods=["GET", "POST"])
def somebody(party_id: UUID) -> ResponseReturnValue:
    """A broker sees to it for somebody."""
    check_broker(me().standing)
    return _leave(party_id, back=url_for("members.show", party_id=party_id))


def _leave(member_id: UUID, *, back: str) -> ResponseReturnValue:
    leaver = party(database(), me().timebank_id, member(database(), me().timebank_id, member_id).id)
    is_me = member_id == me().member_id
    form = Form(SaidLeaving)
    if (said := form.read()) is not None:
        with form.action() as session:
            leave(
                session,
                member_id,
                receiver_id=said["receiver_id"],
                word=said["word"],
                by=speaking({**said, "for_party": member_id}),
                at=now(),
                submission=form.submission,
            )
        if form.is_done and is_me:
            return done(
                gettext("You have left. Thank you for everything; the door stays open."), url_for("about.welcome")
            )
        if form.is_done:
            return done(gettext("%(name)s has left.", name=leaver.name), back)
    return form.page(
        "leaving/show.html",
        leaver=leaver,
        is_me=is_me,
        back=back,
        balance=book_of(database(), leaver.timebank_id).balance(leaver.account_id),
        recent=recent_people(member_id, form.values["receiver_id"]),
    )
