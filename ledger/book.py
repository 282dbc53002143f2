"""A timebank's book: the verbs by which hours are promised, moved and given back, and what can be asked.

A Book never commits. A refused call leaves no trace, and the session usable: what it wrote stands in a savepoint.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal, overload
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import Session, col

from ledger import batches, chain, clearing, expiring, opening, periods, reading, trial, writing
from ledger.entries import (
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
)
from ledger.errors import Unbalanced
from ledger.locking import in_savepoint
from ledger.opening import Limits
from ledger.periods import InclusionProof, Period
from ledger.request import Post, Request, check, check_reference, in_utc, posting
from ledger.tables import BookRow, MemoRow
from ledger.writing import Outcome


def create_book(session: Session, *, at: datetime) -> UUID:
    """A new, empty book."""
    book = uuid4()
    connection = session.connection()
    at = in_utc(at)
    row = {"id": book, "created_at": at, "genesis": chain.genesis(book, at)}
    in_savepoint(connection, lambda: connection.execute(insert(BookRow), row))
    return book


class Book:
    """One timebank's ledger, within the session's transaction."""

    def __init__(self, session: Session, book_id: UUID) -> None:
        check_reference(book_id)
        self.id = book_id
        self._session = session

    @property
    def _connection(self) -> Connection:
        """That of the session's transaction; where it was handed one that has begun, without the session's ado.

        A savepoint of the session's is begun by asking it.
        """
        bound, session = self._session.bind, self._session
        if isinstance(bound, Connection) and bound.in_transaction() and not session.in_nested_transaction():
            return bound
        return session.connection()

    # Accounts and limits

    def open_account(
        self,
        kind: AccountKind,
        *,
        floor: Seconds | None = None,
        ceiling: Seconds | None = None,
        at: datetime,
        by: UUID | None = None,
    ) -> UUID:
        """A new account without a name. None means unlimited."""
        return opening.open_account(self._connection, self.id, kind, Limits(floor, ceiling, at, by))

    def set_limits(
        self, account: UUID, *, floor: Seconds | None, ceiling: Seconds | None, at: datetime, by: UUID | None
    ) -> None:
        """Change an account's range. A balance outside the new range stays; only movements further out are refused."""
        self.set_limits_of([account], floor=floor, ceiling=ceiling, at=at, by=by)

    def set_limits_of(
        self,
        accounts: Iterable[UUID],
        *,
        floor: Seconds | None,
        ceiling: Seconds | None,
        at: datetime,
        by: UUID | None,
    ) -> None:
        """Change the range of many accounts at once, all or none."""
        opening.set_limits(self._connection, self.id, accounts, Limits(floor, ceiling, at, by))

    def range_of(self, account: UUID) -> tuple[Seconds | None, Seconds | None]:
        """An account's floor and ceiling in force. None means unlimited."""
        return opening.range_of(self._connection, self.id, account)

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
        post = Post(postings, key, purpose, effective_on, by, on_behalf_of, memo)
        return self._write(posting(self.id, post, at))

    @overload
    def post_many(self, posts: Iterable[Post], *, at: datetime, by_line: Literal[False] = False) -> list[Entry]: ...

    @overload
    def post_many(self, posts: Iterable[Post], *, at: datetime, by_line: Literal[True]) -> list[Outcome]: ...

    def post_many(self, posts: Iterable[Post], *, at: datetime, by_line: bool = False) -> Sequence[Outcome]:
        """Move hours line after line, in few statements: all of them or, at the first refusal, none.

        With `by_line`, what can be posted is, and the answer holds an entry or a refusal for each line. Either way a
        refusal says in `line` which one it was, from 1; and each line finds what those before it left.
        """
        if by_line:
            return batches.post_each(self._connection, self.id, posts, at)
        return batches.post_all(self._connection, self.id, posts, at)

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
            raise Unbalanced("nobody promises hours to themselves", account=payer)
        return self._write(
            Request(
                book=self.id,
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
                book=self.id,
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
                book=self.id,
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
        return expiring.expire(self._connection, self.id, effective_on, at, most)

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
                book=self.id,
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
        check(request)
        return writing.write(self._connection, request)

    # Periods

    def close_period(self, *, until: date, at: datetime, by: UUID | None) -> Period:
        """Close the book up to a day: nothing can be dated then any more, and what stands is sealed."""
        return periods.close(self._connection, self.id, until, at, by)

    def periods(self) -> list[Period]:
        """The closed periods, the oldest first."""
        return periods.closed(self._connection, self.id)

    def first_open_day(self) -> date | None:
        """The day after the last closed one; None as long as nothing is closed."""
        return reading.first_open_day(self._connection, self.id)

    def sealed(self, period: int) -> dict[UUID, Balance]:
        """The trial balance that sealed a closed period, in account order."""
        return periods.sealed(self._connection, self.id, period)

    def inclusion_proof(self, entry: UUID) -> InclusionProof:
        """Proves to whoever holds a period's root that this entry stands in it; `docs/for-auditors.md` says how."""
        return periods.inclusion_proof(self._connection, self.id, entry)

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
        return reading.balance(self._connection, self.id, account)

    def balances(self, accounts: Iterable[UUID]) -> dict[UUID, Balance]:
        """The balances of many accounts, in their order and in one query."""
        return reading.balances(self._connection, self.id, list(accounts))

    def balance_as_of(self, account: UUID, *, number: int) -> Balance:
        """The balance after the entry with that number in the chain."""
        return reading.balance_as_of(self._connection, self.id, account, number)

    def balance_on(self, account: UUID, day: date) -> Balance:
        """What the service until the end of that day came to, whenever it was recorded."""
        return trial.balance_on(self._connection, self.id, account, day)

    def trial_balance(self, *, number: int | None = None, effective_on: date | None = None) -> dict[UUID, Balance]:
        """The balance of every account to which anything happened, in account order; they sum to zero.

        Now; or after the entry with that number in the chain; or by service until the end of a day.
        """
        if effective_on is not None:
            if number is not None:
                raise ValueError("a trial balance is as of a number of the chain or as of a day of service")
            return trial.through(self._connection, self.id, effective_on)
        if number is not None:
            return trial.at_number(self._connection, self.id, number)
        return trial.now(self._connection, self.id)

    def mirror(self, partner: UUID) -> UUID:
        """The clearing account that mirrors another book, if the two have opened one for one another."""
        return clearing.mirror(self._connection, self.id, partner)

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

    def entries(self, entry_ids: Iterable[UUID]) -> dict[UUID, Entry]:
        """Those of these entries that stand in this book, in one query."""
        found = reading.entries(self._connection, list(entry_ids))
        return {entry_id: entry for entry_id, entry in found.items() if entry.book == self.id}

    def find(self, key: str) -> Entry | None:
        """The entry that a key led to."""
        return reading.find(self._connection, self.id, key)

    def head(self) -> Head:
        """The number and the hash of the last entry."""
        return reading.head(self._connection, self.id)
