"""The place from which a list goes on, as it stands in an address. What makes no sense there is the first page."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

LONGEST_TOKEN = 1200
THINKABLE_YEARS = range(1900, 3000)


def token_of(place: tuple[datetime | str, UUID] | None) -> str:
    """A place, a moment or a name with an id, as a word that fits into an address; empty where the list ends."""
    if place is None:
        return ""
    key, party_id = place
    said = key.astimezone(UTC).isoformat() if isinstance(key, datetime) else key
    return urlsafe_b64encode(json.dumps([said, party_id.hex]).encode()).decode().rstrip("=")


def place_in(token: str | None) -> tuple[datetime, UUID] | None:
    """A place in a list that is ordered by moments."""
    said = _read(token)
    try:
        when = datetime.fromisoformat(said[0]) if said else None
    except ValueError:
        return None
    if said is None or when is None or when.tzinfo is None or when.year not in THINKABLE_YEARS:
        return None
    return when.astimezone(UTC), said[1]


def name_in(token: str | None) -> tuple[str, UUID] | None:
    """A place in a list that is ordered by names."""
    said = _read(token)
    return said if said is not None and said[0].isprintable() else None


def _read(token: str | None) -> tuple[str, UUID] | None:
    if not token or len(token) > LONGEST_TOKEN:
        return None
    try:
        key, number = json.loads(urlsafe_b64decode(token.encode("ascii") + b"=="))
        return (key, UUID(number)) if isinstance(key, str) else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
