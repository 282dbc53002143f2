"""Who is told of a group session, and by which sentence."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.group_sessions import queries
from timebank.group_sessions.tables import GroupSession, Presence
from timebank.notices.actions import Told, tell_many

EXPECTED = frozenset({Presence.COMING, Presence.WAITING})


def tell_one(
    session: Session, held: GroupSession, party_id: UUID, kind: str, *, at: datetime, note: str = "", other: str = ""
) -> None:
    """Tell somebody who has a part in it."""
    tell_each(session, held, {party_id: 0}, kind, at=at, note=note, other=other)


def tell_each(
    session: Session,
    held: GroupSession,
    seconds: Mapping[UUID, int],
    kind: str,
    *,
    at: datetime,
    note: str = "",
    other: str = "",
) -> None:
    """Tell each of these parties, in few statements, what it is for them."""
    told = [
        Told(
            party_id=party_id,
            kind=kind,
            path=f"/sessions/{held.id}",
            values={"other": other, "title": held.title, "seconds": own_seconds, "note": note},
        )
        for party_id, own_seconds in seconds.items()
    ]
    tell_many(session, told, timebank_id=held.timebank_id, at=at)


def tell_all(session: Session, held: GroupSession, kind: str, *, at: datetime, note: str = "") -> None:
    """Tell everybody who was coming or waiting."""
    expected = (each.attendance for each in queries.attendances(session, held.id))
    tell_each(
        session, held, {each.party_id: 0 for each in expected if each.presence in EXPECTED}, kind, at=at, note=note
    )


def tell_again(session: Session, followed: GroupSession, held: GroupSession, *, at: datetime) -> None:
    """Tell whoever came to a session, or was coming, that there is another like it; its host knows."""
    there = (each.attendance for each in queries.attendances(session, followed.id))
    invited = {each.party_id: 0 for each in there if each.presence in EXPECTED | {Presence.CAME}}
    invited.pop(held.host_id, None)
    tell_each(session, held, invited, "session_again", at=at)
