"""Writers as the test sees them that kills them: what each has acknowledged, and what must be true of the book then."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import Thread
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from ledger import audit
from tests.faults.plan import Unit, units
from tests.ledger.forging import table

CHECKOUT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60
TRIED_AGAIN = 2
"""So many units that were acknowledged a new writer carries out once more: their keys lead to the same entries."""

Said = tuple[str, ...]


@dataclass
class Record:
    """What a writer has acknowledged of one plan: for each unit its entries, none for one that was refused."""

    book: UUID
    accounts: Sequence[UUID]
    seed: str
    longest: int = 3
    """Of how many steps a unit may be. Those of several can deadlock, and then wait for the server to notice."""
    acknowledged: dict[int, Said] = field(default_factory=dict)
    waited: set[tuple[int, str]] = field(default_factory=set)
    contradictions: list[tuple[int, Said, Said]] = field(default_factory=list)

    @property
    def next(self) -> int:
        """The number of the first unit that was not acknowledged."""
        return len(self.acknowledged)

    @property
    def in_flight(self) -> Unit:
        """What it may have been writing when it was killed."""
        return next(islice(self.plan(), self.next, None))

    @property
    def first_again(self) -> int:
        """Where a new writer begins: a little before, with what was written and acknowledged."""
        first = self.next
        while first > max(0, self.next - TRIED_AGAIN) and self.acknowledged[first - 1]:
            first -= 1
        return first

    def plan(self) -> Iterator[Unit]:
        return units(self.seed, self.longest)

    def hear(self, number: int, said: Said) -> None:
        before = self.acknowledged.setdefault(number, said)
        if before != said:
            self.contradictions.append((number, before, said))


class Writer:
    """A process that carries out plans, each in a thread of its own. Killed, it can be started again."""

    def __init__(self, url: str, records: Sequence[Record]) -> None:
        self.records = records
        one = records[0]
        self._arguments = (url, str(one.book), ",".join(map(str, one.accounts)), str(one.longest))
        self._process: subprocess.Popen[str] | None = None
        self._listening: Thread | None = None

    @property
    def reached(self) -> list[int]:
        return [record.next for record in self.records]

    def start(self) -> None:
        plans = [word for record in self.records for word in (record.seed, str(record.first_again))]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writer", *self._arguments, *plans],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._listening = Thread(target=self._listen, daemon=True)
        self._listening.start()

    def await_more(self, reached: Sequence[int]) -> None:
        """Until each of its plans has got further than that."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(now <= before for now, before in zip(self.reached, reached, strict=True)):
            assert self._process is not None
            assert self._process.poll() is None, self._process.stderr and self._process.stderr.read()
            assert time.monotonic() < deadline, f"no further than {self.reached} units in {PATIENCE_SECONDS} seconds"
            time.sleep(0.002)

    def kill(self) -> None:
        """SIGKILL; what it had said until then is heard. It must have been at work: a writer never ends by itself."""
        assert self._process is not None and self._listening is not None
        self._process.send_signal(signal.SIGKILL)
        self._listening.join()  # the one reader of what it says: `communicate` would take lines away from it
        _, complained = self._process.communicate()
        assert self._process.returncode == -signal.SIGKILL, complained

    def put_away(self) -> None:
        """End it, if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def _listen(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        for line in self._process.stdout:
            if not line.endswith("\n"):
                return  # it was killed before it had said so
            plan, number, *entries = line.split()
            record = self.records[int(plan)]
            if number == "!":
                record.waited.add((record.next, entries[0]))
            else:
                record.hear(int(number), tuple(entries))


class Scales:
    """What writers said, weighed against the book."""

    def __init__(self, session: Session, records: Sequence[Record]) -> None:
        self._session = session
        self._book = records[0].book
        self._records = records

    @property
    def account(self) -> str:
        """What was acknowledged, in words."""
        said = [entries for record in self._records for entries in record.acknowledged.values()]
        entries, whole = sum(map(len, said)), sum(map(bool, said))
        return f"{entries} entries acknowledged in {whole} transactions, {said.count(())} refused"

    def weigh_while_they_write(self) -> None:
        """Everything that was acknowledged is there, as it was acknowledged."""
        reached = [record.next for record in self._records]
        written = self._written()
        for record, until in zip(self._records, reached, strict=True):
            for unit in islice(record.plan(), until):
                assert tuple(written[key] for key in unit.keys if key in written) == record.acknowledged[unit.number]
            assert record.contradictions == []

    def weigh(self) -> int:
        """And nothing else is there but whole units that were in flight; the audit is clean. Nobody writes any more."""
        self.weigh_while_they_write()
        written = self._written()
        for record in self._records:
            for unit in islice(record.plan(), record.next):
                for key in unit.keys:
                    written.pop(key, None)
        unsaid = 0
        for record in self._records:
            found = [key for key in record.in_flight.keys if written.pop(key, None)]
            assert found in ([], record.in_flight.keys), "a unit was written in part"
            unsaid += len(found)
        assert all(key.startswith("ledger:expire:") for key in written), "somebody else has written"
        assert audit(self._session, self._book).problems == []
        self._session.rollback()
        return unsaid

    def _written(self) -> dict[str, str]:
        """Every entry of the book by its key, as a writer acknowledges it."""
        entry = table("entry").c
        found = self._session.connection().execute(
            select(entry.key, entry.id, entry.hash).where(entry.book == self._book)
        )
        written = {key: f"{entry_id}:{hash_.hex()}" for key, entry_id, hash_ in found}
        self._session.rollback()
        return written
