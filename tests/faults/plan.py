"""What a writer is to write: units of one to three steps, each unit one transaction, all of it drawn from a seed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session

from ledger import (
    AccountKind,
    Book,
    Busy,
    Entry,
    EntryKind,
    HoldFinished,
    LimitExceeded,
    Posting,
    Unreachable,
    create_book,
)
from tests.ledger.conftest import HOUR, MORNING
from timebank.database import unit_of_work

ACCOUNTS = 12
FLOOR, CEILING = -10 * HOUR, 10 * HOUR
LONGEST_MINUTES = 180
A_UNIT_TAKES = timedelta(minutes=1)
A_HOLD_LASTS = timedelta(minutes=30)
"""So that what nobody finishes expires, and does not fill the accounts up to their limits."""
UNFINISHED = 8
"""So many of its own holds and entries a writer keeps in mind, to finish or reverse one of them."""

WEIGHTS = {EntryKind.POST: 6, EntryKind.HOLD: 4, EntryKind.SETTLE: 2, EntryKind.RELEASE: 1, EntryKind.REVERSE: 1}


@dataclass(frozen=True)
class Step:
    """One entry to be; `of` is the key of the hold that it finishes, or of the entry that it reverses."""

    key: str
    at: datetime
    kind: EntryKind
    giver: int
    receiver: int
    seconds: int
    of: str = ""


@dataclass(frozen=True)
class Unit:
    """What is written in one transaction, or refused as a whole."""

    number: int
    steps: tuple[Step, ...]

    @property
    def keys(self) -> list[str]:
        return [step.key for step in self.steps]


class NothingToFinish(Exception):
    """The unit that should have written the hold or the entry was refused."""


REFUSED = (LimitExceeded, HoldFinished, NothingToFinish)


def units(seed: str, longest: int) -> Iterator[Unit]:
    """The same for the same seed, without end; of so many steps at most, and most of one."""
    drawn = Random(seed)
    holds: list[str] = []
    moves: list[str] = []
    for number in count():
        at = MORNING + number * A_UNIT_TAKES
        lines = range(max(1, drawn.randint(1 - longest, longest)))
        yield Unit(number, tuple(_step(drawn, f"{seed}/{number}.{line}", at, holds, moves) for line in lines))


def _step(drawn: Random, key: str, at: datetime, holds: list[str], moves: list[str]) -> Step:
    (kind,) = drawn.choices([*WEIGHTS], [*WEIGHTS.values()])
    known = moves if kind is EntryKind.REVERSE else holds
    finishes = kind not in (EntryKind.POST, EntryKind.HOLD)
    if finishes and not known:
        kind, finishes = EntryKind.POST, False
    of = known.pop(drawn.randrange(len(known))) if finishes else ""
    if kind is EntryKind.HOLD:
        holds[:] = [*holds, key][-UNFINISHED:]
    if kind in (EntryKind.POST, EntryKind.SETTLE):
        moves[:] = [*moves, key][-UNFINISHED:]
    giver, receiver = drawn.sample(range(ACCOUNTS), 2)
    return Step(key, at, kind, giver, receiver, 60 * drawn.randint(1, LONGEST_MINUTES), of)


def open_accounts(session: Session) -> tuple[UUID, list[UUID]]:
    """A book, and accounts that will often meet their limits."""
    with unit_of_work(session):
        book = Book(session, create_book(session, at=MORNING))
        return book.id, [
            book.open_account(AccountKind.MEMBER, floor=FLOOR, ceiling=CEILING, at=MORNING) for _ in range(ACCOUNTS)
        ]


def take(book: Book, accounts: Sequence[UUID], step: Step) -> Entry:
    """Write one step."""
    giver, receiver = accounts[step.giver], accounts[step.receiver]
    key, day, at = step.key, step.at.date(), step.at
    if step.kind is EntryKind.POST:
        legs = [Posting(giver, step.seconds), Posting(receiver, -step.seconds)]
        return book.post(legs, key=key, purpose="service", effective_on=day, at=at, memo=f"as {key}")
    if step.kind is EntryKind.HOLD:
        return book.hold(
            payer=receiver,
            payee=giver,
            seconds=step.seconds,
            expires_at=at + A_HOLD_LASTS,
            key=key,
            purpose="service",
            effective_on=day,
            at=at,
        )
    subject = book.find(step.of)
    if subject is None:
        raise NothingToFinish
    if step.kind is EntryKind.SETTLE:
        return book.settle(subject.id, step.seconds, key=key, purpose="service", effective_on=day, at=at)
    if step.kind is EntryKind.RELEASE:
        return book.release(subject.id, key=key, effective_on=day, at=at)
    return book.reverse(subject.id, key=key, effective_on=day, at=at)


def carry_out(engine: Engine, book: UUID, accounts: Sequence[UUID], unit: Unit) -> list[Entry]:
    """Write a unit in a transaction of its own: all its entries, or none if one of them is refused."""
    try:
        with Session(engine) as session, unit_of_work(session):
            return [take(Book(session, book), accounts, step) for step in unit.steps]
    except REFUSED:
        return []


def insist(do: Callable[[], list[Entry]], wait: Callable[[str], None]) -> list[Entry]:
    """Try until it is done or refused; `wait` is told why it was neither."""
    while True:
        try:
            return do()
        except (Busy, Unreachable) as error:
            wait(type(error).__name__)
