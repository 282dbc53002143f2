"""The community pot: what it holds, passing hours on, asking it for some, and what a broker answers."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.donations import asking, giving, queries
from timebank.donations.passing import free_seconds
from timebank.donations.rules import NoSuchWish
from timebank.members.queries import party
from timebank.members.rules import check_broker
from timebank.web.filters import hours
from timebank.web.forms import Form
from timebank.web.forms import asked as asked_for
from timebank.web.people import recent_people
from timebank.web.pots import pot_for
from timebank.web.schemas.donations import AskedPot, SaidAllocation, SaidDonation, SaidGrant, SaidNo, SaidWish
from timebank.web.session import action, database, done, me
from timebank.web.voices import for_whom, speaking, voices

pages = Blueprint("pot", __name__, url_prefix="/pot")


@pages.get("")
def show() -> str:
    """What the pot holds, what it is asked for, and its book, open to every member."""
    standing = me().standing
    own = standing.parties
    return render_template(
        "pot/show.html",
        pot=pot_for(me(), before=asked_for(AskedPot)["before"]),
        wishes=queries.waiting_wishes(database(), standing.timebank_id, parties=None if standing.is_broker else own),
        own=own,
    )


@pages.route("/give", methods=["GET", "POST"])
def give() -> ResponseReturnValue:
    """Somebody passes hours on, to the pot or to another."""
    may_speak = voices(database(), me(), request.values.get("for"))
    if not may_speak:
        return for_whom()
    giver = may_speak[0].party_id
    form = Form(SaidDonation, values={"receiver_id": request.args.get("to", "")})
    if (said := form.read()) is not None:
        with form.action() as session:
            giving.donate(
                session,
                said["for_party"] or giver,
                receiver_id=said["receiver_id"],
                seconds=said["hours"],
                word=said["word"],
                by=speaking(said),
                at=now(),
                submission=form.submission,
            )
        if form.is_done:
            return done(gettext("Passed on. Thank you!"), url_for("statement.show", of=said["for_party"] or giver))
    return form.page(
        "pot/give.html",
        voices=may_speak,
        recent=recent_people(giver, form.values["receiver_id"]),
        speaker=giver if len(may_speak) == 1 else None,
        free=free_seconds(database(), party(database(), me().timebank_id, giver), by=me().standing),
    )


@pages.route("/ask", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """Somebody asks the pot for hours: asking is as good as giving."""
    may_speak = voices(database(), me(), request.values.get("for"))
    if not may_speak:
        return for_whom()
    form = Form(SaidWish)
    if (said := form.read()) is not None:
        with form.action() as session:
            asking.ask(
                session,
                said["for_party"] or may_speak[0].party_id,
                seconds=said["hours"],
                word=said["word"],
                by=speaking(said),
                at=now(),
                submission=form.submission,
            )
        if form.is_done:
            return done(gettext("Asked. Your time broker will answer."), url_for(".show"))
    return form.page("pot/ask.html", voices=may_speak)


@pages.route("/allocate", methods=["GET", "POST"])
def allocate() -> ResponseReturnValue:
    """A broker gives hours from the pot unasked."""
    check_broker(me().standing)
    form = Form(SaidAllocation, values={"party_id": request.args.get("to", "")})
    if (said := form.read()) is not None:
        with form.action() as session:
            asking.allocate(
                session,
                said["party_id"],
                seconds=said["hours"],
                word=said["word"],
                broker=me().standing,
                at=now(),
                submission=form.submission,
            )
        if form.is_done:
            return done(gettext("Given from the pot. They have been told."), url_for(".show"))
    return form.page("pot/allocate.html", recent=recent_people(me().member_id, form.values["party_id"]))


@pages.route("/wishes/<uuid:wish_id>", methods=["GET", "POST"])
def grant(wish_id: UUID) -> ResponseReturnValue:
    """A broker reads what is asked of the pot, and gives it or a part of it."""
    found = _to_answer(wish_id)
    form = Form(SaidGrant, values={"hours": hours(found.wish.seconds)})
    if (said := form.read()) is not None:
        with form.action() as session:
            asking.grant(
                session,
                wish_id,
                seconds=said["hours"],
                word=said["word"],
                broker=me().standing,
                at=now(),
                submission=form.submission,
            )
        if form.is_done:
            return done(gettext("Given from the pot. They have been told."), url_for(".show"))
    return form.page("pot/grant.html", found=found)


@pages.route("/wishes/<uuid:wish_id>/decline", methods=["GET", "POST"])
def decline(wish_id: UUID) -> ResponseReturnValue:
    """A broker says no to it, and why."""
    found = _to_answer(wish_id)
    form = Form(SaidNo)
    if (said := form.read()) is not None:
        with form.action() as session:
            asking.decline(session, wish_id, broker=me().standing, at=now(), word=said["word"])
        if form.is_done:
            return done(gettext("Declined. They have been told."), url_for(".show"))
    return form.page("pot/decline.html", found=found)


@pages.post("/wishes/<uuid:wish_id>/withdraw")
def withdraw(wish_id: UUID) -> ResponseReturnValue:
    with action() as session:
        asking.withdraw(session, wish_id, by=me().standing, at=now())
    return done(gettext("Taken back. You can ask again at any time."), url_for(".show"))


def _to_answer(wish_id: UUID) -> queries.Asked:
    if not me().standing.is_broker:
        raise NoSuchWish
    return queries.wish(database(), wish_id, by=me().standing)
