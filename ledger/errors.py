"""What the ledger refuses, and why.

LedgerError
 ├─ Unbalanced         the postings are no whole entry: not zero in sum, fewer than two, one empty, an account twice
 ├─ AmountOutOfRange   not a whole number of seconds within the bound
 ├─ UnknownBook
 ├─ UnknownAccount     no such account in this book
 ├─ UnknownEntry       no such entry in this book
 ├─ LimitExceeded      an account would pass its floor or ceiling
 ├─ KeyReused          the idempotency key stands for another request
 ├─ NotAHold           only a hold can be settled or released
 ├─ HoldFinished       the hold was settled or released, or has expired
 ├─ NotReversible      only what moved hours can be reversed: posts and settlements
 ├─ AlreadyReversed
 ├─ ClosedPeriod       the effective date lies in a period that is closed
 ├─ AlreadyOpened      an opening balance is brought to an account on which something was posted before
 ├─ TooLong            a book has more entries than the calendar of a journal has days
 ├─ Busy               others were in the way too often: try again
 └─ BrokenLaw          the database refused what the Python should have caught: a bug
"""

from datetime import date
from typing import Literal
from uuid import UUID


class LedgerError(Exception):
    """Everything that the ledger refuses. The session stays usable: nothing of the refused call was written."""


class Unbalanced(LedgerError):
    pass


class AmountOutOfRange(LedgerError):
    pass


class UnknownBook(LedgerError):
    pass


class UnknownAccount(LedgerError):
    pass


class UnknownEntry(LedgerError):
    pass


class LimitExceeded(LedgerError):
    """An account would pass its floor or its ceiling, by so many seconds."""

    def __init__(self, account: UUID, which: Literal["floor", "ceiling"], by_seconds: int) -> None:
        super().__init__(f"account {account} would pass its {which} by {by_seconds} seconds")
        self.account = account
        self.which = which
        self.by_seconds = by_seconds


class KeyReused(LedgerError):
    pass


class NotAHold(LedgerError):
    pass


class HoldFinished(LedgerError):
    pass


class NotReversible(LedgerError):
    pass


class AlreadyReversed(LedgerError):
    pass


class ClosedPeriod(LedgerError):
    """The effective date is not after the last closed day."""

    def __init__(self, effective_on: date, closed_until: date) -> None:
        super().__init__(f"{effective_on} lies in a closed period: the book is closed until {closed_until}")
        self.effective_on = effective_on
        self.closed_until = closed_until


class AlreadyOpened(LedgerError):
    """Something was posted on the account before its opening balance."""

    def __init__(self, account: UUID) -> None:
        super().__init__(f"account {account} has postings already: an opening balance is the first")
        self.account = account


class TooLong(LedgerError):
    pass


class Busy(LedgerError):
    pass


class BrokenLaw(LedgerError):
    pass
