"""Who keeps away from whom, and is neither matched with them nor brought together otherwise."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from timebank.folding import folded
from timebank.members.queries import names
from timebank.members.rules import BlockedByYou, CannotBeArranged, Standing
from timebank.members.tables import Block, Party


def check_may_meet(session: Session, one: UUID, other: UUID) -> None:
    """Neither has blocked the other. Raises BlockedByYou if it was `one`, who asks, and else CannotBeArranged."""
    between = {(one, other), (other, one)} & set(_blocks_of(session, {one}))
    if between:
        name = names(session, [other])[other]
        raise BlockedByYou(name=name) if (one, other) in between else CannotBeArranged(name=name)


def kept_apart(session: Session, party_ids: Iterable[UUID]) -> frozenset[frozenset[UUID]]:
    """The pairs that are not to be matched, of these parties with anybody, whoever blocked whom."""
    return frozenset(frozenset(pair) for pair in _blocks_of(session, set(party_ids)))


def _blocks_of(session: Session, party_ids: set[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """Who blocked whom, as far as one of these is among them."""
    of_these = or_(col(Block.blocker_id).in_(party_ids), col(Block.blocked_id).in_(party_ids))
    return session.exec(select(Block.blocker_id, Block.blocked_id).where(of_these)).all()


def not_to_match(session: Session, party_id: UUID, *, broker: Standing) -> list[str]:
    """With whom a broker does not match somebody, by name; those whose side they take are left out."""
    others = {other for pair in kept_apart(session, [party_id]) for other in pair}
    return sorted(names(session, others - {party_id} - broker.stakes).values(), key=folded)


def blocked_by(session: Session, party_ids: Iterable[UUID]) -> Sequence[tuple[UUID, str]]:
    """Whom these parties have blocked, by name."""
    return session.exec(
        select(Party.id, Party.name)
        .where(col(Party.id).in_(select(Block.blocked_id).where(col(Block.blocker_id).in_(set(party_ids)))))
        .order_by(col(Party.sort_name), col(Party.id))
    ).all()
