"""What can be asked of a book: entries, balances, statements, volumes. Private to the ledger; reads only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from ledger import chain
from ledger.entries import AccountKind, Balance, Below, Entry, EntryKind, Head, Line, Page, Posting, Totals, Volume
from ledger.errors import UnknownAccount, UnknownBook, UnknownEntry
from ledger.tables import AccountRow, BalanceRow, EntryRow, HeadRow, KeyRow, MemoRow, OpenHoldRow, PostingRow

_Reversal = aliased(EntryRow)

_entry = select(*EntryRow.__table__.columns).where(  # type: ignore[attr-defined]
    col(EntryRow.id) == bindparam("entry"), col(EntryRow.book) == bindparam("book")
)
_legs = (
    select(col(PostingRow.account), col(PostingRow.posted), col(PostingRow.held_out), col(PostingRow.held_in))
    .where(col(PostingRow.entry) == bindparam("entry"))
    .order_by(col(PostingRow.line))
)
_request: Select[*tuple[Any, ...]] = (
    select(col(EntryRow.request_digest), col(EntryRow.memo_digest), col(MemoRow.salt).label("salt"), col(MemoRow.entry))
    .outerjoin(MemoRow, col(MemoRow.entry) == col(EntryRow.id))
    .where(col(EntryRow.id) == bindparam("entry"))
)
_open_holds = select(col(OpenHoldRow.hold)).where(
    col(OpenHoldRow.account) == bindparam("account"), col(OpenHoldRow.book) == bindparam("book")
)
_key = select(col(KeyRow.entry)).where(col(KeyRow.book) == bindparam("book"), col(KeyRow.key) == bindparam("key"))
_head = select(col(HeadRow.number), col(HeadRow.hash)).where(col(HeadRow.book) == bindparam("book"))
_balances = select(
    col(BalanceRow.account), col(BalanceRow.posted), col(BalanceRow.held_out), col(BalanceRow.held_in)
).where(col(BalanceRow.account).in_(bindparam("accounts", expanding=True)), col(BalanceRow.book) == bindparam("book"))
_account = select(col(AccountRow.id)).where(
    col(AccountRow.id) == bindparam("account"), col(AccountRow.book) == bindparam("book")
)
_balance_as_of = (
    select(col(PostingRow.posted_after), col(PostingRow.out_after), col(PostingRow.in_after))
    .where(col(PostingRow.account) == bindparam("account"), col(PostingRow.number) <= bindparam("number"))
    .order_by(col(PostingRow.number).desc())
    .limit(1)
)
_lines: Select[*tuple[Any, ...]] = (
    select(
        col(PostingRow.sequence),
        col(PostingRow.number),
        col(PostingRow.entry),
        col(PostingRow.kind),
        col(EntryRow.purpose),
        col(EntryRow.effective_on),
        col(EntryRow.recorded_at),
        col(PostingRow.posted),
        col(PostingRow.held_out),
        col(PostingRow.held_in),
        col(PostingRow.posted_after),
        col(PostingRow.out_after),
        col(PostingRow.in_after),
    )
    .join(EntryRow, col(EntryRow.id) == col(PostingRow.entry))
    .where(col(PostingRow.account) == bindparam("account"), col(PostingRow.sequence) < bindparam("before"))
    .order_by(col(PostingRow.sequence).desc())
    .limit(bindparam("limit"))
)
_moves = _lines.where(col(PostingRow.posted) != 0)
_below: Select[*tuple[Any, ...]] = (
    select(col(BalanceRow.account), col(BalanceRow.posted), col(EntryRow.recorded_at))
    .join(AccountRow, col(AccountRow.id) == col(BalanceRow.account))
    .join(EntryRow, and_(col(EntryRow.book) == col(BalanceRow.book), col(EntryRow.number) == col(BalanceRow.number)))
    .where(
        col(AccountRow.book) == bindparam("book"),
        col(AccountRow.kind) == bindparam("kind"),
        col(BalanceRow.posted) < bindparam("seconds"),
    )
    .order_by(col(BalanceRow.posted), col(BalanceRow.account))
    .limit(bindparam("limit"))
)
_is_reversal = col(PostingRow.kind) == EntryKind.REVERSE.value
_gives = case((_is_reversal, -col(PostingRow.posted)), else_=col(PostingRow.posted)) > 0
_totals = select(
    func.coalesce(func.sum(case((_gives, col(PostingRow.posted)), else_=0)), 0),
    func.coalesce(func.sum(case((_gives, 0), else_=-col(PostingRow.posted))), 0),
).where(col(PostingRow.account) == bindparam("account"), col(PostingRow.posted) != 0)
_totals_of_purpose = _totals.join(EntryRow, col(EntryRow.id) == col(PostingRow.entry)).where(
    col(EntryRow.purpose) == bindparam("purpose")
)
_is_reversed = col(_Reversal.id).is_not(None)
_volume = (
    select(
        func.coalesce(func.sum(case((_is_reversed, 0), else_=1)), 0),
        func.coalesce(func.sum(case((_is_reversed, 0), else_=col(EntryRow.moved))), 0),
        func.coalesce(func.sum(case((_is_reversed, 1), else_=0)), 0),
        func.coalesce(func.sum(case((_is_reversed, col(EntryRow.moved)), else_=0)), 0),
    )
    .select_from(EntryRow)
    .outerjoin(_Reversal, col(_Reversal.reverses) == col(EntryRow.id))
    .where(
        and_(
            col(EntryRow.book) == bindparam("book"),
            col(EntryRow.purpose) == bindparam("purpose"),
            col(EntryRow.effective_on) >= bindparam("since"),
            col(EntryRow.effective_on) <= bindparam("until"),
            col(EntryRow.kind).in_([EntryKind.POST.value, EntryKind.SETTLE.value]),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Said:
    """What is left of the request that led to an entry."""

    request_digest: bytes
    memo_digest: bytes | None
    salt: bytes | None

    def is_memo(self, text: str | None) -> bool:
        """Whether this was the memo. Once it is erased nobody can tell, and any will do."""
        if text is None or self.memo_digest is None:
            return text is None and self.memo_digest is None
        return self.salt is None or chain.memo_digest(self.salt, text) == self.memo_digest


def request_of(connection: Connection, entry_id: UUID) -> Said:
    row = connection.execute(_request, {"entry": entry_id}).one()
    return Said(row.request_digest, row.memo_digest, row.salt)


def entry(connection: Connection, book: UUID, entry_id: UUID) -> Entry | None:
    row = connection.execute(_entry, {"entry": entry_id, "book": book}).mappings().one_or_none()
    if row is None:
        return None
    return entry_from(row, tuple(Posting(*leg) for leg in connection.execute(_legs, {"entry": entry_id})))


def known_entry(connection: Connection, book: UUID, entry_id: UUID) -> Entry:
    found = entry(connection, book, entry_id)
    if found is None:
        raise UnknownEntry(f"no entry {entry_id} in this book")
    return found


def entry_from(row: Mapping[Any, Any], legs: tuple[Posting, ...]) -> Entry:
    return Entry(
        id=row["id"],
        book=row["book"],
        number=row["number"],
        kind=EntryKind(row["kind"]),
        purpose=row["purpose"],
        effective_on=row["effective_on"],
        recorded_at=row["recorded_at"],
        recorded_by=row["recorded_by"],
        recorded_for=row["recorded_for"],
        key=row["key"],
        finishes=row["finishes"],
        reverses=row["reverses"],
        hash=row["hash"],
        postings=legs,
        expires_at=row["expires_at"],
        override_by=row["override_by"],
        clearing=row["clearing"],
    )


def open_holds(connection: Connection, book: UUID, account: UUID) -> list[Entry]:
    found = connection.execute(_open_holds, {"account": account, "book": book}).scalars()
    return sorted((known_entry(connection, book, hold) for hold in found), key=lambda hold: hold.number)


def find(connection: Connection, book: UUID, key: str) -> Entry | None:
    found = connection.execute(_key, {"book": book, "key": key}).scalar_one_or_none()
    return None if found is None else entry(connection, book, found)


def head(connection: Connection, book: UUID) -> Head:
    row = connection.execute(_head, {"book": book}).one_or_none()
    if row is None:
        raise UnknownBook(f"no book {book}")
    return Head(row.number, row.hash)


def balances(connection: Connection, book: UUID, accounts: Collection[UUID]) -> dict[UUID, Balance]:
    rows = connection.execute(_balances, {"accounts": list(accounts), "book": book})
    found = {account: Balance(*layers) for account, *layers in rows}
    for account in accounts:
        if account not in found:
            raise UnknownAccount(f"no account {account} in this book")
    return found


def balance_as_of(connection: Connection, book: UUID, account: UUID, number: int) -> Balance:
    _check_account(connection, book, account)
    row = connection.execute(_balance_as_of, {"account": account, "number": number}).one_or_none()
    return Balance(0) if row is None else Balance(*row)


def below(connection: Connection, book: UUID, seconds: int, kind: AccountKind, limit: int) -> list[Below]:
    asked = {"book": book, "seconds": seconds, "kind": kind.value, "limit": limit}
    return [Below(*row) for row in connection.execute(_below, asked)]


def _check_account(connection: Connection, book: UUID, account: UUID) -> None:
    if connection.execute(_account, {"account": account, "book": book}).first() is None:
        raise UnknownAccount(f"no account {account} in this book")


def statement(
    connection: Connection, book: UUID, account: UUID, before: int | None, limit: int, *, moved_only: bool
) -> Page:
    _check_account(connection, book, account)
    asked = {"account": account, "before": 2**62 if before is None else before, "limit": limit + 1}
    rows = connection.execute(_moves if moved_only else _lines, asked).all()
    lines = tuple(_line(row) for row in rows[:limit])
    return Page(lines, lines[-1].position if len(rows) > limit else None)


def _line(row: Row[*tuple[Any, ...]]) -> Line:
    return Line(
        position=row.sequence,
        number=row.number,
        entry=row.entry,
        kind=EntryKind(row.kind),
        purpose=row.purpose,
        effective_on=row.effective_on,
        recorded_at=row.recorded_at,
        seconds=row.posted,
        out=row.held_out,
        in_=row.held_in,
        balance=Balance(row.posted_after, row.out_after, row.in_after),
    )


def totals(connection: Connection, book: UUID, account: UUID, purpose: str | None) -> Totals:
    _check_account(connection, book, account)
    asked = {"account": account} if purpose is None else {"account": account, "purpose": purpose}
    given, received = connection.execute(_totals if purpose is None else _totals_of_purpose, asked).one()
    return Totals(int(given), int(received))


def volume(connection: Connection, book: UUID, purpose: str, since: date, until: date) -> Volume:
    asked = {"book": book, "purpose": purpose, "since": since, "until": until}
    return Volume(*(int(figure) for figure in connection.execute(_volume, asked).one()))
