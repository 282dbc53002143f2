"""What somebody agreed on as entries of a calendar (RFC 5545): each with a lasting UID, and a SEQUENCE that rises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask import Response, request
from flask_babel import gettext
from icalendar import Calendar, Event
from sqlmodel import Session

from timebank.exchanges import queries as exchanges
from timebank.exchanges.life import approval_is_beforehand
from timebank.exchanges.tables import Exchange, State
from timebank.group_sessions import queries as group_sessions
from timebank.group_sessions.tables import Attendance, GroupSession, Presence, SessionState
from timebank.language import Language
from timebank.members.rules import Standing
from timebank.network.queries import policy_at
from timebank.network.tables import Policy
from timebank.web.session import installation

LOOKS_BACK = timedelta(days=31)
"""How long what is over stays in somebody's calendar."""
USUAL_LENGTH = timedelta(hours=1)


class Certainty(StrEnum):
    """STATUS, in the words of the standard."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


OF_STATE: dict[State, Certainty] = {
    State.AGREED: Certainty.CONFIRMED,
    State.APPROVED: Certainty.CONFIRMED,
    State.REPORTED: Certainty.CONFIRMED,
    State.CONFIRMED: Certainty.CONFIRMED,
    State.DISPUTED: Certainty.CONFIRMED,
    State.CREDITED: Certainty.CONFIRMED,
    State.REVERSED: Certainty.CONFIRMED,
    State.DECLINED: Certainty.CANCELLED,
    State.WITHDRAWN: Certainty.CANCELLED,
    State.CANCELLED: Certainty.CANCELLED,
    State.NOT_HAPPENED: Certainty.CANCELLED,
}
"""A proposal is in nobody's calendar yet."""


@dataclass(frozen=True, kw_only=True)
class Appointment:
    """One entry. No names stand in it: a calendar is seen by others on kitchen walls and office screens."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    certainty: Certainty
    path: str
    place: str = ""


def of_exchange(exchange: Exchange, policy: Policy) -> Appointment | None:
    """An exchange on which two agreed; None as long as there is no day. Each step raises its SEQUENCE.

    It is not certain as long as a broker has still to approve it.
    """
    if exchange.planned_for is None or exchange.state not in OF_STATE:
        return None
    waits = exchange.state is State.AGREED and approval_is_beforehand(exchange, policy)
    length = timedelta(seconds=exchange.planned_seconds) if exchange.planned_seconds else USUAL_LENGTH
    return Appointment(
        uid=f"{exchange.id}@timebank",
        sequence=exchange.steps,
        stamped_at=exchange.since,
        starts_at=exchange.planned_for,
        ends_at=exchange.planned_for + length,
        title=exchange.title,
        certainty=Certainty.TENTATIVE if waits else OF_STATE[exchange.state],
        path=f"/exchanges/{exchange.id}",
    )


def of_session(held: GroupSession, part: Attendance | None = None) -> Appointment:
    """A group session, as it is for somebody with a part in it. Its SEQUENCE is how many seconds old the news is."""
    changed_at = max(held.announced_at, held.changed_at or held.announced_at, part.since if part else held.announced_at)
    is_off = held.state is SessionState.CANCELLED or (part is not None and part.presence is Presence.WITHDRAWN)
    return Appointment(
        uid=f"{held.id}@timebank",
        sequence=int((changed_at - held.announced_at).total_seconds()),
        stamped_at=changed_at,
        starts_at=held.starts_at,
        ends_at=held.starts_at + timedelta(seconds=held.planned_seconds),
        title=held.title,
        certainty=Certainty.CANCELLED if is_off else Certainty.CONFIRMED,
        path=f"/sessions/{held.id}",
        place=held.place,
    )


def appointments(session: Session, standing: Standing, at: datetime) -> list[Appointment]:
    """Everything that those for whom somebody speaks have before them, and what is just over."""
    since, policy = at - LOOKS_BACK, policy_at(session, standing.timebank_id, at)
    agreed = [of_exchange(each, policy) for each in exchanges.planned(session, standing.parties, since=since)]
    together = {
        held.id: of_session(held, part)
        for held, part in group_sessions.parts_of(session, standing.parties, since=since)
    }
    found = [*(each for each in agreed if each is not None), *together.values()]
    return sorted(found, key=lambda each: (each.starts_at, each.uid))


def still_ahead(found: Iterable[Appointment], at: datetime) -> list[Appointment]:
    """Those to which somebody still goes."""
    return [each for each in found if each.ends_at >= at and each.certainty is not Certainty.CANCELLED]


def calendar(found: Iterable[Appointment], *, name: str, language: Language) -> bytes:
    """The file. The same appointments make the same bytes."""
    made = Calendar()
    made.add("prodid", "-//timebank//timebank//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for each in found:
        made.add_component(_event(each, language))
    return made.to_ical()


def _event(each: Appointment, language: Language) -> Event:
    event = Event()
    event.add("uid", each.uid)
    event.add("sequence", each.sequence)
    event.add("dtstamp", each.stamped_at)
    event.add("last-modified", each.stamped_at)
    event.add("dtstart", each.starts_at)
    event.add("dtend", each.ends_at)
    event.add("summary", each.title, parameters={"language": language.value})
    event.add("status", each.certainty.value)
    address = base_url() + each.path
    event.add("url", address)
    waits = [gettext("A time broker has yet to approve it.")] if each.certainty is Certainty.TENTATIVE else []
    event.add("description", "\n".join([*waits, gettext("More about it: %(address)s", address=address)]))
    if each.place:
        event.add("location", each.place)
    return event


def base_url() -> str:
    """Where this installation stands, as links from outside begin."""
    return installation().settings.base_url.rstrip("/") or request.url_root.rstrip("/")


def as_file(content: bytes, *, name: str, language: Language) -> Response:
    """A calendar as an answer: text/calendar, to be kept or read on."""
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.ics"
    answer.headers["Content-Language"] = language.value
    return answer
