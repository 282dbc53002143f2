"""How many brokers there are for what not every broker may decide."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from timebank.members.tables import ActsFor, Guardianship, Member, Party, Role, RoleHeld, Status


def brokers_beside(session: Session, timebank_id: UUID, member_id: UUID) -> int:
    """How many other active brokers a timebank has."""
    return _count(session, timebank_id, col(Member.id) != member_id)


def brokers_apart(session: Session, timebank_id: UUID, parts: Iterable[UUID]) -> int:
    """How many active brokers have no part among these parties, and are nobody's guardian among them."""
    among = set(parts)
    guards = select(Guardianship.id).where(
        Guardianship.guardian_id == Member.id,
        col(Guardianship.ward_id).in_(among),
        col(Guardianship.ended_at).is_(None),
    )
    speaks = select(ActsFor.member_id).where(ActsFor.member_id == Member.id, col(ActsFor.party_id).in_(among))
    return _count(session, timebank_id, col(Member.id).not_in(among), ~speaks.exists(), ~guards.exists())


def _count(session: Session, timebank_id: UUID, *which: ColumnElement[bool]) -> int:
    return session.exec(
        select(func.count())
        .select_from(RoleHeld)
        .join(Member, col(Member.id) == col(RoleHeld.member_id))
        .join(Party, col(Party.id) == col(Member.id))
        .where(
            RoleHeld.role == Role.BROKER,
            Party.timebank_id == timebank_id,
            Party.status == Status.ACTIVE,
            *which,
        )
    ).one()
