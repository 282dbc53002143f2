"""A timebank's book: the verbs by which hours are promised, moved and given back, and what can be asked.

A Book never commits. A refused call leaves no trace, and the session usable: what it wrote stands in a savepoint.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import Session, col

from ledger import chain, reading, writing
from ledger.entries import (
    MAX_BALANCE,
    AccountKind,
    Balance,
    Below,
    Entry,
    EntryKind,
    Head,
    Page,
    Posting,
    Seconds,
    Totals,
    Volume,
    check_positive,
    check_whole,
)
from ledger.errors import AmountOutOfRange, Unbalanced
from ledger.request import Request
from ledger.tables import AccountRow, BookRow, LimitRow, MemoRow


def create_book(session: Session, *, at: datetime) -> UUID:
    """A new, empty book."""
    book = uuid4()
    connection = session.connection()
    row = {"id": book, "created_at": at, "genesis": chain.genesis(book, at.astimezone(UTC))}
    writing.in_savepoint(connection, lambda: connection.execute(insert(BookRow), row))
    return book


class Book:
    """One timebank's ledger, within the session's transaction."""

    def __init__(self, session: Session, book_id: UUID) -> None:
        self.id = book_id
        self._session = session

    @property
    def _connection(self) -> Connection:
        return self._session.connection()

    # Accounts and limits

    def open_account(
        self,
        kind: AccountKind,
        *,
        floor: Seconds | None = None,
        ceiling: Seconds | None = None,
        at: datetime,
        by: UUID | None = None,
        partner: UUID | None = None,
    ) -> UUID:
        """A new account without a name. None means unlimited; `partner` is the book that a clearing account mirrors."""
        _check_range(floor, ceiling)
        connection = self._connection
        key = uuid4()
        account = {"id": key, "book": self.id, "kind": kind.value, "partner": partner, "opened_at": at}

        def work() -> UUID:
            reading.head(connection, self.id)
            connection.execute(insert(AccountRow), account)
            self._add_limits(connection, key, {"floor": floor, "ceiling": ceiling, "set_at": at, "set_by": by})
            return key

        return writing.in_savepoint(connection, work)

    def set_limits(
        self, account: UUID, *, floor: Seconds | None, ceiling: Seconds | None, at: datetime, by: UUID | None
    ) -> None:
        """Change an account's range. A balance outside the new range stays; only movements further out are refused."""
        _check_range(floor, ceiling)
        connection = self._connection
        limits = {"floor": floor, "ceiling": ceiling, "set_at": at, "set_by": by}
        writing.in_savepoint(connection, lambda: self._add_limits(connection, account, limits))

    def _add_limits(self, connection: Connection, account: UUID, limits: dict[str, Any]) -> None:
        state = writing.lock_balances(connection, self.id, [account])
        number = state[account]["limits"] + 1
        previous = select(col(LimitRow.hash)).where(
            col(LimitRow.account) == account, col(LimitRow.number) == number - 1
        )
        genesis = select(col(BookRow.genesis)).where(col(BookRow.id) == self.id)
        who = connection.execute(select(AccountRow.__table__).where(col(AccountRow.id) == account)).mappings().one()  # type: ignore[attr-defined]
        row = limits | {"number": number, "set_at": limits["set_at"].astimezone(UTC)}
        before = connection.execute(genesis if number == 1 else previous).scalar_one()
        row |= {"account": account, "book": self.id, "hash": chain.limit_hash(before, who, row)}
        connection.execute(insert(LimitRow), row)

    # Moving hours

    def post(
        self,
        postings: Sequence[Posting],
        *,
        key: str,
        purpose: str,
        effective_on: date,
        at: datetime,
        by: UUID | None = None,
        on_behalf_of: UUID | None = None,
        memo: str | None = None,
    ) -> Entry:
        """Move hours now: two postings or more, on each account once, summing to zero."""
        check_whole(postings)
        legs = tuple(Posting(posting.account, posting.seconds) for posting in postings)
        return self._write(
            Request(
                kind=EntryKind.POST,
                key=key,
                at=at,
                effective_on=effective_on,
                purpose=purpose,
                legs=legs,
                by=by,
                on_behalf_of=on_behalf_of,
                memo=memo,
            )
        )

    def hold(
        self,
        *,
        payer: UUID,
        payee: UUID,
        seconds: Seconds,
        key: str,
        purpose: str,
        effective_on: date,
        at: datetime,
        by: UUID | None = None,
        on_behalf_of: UUID | None = None,
        expires_at: datetime | None = None,
        memo: str | None = None,
    ) -> Entry:
        """Promise hours of an exchange that has not happened yet. They count against both limits, and move nothing."""
        check_positive(seconds)
        if payer == payee:
            raise Unbalanced("nobody promises hours to themselves")
        return self._write(
            Request(
                kind=EntryKind.HOLD,
                key=key,
                at=at,
                effective_on=effective_on,
                purpose=purpose,
                legs=(Posting(payer, 0, out=seconds), Posting(payee, 0, in_=seconds)),
                by=by,
                on_behalf_of=on_behalf_of,
                expires_at=expires_at,
                memo=memo,
            )
        )

    def settle(
        self,
        hold: UUID,
        seconds: Seconds,
        *,
        key: str,
        purpose: str,
        effective_on: date,
        at: datetime,
        by: UUID | None = None,
        on_behalf_of: UUID | None = None,
        memo: str | None = None,
    ) -> Entry:
        """Move the hours that an exchange took, and end its whole hold. Only hours above the hold meet the limits."""
        check_positive(seconds)
        return self._write(
            Request(
                kind=EntryKind.SETTLE,
                key=key,
                at=at,
                effective_on=effective_on,
                purpose=purpose,
                subject=hold,
                seconds=seconds,
                by=by,
                on_behalf_of=on_behalf_of,
                memo=memo,
            )
        )

    def release(
        self,
        hold: UUID,
        *,
        key: str,
        effective_on: date,
        at: datetime,
        by: UUID | None = None,
        on_behalf_of: UUID | None = None,
        memo: str | None = None,
    ) -> Entry:
        """End a hold without moving anything."""
        return self._write(
            Request(
                kind=EntryKind.RELEASE,
                key=key,
                at=at,
                effective_on=effective_on,
                subject=hold,
                by=by,
                on_behalf_of=on_behalf_of,
                memo=memo,
            )
        )

    def expire(self, *, effective_on: date, at: datetime, most: int = 100) -> list[Entry]:
        """Release holds that have expired and that nothing has touched since; the longest expired first."""
        return writing.expire(self._connection, self.id, effective_on, at, most)

    def open_holds(self, account: UUID) -> list[Entry]:
        """The holds on an account that wait to be settled or released, the oldest first."""
        return reading.open_holds(self._connection, self.id, account)

    def reverse(
        self,
        entry: UUID,
        *,
        key: str,
        effective_on: date,
        at: datetime,
        by: UUID | None = None,
        on_behalf_of: UUID | None = None,
        override_by: UUID | None = None,
        memo: str | None = None,
    ) -> Entry:
        """Give back what an entry moved. Past a limit only where `override_by` names who approved that."""
        return self._write(
            Request(
                kind=EntryKind.REVERSE,
                key=key,
                at=at,
                effective_on=effective_on,
                subject=entry,
                by=by,
                on_behalf_of=on_behalf_of,
                override_by=override_by,
                memo=memo,
            )
        )

    def _write(self, request: Request) -> Entry:
        return writing.write(self._connection, self.id, request)

    # Memos: the only thing that can be erased

    def memo(self, entry: UUID) -> str | None:
        """What was written beside an entry, unless nothing was or it has been erased."""
        self.entry(entry)
        return self._connection.execute(
            select(col(MemoRow.text)).where(col(MemoRow.entry) == entry)
        ).scalar_one_or_none()

    def erase_memo(self, entry: UUID) -> None:
        """Erase what was written beside an entry. The chain stays whole: it holds a salted digest only."""
        self.entry(entry)
        self._connection.execute(delete(MemoRow).where(col(MemoRow.entry) == entry))

    # What can be asked

    def balance(self, account: UUID) -> Balance:
        return self.balances([account])[account]

    def balances(self, accounts: Iterable[UUID]) -> dict[UUID, Balance]:
        """The balances of many accounts, in one query."""
        return reading.balances(self._connection, self.id, list(accounts))

    def balance_as_of(self, account: UUID, *, number: int) -> Balance:
        """The balance after the entry with that number in the chain."""
        return reading.balance_as_of(self._connection, self.id, account, number)

    def accounts_below(self, seconds: Seconds, *, kind: AccountKind, limit: int) -> list[Below]:
        """The accounts of a kind whose balance is below an amount, the lowest first."""
        return reading.below(self._connection, self.id, seconds, kind, limit)

    def statement(self, account: UUID, *, before: int | None = None, limit: int = 50, moved_only: bool = False) -> Page:
        """What happened to an account, newest first; `before` is the `next` of the page before.

        With `moved_only`, holds and what became of them are left out: they move nothing.
        """
        return reading.statement(self._connection, self.id, account, before, limit, moved_only=moved_only)

    def totals(self, account: UUID, *, purpose: str | None = None) -> Totals:
        """Seconds given and received, of all purposes or of one; what was reversed counts in neither."""
        return reading.totals(self._connection, self.id, account, purpose)

    def volume(self, *, purpose: str, since: date, until: date) -> Volume:
        """What was moved for a purpose on these days, both included. Reports reconcile against this."""
        return reading.volume(self._connection, self.id, purpose, since, until)

    def entry(self, entry_id: UUID) -> Entry:
        return reading.known_entry(self._connection, self.id, entry_id)

    def find(self, key: str) -> Entry | None:
        """The entry that a key led to."""
        return reading.find(self._connection, self.id, key)

    def head(self) -> Head:
        """The number and the hash of the last entry."""
        return reading.head(self._connection, self.id)


def _check_range(floor: Seconds | None, ceiling: Seconds | None) -> None:
    for limit in (floor, ceiling):
        if limit is not None and not (type(limit) is int and abs(limit) <= MAX_BALANCE):
            raise AmountOutOfRange(f"{limit!r} is not a whole number of seconds up to {MAX_BALANCE}")
    if floor is not None and ceiling is not None and floor > ceiling:
        raise AmountOutOfRange("a floor is not above its ceiling")
