"""Opening the installation's database: is it there, is it ours, is it up to date, does nobody else serve it?"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from timebank.commands.plain_words import Stopped, address, unreachable, where
from timebank.database import engine_for
from timebank.schema import alembic_config, newest_revision, revision_of

OURS = "ledger_book"
"""A table that every timebank database has had since the first revision."""


class Schema(Enum):
    """How a database's schema stands."""

    EMPTY = auto()
    BEHIND = auto()
    CURRENT = auto()


@contextmanager
def opened(url: str) -> Iterator[tuple[Engine, Schema]]:
    """An engine on a database that can be written, and how its schema stands. Stops at one that is not ours."""
    taken_apart = address(url)
    _look_before_touching(taken_apart)
    engine = engine_for(url)
    try:
        try:
            stands = _schema(engine)
        except DBAPIError as error:
            raise unreachable(taken_apart, error) from error
        yield engine, stands
    finally:
        engine.dispose()


@contextmanager
def up_to_date(url: str) -> Iterator[Engine]:
    """An engine on a database that this program can work with."""
    taken_apart = address(url)
    file = sqlite_file(taken_apart)
    if file is not None and not file.exists():
        raise Stopped(f"{file} does not exist. To begin there: timebank upgrade")
    with opened(url) as (engine, stands):
        if stands is not Schema.CURRENT:
            what = "is empty" if stands is Schema.EMPTY else "was written by an older timebank than this one"
            raise Stopped(f"{where(taken_apart)} {what}. Run: timebank upgrade")
        yield engine


class Role(NamedTuple):
    """Who somebody is on a server, and in which database."""

    name: str
    database: str


def role_on(url: str) -> Role:
    """As whom a URL signs in to a server: asked there, for a URL may leave its name out."""
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            return Role(*connection.exec_driver_sql("SELECT current_user, current_database()").one())
    except DBAPIError as error:
        raise unreachable(engine.url, error) from error
    finally:
        engine.dispose()


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None on a server."""
    if url.get_backend_name() != "sqlite":
        return None
    if url.database in {None, "", ":memory:"}:
        raise Stopped("A timebank in memory would be lost with the program. Give its database a file.")
    return Path(str(url.database).removeprefix("file:"))


@contextmanager
def served_only_here(file: Path) -> Iterator[Callable[[str], None]]:
    """Keep a SQLite file to this process while it serves; what is yielded notes where, for whoever comes second.

    The lock goes with the process, however that ends.
    """
    try:
        note = os.open(file.with_name(f"{file.name}.served"), os.O_RDWR | os.O_CREAT, 0o644)
    except FileNotFoundError as error:
        raise Stopped(f"{file} cannot be opened: is its folder there?") from error

    def tell_where(place: str) -> None:
        os.ftruncate(note, 0)
        os.pwrite(note, f"{place} (process {os.getpid()})".encode(), 0)

    try:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(note, 200, 0).decode(errors="replace") or "another process"
            raise Stopped(f"{file} is in use already, by {holder}. A SQLite file has one server.") from error
        yield tell_where
    finally:
        os.close(note)


def _look_before_touching(url: URL) -> None:
    """An engine turns a SQLite file to WAL as it connects; another program's file is left as it was."""
    file = sqlite_file(url)
    if file is None or not file.exists():
        return
    if not (os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK)):
        raise Stopped(f"{file}: you may not write there.")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    except sqlite3.OperationalError:
        return  # it cannot be read: the engine will say why
    except sqlite3.DatabaseError as error:
        raise Stopped(f"{file} is not a timebank database.") from error
    if tables and OURS not in tables:
        raise _another_programs(url)


def _schema(engine: Engine) -> Schema:
    tables, revision = inspect(engine).get_table_names(), revision_of(engine)
    if revision is None and not tables:
        return Schema.EMPTY
    if revision is None or OURS not in tables:
        raise _another_programs(engine.url)
    if revision == newest_revision():
        return Schema.CURRENT
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if revision not in known:
        raise Stopped(f"{where(engine.url)} was written by a newer timebank than this one.")
    return Schema.BEHIND


def _another_programs(url: URL) -> Stopped:
    return Stopped(f"{where(url)} is not a timebank database: it holds another program's tables.")
