"""Somebody leaves: their hours go where they choose; where there are none, the pot closes the account. Kind words."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session, col, delete

from timebank.donations import queries
from timebank.donations.asking import withdraw_all
from timebank.donations.giving import check_receiver
from timebank.donations.passing import Passing, free_seconds, pass_on
from timebank.donations.rules import LastBroker, SessionsStillOpen, StillOpen
from timebank.donations.tables import Occasion
from timebank.group_sessions.announcing import drop_out_of_all
from timebank.group_sessions.queries import unfinished
from timebank.listings.actions import close_all
from timebank.members.blocking import unblock_all
from timebank.members.brokers import brokers_beside
from timebank.members.guarding import end_all
from timebank.members.queries import party_to_change, standing_of
from timebank.members.rules import ForOthers, Standing, check_active
from timebank.members.tables import ActsFor, Party, Status


def leave(
    session: Session,
    member_id: UUID,
    *,
    receiver_id: UUID | None,
    by: Standing,
    at: datetime,
    submission: UUID,
    word: str = "",
) -> None:
    """A member leaves, or a broker sees to it for them. What they have goes to the pot (None) or to somebody.

    A broker says how they were told, where they were. Below zero the pot closes the account: that is nobody's help, and
    nobody is asked for it. To leave twice is to leave once. Raises StillOpen, SessionsStillOpen, LastBroker.
    """
    check_active(by)
    if not (by.member_id == member_id or by.is_broker):
        raise ForOthers
    leaver = party_to_change(session, by.timebank_id, member_id)
    if leaver.status is Status.LEFT:
        return
    if still_open := queries.open_exchanges(session, member_id):
        raise StillOpen(count=still_open)
    if unfinished_sessions := unfinished(session, member_id):
        raise SessionsStillOpen(count=unfinished_sessions)
    if standing_of(session, member_id).is_broker and not brokers_beside(session, by.timebank_id, member_id):
        raise LastBroker
    withdraw_all(session, member_id, by=by, at=at)
    drop_out_of_all(session, member_id, by=by, at=at)
    close_all(session, member_id, at=at)
    end_all(session, member_id, by=by, at=at)
    session.exec(delete(ActsFor).where(col(ActsFor.member_id) == member_id))
    close_account(session, leaver, receiver_id, word=word, submission=submission, by=by, at=at)  # the book's lock last
    unblock_all(session, member_id)
    leaver.status = Status.LEFT
    session.flush()


def close_account(
    session: Session,
    leaver: Party,
    receiver_id: UUID | None = None,
    *,
    by: Standing,
    at: datetime,
    word: str = "",
    submission: UUID | None = None,
) -> None:
    """One entry brings the balance to nothing."""
    seconds = free_seconds(session, leaver, by=by)
    if seconds == 0:
        return
    has_some = seconds > 0
    receiver = check_receiver(session, receiver_id, giver=leaver, by=by) if has_some else leaver
    passing = Passing(
        occasion=Occasion.CLOSING,
        giver=leaver if has_some else None,
        receiver=receiver,
        seconds=abs(seconds),
        word=word,
        submission=submission or uuid4(),
        authority=None if by.speaks_for(leaver.id) else by.authority,
    )
    pass_on(session, passing, by=by, at=at)
