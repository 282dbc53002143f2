"""Plain values: what an entry is made of, and the laws that need no database.

One sign rule everywhere: positive seconds were given (credit), negative seconds were received.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias
from uuid import UUID

from ledger.errors import AmountOutOfRange, Unbalanced

Seconds: TypeAlias = int

MAX_SECONDS: Seconds = 10**12
"""The most that one posting may move: some 31,000 years, and far below what 64 bits hold."""

MAX_BALANCE: Seconds = 10**15
"""The most that a balance or a limit may come to."""


class AccountKind(StrEnum):
    MEMBER = "member"
    ORGANISATION = "organisation"
    POT = "pot"
    ISSUING = "issuing"
    CLEARING = "clearing"
    OPENING = "opening"
    SUSPENSE = "suspense"


class EntryKind(StrEnum):
    """The mechanics of an entry; what it was for is its purpose, which the application chooses."""

    POST = "post"
    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    EXPIRE = "expire"
    REVERSE = "reverse"


FINISHING = frozenset({EntryKind.SETTLE, EntryKind.RELEASE, EntryKind.EXPIRE})
REVERSIBLE = frozenset({EntryKind.POST, EntryKind.SETTLE})


class Posting(NamedTuple):
    """What an entry does to one account: the seconds posted, and those held or let go of by a hold."""

    account: UUID
    seconds: Seconds
    out: Seconds = 0
    in_: Seconds = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it stands in the chain."""

    id: UUID
    book: UUID
    number: int
    kind: EntryKind
    purpose: str
    effective_on: date
    recorded_at: datetime
    recorded_by: UUID | None
    recorded_for: UUID | None
    key: str
    finishes: UUID | None
    reverses: UUID | None
    hash: bytes
    postings: tuple[Posting, ...]
    expires_at: datetime | None = None
    override_by: UUID | None = None
    clearing: UUID | None = None


class Balance(NamedTuple):
    """What an account has, what it has promised to others (out), and what it has been promised (in)."""

    posted: Seconds
    out: Seconds = 0
    in_: Seconds = 0

    @property
    def available(self) -> Seconds:
        return self.posted - self.out


class Line(NamedTuple):
    """One line of a statement: what an entry did to this account, and the balance after it."""

    position: int
    number: int
    entry: UUID
    kind: EntryKind
    purpose: str
    effective_on: date
    recorded_at: datetime
    seconds: Seconds
    out: Seconds
    in_: Seconds
    balance: Balance


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first; `next` asks for the older ones and is None on the last page."""

    lines: tuple[Line, ...]
    next: int | None


class Below(NamedTuple):
    """An account whose balance is below an amount, since its last entry at the latest."""

    account: UUID
    posted: Seconds
    since: datetime


class Totals(NamedTuple):
    """What an account gave and received, both above zero; what was reversed is in neither."""

    given: Seconds
    received: Seconds


@dataclass(frozen=True, slots=True)
class Volume:
    """Entries that moved hours and the hours that they moved; those reversed since are counted apart."""

    entries: int
    seconds: Seconds
    reversed_entries: int
    reversed_seconds: Seconds


class Head(NamedTuple):
    """The end of a book's chain."""

    number: int
    hash: bytes


def is_amount(value: object) -> bool:
    """Whole seconds within the bound. A bool is no amount, and neither is 1.0."""
    return type(value) is int and -MAX_SECONDS <= value <= MAX_SECONDS


def check_positive(seconds: object) -> None:
    if not is_amount(seconds) or not seconds > 0:  # type: ignore[operator]  # is_amount has seen that it is an int
        raise AmountOutOfRange(seconds, 1, MAX_SECONDS)


def check_balance(seconds: object, most: Seconds = MAX_BALANCE) -> None:
    """What a balance or a limit may come to."""
    if type(seconds) is not int or not -MAX_BALANCE <= seconds <= most:
        raise AmountOutOfRange(seconds, -MAX_BALANCE, most)


def check_whole(postings: Sequence[Posting]) -> None:
    """An entry moves something on two accounts or more, on each of them once, and sums to zero."""
    for posting in postings:
        if not is_amount(posting.seconds):
            raise AmountOutOfRange(posting.seconds, -MAX_SECONDS, MAX_SECONDS)
        if posting.seconds == 0:
            raise Unbalanced("a posting of no seconds says nothing", account=posting.account)
    if len(postings) < 2:  # noqa: PLR2004 - double entry
        raise Unbalanced("an entry has two postings or more")
    accounts = [posting.account for posting in postings]
    if len(set(accounts)) < len(accounts):
        twice = next(account for account, times in Counter(accounts).items() if times > 1)
        raise Unbalanced(f"account {twice} appears twice: add its seconds up into one posting", account=twice)
    if total := sum([posting.seconds for posting in postings]):
        raise Unbalanced(f"the postings sum to {total} seconds, not to zero", by_seconds=total)
