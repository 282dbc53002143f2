"""A book full of life for other tools to weigh: every verb, dates out of order, and the same for the same seed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import Session

from ledger import AccountKind, Book, Entry, LedgerError, Posting, create_book
from tests.ledger.conftest import HOUR, MORNING

HOSTILE = (
    "service",
    "donation",
    'so-called "help"; date:2020-01-01, [2020-01-01]',
    "cymorth, diolch ŵ",
    " ; %20 {x} #y ^z ",
)
"""Purposes and the ends of keys: what the tools would take for their own signs."""


@dataclass
class Village:
    """Forty members, a pot and an association, some of them with limits, and what they may still finish or reverse."""

    book: Book
    random: Random
    at: datetime = MORNING
    accounts: list[UUID] = field(default_factory=list)
    holds: list[Entry] = field(default_factory=list)
    moves: list[Entry] = field(default_factory=list)
    keys: Any = field(default_factory=count)

    def words(self) -> dict[str, Any]:
        """A request of its own; what was done last month may be recorded today."""
        self.at += timedelta(minutes=self.random.randrange(240))
        effective_on = self.at.date() - timedelta(days=self.random.randrange(60))
        return {"key": f"{next(self.keys)} {self.random.choice(HOSTILE)}", "effective_on": effective_on, "at": self.at}

    def live(self) -> None:
        """One more thing happens, or is refused."""
        happens = self.random.choices((self.give, self.share, self.promise, self.finish, self.undo), (8, 2, 4, 3, 1))[0]
        try:
            happens()
        except LedgerError:
            return

    def give(self) -> None:
        giver, receiver = self.random.sample(self.accounts, 2)
        seconds = self.random.randrange(1, 5 * HOUR)
        self.post([Posting(giver, seconds), Posting(receiver, -seconds)])

    def share(self) -> None:
        """Several give to one."""
        receiver, *givers = self.random.sample(self.accounts, self.random.randrange(3, 9))
        gave = [Posting(giver, self.random.randrange(1, 2 * HOUR)) for giver in givers]
        self.post([*gave, Posting(receiver, -sum(posting.seconds for posting in gave))])

    def post(self, postings: list[Posting]) -> None:
        purpose = self.random.choice(HOSTILE)
        self.moves.append(self.book.post(postings, purpose=purpose, by=self.accounts[0], **self.words()))

    def promise(self) -> None:
        payer, payee = self.random.sample(self.accounts, 2)
        until = self.at + timedelta(days=20) if self.random.random() < 0.5 else None
        seconds = self.random.randrange(1, 5 * HOUR)
        held = self.book.hold(
            payer=payer, payee=payee, seconds=seconds, purpose="service", expires_at=until, **self.words()
        )
        self.holds.append(held)

    def finish(self) -> None:
        if not self.holds:
            return
        hold = self.holds.pop(self.random.randrange(len(self.holds)))
        if self.random.random() < 0.3:
            self.book.release(hold.id, **self.words())
        else:
            seconds = self.random.randrange(1, 5 * HOUR)
            self.moves.append(self.book.settle(hold.id, seconds, purpose="service", **self.words()))

    def undo(self) -> None:
        if self.moves:
            entry = self.moves.pop(self.random.randrange(len(self.moves)))
            self.book.reverse(entry.id, override_by=self.accounts[0], **self.words())


def live_long(session: Session, *, entries: int, seed: int = 1) -> Village:
    """A village whose book has so many entries, written in one transaction."""
    village = Village(Book(session, create_book(session, at=MORNING)), Random(seed))
    kinds = [AccountKind.MEMBER] * 40 + [AccountKind.POT, AccountKind.ORGANISATION, AccountKind.ISSUING]
    for place, kind in enumerate(kinds):
        limits = {"floor": -40 * HOUR, "ceiling": 40 * HOUR} if place % 3 == 0 else {}
        village.accounts.append(village.book.open_account(kind, at=MORNING, **limits))
    while village.book.head().number < entries:
        village.live()
    session.commit()
    return village
