"""Rounds: units of work in a SQLite file that follow one another and reach the disk together. Private to the database.

A file has one writer at a time, and to reach the disk takes a good part of what a unit takes. So whoever is done while
others wait leaves the transaction open and hands it on with the turn; whoever nobody waits for brings what all of them
wrote to the disk. Nobody goes on before it is there.
"""

import logging
import sqlite3
import threading
import time
from contextlib import suppress
from typing import cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from ledger import Unreachable, mishap_of
from timebank.connections import Pen, Writing
from timebank.turns import Turns

PATIENCE = 0.005
"""Seconds after the end of its first unit in which a round takes others along; that one waits for the last of them."""

LOST = "what was written together with others may not stand: ask for it again by the same key"

log = logging.getLogger("timebank")


class UnitsConnection(sqlite3.Connection):
    """A driver's connection whose transaction may hold units of work: the first begins it, others a savepoint in it.

    To commit or roll back during a unit ends that unit alone.
    """

    in_unit = False
    is_first = False
    unit_stands = False

    def begin_unit(self, *, is_first: bool) -> None:
        self.unit_stands, self.is_first = False, is_first
        self.execute("BEGIN IMMEDIATE" if is_first else "SAVEPOINT unit")
        self.in_unit = True

    def commit(self) -> None:
        if not self.in_unit:
            super().commit()
            return
        if not self.is_first:
            self.execute("RELEASE unit")
        self.in_unit, self.unit_stands = False, True

    def rollback(self) -> None:
        if self.in_unit and self.in_transaction and not self.is_first:
            self.execute("ROLLBACK TO unit")
            self.execute("RELEASE unit")
        else:
            super().rollback()
        self.in_unit = False

    def close(self) -> None:
        """Let go of the file first: SQLite keeps a transaction for as long as somebody has a cursor of it."""
        with suppress(sqlite3.Error):
            super().rollback()
        super().close()


class Round:
    """A transaction that is handed on, and how it ended for those whose units took place in it."""

    def __init__(self, pen: "RoundPen", patience: float) -> None:
        self.pen = pen
        self.units = 0  # that stand in it
        self.is_whole = True
        self._full_at = time.monotonic() + patience
        self._lost: Exception | None = Unreachable(LOST)
        self._awaited_by: list[threading.Lock] = []

    def takes_more(self) -> bool:
        return self.is_whole and self.units > 0 and time.monotonic() < self._full_at

    def end_awaited(self) -> threading.Lock:
        """What can be acquired once the round has ended."""
        end = threading.Lock()
        end.acquire()
        self._awaited_by.append(end)
        return end

    def reach_the_disk(self) -> None:
        driver = self.pen.driver
        driver.in_unit = False  # also where a unit could not end: what ends now is all of it
        try:
            if self.is_whole:
                driver.commit()
                self._lost = None
        except sqlite3.Error as error:
            self._lost = DBAPIError.instance("COMMIT", (), error, sqlite3.Error, dialect=self.pen.dialect)
            if self.units > 1 and not mishap_of(error):
                log.exception("units of work were lost together by the mistake of one of them")
        finally:
            self.pen.lay_down(is_sound=self._lost is None)

    def tell(self) -> None:
        """It has ended."""
        for end in self._awaited_by:
            end.release()

    def check(self, *, stands: bool) -> None:
        """Raise what is to be told where it was lost: in the ledger's words, but to whoever stood in it alone."""
        if self._lost is None:
            return
        if stands and self.units == 1:
            raise self._lost
        raise mishap_of(self._lost) or Unreachable(LOST) from self._lost


class RoundPen(Pen):
    """A pen that is handed on with its round."""

    writing: "Rounds"

    def __init__(self, writing: "Rounds") -> None:
        super().__init__(writing)
        self.driver = cast(UnitsConnection, self.connection.driver_connection)

    def begin_unit(self) -> None:
        self.driver.begin_unit(is_first=self.writing.round is None)

    def lives(self) -> bool:
        return True  # a file does not hang up

    def close(self) -> None:
        """End a unit and let go; come back when what it wrote, and what it may have seen of others, is on the disk."""
        round_ = self.writing.round = self.writing.round or Round(self, self.writing.patience)
        saw_others, stands, round_.is_whole = round_.units > 0, False, False
        end = round_.end_awaited()
        try:
            if self._take_back():
                stands = self.driver.unit_stands
                round_.units += stands
                round_.is_whole = self.driver.in_transaction or not round_.units
        finally:
            self.writing.let_go()
        if stands or saw_others:
            end.acquire()
            round_.check(stands=stands)


class Rounds(Writing):
    """The pen of a SQLite file, in one hand at a time."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.turns = Turns()
        self.round: Round | None = None
        """The one that goes on. Only whoever has the turn looks."""
        self.patience = PATIENCE if self.most else 0  # where no pen is kept, in memory, none can be handed on

    def connect(self) -> Pen:
        place = self.turns.ask()
        try:
            place.acquire()
            return self.round.pen if self.round else self._lying_ready() or RoundPen(self)
        except BaseException:
            if not self.turns.leave(place):
                self.let_go()
            raise

    def let_go(self) -> None:
        """Hand the turn on, and with it a round that takes more; any other ends first."""
        round_ = self.round
        if round_ and round_.takes_more() and self.turns.hand_on(or_keep=True):
            return
        self.round = None
        try:
            if round_:
                round_.reach_the_disk()
        finally:
            self.turns.hand_on()
            if round_:
                round_.tell()
