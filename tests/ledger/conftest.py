"""The cast's accounts in an empty book, on both engines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from ledger import AccountKind, Book, Entry, Posting, create_book

HOUR = 3600
MORNING = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TODAY = MORNING.date()


@dataclass
class Cast:
    """Ana and Ben exchange hours, Bea is their broker; the pot belongs to everyone."""

    session: Session
    book: Book
    ana: UUID
    ben: UUID
    pot: UUID
    bea: UUID = field(default_factory=uuid4)
    keys: Iterator[int] = field(default_factory=count)

    def key(self) -> str:
        return f"request {next(self.keys)}"

    def give(self, giver: UUID, receiver: UUID, seconds: int = HOUR, **words: object) -> Entry:
        """One exchange, posted at once."""
        said = {"key": self.key(), "purpose": "service", "effective_on": TODAY, "at": MORNING, **words}
        return self.book.post([Posting(giver, seconds), Posting(receiver, -seconds)], **said)  # type: ignore[arg-type]

    def hold(self, payer: UUID, payee: UUID, seconds: int = HOUR, **words: object) -> Entry:
        said = {"key": self.key(), "purpose": "service", "effective_on": TODAY, "at": MORNING, **words}
        return self.book.hold(payer=payer, payee=payee, seconds=seconds, **said)  # type: ignore[arg-type]

    def settle(self, hold: Entry, seconds: int = HOUR, **words: object) -> Entry:
        said = {"key": self.key(), "purpose": "service", "effective_on": TODAY, "at": MORNING, **words}
        return self.book.settle(hold.id, seconds, **said)  # type: ignore[arg-type]

    def release(self, hold: Entry, **words: object) -> Entry:
        said = {"key": self.key(), "effective_on": TODAY, "at": MORNING, **words}
        return self.book.release(hold.id, **said)  # type: ignore[arg-type]

    def reverse(self, entry: Entry, **words: object) -> Entry:
        said = {"key": self.key(), "effective_on": TODAY, "at": MORNING, **words}
        return self.book.reverse(entry.id, **said)  # type: ignore[arg-type]

    def limit(self, account: UUID, *, floor: int | None = None, ceiling: int | None = None) -> None:
        self.book.set_limits(account, floor=floor, ceiling=ceiling, at=MORNING, by=self.bea)

    def posted(self) -> dict[str, int]:
        found = self.book.balances([self.ana, self.ben, self.pot])
        return {name: found[getattr(self, name)].posted for name in ("ana", "ben", "pot")}


def open_cast(session: Session) -> Cast:
    book = Book(session, create_book(session, at=MORNING))
    ana, ben = (
        book.open_account(AccountKind.MEMBER, floor=-10 * HOUR, ceiling=10 * HOUR, at=MORNING) for _ in range(2)
    )
    pot = book.open_account(AccountKind.POT, floor=0, at=MORNING)
    session.commit()
    return Cast(session, book, ana, ben, pot)


@pytest.fixture
def cast(session: Session) -> Cast:
    return open_cast(session)


@pytest.fixture
def lived_in(cast: Cast) -> Cast:
    """A book with every kind of row."""
    cast.give(cast.ana, cast.ben, memo="hedges")
    cast.settle(cast.hold(cast.ana, cast.ben))
    cast.hold(cast.ben, cast.ana, 2 * HOUR)
    cast.session.commit()
    return cast
