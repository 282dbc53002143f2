"""The engine, and the unit of work: the only way to write.

SQLite: WAL and ``synchronous=FULL``; a writing transaction opens with BEGIN IMMEDIATE, a reading one with a plain
BEGIN. The writers of one process queue fairly (a bare ``busy_timeout`` lets somebody wait for seconds), and those who
wait for each other reach the disk in one round. PostgreSQL: READ COMMITTED.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlmodel import Session

from ledger import mishap_of
from timebank.connections import Pen, Writing, ask_what_lay_idle
from timebank.rounds import RoundPen, Rounds, UnitsConnection

PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "recursive_triggers": "ON",
    "busy_timeout": "10000",
    "temp_store": "MEMORY",  # the journal of a savepoint is such a file, and was half of what an entry costs
    "cache_size": "-16000",  # 16 MB: an entry touches twenty pages of as many indexes, and 2 MB hold few of them
    "wal_autocheckpoint": "4000",  # 16 MB, as much as one index of the log finds: pages written often go home once
}


def engine_for(url: str, **options: Any) -> Engine:
    """An engine for a SQLite or PostgreSQL URL, with the recipe above."""
    if not url.startswith("sqlite"):
        engine = create_engine(url, **options)
        ask_what_lay_idle(engine)
        Writing(engine)
        return engine
    engine = create_engine(url, connect_args={"factory": UnitsConnection}, **options)
    Rounds(engine)

    @event.listens_for(engine, "connect")
    def settle_in(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # sqlite3 would otherwise open transactions by itself, late and deferred
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if isinstance(connection, RoundPen):
            connection.begin_unit()
            return
        driver: Any = connection.connection.driver_connection
        writes = connection.get_execution_options().get("timebank_writes", False)
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def unit_of_work(session: Session) -> Iterator[Session]:
    """Run one action and commit it, or leave no trace of it.

    Whatever was read before is let go of first, so that the action decides on what is true now. A database that has no
    room or went away is told in the ledger's words, also where it says so only at the commit. Nobody waits in it for
    another unit on the same engine, whose end may wait for this one's.
    """
    try:
        with _pen_of(session) as pen:
            transaction = pen.begin()
            yield session
            _check_unbroken(transaction)
            if session.in_transaction():
                session.commit()  # what it holds is written; the transaction is the pen's
            transaction.commit()
    except BaseException as error:
        if mishap := mishap_of(error):
            raise mishap from error
        raise


@contextmanager
def _pen_of(session: Session) -> Iterator[Pen]:
    """The connection by which a session writes meanwhile. It has let go of it before anybody else takes it up."""
    _take_back(session)
    reads_by = session.bind
    with closing(Writing.of(session.get_bind().engine).connect()) as pen:
        session.bind = pen
        try:
            yield pen
        except BaseException:
            _take_back(session)
            raise
        finally:
            session.bind = reads_by


def _check_unbroken(transaction: RootTransaction) -> None:
    """What is written after the session has rolled back by itself would stand without what came before."""
    if not transaction.is_active:
        raise InvalidRequestError("a unit of work is taken back by raising, not by the session's own rollback")


def _take_back(session: Session) -> None:
    """Roll back. Where the connection is lost there is nothing to take back: the server has done so by itself."""
    try:
        session.rollback()
    except DBAPIError:
        session.invalidate()
