"""Checking in: a code is shown at the door, whoever scans it came; or they say their name at the host's tablet."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete

from timebank.access.codes import code_digest, new_code
from timebank.group_sessions import queries
from timebank.group_sessions.rules import (
    CheckInIsOver,
    CheckInNotOpen,
    CodeIsForAnother,
    CountedAlready,
    NoSuchSession,
    check_may_host,
    may_host,
)
from timebank.group_sessions.tables import Attendance, GroupSession, Part, Presence, SessionCode, SessionState
from timebank.members.queries import party
from timebank.members.rules import MemberNotActive, Standing, check_active, check_speaks_for
from timebank.members.tables import Authority, Status

OPENS_BEFORE = timedelta(hours=1)


def show_code(session: Session, session_id: UUID, *, by: Standing, at: datetime) -> str:
    """The host or a broker shows or prints a code to check in by. Returns it, this once.

    It works until the hours are credited or the session is called off; codes that were printed before work too. Raises
    NoSuchSession, ForTheHost, CheckInIsOver.
    """
    check_active(by)
    held = queries.session_to_change(session, by.timebank_id, session_id)
    check_may_host(held, by)
    _check_not_over(held)
    code = new_code()
    session.add(SessionCode(digest=code_digest(code), session_id=session_id, made_at=at, by_member_id=by.member_id))
    session.flush()
    return code


def check_in(
    session: Session, session_id: UUID, *, party_id: UUID, by: Standing, at: datetime, code: str | None = None
) -> Attendance:
    """Somebody came: they scanned the code at the door, or said so to the host, at whose tablet no code is asked for.

    Whoever was not signed up takes part where there is a place, and else waits for the host to let them in. To check in
    twice is to check in once. Raises CheckInIsOver, CheckInNotOpen, CodeIsForAnother, MemberNotActive.
    """
    held = queries.session_to_change(session, by.timebank_id, session_id)
    if not may_host(held, by):
        check_speaks_for(by, party_id)
        _check_code(session, held, code or "")
    check_active(by)
    _check_not_over(held)
    if at < (opens := held.starts_at - OPENS_BEFORE):
        raise CheckInNotOpen(opens_at=opens)
    who = party(session, by.timebank_id, party_id)
    if who.status is not Status.ACTIVE:
        raise MemberNotActive(name=who.name)
    known = session.get(Attendance, (session_id, party_id))
    if known is not None and known.presence is Presence.CAME:
        return known
    came = known or Attendance(
        session_id=session_id,
        party_id=party_id,
        part=Part.RECEIVER,
        presence=Presence.WAITING,
        since=at,
        by_member_id=by.member_id,
        authority=None if by.speaks_for(party_id) else Authority.IN_PERSON,
    )
    if came.presence is not Presence.COMING and came.part is Part.RECEIVER and queries.is_full(session, held):
        came.presence = Presence.WAITING
    else:
        came.since = came.since if came.presence is Presence.COMING else at
        came.presence, came.seconds, came.came_at = Presence.CAME, held.planned_seconds, at
    session.add(came)
    session.flush()
    return came


def undo_check_in(session: Session, session_id: UUID, *, party_id: UUID, by: Standing, at: datetime) -> None:
    """A check-in is taken back, by the host or by whoever checked in: it was another of that name, say.

    Whoever was signed up is coming again, and whoever was not takes no part. Raises CheckInIsOver, CountedAlready.
    """
    check_active(by)
    held = queries.session_to_change(session, by.timebank_id, session_id)
    if not may_host(held, by):
        check_speaks_for(by, party_id)
    _check_not_over(held)
    known = session.get(Attendance, (session_id, party_id))
    if known is None:
        raise NoSuchSession
    if known.entry_number is not None:
        raise CountedAlready(name=party(session, by.timebank_id, party_id).name)
    if known.presence is not Presence.CAME or known.came_at is None:
        return
    was_signed_up = known.since < known.came_at
    known.presence = Presence.COMING if was_signed_up else Presence.WITHDRAWN
    known.seconds, known.prepared_seconds, known.came_at = None, 0, None
    known.since = known.since if was_signed_up else at
    session.flush()


def close_check_in(session: Session, held: GroupSession) -> None:
    """No code leads to this session any more."""
    session.exec(delete(SessionCode).where(col(SessionCode.session_id) == held.id))


def _check_not_over(held: GroupSession) -> None:
    if held.state is not SessionState.ANNOUNCED:
        raise CheckInIsOver


def _check_code(session: Session, held: GroupSession, code: str) -> None:
    found = session.get(SessionCode, code_digest(code))
    if found is None or found.session_id != held.id:
        raise CheckInIsOver if held.state is not SessionState.ANNOUNCED else CodeIsForAnother
