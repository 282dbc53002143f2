"""Rounds: units of work in a SQLite file that follow one another and reach the disk together. Private to the database.

A file has one writer at a time, and to reach the disk takes as long as to write an entry. So whoever is done while
others wait leaves the transaction open and hands it on with the turn; whoever nobody waits for brings what all of them
wrote to the disk. Nobody goes on before it is there.
"""

import sqlite3
import threading
import time
from typing import cast

from sqlalchemy import Engine

from ledger import Unreachable, mishap_of
from timebank.connections import Pen, Writing
from timebank.turns import Turns

PATIENCE = 0.005
"""Seconds after which a round takes no more units along: whoever was done first waits for this and one unit at most."""

LOST = "what was written together with others was lost: whether this was shows when it is asked for by the same key"


class UnitsConnection(sqlite3.Connection):
    """A driver's connection whose transaction may hold units of work: the first begins it, others a savepoint in it.

    To commit or roll back during a unit ends that unit alone.
    """

    in_unit = False
    is_first = False
    unit_stands = False

    def begin_unit(self) -> None:
        self.unit_stands, self.is_first = False, not self.in_transaction
        self.execute("BEGIN IMMEDIATE" if self.is_first else "SAVEPOINT unit")
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
        return self.is_whole and time.monotonic() < self._full_at

    def end_awaited(self) -> threading.Lock:
        """What can be acquired once the round has ended."""
        end = threading.Lock()
        end.acquire()
        self._awaited_by.append(end)
        return end

    def reach_the_disk(self) -> None:
        try:
            if self.is_whole:
                self.pen.driver.commit()
                self._lost = None
        except Exception as error:  # noqa: BLE001 - each of its units raises it
            self._lost = error
        finally:
            self.pen.lay_down(is_sound=self._lost is None)

    def tell(self) -> None:
        """It has ended."""
        for end in self._awaited_by:
            end.release()

    def check(self) -> None:
        """Raise what is to be told to a unit that was lost: in the ledger's words, if there were others."""
        if self._lost is None:
            return
        if self.units == 1:
            raise self._lost
        raise mishap_of(self._lost) or Unreachable(LOST) from self._lost  # what could not stand may be another's


class RoundPen(Pen):
    """A pen that is handed on with its round."""

    writing: "Rounds"

    def __init__(self, writing: "Rounds") -> None:
        super().__init__(writing)
        self.driver = cast(UnitsConnection, self.connection.driver_connection)

    def lives(self) -> bool:
        return True  # a file does not hang up

    def close(self) -> None:
        """End a unit and let go; come back once all that it may have seen is on the disk, or nothing is left of it."""
        round_ = self.writing.round_of(self)
        stands = round_.is_whole = False
        try:
            if self._take_back():
                stands = self.driver.unit_stands
                round_.units += stands
                round_.is_whole = self.driver.in_transaction or not round_.units
            end = round_.end_awaited()
        finally:
            self.writing.let_go()
        end.acquire()
        if stands:
            round_.check()


class Rounds(Writing):
    """The pen of a SQLite file, in one hand at a time."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.turns = Turns()
        self._round: Round | None = None  # only whoever has the turn looks
        self._patience = PATIENCE if self.most else 0  # in memory each thread has a database of its own

    def connect(self) -> Pen:
        place = self.turns.ask()
        try:
            place.acquire()
            return self._round.pen if self._round else self._lying_ready() or RoundPen(self)
        except BaseException:
            if not self.turns.leave(place):
                self.let_go()
            raise

    def round_of(self, pen: RoundPen) -> Round:
        """The one in which its unit takes place."""
        self._round = self._round or Round(pen, self._patience)
        return self._round

    def let_go(self) -> None:
        """Hand the turn on, and with it a round that takes more; any other ends first."""
        round_ = self._round
        if round_ and round_.takes_more() and self.turns.hand_on(or_keep=True):
            return
        self._round = None
        try:
            if round_:
                round_.reach_the_disk()
        finally:
            self.turns.hand_on()
            if round_:
                round_.tell()
