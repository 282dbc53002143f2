"""Group sessions: the list, announcing one, signing up, the register, and the entry that it leads to."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.donations import correcting
from timebank.errors import RuleBroken
from timebank.group_sessions import announcing, crediting, paying, queries, registering
from timebank.group_sessions.examples import EXAMPLES
from timebank.group_sessions.rules import ForThePayer, NobodyIsAsked, NoSuchEntry, NoSuchSession, check_may_host
from timebank.group_sessions.tables import Charging, GroupSession, Presence
from timebank.members.queries import party
from timebank.members.rules import Guarded, check_broker
from timebank.web.errors import sentence
from timebank.web.filters import hours
from timebank.web.forms import Form, pressed
from timebank.web.group_sessions import ShownSession, session_for
from timebank.web.paging import place_in, token_of
from timebank.web.people import recent_people
from timebank.web.schemas.group_sessions import (
    SaidAbsence,
    SaidAnswerOfPayer,
    SaidCredit,
    SaidNote,
    SaidPart,
    SaidPartOf,
    SaidPresence,
    SaidReason,
    SaidSession,
    announcement_said,
)
from timebank.web.schemas.speaking import ToldHow
from timebank.web.session import action, database, done, me, today, zone
from timebank.web.voices import for_whom, speaking, voices

A_WEEK = timedelta(weeks=1)
pages = Blueprint("group_sessions", __name__, url_prefix="/sessions")


@pages.get("")
def index() -> str:
    """Those to come, the next one first; or those that are over."""
    is_open = request.args.get("which") != "over"
    page = queries.sessions(database(), me().timebank_id, is_open=is_open, after=place_in(request.args.get("after")))
    return render_template(
        "group_sessions/index.html",
        page=page,
        more=token_of(page.after),
        is_open=is_open,
        asked=queries.asked_to_pay(database(), me().timebank_id, me().standing.parties),
        coming=queries.coming(database(), (each.session.id for each in page.items)),
    )


@pages.get("/who-pays")
def who_pays() -> str:
    """A worked example for each charging rule, for members and treasurers to check."""
    return render_template("group_sessions/who_pays.html", examples=EXAMPLES)


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Somebody announces a session, or a broker for another; `like` begins with one that there was, some week later."""
    may_speak = voices(database(), me(), request.values.get("for"))
    if not may_speak:
        return for_whom()
    form = Form(SaidSession, values=_like(request.args.get("like", "")))
    if (said := form.read()) is not None:
        with form.action() as session:
            announced = announcing.announce(
                session,
                said["for_party"] or may_speak[0].party_id,
                what=announcement_said(said),
                by=speaking(said),
                at=now(),
                submission=form.submission,
            )
        if form.is_done:
            return done(gettext("Announced. Others can sign up now."), _page_of(announced.id))
    return form.page(
        "group_sessions/new.html",
        voices=may_speak,
        organisations=queries.active_organisations(database(), me().timebank_id),
        today=today(),
    )


def _like(followed: str) -> dict[str, str]:
    """What the form begins with: the same as another session, on the same day of the first week still to come."""
    if not followed:
        return {"charging": Charging.SHARED.value, "counts_preparation": "yes"}
    try:
        held = session_for(me(), UUID(followed)).session
    except ValueError:
        raise NoSuchSession from None
    weeks = max(1, -((held.starts_at - now()) // A_WEEK))
    day = held.starts_at.astimezone(zone()).date() + weeks * A_WEEK
    return _as_typed(held) | {"day": day.isoformat(), "follows_id": str(held.id)}


def _as_typed(held: GroupSession) -> dict[str, str]:
    """A session as its host would type it in."""
    starts_at = held.starts_at.astimezone(zone())
    return {
        "title": held.title,
        "details": held.details,
        "place": held.place,
        "day": starts_at.date().isoformat(),
        "clock": starts_at.strftime("%H:%M"),
        "hours": hours(held.planned_seconds),
        "places": str(held.places or ""),
        "charging": held.charging.value,
        "payer_id": str(held.payer_id or ""),
        "counts_preparation": "yes" if held.counts_preparation else "no",
    }


@pages.get("/<uuid:session_id>")
def show(session_id: UUID) -> str:
    """What it is, who comes, and for its host and brokers the register and the entry that it leads to."""
    return render_template(
        "group_sessions/show.html",
        shown=session_for(me(), session_id),
        voices=voices(database(), me(), act=Guarded.ASK),
    )


@pages.post("/<uuid:session_id>/sign-up")
def sign_up(session_id: UUID) -> ResponseReturnValue:
    said = pressed(SaidPart)
    with action() as session:
        attendance = announcing.sign_up(
            session,
            session_id,
            party_id=said["party_id"] or me().member_id,
            part=said["part"],
            by=speaking(said),
            at=now(),
        )
        is_waiting = attendance.presence is Presence.WAITING
    if is_waiting:
        return done(gettext("All places are taken. You are told if one comes free."), _page_of(session_id))
    return done(gettext("You are down for it. See you there!"), _page_of(session_id))


@pages.post("/<uuid:session_id>/drop-out")
def drop_out(session_id: UUID) -> ResponseReturnValue:
    said = pressed(SaidPart)
    with action() as session:
        announcing.drop_out(
            session, session_id, party_id=said["party_id"] or me().member_id, by=speaking(said), at=now()
        )
    return done(gettext("Thank you for saying so. Your place is free for somebody else."), _page_of(session_id))


@pages.route("/<uuid:session_id>/sign-up-for", methods=["GET", "POST"])
def sign_up_for(session_id: UUID) -> ResponseReturnValue:
    """A broker signs somebody up who rang or wrote."""
    check_broker(me().standing)
    shown = session_for(me(), session_id)
    form = Form(SaidPartOf)
    if (said := form.read()) is not None:
        with form.action() as session:
            attendance = announcing.sign_up(
                session, session_id, party_id=said["party_id"], part=said["part"], by=speaking(said), at=now()
            )
            is_waiting = attendance.presence is Presence.WAITING
        if form.is_done:
            waits = gettext("All places are taken. They are told if one comes free.")
            return done(waits if is_waiting else gettext("They are down for it."), _page_of(session_id))
    return form.page("group_sessions/sign_up.html", shown=shown, recent=recent_people(me().member_id))


@pages.route("/<uuid:session_id>/drop-out-for/<uuid:party_id>", methods=["GET", "POST"])
def drop_out_for(session_id: UUID, party_id: UUID) -> ResponseReturnValue:
    """A broker was told that somebody cannot come after all."""
    check_broker(me().standing)
    shown = session_for(me(), session_id)
    who = party(database(), me().timebank_id, party_id)
    form = Form(ToldHow)
    if (said := form.read()) is not None:
        with form.action() as session:
            by = speaking({**said, "for_party": party_id})
            announcing.drop_out(session, session_id, party_id=party_id, by=by, at=now())
        if form.is_done:
            return done(gettext("Noted. Their place is free for somebody else."), _page_of(session_id))
    return form.page("group_sessions/drop_out.html", shown=shown, name=who.name, party_id=party_id)


@pages.route("/<uuid:session_id>/change", methods=["GET", "POST"])
def change(session_id: UUID) -> ResponseReturnValue:
    """The host or a broker changes what was announced, also who pays."""
    shown = session_for(me(), session_id)
    check_may_host(shown.session, me().standing)
    form = Form(SaidSession, values=_as_typed(shown.session))
    if (said := form.read()) is not None:
        with form.action() as session:
            announcing.change(session, session_id, what=announcement_said(said), by=me().standing, at=now())
        if form.is_done:
            return done(gettext("Changed. Everybody who is coming has been told."), _page_of(session_id))
    return form.page(
        "group_sessions/change.html",
        shown=shown,
        organisations=queries.active_organisations(database(), me().timebank_id),
    )


@pages.route("/<uuid:session_id>/pay", methods=["GET", "POST"])
def pay(session_id: UUID) -> ResponseReturnValue:
    """The organisation that is asked agrees to pay, or declines with the other button."""
    shown = session_for(me(), session_id)
    payer_id = shown.session.payer_id
    if payer_id is None:
        raise NobodyIsAsked
    if not shown.may_answer:
        raise ForThePayer
    form = Form(SaidAnswerOfPayer)
    if (said := form.read()) is not None:
        with form.action() as session:
            if said["then"] == "decline":
                paying.decline_to_pay(session, session_id, note=said["note"], by=speaking(said), at=now())
            else:
                paying.agree_to_pay(session, session_id, most_seconds=said["hours"], by=speaking(said), at=now())
        if form.is_done:
            return done(gettext("Thank you. The host has been told."), _page_of(session_id))
    return form.page("group_sessions/pay.html", shown=shown, asks_how=not me().standing.speaks_for(payer_id))


@pages.route("/<uuid:session_id>/cancel", methods=["GET", "POST"])
def cancel(session_id: UUID) -> ResponseReturnValue:
    """The host or a broker calls it off."""
    shown = session_for(me(), session_id)
    check_may_host(shown.session, me().standing)
    form = Form(SaidNote)
    if (said := form.read()) is not None:
        with form.action() as session:
            announcing.cancel(session, session_id, by=me().standing, at=now(), note=said["note"])
        if form.is_done:
            return done(gettext("Called off. Everybody who was coming has been told."), _page_of(session_id))
    return form.page("group_sessions/cancel.html", shown=shown)


@pages.route("/<uuid:session_id>/register", methods=["GET", "POST"])
def register(session_id: UUID) -> ResponseReturnValue:
    """The host or a broker puts down somebody who came, signed up or not."""
    shown = session_for(me(), session_id)
    check_may_host(shown.session, me().standing)
    form = Form(SaidPresence, values=_put_down_before(shown))
    if (said := form.read()) is not None:
        with form.action() as session:
            registering.register(
                session,
                session_id,
                party_id=said["party_id"],
                part=said["part"],
                seconds=said["hours"],
                prepared_seconds=said["preparation"] or 0,
                by=me().standing,
                at=now(),
            )
        if form.is_done:
            return done(gettext("Put down."), _page_of(session_id))
    recent = recent_people(me().member_id, form.values["party_id"])
    return form.page("group_sessions/register.html", shown=shown, recent=recent)


def _put_down_before(shown: ShownSession) -> dict[str, str]:
    """What the register says of whoever is looked at; for others as long as was planned."""
    wanted = request.args.get("party", "")
    known = next((each.attendance for each in shown.attending if str(each.attendance.party_id) == wanted), None)
    prepared = known.prepared_seconds if known else 0
    return {
        "party_id": wanted,
        "part": known.part.value if known else request.args.get("part", "receiver"),
        "hours": hours((known.seconds if known else None) or shown.session.planned_seconds),
        "preparation": hours(prepared) if prepared else "",
    }


@pages.post("/<uuid:session_id>/all-came")
def all_came(session_id: UUID) -> ResponseReturnValue:
    with action() as session:
        registering.register_all(session, session_id, by=me().standing, at=now())
    return done(gettext("Everybody who was coming is put down as having come."), _page_of(session_id))


@pages.post("/<uuid:session_id>/absent")
def absent(session_id: UUID) -> ResponseReturnValue:
    said = pressed(SaidAbsence)
    with action() as session:
        registering.mark_absent(session, session_id, party_id=said["party_id"], by=me().standing, at=now())
    return done(gettext("Put down as not having come."), _page_of(session_id))


@pages.post("/<uuid:session_id>/credit")
def credit(session_id: UUID) -> ResponseReturnValue:
    """The entry that the broker was shown is posted, or none."""
    said = pressed(SaidCredit)
    try:
        with action() as session:
            crediting.credit(session, session_id, mark=said["mark"], broker=me().standing, at=now())
    except RuleBroken as refusal:
        flash(sentence(refusal))
        return redirect(_page_of(session_id), 303)
    return done(gettext("Credited. Everybody has been told."), _page_of(session_id))


@pages.route("/<uuid:session_id>/entries/<int(min=1, max=9999):number>/reverse", methods=["GET", "POST"])
def reverse(session_id: UUID, number: int) -> ResponseReturnValue:
    """A broker takes one entry back, and says why."""
    shown = session_for(me(), session_id)
    check_broker(me().standing)
    if all(entry.number != number for entry in shown.entries):
        raise NoSuchEntry
    form = Form(SaidReason)
    if (said := form.read()) is not None:
        with form.action() as session:
            correcting.reverse_entry(session, session_id, number, note=said["note"], broker=me().standing, at=now())
        if form.is_done:
            return done(gettext("Reversed. Everybody who was counted has been told."), _page_of(session_id))
    return form.page("group_sessions/reverse.html", shown=shown, number=number)


def _page_of(session_id: UUID) -> str:
    return url_for(".show", session_id=session_id)
