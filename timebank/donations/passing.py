"""Passing hours on: the one path by which a donation is written, in the ledger and beside it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session

from ledger import LimitExceeded, Posting
from timebank.donations.rules import MoreThanThereIs
from timebank.donations.tables import Donation, Occasion
from timebank.members.rules import Standing
from timebank.members.tables import Authority, Party
from timebank.network.queries import book_of, policy_at, timebank
from timebank.network.rules import day_of
from timebank.notices.actions import tell


@dataclass(frozen=True, kw_only=True)
class Passing:
    """Who passes how much to whom (None: the pot), with what word, on what occasion, and whose form said so.

    `authority` is by what a broker does it for the giver.
    """

    occasion: Occasion
    giver: Party | None
    receiver: Party | None
    seconds: int
    word: str
    submission: UUID
    authority: Authority | None = None


def pass_on(session: Session, passing: Passing, *, by: Standing, at: datetime) -> Donation:
    """Hours go from one account to another without service; whoever receives them is told. Raises MoreThanThereIs."""
    bank = timebank(session, by.timebank_id)
    policy = policy_at(session, bank.id, at)
    giving, receiving = (
        party.account_id if party else bank.pot_account_id for party in (passing.giver, passing.receiver)
    )
    donation_id = uuid4()
    try:
        entry = book_of(session, bank.id).post(
            [Posting(giving, -passing.seconds), Posting(receiving, passing.seconds)],
            key=f"{donation_id}:{passing.occasion}",
            purpose=passing.occasion.value,
            effective_on=day_of(policy, at),
            at=at,
            by=by.person_id,
            on_behalf_of=passing.giver.id if passing.giver and passing.authority else None,
        )
    except LimitExceeded as limit:
        raise MoreThanThereIs(free_seconds=max(passing.seconds - limit.by_seconds, 0)) from limit
    donation = Donation(
        id=donation_id,
        timebank_id=bank.id,
        occasion=passing.occasion,
        giver_id=passing.giver.id if passing.giver else None,
        receiver_id=passing.receiver.id if passing.receiver else None,
        seconds=passing.seconds,
        word=passing.word,
        at=at,
        by_member_id=by.member_id,
        authority=passing.authority,
        entry_id=entry.id,
        submission=passing.submission,
    )
    session.add(donation)
    session.flush()
    if passing.receiver is not None and (passing.giver or passing.occasion is Occasion.ALLOCATION):
        _tell(session, passing, passing.receiver, at=at)
    return donation


def free_seconds(session: Session, party: Party | None, *, by: Standing) -> int:
    """What there is to pass on: the balance of a party (None: of the pot) without what is promised of it."""
    bank = timebank(session, by.timebank_id)
    balance = book_of(session, bank.id).balance(party.account_id if party else bank.pot_account_id)
    return balance.posted - balance.out


def _tell(session: Session, passing: Passing, receiver: Party, *, at: datetime) -> None:
    tell(
        session,
        timebank_id=receiver.timebank_id,
        party_id=receiver.id,
        kind="passed_on" if passing.giver else "allocated",
        path="/statement",
        at=at,
        other=passing.giver.name if passing.giver else "",
        title="",
        seconds=passing.seconds,
        note=passing.word,
    )
