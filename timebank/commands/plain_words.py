"""What goes wrong outside of the program, said in one line: a port, a file, a server, a password."""

import errno

from click import ClickException
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from timebank.errors import Refusal


class Stopped(ClickException):
    """A command cannot go on. Exit code 1."""


def in_plain_words(error: Exception) -> Exception:
    """The same error as one line, if it is of a kind that an operator can mend; else itself, to be shown in full."""
    match error:
        case Refusal():
            return Stopped(str(error))
        case DBAPIError():
            return Stopped(f"The database refused: {first_line(error)}")
        case PermissionError():
            return Stopped(f"{error.filename}: you may not write here.")
        case OSError() if error.errno == errno.ENOSPC:
            return Stopped(f"{error.filename or 'The disk'}: no space is left.")
    return error


def address(url: str) -> URL:
    """A database's address, taken apart. Stops at one that is none."""
    try:
        taken_apart = make_url(url)
        taken_apart.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise Stopped(
            f"{url!r} is no database's address. Examples: sqlite:///var/timebank.db, postgresql+psycopg://me@host/timebank"
        ) from error
    return taken_apart


def where(url: URL) -> str:
    """A database as an operator calls it, without its password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "a database in memory"
    return url.render_as_string(hide_password=True)


def unreachable(url: URL, error: DBAPIError) -> Stopped:
    """Why a database cannot be opened."""
    said = first_line(error)
    if "readonly" in said or "read-only" in said:
        return Stopped(f"{where(url)}: you may not write here.")
    if "is not a database" in said:
        return Stopped(f"{where(url)} is not a timebank database.")
    if "unable to open" in said:
        return Stopped(f"{where(url)} cannot be opened: is its folder there, and may you write in it?")
    return Stopped(f"{where(url)} cannot be reached: {said}")


def first_line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    return lines[0].removesuffix(".")
