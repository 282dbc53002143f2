"""What was passed on, what the community pot holds, and what it was asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ledger import Balance, Page
from timebank.donations.rules import NoSuchWish
from timebank.donations.tables import Donation, Wish, WishState
from timebank.exchanges.life import ENDS
from timebank.exchanges.tables import Exchange, State
from timebank.members.rules import Standing
from timebank.members.tables import Party
from timebank.network.queries import book_of, timebank

_giver, _receiver = aliased(Party), aliased(Party)


@dataclass(frozen=True)
class Passed:
    """A donation with the parties on both sides; none: the pot."""

    donation: Donation
    giver: Party | None
    receiver: Party | None


@dataclass(frozen=True)
class Pot:
    """The community pot: what it holds, and one page of what went in and out, newest first."""

    balance: Balance
    page: Page
    passed: dict[UUID, Passed]


@dataclass(frozen=True)
class Asked:
    """A wish with the name of who has it."""

    wish: Wish
    name: str


def pot(session: Session, timebank_id: UUID, *, before: int | None = None, limit: int = 50) -> Pot:
    """The pot's own book, page by page, with what is known of each entry."""
    book, account = book_of(session, timebank_id), timebank(session, timebank_id).pot_account_id
    page = book.statement(account, before=before, limit=limit, moved_only=True)
    return Pot(book.balance(account), page, passed_on(session, (line.entry for line in page.lines)))


def passed_on(session: Session, entries: Iterable[UUID]) -> dict[UUID, Passed]:
    """By entry: the donations among them, in one query."""
    found = session.exec(
        select(Donation, _giver, _receiver)
        .outerjoin(_giver, col(_giver.id) == col(Donation.giver_id))
        .outerjoin(_receiver, col(_receiver.id) == col(Donation.receiver_id))
        .where(col(Donation.entry_id).in_(set(entries)))
    ).all()
    return {donation.entry_id: Passed(donation, giver, receiver) for donation, giver, receiver in found}


def sent_before(session: Session, by: Standing, submission: UUID) -> Donation | None:
    """What this very form has passed on already."""
    return session.exec(
        select(Donation).where(Donation.by_member_id == by.member_id, Donation.submission == submission)
    ).one_or_none()


def asked_before(session: Session, by: Standing, submission: UUID) -> Wish | None:
    """What this very form has asked for already."""
    return session.exec(
        select(Wish).where(Wish.by_member_id == by.member_id, Wish.submission == submission)
    ).one_or_none()


def wish(session: Session, wish_id: UUID, *, by: Standing) -> Asked:
    """A wish that somebody may see: their own, or as a broker anybody's. Raises NoSuchWish."""
    found = session.exec(
        select(Wish, Party.name)
        .join(Party, col(Party.id) == col(Wish.party_id))
        .where(Wish.id == wish_id, Wish.timebank_id == by.timebank_id)
    ).one_or_none()
    if found is None or not (by.is_broker or by.speaks_for(found[0].party_id)):
        raise NoSuchWish
    return Asked(*found)


def wish_to_answer(session: Session, wish_id: UUID, *, by: Standing) -> Wish:
    """The same, locked until the end: of two who answer at once, the second sees what the first has done."""
    wish(session, wish_id, by=by)
    return session.exec(
        select(Wish).where(Wish.id == wish_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def waiting_wishes(
    session: Session, timebank_id: UUID, *, parties: Iterable[UUID] | None = None, limit: int = 100
) -> Sequence[Asked]:
    """What the pot is asked for and nobody has answered, of these parties (None: of everybody), oldest first."""
    rows = (
        select(Wish, Party.name)
        .join(Party, col(Party.id) == col(Wish.party_id))
        .where(Wish.timebank_id == timebank_id, Wish.state == WishState.WAITING)
        .order_by(col(Wish.asked_at), col(Wish.id))
        .limit(limit)
    )
    if parties is not None:
        rows = rows.where(col(Wish.party_id).in_(set(parties)))
    return [Asked(*row) for row in session.exec(rows).all()]


def open_exchanges(session: Session, party_id: UUID) -> int:
    """How many exchanges of somebody are neither credited nor ended."""
    over = ENDS | {State.CREDITED}
    return session.exec(
        select(func.count()).where(
            (col(Exchange.giver_id) == party_id) | (col(Exchange.receiver_id) == party_id),
            col(Exchange.state).not_in(over),
        )
    ).one()
