"""Once: one request is one entry, however often it comes. Private to the ledger."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from ledger import reading
from ledger.entries import Entry
from ledger.errors import KeyReused
from ledger.reading import Said, Slot
from ledger.request import Request


def standing(connection: Connection, slots: Iterable[Slot]) -> dict[Slot, tuple[Entry, Said]]:
    """What keys that are taken led to, and what is left of the requests."""
    taken: dict[Slot, UUID] = reading.taken(connection, set(slots))
    entries = reading.entries(connection, taken.values())
    said = reading.requests_of(connection, taken.values())
    return {slot: (entries[entry], said[entry]) for slot, entry in taken.items()}


def replay(request: Request, digest: bytes, first: Entry, said: Said) -> Entry:
    """The first entry, if this is the same request again."""
    if said.request_digest != digest or not said.is_memo(request.memo):
        raise KeyReused(request.key, first.id)
    return first
