"""Writes a book as text for other people's accounting tools, which then prove its balances without this program.

Every posting carries the balance that it left, as an assertion. A service date may lie before that of an older entry,
and both tools weigh assertions by date; so no entry stands under its service date:

- **hledger** asserts by date and, within a day, from top to bottom. An entry stands under the day (UTC) on which it was
  recorded, which never goes back along the chain; its service date is the secondary date (``--date2``).
- **beancount** asserts at the start of a day, so a day could hold one posting of an account. An entry stands under a
  date that is its number, counted in days from 0001-01-01: nobody takes that for a real one, and the entry after it has
  the next. The real days are metadata: ``recorded`` and ``effective``.

Positive seconds were given. What the text says of an entry is enough to find it again: its number, id, hash and key.
Words of others are percent-encoded, accounts are named by kind and key, and memos are left out. Entries that move
nothing (holds, and what became of them without help) stand as comments, so that no number is missing. At the end each
account's balance is asserted once more: the last entry cannot be cut off either.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Connection, RowMapping, bindparam, func, select
from sqlmodel import Session, col

from ledger import reading
from ledger.entries import AccountKind, Head, Seconds
from ledger.errors import TooLong
from ledger.tables import AccountRow, EntryRow, PostingRow

COMMODITY = "SEC"
CHUNK = 500

_balance = (
    select(col(PostingRow.posted_after))
    .where(col(PostingRow.account) == col(AccountRow.id), col(PostingRow.number) <= bindparam("until"))
    .order_by(col(PostingRow.number).desc())
    .limit(1)
    .scalar_subquery()
)
_some_accounts = (
    select(
        col(AccountRow.id),
        col(AccountRow.kind),
        col(AccountRow.opened_at),
        func.coalesce(_balance, 0).label("balance"),
    )
    .where(col(AccountRow.book) == bindparam("book"), col(AccountRow.id) > bindparam("after"))
    .order_by(col(AccountRow.id))
    .limit(CHUNK)
)
_some_entries = (
    select(*EntryRow.__table__.columns)  # type: ignore[attr-defined]
    .where(
        col(EntryRow.book) == bindparam("book"),
        col(EntryRow.number) > bindparam("after"),
        col(EntryRow.number) <= bindparam("until"),
    )
    .order_by(col(EntryRow.number))
    .limit(CHUNK)
)
_their_moves = (
    select(
        col(PostingRow.entry),
        col(PostingRow.account),
        col(PostingRow.posted),
        col(PostingRow.posted_after),
        col(AccountRow.kind),
    )
    .join(AccountRow, col(AccountRow.id) == col(PostingRow.account))
    .where(col(PostingRow.entry).in_(bindparam("entries", expanding=True)), col(PostingRow.posted) != 0)
    .order_by(col(PostingRow.number), col(PostingRow.line))
)


class _Account(NamedTuple):
    """An account as it is declared first, and asserted last."""

    name: str
    opened: date
    balance: Seconds


class _Move(NamedTuple):
    """What an entry did to the balance of one account."""

    account: str
    seconds: Seconds
    balance: Seconds


def hledger_lines(session: Session, book_id: UUID) -> Iterator[str]:
    """The book as a journal of hledger, line by line, each with its line break."""
    connection = session.connection()
    head = reading.head(connection, book_id)
    yield from _opening_lines(book_id, head)
    yield f"commodity 1000. {COMMODITY}\n"
    for account in _accounts(connection, book_id, head.number):
        yield f"account {account.name}  ; opened:{account.opened}\n"
    recorded = None
    for entry, moves in _entries(connection, book_id, head.number):
        if not moves:
            yield _comment(entry)
            continue
        recorded = _recorded(entry)
        yield f"\n{recorded}={entry['effective_on']} ({entry['number']}) {_encoded(entry['purpose'])}\n"
        for name, word in _said(entry):
            yield f"    ; {name}:{word}\n"
        for move in moves:
            yield f"    {move.account}  {move.seconds} {COMMODITY} = {move.balance} {COMMODITY}\n"
    if recorded is not None:
        yield f"\n{recorded} every balance in the end\n"
        for account in _accounts(connection, book_id, head.number):
            yield f"    {account.name}  0 {COMMODITY} = {account.balance} {COMMODITY}\n"


def beancount_lines(session: Session, book_id: UUID) -> Iterator[str]:
    """The book as a ledger of beancount, line by line, each with its line break.

    Raises TooLong where beancount's calendar, which ends with the year 9999, has fewer days than the book entries.
    """
    connection = session.connection()
    head = reading.head(connection, book_id)
    if head.number + 1 > date.max.toordinal():
        raise TooLong(head.number)
    yield from _opening_lines(book_id, head)
    yield f"{date.min} commodity {COMMODITY}\n"
    for account in _accounts(connection, book_id, head.number):
        yield f"{date.min} open {account.name} {COMMODITY}\n  opened: {account.opened}\n"
    for entry, moves in _entries(connection, book_id, head.number):
        if not moves:
            yield _comment(entry)
            continue
        yield f'\n{_day(entry["number"])} * "{_encoded(entry["purpose"])}"\n'
        yield f"  number: {entry['number']}\n  recorded: {_recorded(entry)}\n  effective: {entry['effective_on']}\n"
        for name, word in _said(entry):
            yield f'  {name}: "{word}"\n'
        for move in moves:
            yield f"  {move.account}  {move.seconds} {COMMODITY}\n"
        for move in moves:
            yield f"{_day(entry['number'] + 1)} balance {move.account}  {move.balance} {COMMODITY}\n"
    yield "\n"
    for account in _accounts(connection, book_id, head.number):
        yield f"{_day(head.number + 1)} balance {account.name}  {account.balance} {COMMODITY}\n"


def _opening_lines(book_id: UUID, head: Head) -> Iterator[str]:
    yield f"; Book {book_id}, {head.number} entries. The head of its chain: {head.hash.hex()}\n"
    yield "; Seconds; positive: given. Sums prove the balances; the order and the hashes are proved by the audit.\n\n"


def _day(number: int) -> date:
    return date.fromordinal(number)


def _recorded(entry: Mapping[Any, Any]) -> date:
    day: date = entry["recorded_at"].astimezone(UTC).date()
    return day


def _comment(entry: Mapping[Any, Any]) -> str:
    """An entry that moves nothing: both tools read past it."""
    said = " ".join(f"{name}:{word}" for name, word in _said(entry))
    return f"\n; {entry['number']} {_recorded(entry)}={entry['effective_on']} {said}\n"


def _said(entry: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """What finds an entry again in the book, and what it has to do with other entries: names and safe words."""
    yield "kind", entry["kind"]
    yield "entry", f"{entry['id']}"
    yield "hash", entry["hash"].hex()
    yield "key", _encoded(entry["key"])
    yield "recorded-at", entry["recorded_at"].astimezone(UTC).isoformat()
    for name in ("recorded_by", "recorded_for", "finishes", "reverses", "override_by", "clearing"):
        if entry[name] is not None:
            yield name.replace("_", "-"), f"{entry[name]}"


def _encoded(words: str) -> str:
    """Words of others as plain ASCII: no space, quote, comma, colon or bracket in them means anything to a tool."""
    return quote(words, safe="")


def _account_name(kind: str, key: UUID) -> str:
    """Under a root that both tools know, in the form that beancount demands: capitals, digits and dashes."""
    root = "Assets" if AccountKind(kind) in _HELD else "Equity"
    return f"{root}:{kind.capitalize()}:{f'{key}'.upper()}"


_HELD = frozenset({AccountKind.MEMBER, AccountKind.ORGANISATION, AccountKind.POT})


def _accounts(connection: Connection, book: UUID, until: int) -> Iterator[_Account]:
    """The accounts of a book in the order of their keys, with their balances as of an entry; some at a time."""
    after = UUID(int=0)
    while rows := connection.execute(_some_accounts, {"book": book, "until": until, "after": after}).all():
        for row in rows:
            opened = row.opened_at.astimezone(UTC).date()
            yield _Account(_account_name(row.kind, row.id), opened, row.balance)
        after = rows[-1].id


def _entries(connection: Connection, book: UUID, until: int) -> Iterator[tuple[RowMapping, list[_Move]]]:
    """The entries of a book in the order of its chain, with what they moved; some at a time."""
    after = 0
    while rows := connection.execute(_some_entries, {"book": book, "until": until, "after": after}).mappings().all():
        found = connection.execute(_their_moves, {"entries": [row["id"] for row in rows]})
        moves = {
            entry: [_Move(_account_name(row.kind, row.account), row.posted, row.posted_after) for row in group]
            for entry, group in groupby(found, key=lambda row: row.entry)
        }
        for row in rows:
            yield row, moves.get(row["id"], [])
        after = rows[-1]["number"]
