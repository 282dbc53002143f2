"""Rows as audits and exports read them, by the hundred thousand: plain values on both engines. Private to the ledger.

Keys are 16 bytes, moments whole microseconds, days text, as canonical bytes have them, so that nothing is converted
twice. What a posting repeats of its header and of itself the database compares while it reads.
"""

from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from operator import call
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.chain import ENTRY_FIELDS, ENTRY_START, NOTHING, POSTING_FIELDS, long
from ledger.columns import Day, Key, Moment
from ledger.tables import EntryRow, PostingRow

Values = tuple[Any, ...]

_ENTRIES = """
SELECT {fields}, entry.hash{beside}
  FROM ledger_entry AS entry{joined}
 WHERE entry.book = {mark} AND entry.number > {mark} AND entry.number <= {mark}
 ORDER BY entry.number LIMIT {mark}"""
_BESIDE = ", entry.previous_hash, entry.previous_number, entry.overrides, {key_entry}, memo.salt, memo.text"
_JOINED = """
  LEFT JOIN ledger_key AS key ON key.book = entry.book AND key.key = entry.key
  LEFT JOIN ledger_memo AS memo ON memo.entry = entry.id"""
_POSTINGS = """
SELECT {fields}{repeats}, entry.number
  FROM ledger_entry AS entry JOIN ledger_posting AS posting ON posting.entry = entry.id
 WHERE entry.book = {mark} AND entry.number > {mark} AND entry.number <= {mark}
 ORDER BY entry.number, posting.line"""
_REPEATS = """,
       posting.lines = entry.lines AND posting.book = entry.book AND posting.number = entry.number
       AND posting.kind = entry.kind AND posting.overrides = entry.overrides
       AND coalesce(posting.previous_sequence, 0) = posting.sequence - 1
       AND (posting.previous_sequence IS NULL OR posting.previous_sequence > 0)
       AND posting.posted_before + posting.posted = posting.posted_after
       AND posting.out_before + posting.held_out = posting.out_after
       AND posting.in_before + posting.held_in = posting.in_after"""
_ON_POSTGRESQL: dict[type, str] = {
    Key: "uuid_send({})",
    Moment: "(extract(epoch FROM {}) * 1000000)::bigint",
    Day: "to_char({}, 'YYYY-MM-DD')",
}
PLACE = {name: place for place, name in enumerate((*ENTRY_FIELDS, "hash"))}
"""Where each field of an entry stands in what is read of it."""
LEG = {name: place for place, name in enumerate(POSTING_FIELDS)}
ID, NUMBER, DAY, MOVED = (PLACE[name] for name in ("id", "number", "effective_on", "moved"))
CHUNK = 200


class Rows:
    """A book's entries and postings, some at a time; for an audit with all that they only repeat."""

    def __init__(self, connection: Connection, book: UUID, *, for_an_audit: bool = False) -> None:
        driver: Any = connection.connection.driver_connection
        self._engine = connection.dialect.name
        self._book = book.bytes if self._engine == "sqlite" else book
        self._entries = _entries(self._engine, for_an_audit)
        self._postings = _postings(self._engine, for_an_audit)
        self._cursor = driver.cursor() if self._engine == "sqlite" else driver.cursor(binary=True)

    def read(self, after: int, until: int, most: int = CHUNK) -> list[tuple[Values, list[Values]]]:
        """Entries in the order of the chain, each with its postings."""
        headers = self._asked(self._entries, (self._book, after, until, most))
        if not headers:
            return []
        postings = self._asked(self._postings, (self._book, after, headers[-1][NUMBER]))
        found, place, count = [], 0, len(postings)
        for header in headers:
            begin, number = place, header[NUMBER]
            while place < count and postings[place][-1] == number:
                place += 1
            found.append((header, postings[begin:place]))
        return found

    def _asked(self, words: str, values: Values) -> list[Values]:
        found: list[Values] = self._cursor.execute(words, values).fetchall()
        return found


def link(header: Values, previous_hash: bytes, postings: Sequence[Values]) -> bytes:
    """The hash of an entry as it was read, over the hash before it."""
    parts = [ENTRY_START, b"b", long(previous_hash)]
    parts += map(call, _HEADER_FIELDS, header)
    for posting in postings:
        parts += map(call, _LEG_FIELDS, posting)
    return sha256(b"".join(parts)).digest()


@cache
def _entries(engine: str, for_an_audit: bool) -> str:
    key_entry = _ON_POSTGRESQL[Key].format("key.entry") if engine == "postgresql" else "key.entry"
    return _ENTRIES.format(
        fields=_selected(EntryRow, "entry", ENTRY_FIELDS, engine),
        beside=_BESIDE.format(key_entry=key_entry) if for_an_audit else "",
        joined=_JOINED if for_an_audit else "",
        mark="%s" if engine == "postgresql" else "?",
    )


@cache
def _postings(engine: str, for_an_audit: bool) -> str:
    return _POSTINGS.format(
        fields=_selected(PostingRow, "posting", POSTING_FIELDS, engine),
        repeats=_REPEATS if for_an_audit else "",
        mark="%s" if engine == "postgresql" else "?",
    )


def _selected(table: Any, name: str, fields: Sequence[str], engine: str) -> str:
    types = _types(table, fields)
    shapes = [_ON_POSTGRESQL.get(kind, "{}") if engine == "postgresql" else "{}" for kind in types]
    return ", ".join(shape.format(f"{name}.{field}") for shape, field in zip(shapes, fields, strict=True))


def _types(table: Any, fields: Sequence[str]) -> list[type]:
    return [type(table.__table__.c[field].type) for field in fields]


def _becoming(letter: bytes, content: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """How a field's values become canonical bytes."""
    starts = [letter + length.to_bytes(4, "big") for length in range(256)]

    def become(value: Any) -> bytes:
        if value is None:
            return NOTHING
        said = content(value)
        length = len(said)
        return starts[length] + said if length < len(starts) else letter + long(said)

    return become


class _Again(dict[Any, bytes]):
    """What values become that come again soon: as many are kept as came since it was full."""

    def __init__(self, become: Callable[[Any], bytes]) -> None:
        self._become = become

    def __missing__(self, value: Any) -> bytes:
        if len(self) >= _KEPT:
            self.clear()
        made = self[value] = self._become(value)
        return made


_KEPT = 2_000
_COME_ONCE = {"number", "id", "key", "request_digest", "memo_digest"}
_WAYS: dict[str, tuple[bytes, Callable[[Any], bytes]]] = {
    "Key": (b"k", bytes),
    "Moment": (b"m", b"%d".__mod__),
    "Day": (b"d", str.encode),
    "Amount": (b"i", b"%d".__mod__),
    "Text": (b"t", str.encode),
    "LargeBinary": (b"b", bytes),
}


def _ways(table: Any, fields: Sequence[str]) -> list[Callable[[Any], bytes]]:
    ways = {field: _becoming(*_WAYS[kind.__name__]) for field, kind in zip(fields, _types(table, fields), strict=True)}
    return [way if field in _COME_ONCE else _Again(way).__getitem__ for field, way in ways.items()]


_HEADER_FIELDS = _ways(EntryRow, ENTRY_FIELDS)
_LEG_FIELDS = _ways(PostingRow, POSTING_FIELDS)
