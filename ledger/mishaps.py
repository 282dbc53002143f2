"""What a database says when it cannot go on, in the ledger's own words."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError

from ledger.errors import Busy, LedgerError, StorageFull, Unreachable

RETRIED = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available
FULL = frozenset({"53100"})
GONE = frozenset({"57P01", "57P02", "57P03"})  # shut down by its operator, after a crash, or still starting up

SQLITE_SAYS: dict[int, type[LedgerError]] = {
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_FULL: StorageFull,
    sqlite3.SQLITE_IOERR: Unreachable,
    sqlite3.SQLITE_CANTOPEN: Unreachable,
}
SQLITE_HAS_NO_ROOM = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})

SENTENCES = {
    Busy: "others are writing to the same book: try again",
    StorageFull: "there is no room left where the database is: nothing was written",
    Unreachable: "the database went away: whether this was written shows when it is asked for by the same key again",
}


def mishap_of(error: BaseException) -> LedgerError | None:
    """A driver's error as the ledger's own; None if it is a mistake of the program, which nobody should hide."""
    told = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(told, sqlite3.Error):
        kind = _on_sqlite(told)
    else:
        kind = _on_postgresql(error) if isinstance(error, DBAPIError) else None
    return kind(SENTENCES[kind]) if kind else None


def is_worth_another_try(error: DBAPIError) -> bool:
    """Whether the same statements may well come through when others have ended."""
    return getattr(error.orig, "sqlstate", None) in RETRIED


def _on_sqlite(error: sqlite3.Error) -> type[LedgerError] | None:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return StorageFull if code in SQLITE_HAS_NO_ROOM else SQLITE_SAYS.get(code & 0xFF)


def _on_postgresql(error: DBAPIError) -> type[LedgerError] | None:
    state = getattr(error.orig, "sqlstate", None)
    if state in RETRIED:
        return Busy
    if state in FULL:
        return StorageFull
    nobody_answered = state is None and isinstance(error, OperationalError)  # an answer has a state
    if error.connection_invalidated or nobody_answered or state in GONE:
        return Unreachable
    return None
