"""Keys: one request is one entry, however often it comes. Private to the ledger."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from ledger import reading
from ledger.drafting import new_id
from ledger.entries import Entry
from ledger.errors import KeyReused
from ledger.reading import Said, Slot
from ledger.request import Request
from ledger.tables import KeyRow

_claim = insert(KeyRow)
_claim_or_wait = (
    postgresql.insert(KeyRow)
    .values(book=bindparam("book"), key=bindparam("key"), entry=bindparam("entry"))
    .on_conflict_do_nothing()
    .returning(col(KeyRow.entry))
)


def claim(connection: Connection, slots: Collection[Slot], at: datetime) -> dict[Slot, UUID]:
    """Take these keys, in key order, each for an entry to be; those that were taken before are left out."""
    ids = {slot: new_id(at) for slot in sorted(slots)}
    rows = [{"book": book, "key": key, "entry": entry} for (book, key), entry in ids.items()]
    if connection.dialect.name == "postgresql":
        # to look first would let two with one key past; the second waits here until the first has ended
        ours = set(connection.execute(_claim_or_wait, rows).scalars()) if rows else set()
        return {slot: entry for slot, entry in ids.items() if entry in ours}
    taken = reading.taken(connection, slots)
    rows = [row for row in rows if (row["book"], row["key"]) not in taken]
    if rows:
        connection.execute(_claim, rows)
    return {slot: entry for slot, entry in ids.items() if slot not in taken}


def standing(connection: Connection, slots: Iterable[Slot]) -> dict[Slot, tuple[Entry, Said]]:
    """What keys that were taken before led to, and what is left of the requests."""
    taken = reading.taken(connection, set(slots))
    entries = reading.entries(connection, taken.values())
    said = reading.requests_of(connection, taken.values())
    return {slot: (entries[entry], said[entry]) for slot, entry in taken.items()}


def replay(request: Request, digest: bytes, first: Entry, said: Said) -> Entry:
    """The first entry, if this is the same request again."""
    if said.request_digest != digest or not said.is_memo(request.memo):
        raise KeyReused(request.key, first.id)
    return first
