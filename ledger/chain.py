"""Canonical bytes and their digests: what makes the book a chain, and a change in it visible.

The bytes of a record are its fields one after another: for each one letter for its type, four bytes of length
(big-endian), and the content. Text is UTF-8, whole numbers are decimal, days ISO text, moments microseconds since 1970,
keys 16 bytes. No two records share their bytes, and anybody can compute them again in any language.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any, TypeAlias
from uuid import UUID

from ledger.columns import EPOCH, MICROSECOND

Field: TypeAlias = UUID | datetime | date | str | bytes | int | None


def canonical(fields: Iterable[Field]) -> bytes:
    """One loop over what is asked for with every entry: to call a function for each field takes half as long again."""
    parts: list[bytes] = []
    field: Any  # each is taken for what its type says
    for field in fields:
        kind = type(field)
        if field is None:
            parts.append(NOTHING)
        elif kind is int:
            digits = b"%d" % field
            parts += (b"i", _LENGTHS[len(digits)], digits)
        elif kind is UUID:
            parts += (b"k\0\0\0\x10", field.int.to_bytes(16, "big"))
        elif kind is str:
            parts += (b"t", long(field.encode()))
        else:
            parts.append(_AS_BYTES[kind](field))
    return b"".join(parts)


def long(content: bytes) -> bytes:
    """What a field holds, with its length before it."""
    length = len(content)
    return _LENGTHS[length] + content if length < len(_LENGTHS) else length.to_bytes(4, "big") + content


def _moment(moment: datetime) -> bytes:
    return b"m" + long(b"%d" % ((moment - EPOCH) // MICROSECOND))


class _Ways(dict[type, Callable[[Any], bytes]]):
    """How other types become bytes; a kind of text, such as a word of an enumeration, as text does."""

    def __missing__(self, kind: type) -> Callable[[Any], bytes]:
        self[kind] = next(self[base] for base in kind.__mro__[1:] if base in self)
        return self[kind]


NOTHING = b"n\0\0\0\0"
_LENGTHS = [length.to_bytes(4, "big") for length in range(256)]
_AS_BYTES = _Ways(
    {
        int: lambda number: b"i" + long(b"%d" % number),
        UUID: lambda key: b"k" + long(key.bytes),
        str: lambda text: b"t" + long(text.encode()),
        bytes: lambda content: b"b" + long(content),
        datetime: _moment,
        date: lambda day: b"d\0\0\0\x0a" + day.isoformat().encode(),
    }
)


ENTRY_START = canonical(["timebank ledger entry 1"])


def digest(*fields: Field) -> bytes:
    return sha256(canonical(fields)).digest()


def genesis(book: UUID, created_at: datetime) -> bytes:
    """What the first entry of a book links to."""
    return digest("timebank ledger book 1", book, created_at)


ENTRY_FIELDS = (
    "book",
    "number",
    "id",
    "kind",
    "purpose",
    "effective_on",
    "recorded_at",
    "recorded_by",
    "recorded_for",
    "key",
    "request_digest",
    "memo_digest",
    "finishes",
    "reverses",
    "override_by",
    "expires_at",
    "clearing",
    "moved",
    "lines",
)
POSTING_FIELDS = (
    "line",
    "account",
    "sequence",
    "posted",
    "held_out",
    "held_in",
    "posted_after",
    "out_after",
    "in_after",
    "limits",
    "floor",
    "ceiling",
)
header_of = itemgetter(*ENTRY_FIELDS)
leg_of = itemgetter(*POSTING_FIELDS)


def entry_record(entry: Mapping[Any, Any], postings: Iterable[Mapping[Any, Any]]) -> bytes:
    """The canonical bytes of an entry row and its posting rows (in line order), and of the hash before it."""
    return _record(entry["previous_hash"], header_of(entry), [leg_of(posting) for posting in postings])


def entry_hash(entry: Mapping[Any, Any], postings: Iterable[Mapping[Any, Any]]) -> bytes:
    """The hash of an entry, over that of the entry before it."""
    return sha256(entry_record(entry, postings)).digest()


def link(previous_hash: bytes, header: Iterable[Field], legs: Iterable[Iterable[Field]]) -> bytes:
    """The same hash, of an entry's fields and its postings' fields in their order."""
    return sha256(_record(previous_hash, header, legs)).digest()


def _record(previous_hash: bytes, header: Iterable[Field], legs: Iterable[Iterable[Field]]) -> bytes:
    fields: list[Field] = [previous_hash, *header]
    for leg in legs:
        fields += leg
    return ENTRY_START + canonical(fields)


LIMIT_FIELDS = ("number", "floor", "ceiling", "set_at", "set_by")


def limit_hash(previous: bytes, account: Mapping[Any, Any], limit: Mapping[Any, Any]) -> bytes:
    """The hash of one setting of an account's limits, over the one before it (the first: over the genesis)."""
    who = [account[name] for name in ("id", "book", "kind", "partner", "opened_at")]
    return digest("timebank ledger limits 1", previous, *who, *(limit[name] for name in LIMIT_FIELDS))


PERIOD_FIELDS = (
    "book",
    "number",
    "since",
    "until",
    "closed_at",
    "closed_by",
    "head_number",
    "head_hash",
    "merkle_root",
)
SEAL_FIELDS = ("account", "posted", "held_out", "held_in")


def period_hash(previous: bytes, period: Mapping[Any, Any], seals: Iterable[Mapping[Any, Any]]) -> bytes:
    """The hash of a closed period and its trial balance (in account order), over that of the period before it."""
    fields: list[Field] = ["timebank ledger period 1", previous, *(period[name] for name in PERIOD_FIELDS)]
    for seal in seals:
        fields += [seal[name] for name in SEAL_FIELDS]
    return digest(*fields)


def memo_digest(salt: bytes, text: str) -> bytes:
    """Salted, so that once text and salt are erased nobody can guess the text from its digest."""
    return digest("timebank ledger memo 1", salt, text)
