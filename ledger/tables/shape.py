"""What the ledger's tables have in common: how constraints are named, and kinds of table, of CHECK and of index."""

from typing import Any

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from ledger.entries import AccountKind, EntryKind

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

STRICT = {"sqlite_strict": True}
CLUSTERED = {"sqlite_strict": True, "sqlite_with_rowid": False}
DEFERRED: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"}


def one_of(column: str, words: type[AccountKind | EntryKind]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


def within(bound: int, *columns: str) -> str:
    return " AND ".join(f"{column} BETWEEN {-bound} AND {bound}" for column in columns)


def partly_unique(name: str, *columns: str) -> Index:
    """Unique where the first column says anything."""
    some = text(f"{columns[0]} IS NOT NULL")
    return Index(name, *columns, unique=True, sqlite_where=some, postgresql_where=some)
