"""Connections that are kept: pens, which write, and whether what lay idle still lives. Private to the database.

To take a connection out of the pool, wrap it and bring it back takes as long as to write the rows of an entry. So who
has written lays the pen down for whoever writes next. One that lay for a while goes back to the pool.
"""

import select
import time
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, event
from sqlalchemy.engine.base import OptionEngine
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

IDLE = 1.0
"""Seconds after which a connection is asked whether it still lives: to ask each time takes a tenth of an entry.

Before, its socket says so without being asked: a server that ended or was killed has closed it.
"""

OF_AN_ENGINE = "timebank_writing"

KEPT = 2
"""How many pens may lie there: few, since the pool counts them as taken."""


class Writing(OptionEngine):
    """An engine's connections for whoever writes: its pens."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, {})
        self.lying: list[Pen] = []
        self.most = KEPT if isinstance(engine.pool, QueuePool) else 0  # in memory each thread has its own
        event.listen(engine, "engine_disposed", self._end)
        setattr(engine, OF_AN_ENGINE, self)  # a table of them would keep every engine alive

    @classmethod
    def of(cls, engine: Engine) -> "Writing":
        found: Writing = getattr(engine, OF_AN_ENGINE)
        return found

    def connect(self) -> "Pen":
        return self._lying_ready() or Pen(self)

    def _lying_ready(self) -> "Pen | None":
        while pen := self._pick_up():
            if time.monotonic() - pen.lies_since < IDLE and pen.lives():
                return pen
            pen.put_away()
        return None

    def _pick_up(self) -> "Pen | None":
        try:
            return self.lying.pop()
        except IndexError:  # none lies there, or somebody else was quicker
            return None

    def _end(self, _engine: Engine) -> None:
        while pen := self._pick_up():
            pen.put_away()


class Pen(Connection):
    """A connection that writes: whoever closes it lays it down for the next, and lets go of it."""

    writing: Writing
    lies_since = 0.0

    def __init__(self, writing: Writing) -> None:
        super().__init__(writing)
        self.writing, self._pool = writing, writing.pool

    def close(self) -> None:
        self.lay_down(is_sound=self._take_back())

    def lay_down(self, *, is_sound: bool) -> None:
        self.lies_since = time.monotonic()
        if is_sound and self._is_of_its_pool() and len(self.writing.lying) < self.writing.most:
            self.writing.lying.append(self)
        else:
            self.put_away()

    def lives(self) -> bool:
        return is_quiet(self.connection.driver_connection)

    def _take_back(self) -> bool:
        """Whether nothing is left of a transaction. After a commit that failed SQLite is still in one."""
        transaction = self.get_transaction()
        if transaction is None:
            return not self.invalidated
        was_active = transaction.is_active
        try:
            transaction.close()
        except DBAPIError:
            self.invalidate()  # it is lost, and what was written by it with it
        return was_active and not self.invalidated

    def _is_of_its_pool(self) -> bool:
        """Or its engine was disposed of meanwhile, and has another."""
        return self._pool is self.writing.pool

    def put_away(self) -> None:
        """Bring it back to the pool, as one that has lain there since it was laid down."""
        if not self.invalidated and not self._is_of_its_pool():
            self.detach()  # that pool would not close it any more
        info = {} if self.invalidated else self.connection.info
        super().close()
        info["idle_since"] = self.lies_since


def ask_what_lay_idle(engine: Engine) -> None:
    """A server that was started again is met by the next who comes, and takes all that led to the old one along."""

    @event.listens_for(engine, "checkin")
    def lies_from_now(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("idle_since")  # nothing where it is new
        if since is None or (time.monotonic() - since < IDLE and is_quiet(connection)):
            return
        if not _lives(engine, connection):
            raise InvalidatePoolError


def is_quiet(connection: Any) -> bool:
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
