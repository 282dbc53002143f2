"""Organisations, and whose delegate somebody is."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from timebank.members.rules import NoSuchMember
from timebank.members.tables import Party
from timebank.organisations.tables import Organisation


def organisation(session: Session, timebank_id: UUID, organisation_id: UUID) -> tuple[Party, Organisation]:
    """An organisation of this timebank. Raises NoSuchMember."""
    found = session.exec(
        select(Party, Organisation)
        .join(Organisation, col(Organisation.id) == col(Party.id))
        .where(Party.id == organisation_id, Party.timebank_id == timebank_id)
    ).one_or_none()
    if found is None:
        raise NoSuchMember
    return found[0], found[1]


def named(session: Session, party_ids: Iterable[UUID]) -> Sequence[Party]:
    """These parties, by name."""
    return session.exec(select(Party).where(col(Party.id).in_(set(party_ids))).order_by(col(Party.sort_name))).all()
