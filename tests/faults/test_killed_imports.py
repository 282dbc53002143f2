"""An import is killed at random moments: everything is there or nothing, and sent again it is there once."""

import signal
import subprocess
import sys
import time
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, func, select

import ledger
from tests.cast import Cast
from tests.faults.conftest import Measured
from tests.faults.killing import CHECKOUT
from timebank.exchanges.tables import Exchange, Help, State, Step
from timebank.network.rules import PolicyTerms
from timebank.notices.tables import Notice
from timebank.sheets.tables import EnteredLine, EnteredSheet

KILLS = 5
LINES = 200
HOUR = 3600
PATIENCE_SECONDS = 60


class Import:
    """A process that imports, and may be killed."""

    def __init__(self, url: str, broker: UUID, submission: UUID) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.importer", url, str(broker), str(submission), str(LINES)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def begin(self) -> float:
        """Until it is about to begin; when that was."""
        assert self.process.stdout is not None and self.process.stderr is not None
        assert self.process.stdout.readline() == "ready\n", self.process.stderr.read()
        return time.monotonic()

    def kill(self) -> bool:
        """SIGKILL; whether it had said that it was done."""
        self.process.send_signal(signal.SIGKILL)
        return self._last_words()[0] == "done\n"

    def finish(self) -> None:
        said, complained = self._last_words()
        assert said == "done\n", complained

    def _last_words(self) -> tuple[str, str]:
        """By the reader that heard the first: `communicate` would miss what came along with it."""
        assert self.process.stdout is not None and self.process.stderr is not None
        self.process.wait(timeout=PATIENCE_SECONDS)
        with self.process.stdout as said, self.process.stderr as complained:
            return said.read(), complained.read()


def imported(session: Session) -> int:
    """How many imports are in the database, each of them whole."""
    session.rollback()
    sheets = session.exec(select(func.count()).select_from(EnteredSheet)).one()
    for rows in (EnteredLine, Exchange, Help):
        assert session.exec(select(func.count()).select_from(rows)).one() == sheets * LINES
    assert session.exec(select(func.count()).select_from(Step)).one() == sheets * LINES * 3
    assert session.exec(select(func.count()).where(Exchange.state == State.CREDITED)).one() == sheets * LINES
    assert session.exec(select(func.count()).where(Notice.kind == "credited")).one() >= sheets * LINES
    assert ledger.audit(session, None).problems == []
    return sheets


@pytest.mark.parametrize("terms", [PolicyTerms(floor_seconds=None)])
def test_a_killed_import_is_there_as_a_whole_or_not_at_all_and_sent_again_it_is_there_once(
    database_url: str, cast: Cast, session: Session, drawn: Random, measured: Measured
) -> None:
    broker, submission = cast.bryn.member_id, uuid4()
    session.rollback()
    whole = Import(database_url, broker, submission)
    began = whole.begin()
    whole.finish()
    takes = time.monotonic() - began
    assert imported(session) == 1
    found, kept = 1, 0
    for _ in range(KILLS):
        submission = uuid4()
        killed = Import(database_url, broker, submission)
        killed.begin()
        time.sleep(drawn.uniform(0, takes * 1.1))
        acknowledged = killed.kill()
        now = imported(session)
        assert now in {found, found + 1}
        assert now == found + 1 or not acknowledged, "what was acknowledged is gone"
        kept += now - found
        again = Import(database_url, broker, submission)
        again.begin()
        again.finish()
        found += 1
        assert imported(session) == found
    measured(f"{KILLS} imports of {LINES} lines killed, {kept} of them after their commit")
