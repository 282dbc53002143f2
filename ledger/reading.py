"""What can be asked of a book: entries, balances, statements, volumes. Private to the ledger; reads only."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from ledger import chain
from ledger.entries import (
    AccountKind,
    Balance,
    Below,
    Entry,
    EntryKind,
    Head,
    Line,
    Page,
    Posting,
    Totals,
    Volume,
    check_balance,
)
from ledger.errors import Malformed, UnknownAccount, UnknownBook, UnknownEntry
from ledger.locking import in_parts
from ledger.plans import Plan, Row
from ledger.request import LAST_NUMBER, check_day, check_number, check_purpose, check_reference, is_key
from ledger.tables import AccountRow, BalanceRow, EntryRow, HeadRow, KeyRow, MemoRow, OpenHoldRow, PostingRow

Slot: TypeAlias = tuple[UUID, str]
"""Where a key stands: in which book, and what it is."""

_Reversal = aliased(EntryRow)

_entries = Plan(
    select(*EntryRow.__table__.columns).where(  # type: ignore[attr-defined]
        col(EntryRow.id).in_(bindparam("entries", expanding=True))
    ),
    lists=["entries"],
)
_legs = Plan(
    select(
        col(PostingRow.entry),
        col(PostingRow.account),
        col(PostingRow.posted),
        col(PostingRow.held_out),
        col(PostingRow.held_in),
    )
    .where(col(PostingRow.entry).in_(bindparam("entries", expanding=True)))
    .order_by(col(PostingRow.entry), col(PostingRow.line)),
    lists=["entries"],
)
_requests = Plan(
    select(col(EntryRow.id), col(EntryRow.request_digest), col(EntryRow.memo_digest), col(MemoRow.salt).label("salt"))
    .outerjoin(MemoRow, col(MemoRow.entry) == col(EntryRow.id))
    .where(col(EntryRow.id).in_(bindparam("entries", expanding=True))),
    lists=["entries"],
)
_finishes = Plan(
    select(col(EntryRow.finishes), col(EntryRow.id)).where(
        col(EntryRow.finishes).in_(bindparam("entries", expanding=True))
    ),
    lists=["entries"],
)
_reversals = Plan(
    select(col(EntryRow.reverses), col(EntryRow.id)).where(
        col(EntryRow.reverses).in_(bindparam("entries", expanding=True))
    ),
    lists=["entries"],
)
_open_holds = Plan(
    select(col(OpenHoldRow.hold)).where(
        col(OpenHoldRow.account) == bindparam("account"), col(OpenHoldRow.book) == bindparam("book")
    )
)
_keys = Plan(
    select(col(KeyRow.key), col(KeyRow.entry)).where(
        col(KeyRow.book) == bindparam("book"), col(KeyRow.key).in_(bindparam("keys", expanding=True))
    ),
    lists=["keys"],
)
_head = Plan(select(col(HeadRow.number), col(HeadRow.hash)).where(col(HeadRow.book) == bindparam("book")))
_closed_until = Plan(select(col(HeadRow.closed_until)).where(col(HeadRow.book) == bindparam("book")))
_balances = Plan(
    select(col(BalanceRow.account), col(BalanceRow.posted), col(BalanceRow.held_out), col(BalanceRow.held_in)).where(
        col(BalanceRow.account).in_(bindparam("accounts", expanding=True)), col(BalanceRow.book) == bindparam("book")
    ),
    lists=["accounts"],
)
_balance_rows = Plan(
    select(*BalanceRow.__table__.columns, col(AccountRow.partner))  # type: ignore[attr-defined]
    .join(AccountRow, col(AccountRow.id) == col(BalanceRow.account))
    .where(col(BalanceRow.account).in_(bindparam("accounts", expanding=True))),
    lists=["accounts"],
)
_balance = Plan(
    select(col(BalanceRow.posted), col(BalanceRow.held_out), col(BalanceRow.held_in)).where(
        col(BalanceRow.account) == bindparam("account"), col(BalanceRow.book) == bindparam("book")
    )
)
_account = Plan(
    select(col(AccountRow.id)).where(
        col(AccountRow.id) == bindparam("account"), col(AccountRow.book) == bindparam("book")
    )
)
_balance_as_of = Plan(
    select(col(PostingRow.posted_after), col(PostingRow.out_after), col(PostingRow.in_after))
    .where(
        col(PostingRow.account) == bindparam("account"),
        col(PostingRow.number) <= bindparam("number"),
        col(PostingRow.book) == bindparam("book"),
    )
    .order_by(col(PostingRow.number).desc())
    .limit(1)
)
_every_line: Select[*tuple[Any, ...]] = (
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
    .where(
        col(PostingRow.account) == bindparam("account"),
        col(PostingRow.sequence) < bindparam("before"),
        col(PostingRow.book) == bindparam("book"),
    )
    .order_by(col(PostingRow.sequence).desc())
    .limit(bindparam("limit"))
)
_lines = Plan(_every_line)
_moves = Plan(_every_line.where(col(PostingRow.posted) != 0))
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


def taken(connection: Connection, slots: Collection[Slot]) -> dict[Slot, UUID]:
    """The entries to which these keys led; keys that are free are left out."""
    keys: dict[UUID, list[str]] = defaultdict(list)
    for book, key in slots:
        keys[book].append(key)
    return {
        (book, key): entry_id
        for book, of_book in keys.items()
        for some in in_parts(of_book)
        for key, entry_id in _keys.rows(connection, {"book": book, "keys": some})
    }


def requests_of(connection: Connection, entry_ids: Collection[UUID]) -> dict[UUID, Said]:
    return {
        entry_id: Said(*said)
        for some in in_parts(list(entry_ids))
        for entry_id, *said in _requests.rows(connection, {"entries": some})
    }


def entries(connection: Connection, entry_ids: Collection[UUID]) -> dict[UUID, Entry]:
    """Entries of any book, by their ids; what is unknown is left out."""
    found = {}
    for some in in_parts(list(entry_ids)):
        legs: dict[UUID, list[Posting]] = defaultdict(list)
        for entry_id, *leg in _legs.rows(connection, {"entries": some}):
            legs[entry_id].append(Posting(*leg))
        for row in _entries.mappings(connection, {"entries": some}):
            found[row["id"]] = entry_from(row, tuple(legs[row["id"]]))
    return found


def balance_rows(connection: Connection, accounts: Collection[UUID]) -> dict[UUID, Row]:
    """Balances as rows, with the book that each account mirrors; what is unknown is left out."""
    asked = ({"accounts": some} for some in in_parts(list(accounts)))
    return {row["account"]: row for some in asked for row in _balance_rows.mappings(connection, some)}


def followed(connection: Connection, entry_ids: Collection[UUID]) -> tuple[dict[UUID, UUID], dict[UUID, UUID]]:
    """What finished, and what reversed each of these entries, if anything did."""
    finished: dict[UUID, UUID] = {}
    reversed_: dict[UUID, UUID] = {}
    for some in in_parts(list(entry_ids)):
        for plan, by in ((_finishes, finished), (_reversals, reversed_)):
            for before, after in plan.rows(connection, {"entries": some}):
                by[before] = after
    return finished, reversed_


def entry(connection: Connection, book: UUID, entry_id: UUID) -> Entry | None:
    check_reference(entry_id)
    found = entries(connection, [entry_id]).get(entry_id)
    return found if found is not None and found.book == book else None


def known_entry(connection: Connection, book: UUID, entry_id: UUID) -> Entry:
    found = entry(connection, book, entry_id)
    if found is None:
        raise UnknownEntry(entry_id, book)
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
    found = [hold for [hold] in _open_holds.rows(connection, {"account": account, "book": book})]
    return sorted(entries(connection, found).values(), key=lambda hold: hold.number)


def find(connection: Connection, book: UUID, key: str) -> Entry | None:
    if not is_key(key):
        return None
    found = taken(connection, [(book, key)])
    return entry(connection, book, found[book, key]) if found else None


def head(connection: Connection, book: UUID) -> Head:
    row = _head.first(connection, {"book": book})
    if row is None:
        raise UnknownBook(book)
    return Head(*row)


def first_open_day(connection: Connection, book: UUID) -> date | None:
    row = _closed_until.first(connection, {"book": book})
    return row[0] + timedelta(days=1) if row and row[0] else None


def balance(connection: Connection, book: UUID, account: UUID) -> Balance:
    check_reference(account)
    row = _balance.first(connection, {"account": account, "book": book})
    if row is None:
        raise UnknownAccount(account, book)
    return Balance(*row)


def balances(connection: Connection, book: UUID, accounts: Collection[UUID]) -> dict[UUID, Balance]:
    for account in accounts:
        check_reference(account)
    found = {
        account: Balance(*layers)
        for some in in_parts(list(accounts))
        for account, *layers in _balances.rows(connection, {"accounts": some, "book": book})
    }
    for account in accounts:
        if account not in found:
            raise UnknownAccount(account, book)
    return {account: found[account] for account in accounts}


def balance_as_of(connection: Connection, book: UUID, account: UUID, number: int) -> Balance:
    check_reference(account)
    check_number(number)
    row = _balance_as_of.first(connection, {"account": account, "number": number, "book": book})
    if row is None:
        check_account(connection, book, account)
    return Balance(0) if row is None else Balance(*row)


def below(connection: Connection, book: UUID, seconds: int, kind: AccountKind, limit: int) -> list[Below]:
    if not isinstance(kind, AccountKind):
        raise Malformed("kind", kind)
    check_balance(seconds)
    check_number(limit)
    asked = {"book": book, "seconds": seconds, "kind": kind.value, "limit": limit}
    return [Below(*row) for row in connection.execute(_below, asked)]


def check_account(connection: Connection, book: UUID, account: UUID) -> None:
    check_reference(account)
    if _account.first(connection, {"account": account, "book": book}) is None:
        raise UnknownAccount(account, book)


def statement(
    connection: Connection, book: UUID, account: UUID, before: int | None, limit: int, *, moved_only: bool
) -> Page:
    check_reference(account)
    before = LAST_NUMBER if before is None else before
    for number in (before, limit):
        check_number(number)
    asked = {"account": account, "before": before, "limit": limit + 1, "book": book}
    rows = (_moves if moved_only else _lines).rows(connection, asked)
    if not rows:
        check_account(connection, book, account)
    lines = tuple([_line(row) for row in rows[:limit]])
    return Page(lines, lines[-1].position if len(rows) > limit else None)


def _line(row: Sequence[Any]) -> Line:
    return Line._make((*row[:3], _KINDS[row[3]], *row[4:10], Balance._make(row[10:])))


_KINDS = {kind.value: kind for kind in EntryKind}


def totals(connection: Connection, book: UUID, account: UUID, purpose: str | None) -> Totals:
    check_account(connection, book, account)
    if purpose is not None:
        check_purpose(purpose)
    asked = {"account": account} if purpose is None else {"account": account, "purpose": purpose}
    given, received = connection.execute(_totals if purpose is None else _totals_of_purpose, asked).one()
    return Totals(int(given), int(received))


def volume(connection: Connection, book: UUID, purpose: str, since: date, until: date) -> Volume:
    check_purpose(purpose)
    for day in (since, until):
        check_day(day, date.min, date.max)
    asked = {"book": book, "purpose": purpose, "since": since, "until": until}
    return Volume(*(int(figure) for figure in connection.execute(_volume, asked).one()))
