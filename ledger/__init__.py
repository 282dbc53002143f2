"""A small double-entry book for mutual credit: its public names. It knows nothing of timebanks, and never commits."""

from ledger.book import Book, create_book
from ledger.columns import Amount, Day, Key, Moment
from ledger.entries import (
    MAX_BALANCE,
    MAX_SECONDS,
    AccountKind,
    Balance,
    Entry,
    EntryKind,
    Head,
    Line,
    Page,
    Posting,
    Seconds,
    Totals,
    Volume,
)
from ledger.errors import (
    AlreadyReversed,
    AmountOutOfRange,
    BrokenLaw,
    Busy,
    ClosedPeriod,
    HoldFinished,
    KeyReused,
    LedgerError,
    LimitExceeded,
    NotAHold,
    NotReversible,
    Unbalanced,
    UnknownAccount,
    UnknownBook,
    UnknownEntry,
)
