"""Who is told of a group session, and by which sentence."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.group_sessions import queries
from timebank.group_sessions.tables import GroupSession, Presence
from timebank.notices.actions import tell


def tell_one(
    session: Session,
    held: GroupSession,
    party_id: UUID,
    kind: str,
    *,
    at: datetime,
    seconds: int = 0,
    note: str = "",
    other: str = "",
) -> None:
    """Tell somebody who has a part in it."""
    tell(
        session,
        timebank_id=held.timebank_id,
        party_id=party_id,
        kind=kind,
        path=f"/sessions/{held.id}",
        at=at,
        other=other,
        title=held.title,
        seconds=seconds,
        note=note,
    )


def tell_all(session: Session, held: GroupSession, kind: str, *, at: datetime, note: str = "") -> None:
    """Tell everybody who was coming or waiting."""
    for each in queries.attendances(session, held.id):
        if each.attendance.presence in {Presence.COMING, Presence.WAITING}:
            tell_one(session, held, each.attendance.party_id, kind, at=at, note=note)


def tell_again(session: Session, followed: GroupSession, held: GroupSession, *, at: datetime) -> None:
    """Tell whoever came to a session, or was coming, that there is another like it; its host knows."""
    for each in queries.attendances(session, followed.id):
        was_there = each.attendance.presence in {Presence.COMING, Presence.WAITING, Presence.CAME}
        if was_there and each.attendance.party_id != held.host_id:
            tell_one(session, held, each.attendance.party_id, "session_again", at=at)
