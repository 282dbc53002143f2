"""Asking the community pot for hours, and what a broker answers."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.donations import queries
from timebank.donations.passing import Passing, free_seconds, pass_on
from timebank.donations.rules import AnsweredAlready, ForTheirOwnPurse, NoSuchWish, check_pot_holds
from timebank.donations.tables import Donation, Occasion, Wish, WishState
from timebank.members.queries import party, party_to_change
from timebank.members.rules import (
    MemberNotActive,
    Standing,
    authority_for,
    check_active,
    check_broker,
    check_speaks_for,
)
from timebank.members.tables import Status
from timebank.network.queries import timebank_to_change
from timebank.notices.actions import tell


def ask(
    session: Session, party_id: UUID, *, seconds: int, word: str, by: Standing, at: datetime, submission: UUID
) -> Wish:
    """Somebody asks the pot for hours, and says what for; a broker will answer. A form sent twice asks once."""
    check_speaks_for(by, party_id)
    whose = party_to_change(session, by.timebank_id, party_id)
    if asked := queries.asked_before(session, by, submission):
        return asked
    if whose.status is not Status.ACTIVE:
        raise MemberNotActive(name=whose.name)
    wish = Wish(
        timebank_id=by.timebank_id,
        party_id=party_id,
        seconds=seconds,
        word=word,
        state=WishState.WAITING,
        asked_at=at,
        by_member_id=by.member_id,
        authority=authority_for(by, party_id),
        submission=submission,
    )
    session.add(wish)
    session.flush()
    return wish


def withdraw(session: Session, wish_id: UUID, *, by: Standing, at: datetime) -> Wish:
    """Whoever asked takes it back; a broker may for those who ring."""
    check_active(by)
    return _answer(session, _waiting(session, wish_id, by), WishState.WITHDRAWN, by=by, at=at)


def withdraw_all(session: Session, party_id: UUID, *, by: Standing, at: datetime) -> None:
    """Whoever leaves asks the pot for nothing any more."""
    for asked in queries.waiting_wishes(session, by.timebank_id, parties=[party_id]):
        withdraw(session, asked.wish.id, by=by, at=at)


def decline(session: Session, wish_id: UUID, *, broker: Standing, at: datetime, word: str = "") -> Wish:
    """A broker says no, with a word; whoever asked is told."""
    wish = _to_decide(session, wish_id, broker)
    tell(
        session,
        timebank_id=wish.timebank_id,
        party_id=wish.party_id,
        kind="pot_declined",
        path="/pot",
        at=at,
        seconds=wish.seconds,
        other="",
        title="",
        note=word,
    )
    return _answer(session, wish, WishState.DECLINED, by=broker, at=at, answer=word)


def grant(
    session: Session, wish_id: UUID, *, seconds: int, broker: Standing, at: datetime, submission: UUID, word: str = ""
) -> Donation:
    """A broker gives what was asked of the pot, or a part of it. Raises PotHoldsLess."""
    queries.wish_to_answer(session, wish_id, by=broker)  # the same form sent twice at once waits here
    if sent := queries.sent_before(session, broker, submission):
        return sent
    wish = _to_decide(session, wish_id, broker)
    donation = allocate(session, wish.party_id, seconds=seconds, broker=broker, at=at, submission=submission, word=word)
    wish.donation_id = donation.id
    _answer(session, wish, WishState.MET, by=broker, at=at, answer=word)
    return donation


def allocate(
    session: Session, party_id: UUID, *, seconds: int, broker: Standing, at: datetime, submission: UUID, word: str = ""
) -> Donation:
    """A broker gives hours from the pot, asked or unasked; never to themselves. Raises PotHoldsLess."""
    check_broker(broker)
    timebank_to_change(session, broker.timebank_id)  # two brokers at once do not give the same hours
    if sent := queries.sent_before(session, broker, submission):
        return sent
    _check_is_not_own(party_id, broker)
    receiver = party(session, broker.timebank_id, party_id)
    if receiver.status is not Status.ACTIVE:
        raise MemberNotActive(name=receiver.name)
    check_pot_holds(free_seconds(session, None, by=broker), seconds)
    passing = Passing(
        occasion=Occasion.ALLOCATION, giver=None, receiver=receiver, seconds=seconds, word=word, submission=submission
    )
    return pass_on(session, passing, by=broker, at=at)


def _waiting(session: Session, wish_id: UUID, by: Standing) -> Wish:
    wish = queries.wish_to_answer(session, wish_id, by=by)
    if wish.state is not WishState.WAITING:
        raise AnsweredAlready
    return wish


def _to_decide(session: Session, wish_id: UUID, broker: Standing) -> Wish:
    if not broker.is_broker:
        raise NoSuchWish
    wish = _waiting(session, wish_id, broker)
    _check_is_not_own(wish.party_id, broker)
    return wish


def _check_is_not_own(party_id: UUID, broker: Standing) -> None:
    if party_id in broker.stakes:
        raise ForTheirOwnPurse


def _answer(session: Session, wish: Wish, state: WishState, *, by: Standing, at: datetime, answer: str = "") -> Wish:
    wish.state, wish.answered_at, wish.answered_by, wish.answer = state, at, by.member_id, answer
    session.flush()
    return wish
