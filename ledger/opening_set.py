"""Brings accounts from another system to the balances that they had there: one opening entry, the first of each."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select
from sqlmodel import Session, col

from ledger.book import Book
from ledger.entries import AccountKind, Entry, Posting, Seconds
from ledger.errors import AlreadyOpened
from ledger.locking import in_savepoint, lock_heads
from ledger.tables import AccountRow, PostingRow

PURPOSE = "opening"
MOST_ACCOUNTS = 10_000

_opening_account = (
    select(col(AccountRow.id))
    .where(col(AccountRow.book) == bindparam("book"), col(AccountRow.kind) == AccountKind.OPENING.value)
    .order_by(col(AccountRow.opened_at), col(AccountRow.id))
    .limit(1)
)
_not_first = (
    select(col(PostingRow.account))
    .where(
        col(PostingRow.entry) == bindparam("entry"),
        col(PostingRow.account) != bindparam("opening"),
        col(PostingRow.sequence) > 1,
    )
    .order_by(col(PostingRow.line))
    .limit(1)
)


def import_opening(
    session: Session,
    book_id: UUID,
    balances: Mapping[UUID, Seconds],
    *,
    at: datetime,
    by: UUID | None,
    effective_on: date,
    key: str,
) -> Entry:
    """Post the balances that accounts bring with them, and what they do not sum to zero by on the `opening` account.

    That account is the book's first of its kind; a book without one gets one. Balances of zero are left out. Sent
    again, the same set under the same key is the first entry. Limits hold as for any entry: whoever brings more than
    their range allows is imported before the range is set, since a balance outside of a new range stays.

    Raises AlreadyOpened for an account with any posting before this one, LimitExceeded, KeyReused, UnknownAccount,
    Unbalanced where there is nothing to bring; ValueError for more than 10,000 accounts: import these set by set.
    """
    if len(balances) > MOST_ACCOUNTS:
        raise ValueError(f"an opening set has at most {MOST_ACCOUNTS} accounts, not {len(balances)}")
    book, connection = Book(session, book_id), session.connection()
    legs = [Posting(account, balances[account]) for account in sorted(balances) if balances[account] != 0]

    def work() -> Entry:
        lock_heads(connection, [book_id])  # or another might post, or open the account, after it was asked about
        opening = _opening(connection, book, at, by)
        rest = -sum(leg.seconds for leg in legs)
        whole = [*legs, Posting(opening, rest)] if rest else legs
        entry = book.post(whole, key=key, purpose=PURPOSE, effective_on=effective_on, at=at, by=by)
        if late := connection.execute(_not_first, {"entry": entry.id, "opening": opening}).scalar_one_or_none():
            raise AlreadyOpened(late)
        return entry

    return in_savepoint(connection, work)


def _opening(connection: Connection, book: Book, at: datetime, by: UUID | None) -> UUID:
    found = connection.execute(_opening_account, {"book": book.id}).scalar_one_or_none()
    return book.open_account(AccountKind.OPENING, at=at, by=by) if found is None else found
