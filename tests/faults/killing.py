"""Writers as the test sees them that kills them: what each has acknowledged, and what must be true of the book then."""

import signal
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from threading import Thread
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from ledger import Book, audit
from tests.faults.plan import Unit, units
from tests.ledger.forging import table

CHECKOUT = Path(__file__).parent.parent.parent
PATIENCE_SECONDS = 60
TRIED_AGAIN = 2
"""So many units that were acknowledged a new writer carries out once more: their keys lead to the same entries."""

Said = tuple[str, ...]


class Writer:
    """A process that follows one plan. It can be killed; the next one goes on where it had got to."""

    def __init__(self, url: str, book: UUID, accounts: list[UUID], seed: str) -> None:
        self.book = book
        self.arguments = (url, str(book), ",".join(str(account) for account in accounts), seed)
        self.seed = seed
        self.acknowledged: dict[int, Said] = {}
        self.waited: set[tuple[int, str]] = set()
        self.contradictions: list[tuple[int, Said, Said]] = []
        self._process: subprocess.Popen[str] | None = None
        self._listening: Thread | None = None

    @property
    def next(self) -> int:
        """The number of the first unit that was not acknowledged."""
        return len(self.acknowledged)

    @property
    def in_flight(self) -> Unit:
        """What it may have been writing when it was killed."""
        return next(islice(units(self.seed), self.next, None))

    def start(self) -> None:
        first = self.next
        while first > max(0, self.next - TRIED_AGAIN) and self.acknowledged[first - 1]:
            first -= 1
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writer", *self.arguments, str(first)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._listening = Thread(target=self._listen, daemon=True)
        self._listening.start()

    def await_more(self, than: int) -> None:
        """Until it has acknowledged more units than so many."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.next <= than:
            assert self._process is not None
            assert self._process.poll() is None, self._process.stderr and self._process.stderr.read()
            assert time.monotonic() < deadline, f"no more than {self.next} units in {PATIENCE_SECONDS} seconds"
            time.sleep(0.002)

    def kill(self) -> None:
        """SIGKILL; what it had said until then is heard. It must have been at work: a writer never ends by itself."""
        assert self._process is not None and self._listening is not None
        self._process.send_signal(signal.SIGKILL)
        _, complained = self._process.communicate()
        self._listening.join()
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
            number, *entries = line.split()
            if number == "!":
                self.waited.add((self.next, entries[0]))
            elif (before := self.acknowledged.setdefault(int(number), tuple(entries))) != tuple(entries):
                self.contradictions.append((int(number), before, tuple(entries)))


class Scales:
    """What the writers said, weighed against the book."""

    def __init__(self, session: Session, writers: list[Writer]) -> None:
        self._session = session
        self._book = Book(session, writers[0].book)
        self._writers = writers
        self._weighed = [0 for _ in writers]

    @property
    def account(self) -> str:
        """What was acknowledged, in words."""
        said = [entries for writer in self._writers for entries in writer.acknowledged.values()]
        entries, units = sum(map(len, said)), sum(map(bool, said))
        return f"{entries} entries acknowledged in {units} transactions, {said.count(())} refused"

    def weigh_what_is_new(self) -> None:
        """Everything acknowledged since the last time is there, as it was acknowledged. Others may go on writing."""
        for place, writer in enumerate(self._writers):
            until = writer.next
            for unit in islice(units(writer.seed), self._weighed[place], until):
                assert self._written(unit) == writer.acknowledged[unit.number], unit
            self._weighed[place] = until
            assert writer.contradictions == []
        self._session.rollback()

    def weigh_all(self) -> int:
        """Nothing else is there but whole units that were in flight; the audit is clean. Nobody writes meanwhile."""
        self.weigh_what_is_new()
        known = sum(len(entries) for writer in self._writers for entries in writer.acknowledged.values())
        unsaid = 0
        for writer in self._writers:
            written = self._written(writer.in_flight)
            assert len(written) in {0, len(writer.in_flight.steps)}, "a unit was written in part"
            unsaid += len(written)
        report = audit(self._session, self._book.id)
        assert (report.entries, report.problems) == (known + unsaid + self._expired(), [])
        self._session.rollback()
        return unsaid

    def _expired(self) -> int:
        """Entries that nobody asked for by a key of their own."""
        expired = select(func.count()).where(table("entry").c.book == self._book.id, table("entry").c.kind == "expire")
        return self._session.connection().execute(expired).scalar_one()

    def _written(self, unit: Unit) -> Said:
        found = [self._book.find(key) for key in unit.keys]
        return tuple(f"{entry.id}:{entry.hash.hex()}" for entry in found if entry)
