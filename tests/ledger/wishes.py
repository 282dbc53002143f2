"""What is asked of the model and of real books alike, and what they answer: everything goes by names, not by ids."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, NoReturn
from uuid import UUID


class Name(str):
    """What stands for an id: 'book 0', 'account 3', 'entry 5 of book 0', 'transfer 1'. It may be nobody's."""

    __slots__ = ()


class Leg(NamedTuple):
    account: Name
    seconds: int
    out: int = 0
    in_: int = 0


class Line(NamedTuple):
    """One line of a batch."""

    postings: tuple[Leg, ...]
    key: str
    purpose: str
    effective_on: date
    by: UUID | None
    memo: str | None


class Recorded(NamedTuple):
    """An entry, as far as everybody has to agree on it."""

    name: Name
    book: Name
    kind: str
    purpose: str
    effective_on: date
    recorded_at: datetime
    legs: tuple[Leg, ...]
    finishes: Name | None
    reverses: Name | None
    expires_at: datetime | None
    clearing: Name | None


class Crossing(NamedTuple):
    """A transfer between two books, or its reversal."""

    clearing: Name
    given: Recorded
    received: Recorded


class Closed(NamedTuple):
    """A closed period, and the layers of every balance that it sealed."""

    number: int
    since: date
    until: date
    closed_at: datetime
    closed_by: UUID | None
    head: int
    seals: dict[Name, tuple[int, int, int]]


@dataclass(frozen=True)
class Wish:
    """A verb and what it is told."""

    verb: str
    said: dict[str, Any]


class RefusedWish(Exception):
    """The name of the ledger's error, and what it tells its caller."""

    def __init__(self, error: str, **told: object) -> None:
        super().__init__(error)
        self.error, self.told = error, told

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RefusedWish) and (self.error, self.told) == (other.error, other.told)

    __hash__ = Exception.__hash__


def refuse(error: str, **told: object) -> NoReturn:
    raise RefusedWish(error, **told)


@contextmanager
def at_line(line: int) -> Iterator[None]:
    """A refusal in here says which line of a batch it was."""
    try:
        yield
    except RefusedWish as refusal:
        refusal.told["line"] = line
        raise
