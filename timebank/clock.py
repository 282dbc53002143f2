"""The only clock. Asked in the web, the worker and the commands; everything below is told the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware and in UTC."""
    return datetime.now(UTC)
