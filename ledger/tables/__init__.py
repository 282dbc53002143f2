"""Rows, only ever added; private to the ledger. What a CHECK or a key cannot say is said by `guards/`.

ledger_book ─ ledger_head                       the chain's end; advances by one
    │
ledger_account ─ ledger_limit                   limits are added, never changed
    │        └── ledger_balance                 repeats the account's last posting and its limits in force
ledger_entry ─── ledger_posting                 postings first, their header last
    ├── ledger_key                              the idempotency key, written before all else
    ├── ledger_memo                             the only rows that may be deleted
    ├── ledger_open_hold                        holds not finished yet
    └── ledger_clearing                         one half of a transfer between two books
ledger_period ── ledger_seal                    closed periods with their trial balances
"""

from ledger.tables.accounts import AccountRow, BalanceRow, LimitRow
from ledger.tables.books import BookRow, HeadRow
from ledger.tables.clearing import ClearingRow
from ledger.tables.entries import EntryRow, KeyRow, MemoRow, OpenHoldRow, PostingRow
from ledger.tables.periods import PeriodRow, SealRow

__all__ = [
    "AccountRow",
    "BalanceRow",
    "BookRow",
    "ClearingRow",
    "EntryRow",
    "HeadRow",
    "KeyRow",
    "LimitRow",
    "MemoRow",
    "OpenHoldRow",
    "PeriodRow",
    "PostingRow",
    "SealRow",
]
