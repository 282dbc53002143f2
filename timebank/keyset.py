"""Lists go on by key, from the last row that was seen, never by a count of rows to skip."""

from typing import Any

from sqlalchemy import ColumnElement, tuple_
from sqlmodel import col


def comes_after(place: tuple[Any, ...], *columns: Any, newest_first: bool = False) -> ColumnElement[bool]:
    """Whether a row comes after a place in a list that is ordered by these columns.

    Each value is bound as its column's type: a bare UUID would not be the bytes that SQLite keeps.
    """
    ordered: list[Any] = [col(column) for column in columns]
    row, last_seen = tuple_(*ordered), tuple_(*place, types=[column.type for column in ordered])
    return row < last_seen if newest_first else row > last_seen
