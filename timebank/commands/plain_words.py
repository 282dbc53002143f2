"""What goes wrong outside of the program, said in one line: a setting, a port, a file, a server."""

import errno

from click import ClickException
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from ledger import Busy, StorageFull, Unreachable
from timebank.config import BadSetting
from timebank.errors import Refusal

DRIVERS = {"sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"}


class Stopped(ClickException):
    """A command cannot go on. Exit code 1."""


def in_plain_words(error: Exception) -> Stopped | None:
    """An error as one line, if it is of a kind that an operator can mend; None if it should be shown in full."""
    match error:
        case BadSetting() | Refusal():
            return Stopped(str(error))
        case Busy() | StorageFull() | Unreachable():
            return Stopped(f"The database cannot go on: {error}.")
        case DBAPIError():
            return Stopped(f"The database refused: {first_line(error)}")
        case PermissionError():
            return Stopped(f"{error.filename}: you may not write there.")
        case OSError(errno=errno.ENOSPC):
            return Stopped(f"{error.filename or 'The disk'}: no space is left.")
    return None


def address(url: str) -> URL:
    """A database's address, taken apart. Stops at one that is none."""
    taken_apart = make_url(url)
    if taken_apart.drivername not in DRIVERS:
        raise Stopped(
            f"{where(taken_apart)} is neither SQLite (sqlite:///file) nor PostgreSQL (postgresql+psycopg://...)."
        )
    return taken_apart


def where(url: URL) -> str:
    """A database as an operator calls it, without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def unreachable(url: URL, error: DBAPIError) -> Stopped:
    """Why a database cannot be opened."""
    said = first_line(error)
    if "unable to open" in said:
        return Stopped(f"{where(url)} cannot be opened: is its folder there, and may you write in it?")
    return Stopped(f"{where(url)} cannot be reached: {said}")


def first_line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    return lines[0].rstrip(".")
