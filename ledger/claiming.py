"""Keys: one request is one entry, however often it comes. Private to the ledger."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, insert
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from ledger import reading
from ledger.drafting import new_id
from ledger.entries import Entry
from ledger.errors import KeyReused
from ledger.plans import Additions, Answer
from ledger.reading import Said, Slot
from ledger.request import Request
from ledger.tables import KeyRow

_claim = Additions(insert(KeyRow))
_claim_or_wait = Additions(postgresql.insert(KeyRow).on_conflict_do_nothing().returning(col(KeyRow.entry)))


def claim(connection: Connection, slots: Collection[Slot], at: datetime) -> "Claim":
    """Take these keys, in key order, each for an entry to be."""
    ids = {slot: new_id(at) for slot in sorted(slots)}
    rows = [{"book": book, "key": key, "entry": entry} for (book, key), entry in ids.items()]
    if connection.dialect.name == "postgresql":
        # to look first would let two with one key past; the second waits here until the first has ended
        return Claim(ids, _claim_or_wait.write(connection, rows))
    taken = reading.taken(connection, slots)
    _claim.write(connection, [row for row in rows if (row["book"], row["key"]) not in taken])
    return Claim({slot: entry for slot, entry in ids.items() if slot not in taken}, None)


class Claim(NamedTuple):
    """Keys that were asked for, and what PostgreSQL will answer: which of them are ours."""

    ids: Mapping[Slot, UUID]
    answer: Answer | None

    def ours(self) -> Mapping[Slot, UUID]:
        """Those that were free."""
        if self.answer is None:
            return self.ids
        ours = {entry for [entry] in self.answer.rows()}
        return {slot: entry for slot, entry in self.ids.items() if entry in ours}


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
