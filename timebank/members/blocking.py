"""Keeping away from somebody, quietly: whoever is blocked is not told, and can ask and write no more."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete, or_

from timebank.members.queries import party, party_to_change
from timebank.members.rules import ForOthers, NotOneself, Standing, authority_for, check_speaks_for
from timebank.members.tables import Block


def block(session: Session, blocked_id: UUID, *, by: Standing, at: datetime, for_party: UUID | None = None) -> None:
    """Somebody blocks another, or a broker does it for whoever rang. What is under way goes on until one ends it."""
    blocker_id = _blocker(session, blocked_id, by, for_party)
    if session.get(Block, (blocker_id, blocked_id)) is None:
        session.add(
            Block(
                blocker_id=blocker_id,
                blocked_id=blocked_id,
                since=at,
                by_member_id=by.member_id,
                authority=authority_for(by, blocker_id),
            )
        )
        session.flush()


def unblock(session: Session, blocked_id: UUID, *, by: Standing, for_party: UUID | None = None) -> None:
    """The same is undone, and leaves no trace."""
    blocker_id = _blocker(session, blocked_id, by, for_party)
    session.exec(delete(Block).where(col(Block.blocker_id) == blocker_id, col(Block.blocked_id) == blocked_id))


def unblock_all(session: Session, party_id: UUID) -> None:
    """Whoever leaves blocks nobody, and is blocked by nobody, any more."""
    session.exec(delete(Block).where(or_(col(Block.blocker_id) == party_id, col(Block.blocked_id) == party_id)))


def _blocker(session: Session, blocked_id: UUID, by: Standing, for_party: UUID | None) -> UUID:
    blocker_id = for_party or by.member_id
    check_speaks_for(by, blocker_id)
    party(session, by.timebank_id, blocked_id)
    if blocked_id == blocker_id:
        raise NotOneself
    if not by.speaks_for(blocker_id) and blocked_id in by.stakes:
        raise ForOthers  # a broker would otherwise learn here that they are blocked themselves
    party_to_change(session, by.timebank_id, blocker_id)  # pressed twice at once, the second waits here
    return blocker_id
