"""Dates for a calendar: a file for one exchange or group session, and a secret address that a calendar can follow."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from timebank.access import actions
from timebank.access.queries import calendar_of, calendar_opened, introduction
from timebank.clock import now
from timebank.exchanges.queries import exchange
from timebank.group_sessions.queries import attendances, group_session
from timebank.members.queries import standing_of
from timebank.members.tables import Status
from timebank.web.calendars import appointments, as_file, base_url, calendar, of_exchange, of_session, still_ahead
from timebank.web.language import language
from timebank.web.session import action, database, done, me, policy_now

pages = Blueprint("calendar", __name__)


@pages.get("/exchanges/<uuid:exchange_id>/calendar.ics")
def of_one_exchange(exchange_id: UUID) -> Response:
    """The day of an exchange that was agreed on."""
    found = exchange(database(), exchange_id, by=me().standing).exchange
    agreed = of_exchange(found, policy_now())
    if agreed is None:
        abort(404)
    return as_file(
        calendar([agreed], name=me().timebank.name, language=language()), name="exchange", language=language()
    )


@pages.get("/sessions/<uuid:session_id>/calendar.ics")
def of_one_session(session_id: UUID) -> Response:
    """The day of a group session, as it is for the reader."""
    held = group_session(database(), me().timebank_id, session_id).session
    parts = [
        each.attendance
        for each in attendances(database(), session_id)
        if me().standing.speaks_for(each.attendance.party_id)
    ]
    found = of_session(held, parts[0] if parts else None)
    return as_file(calendar([found], name=me().timebank.name, language=language()), name="session", language=language())


@pages.get("/me/calendar")
def show() -> str:
    """What a calendar can follow, and since when it can."""
    return _page()


@pages.post("/me/calendar")
def open_calendar() -> str:
    """The address is shown on the answer itself, this once: no cookie or cache ever holds it."""
    with action() as session:
        secret = actions.open_calendar(session, by=me().standing, at=now())
    return _page(address=base_url() + url_for(".feed", secret=secret))


@pages.post("/me/calendar/close")
def close_calendar() -> ResponseReturnValue:
    with action() as session:
        actions.close_calendar(session, by=me().standing)
    return done(gettext("Nobody can read your calendar at that address any more."), url_for(".show"))


@pages.get("/calendar/<secret>.ics")
def feed(secret: str) -> Response:
    """What a calendar reads; whoever knows the address may, and learns when there is something to do, not with whom."""
    member_id = calendar_of(database(), secret)
    if member_id is None:
        abort(404)
    standing = standing_of(database(), member_id)
    if standing.status is Status.LEFT:
        abort(404)
    person, _, timebank = introduction(database(), member_id)
    with force_locale(person.language.value):
        found = appointments(database(), standing, now())
        content = calendar(found, name=timebank.name(person.language), language=person.language)
    return as_file(content, name="timebank", language=person.language)


def _page(address: str = "") -> str:
    return render_template(
        "calendar/show.html",
        address=address,
        opened=calendar_opened(database(), me().member_id),
        found=still_ahead(appointments(database(), me().standing, now()), now()),
    )
