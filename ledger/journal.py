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

from collections.abc import Iterator
from datetime import UTC, date
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select
from sqlmodel import Session, col

from ledger import reading
from ledger.columns import EPOCH, MICROSECOND
from ledger.entries import AccountKind, Head, Seconds
from ledger.errors import TooLong
from ledger.raw import DAY, ID, LEG, NUMBER, PLACE, Rows, Values
from ledger.tables import AccountRow, PostingRow

COMMODITY = "SEC"
CHUNK = 500

_kind = select(col(AccountRow.kind)).where(col(AccountRow.id) == bindparam("account"))
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


class _Entry(NamedTuple):
    """An entry in safe words: what finds it again, what it has to do with others, and what it moved."""

    number: int
    recorded: str
    effective: str
    purpose: str
    said: list[tuple[str, str]]
    moves: list[_Move]


def hledger_lines(session: Session, book_id: UUID) -> Iterator[str]:
    """The book as a journal of hledger, line by line, each with its line break."""
    connection = session.connection()
    head = reading.head(connection, book_id)
    yield from _opening_lines(book_id, head)
    yield f"commodity 1000. {COMMODITY}\n"
    for account in _accounts(connection, book_id, head.number):
        yield f"account {account.name}  ; opened:{account.opened}\n"
    recorded = None
    for entry in _entries(connection, book_id, head.number):
        if not entry.moves:
            yield _comment(entry)
            continue
        recorded = entry.recorded
        yield f"\n{recorded}={entry.effective} ({entry.number}) {entry.purpose}\n"
        for name, word in entry.said:
            yield f"    ; {name}:{word}\n"
        for name, seconds, balance in entry.moves:
            yield f"    {name}  {seconds} {COMMODITY} = {balance} {COMMODITY}\n"
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
    for entry in _entries(connection, book_id, head.number):
        if not entry.moves:
            yield _comment(entry)
            continue
        yield f'\n{_day(entry.number)} * "{entry.purpose}"\n'
        yield f"  number: {entry.number}\n  recorded: {entry.recorded}\n  effective: {entry.effective}\n"
        for name, word in entry.said:
            yield f'  {name}: "{word}"\n'
        for name, seconds, _ in entry.moves:
            yield f"  {name}  {seconds} {COMMODITY}\n"
        next_day = _day(entry.number + 1)
        for name, _, balance in entry.moves:
            yield f"{next_day} balance {name}  {balance} {COMMODITY}\n"
    yield "\n"
    for account in _accounts(connection, book_id, head.number):
        yield f"{_day(head.number + 1)} balance {account.name}  {account.balance} {COMMODITY}\n"


def _opening_lines(book_id: UUID, head: Head) -> Iterator[str]:
    yield f"; Book {book_id}, {head.number} entries. The head of its chain: {head.hash.hex()}\n"
    yield "; Seconds; positive: given. Sums prove the balances; the order and the hashes are proved by the audit.\n\n"


def _day(number: int) -> date:
    return date.fromordinal(number)


def _comment(entry: _Entry) -> str:
    """An entry that moves nothing: both tools read past it."""
    said = " ".join(f"{name}:{word}" for name, word in entry.said)
    return f"\n; {entry.number} {entry.recorded}={entry.effective} {said}\n"


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


def _entries(connection: Connection, book: UUID, until: int) -> Iterator[_Entry]:
    """The entries of a book in the order of its chain; some at a time."""
    names = _Names(connection)
    of_book, after = Rows(connection, book), 0
    while found := of_book.read(after, until):
        for header, postings in found:
            moves = [_Move(names[leg[_ACCOUNT]], leg[_POSTED], leg[_AFTER]) for leg in postings if leg[_POSTED]]
            yield _entry(header, moves)
        after = found[-1][0][NUMBER]


class _Names(dict[bytes, str]):
    """The names of accounts, each asked for once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __missing__(self, key: bytes) -> str:
        account = UUID(bytes=key)
        kind = self._connection.execute(_kind, {"account": account}).scalar_one()
        self[key] = _account_name(kind, account)
        return self[key]


def _entry(header: Values, moves: list[_Move]) -> _Entry:
    recorded_at = (EPOCH + header[_RECORDED_AT] * MICROSECOND).isoformat()
    said = [
        ("kind", header[_KIND]),
        ("entry", _key(header[ID])),
        ("hash", header[_HASH].hex()),
        ("key", _encoded(header[_KEY])),
        ("recorded-at", recorded_at),
    ]
    said += [(name, _key(header[place])) for name, place in _REFERENCES if header[place] is not None]
    return _Entry(header[NUMBER], recorded_at[:10], header[DAY], _encoded(header[_PURPOSE]), said, moves)


def _key(content: bytes) -> str:
    """A key as `str(UUID(...))` writes it, in a third of the time."""
    digits = content.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_ACCOUNT, _POSTED, _AFTER = (LEG[name] for name in ("account", "posted", "posted_after"))
_KIND, _PURPOSE, _RECORDED_AT, _KEY, _HASH = (PLACE[name] for name in ("kind", "purpose", "recorded_at", "key", "hash"))
_REFERENCES = [
    (name.replace("_", "-"), PLACE[name])
    for name in ("recorded_by", "recorded_for", "finishes", "reverses", "override_by", "clearing")
]
