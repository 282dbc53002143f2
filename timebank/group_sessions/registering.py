"""The register of a group session: who came, and for how long."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.group_sessions import queries
from timebank.group_sessions.rules import (
    CountedAlready,
    NoSuchSession,
    NotYetBegun,
    OneSidePays,
    OnlyGiversPrepare,
    SessionIsOver,
    check_may_host,
    is_counted,
)
from timebank.group_sessions.tables import Attendance, GroupSession, Part, Presence, SessionState
from timebank.members.queries import party
from timebank.members.rules import MemberNotActive, Standing, check_active
from timebank.members.tables import Status
from timebank.network.queries import policy_at
from timebank.network.rules import check_hours


def register(
    session: Session,
    session_id: UUID,
    *,
    party_id: UUID,
    part: Part,
    seconds: int,
    by: Standing,
    at: datetime,
    prepared_seconds: int = 0,
) -> Attendance:
    """The host or a broker puts down that somebody came, signed up or not, and for how long.

    A giver's preparation is put down apart, and counts where the session's rule says so. Whoever is put down again is
    corrected, until their hours are credited.
    """
    held = _open(session, session_id, by=by, at=at)
    policy = policy_at(session, by.timebank_id, at)
    check_hours(policy, seconds)
    if prepared_seconds:
        if part is not Part.GIVER:
            raise OnlyGiversPrepare
        check_hours(policy, prepared_seconds, field="preparation")
    who = party(session, by.timebank_id, party_id)
    if who.status is not Status.ACTIVE:
        raise MemberNotActive(name=who.name)
    if part is Part.GIVER and party_id == held.payer_id:
        raise OneSidePays(field="party_id")
    known = session.get(Attendance, (session_id, party_id))
    if known is not None and is_counted(held, known):
        raise CountedAlready(name=who.name)
    came = known or Attendance(
        session_id=session_id, party_id=party_id, part=part, presence=Presence.CAME, since=at, by_member_id=by.member_id
    )
    came.part, came.presence, came.seconds, came.prepared_seconds = part, Presence.CAME, seconds, prepared_seconds
    session.add(came)
    session.flush()
    return came


def register_all(session: Session, session_id: UUID, *, by: Standing, at: datetime) -> None:
    """Everybody who said that they would come came, for as long as was planned."""
    held = _open(session, session_id, by=by, at=at)
    for each in queries.attendances(session, session_id):
        if each.attendance.presence is Presence.COMING:
            each.attendance.presence, each.attendance.seconds = Presence.CAME, held.planned_seconds
    session.flush()


def mark_absent(session: Session, session_id: UUID, *, party_id: UUID, by: Standing, at: datetime) -> None:
    """The host or a broker puts down that somebody did not come."""
    held = _open(session, session_id, by=by, at=at)
    known = session.get(Attendance, (session_id, party_id))
    if known is None:
        raise NoSuchSession
    if is_counted(held, known):
        raise CountedAlready(name=party(session, by.timebank_id, party_id).name)
    known.presence, known.seconds, known.prepared_seconds, known.came_at = Presence.ABSENT, None, 0, None
    known.entry_number = None
    session.flush()


def _open(session: Session, session_id: UUID, *, by: Standing, at: datetime) -> GroupSession:
    """A session whose register may be written: it has begun, and was not called off. After credit it may still grow."""
    check_active(by)
    held = queries.session_to_change(session, by.timebank_id, session_id)
    check_may_host(held, by)
    if held.state is SessionState.CANCELLED:
        raise SessionIsOver
    if held.starts_at > at:
        raise NotYetBegun
    return held
