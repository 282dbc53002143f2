"""What the ledger refuses, and why.

LedgerError
 ├─ Unbalanced         the postings are no whole entry: not zero in sum, fewer than two, one empty, an account twice
 ├─ AmountOutOfRange   not a whole number of seconds within its bounds
 ├─ Malformed          words, a moment, a day or a key that cannot be written: a mistake of a program, not of a person
 ├─ UnknownBook
 ├─ UnknownAccount     no such account in this book
 ├─ UnknownEntry       no such entry in this book
 ├─ LimitExceeded      an account would pass its floor or ceiling
 ├─ KeyReused          the idempotency key stands for another request
 ├─ NotAHold           only a hold can be settled or released
 ├─ HoldFinished       the hold was settled or released, or has expired
 ├─ NotReversible      only what moved hours can be reversed: posts and settlements
 ├─ AlreadyReversed
 ├─ BetweenBooks       hours between two books move in both at once, or in neither
 ├─ NoMirror           the two books keep no account for one another
 ├─ MirrorOpen         they keep one already
 ├─ UnknownTransfer
 ├─ ClosedPeriod       the day lies in a period that is closed
 ├─ NothingToClose     the book has no entry that a period could close on
 ├─ AlreadyOpened      an opening balance is brought to an account on which something was posted before
 ├─ TooLong            a book has more entries than the calendar of a journal has days
 ├─ NotSealed          the entry stands in no closed period yet
 ├─ Busy               others were in the way too often: try again
 ├─ StorageFull        there is no room to write it down
 ├─ Unreachable        the database went away in the midst of it
 └─ BrokenLaw          the database refused what the Python should have caught: a bug

Each carries what a caller needs to say it kindly: which account, by how much, since when. None is an error of a driver.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

MALFORMED = {
    "key": "a key has 1 to 200 printable characters, and does not begin as the ledger's own do",
    "purpose": "a purpose has 1 to 60 printable characters",
    "memo": "a memo is text that every database can store: no NUL, no half of a character",
    "moment": "a moment has a time zone, and lies between 1900 and 2999",
    "day": "a day is a date without a clock, between 1900 and 2999, and closed only once it has begun",
    "reference": "accounts, entries and people are referred to by a UUID",
    "number": "a place in the chain or in a statement is a whole number from 0",
    "kind": "a kind is one of AccountKind; a clearing account is opened in two books at once, by open_mirrors",
}


class LedgerError(Exception):
    """Everything that the ledger refuses. The session stays usable: nothing of the refused call was written."""

    line: int | None = None
    """Which line of a batch was refused, from 1; None outside of batches."""


@dataclass(eq=False)
class Unbalanced(LedgerError):
    """The postings are no whole entry. Where they do not sum to zero: by how many seconds they are off."""

    what: str
    by_seconds: int = 0
    account: UUID | None = None

    def __str__(self) -> str:
        return self.what


@dataclass(eq=False)
class AmountOutOfRange(LedgerError):
    value: object
    least: int
    most: int

    def __str__(self) -> str:
        return f"{self.value!r} is not a whole number of seconds from {self.least} to {self.most}"


@dataclass(eq=False)
class Malformed(LedgerError, ValueError):
    """Which sort of thing cannot be written, and what it was."""

    what: Literal["key", "purpose", "memo", "moment", "day", "reference", "number", "kind"]
    value: object

    def __str__(self) -> str:
        return f"{MALFORMED[self.what]}, unlike {self.value!r}"


@dataclass(eq=False)
class UnknownBook(LedgerError):
    book: UUID

    def __str__(self) -> str:
        return f"no book {self.book}"


@dataclass(eq=False)
class UnknownAccount(LedgerError):
    account: UUID
    book: UUID

    def __str__(self) -> str:
        return f"no account {self.account} in book {self.book}"


@dataclass(eq=False)
class UnknownEntry(LedgerError):
    entry: UUID
    book: UUID

    def __str__(self) -> str:
        return f"no entry {self.entry} in book {self.book}"


@dataclass(eq=False)
class LimitExceeded(LedgerError):
    """An account would pass its floor or its ceiling, by so many seconds."""

    account: UUID
    which: Literal["floor", "ceiling"]
    by_seconds: int

    def __str__(self) -> str:
        return f"account {self.account} would pass its {self.which} by {self.by_seconds} seconds"


@dataclass(eq=False)
class KeyReused(LedgerError):
    """The key, and the entry that it led to."""

    key: str
    entry: UUID

    def __str__(self) -> str:
        return f"the key {self.key!r} stands for another request: it led to entry {self.entry}"


@dataclass(eq=False)
class NotAHold(LedgerError):
    entry: UUID
    kind: str

    def __str__(self) -> str:
        return f"entry {self.entry} is no hold but a {self.kind}"


@dataclass(eq=False)
class HoldFinished(LedgerError):
    """The hold, and the entry that settled, released or expired it."""

    hold: UUID
    finish: UUID

    def __str__(self) -> str:
        return f"hold {self.hold} is finished already, by entry {self.finish}"


@dataclass(eq=False)
class NotReversible(LedgerError):
    entry: UUID
    kind: str

    def __str__(self) -> str:
        return f"entry {self.entry} moved no hours that could be reversed: it is a {self.kind}"


@dataclass(eq=False)
class AlreadyReversed(LedgerError):
    """The entry, and its reversal."""

    entry: UUID
    reversal: UUID

    def __str__(self) -> str:
        return f"entry {self.entry} is reversed already, by entry {self.reversal}"


@dataclass(eq=False)
class BetweenBooks(LedgerError):
    """A clearing account, and the book that it mirrors: only a transfer between the two moves hours on it."""

    account: UUID
    partner: UUID

    def __str__(self) -> str:
        return f"account {self.account} mirrors book {self.partner}: hours move on it in both books at once"


@dataclass(eq=False)
class NoMirror(LedgerError):
    book: UUID
    partner: UUID

    def __str__(self) -> str:
        return f"book {self.book} keeps no account that mirrors book {self.partner}"


@dataclass(eq=False)
class MirrorOpen(LedgerError):
    """The account in a book that mirrors the partner already."""

    book: UUID
    partner: UUID
    account: UUID

    def __str__(self) -> str:
        return f"account {self.account} of book {self.book} mirrors book {self.partner} already"


@dataclass(eq=False)
class UnknownTransfer(LedgerError):
    clearing: UUID

    def __str__(self) -> str:
        return f"no transfer {self.clearing} between books"


@dataclass(eq=False)
class ClosedPeriod(LedgerError):
    """The day is not after the last closed one."""

    effective_on: date
    closed_until: date

    def __str__(self) -> str:
        return f"{self.effective_on} lies in a closed period: the book is closed until {self.closed_until}"


@dataclass(eq=False)
class NothingToClose(LedgerError):
    book: UUID

    def __str__(self) -> str:
        return f"book {self.book} has no entry that a period could close on"


@dataclass(eq=False)
class NotSealed(LedgerError):
    """The entry's number in the chain, and the last number that a closed period reaches."""

    number: int
    sealed_until: int

    def __str__(self) -> str:
        return f"entry {self.number} stands in no closed period yet: the last one reaches to {self.sealed_until}"


@dataclass(eq=False)
class AlreadyOpened(LedgerError):
    """Something was posted on the account before its opening balance."""

    account: UUID

    def __str__(self) -> str:
        return f"account {self.account} has postings already: an opening balance is the first"


@dataclass(eq=False)
class TooLong(LedgerError):
    """How many entries the book has."""

    entries: int

    def __str__(self) -> str:
        return f"beancount has no days for {self.entries} entries"


@dataclass(eq=False)
class Busy(LedgerError):
    """What is in the way. It may be tried again by the same key."""

    what: str = "others are writing to the same book: try again"

    def __str__(self) -> str:
        return self.what


@dataclass(eq=False)
class StorageFull(LedgerError):
    what: str

    def __str__(self) -> str:
        return self.what


@dataclass(eq=False)
class Unreachable(LedgerError):
    """The only error that leaves something open: at a commit, it may have been written. The same key tells."""

    what: str

    def __str__(self) -> str:
        return self.what


@dataclass(eq=False)
class BrokenLaw(LedgerError):
    """What the database said."""

    what: str

    def __str__(self) -> str:
        return self.what
