"""The engine, and the unit of work: the only place that commits.

SQLite: WAL and ``synchronous=FULL``; a writing transaction opens with BEGIN IMMEDIATE, a reading one with a plain
BEGIN, and the writers of one process queue fairly (a bare ``busy_timeout`` lets somebody wait for seconds).
PostgreSQL: READ COMMITTED.
"""

import select
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlmodel import Session

from ledger import mishap_of


class FairLock:
    """A lock that is handed on in the order of asking."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        with self._door:
            if not self._is_taken:
                self._is_taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()  # until whoever is before this one lets go of it

    def __exit__(self, *_: object) -> None:
        with self._door:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


_writers: WeakKeyDictionary[Engine, FairLock] = WeakKeyDictionary()


def engine_for(url: str, **options: Any) -> Engine:
    """An engine for a SQLite or PostgreSQL URL, with the recipe above."""
    engine = create_engine(url, **options)
    if not url.startswith("sqlite"):
        _ask_what_lay_idle(engine)
        return engine
    _writers[engine] = FairLock()

    @event.listens_for(engine, "connect")
    def settle_in(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # sqlite3 would otherwise open transactions by itself, late and deferred
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "busy_timeout=10000",
            "temp_store=MEMORY",  # the journal of a savepoint is such a file, and was half of what an entry costs
            "cache_size=-16000",  # 16 MB: an entry touches twenty pages of as many indexes, and 2 MB hold few of them
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("timebank_writes", False)
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


IDLE = 1.0
"""Seconds after which a connection is asked whether it still lives: to ask each time takes a tenth of an entry.

Before, its socket says so without being asked: a server that ended or was killed has closed it.
"""


def _ask_what_lay_idle(engine: Engine) -> None:
    """A server that was started again is met by the next who comes, and takes all that led to the old one along."""

    @event.listens_for(engine, "checkin")
    def lies_from_now(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("idle_since")  # nothing where it is new
        if since is None or (time.monotonic() - since < IDLE and _is_quiet(connection)):
            return
        if not _lives(engine, connection):
            raise InvalidatePoolError


def _is_quiet(connection: Any) -> bool:
    """Whether nothing waits to be read, neither words nor the end of it."""
    if connection.closed:
        return False
    asking = select.poll()
    asking.register(connection.fileno(), select.POLLIN)
    return not asking.poll(0)


def _lives(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


@contextmanager
def unit_of_work(session: Session) -> Iterator[Session]:
    """Run one action and commit it, or leave no trace of it.

    Whatever was read before is let go of first, so that the action decides on what is true now. A database that has no
    room or went away is told in the ledger's words, also where it says so only at the commit.
    """
    _take_back(session)
    with _writers.get(session.get_bind().engine, nullcontext()):
        try:
            session.connection(execution_options={"timebank_writes": True})
            yield session
            session.commit()
        except BaseException as error:
            _take_back(session)
            if mishap := mishap_of(error):
                raise mishap from error
            raise


def _take_back(session: Session) -> None:
    """Roll back. Where the connection is lost there is nothing to take back: the server has done so by itself."""
    try:
        session.rollback()
    except DBAPIError:
        session.invalidate()
