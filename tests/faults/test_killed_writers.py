"""Writers, backends and servers are killed at random moments: what was acknowledged stands, once, the rest is whole."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from tests.cluster import Cluster
from tests.databases import SERVING, Databases
from tests.faults.conftest import Measured
from tests.faults.killing import PATIENCE_SECONDS, Record, Scales, Writer
from tests.faults.plan import open_accounts
from timebank.database import engine_for

KILLS = 30
LONGEST_WAIT_SECONDS = 0.25


@pytest.fixture
def plans() -> int:
    return 2


@pytest.fixture
def records(session: Session, drawn: Random, plans: int) -> list[Record]:
    """Plans for one book."""
    book, accounts = open_accounts(session)
    return [Record(book, accounts, f"{number} {drawn.random()}") for number in range(plans)]


@pytest.fixture
def writers(database_url: str, records: list[Record]) -> Iterator[list[Writer]]:
    """A process for each plan, not started yet."""
    with ExitStack() as stack:
        made = [Writer(database_url, [record]) for record in records]
        for writer in made:
            stack.callback(writer.put_away)
        yield made


@pytest.fixture
def owner(databases: Databases, database_url: str) -> Iterator[Engine]:
    made = engine_for(databases.as_owner(database_url))
    yield made
    made.dispose()


@pytest.fixture
def scales(session: Session, records: list[Record]) -> Scales:
    return Scales(session, records)


def test_a_killed_writer_loses_nothing_it_acknowledged_and_leaves_nothing_half_done(
    writers: list[Writer], scales: Scales, drawn: Random, measured: Measured
) -> None:
    unsaid = sum(kill_at_work(writers, scales, drawn) for _ in range(KILLS))
    measured(f"{KILLS * len(writers)} writers killed, {scales.account}, {unsaid} written and not yet acknowledged")


@pytest.mark.parametrize(("engine_name", "plans"), [("sqlite", 8)])
def test_threads_that_reach_the_disk_together_are_killed_together_and_lose_nothing_they_acknowledged(
    database_url: str, records: list[Record], scales: Scales, drawn: Random, measured: Measured
) -> None:
    writer = Writer(database_url, records)
    try:
        unsaid = sum(kill_at_work([writer], scales, drawn) for _ in range(KILLS))
    finally:
        writer.put_away()
    measured(
        f"{KILLS} times {len(records)} threads killed, {scales.account}, {unsaid} written and not yet acknowledged"
    )


def kill_at_work(writers: Sequence[Writer], scales: Scales, drawn: Random) -> int:
    """Let all of them get on with it, and kill them; how many entries they had not acknowledged yet."""
    reached = [writer.reached for writer in writers]
    for writer in writers:
        writer.start()
    for writer, before in zip(writers, reached, strict=True):
        writer.await_more(before)
    time.sleep(drawn.uniform(0, LONGEST_WAIT_SECONDS))
    for writer in writers:
        writer.kill()
    return scales.weigh()


def kill_some_backend(owner: Engine, drawn: Random, _: Cluster) -> None:
    """SIGKILL for one connection's process: the server ends all others too, and recovers."""
    with owner.connect() as connection:
        asked = text("SELECT pid FROM pg_stat_activity WHERE usename = :role AND application_name = ''")
        pids = connection.execute(asked, {"role": SERVING}).scalars().all()
    owner.dispose()
    os.kill(drawn.choice(sorted(pids)), signal.SIGKILL)
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        time.sleep(0.002)
    await_recovery(owner)


def await_recovery(owner: Engine) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with owner.connect() as connection:
                connection.execute(text("SELECT 1"))
                return
        except OperationalError:
            assert time.monotonic() < deadline, "the server does not recover"
            time.sleep(0.02)


def pull_the_plug(owner: Engine, _: Random, cluster: Cluster) -> None:
    """The whole server stops without tidying up, and is started again."""
    owner.dispose()
    cluster.stop("immediate")
    cluster.start()


@pytest.mark.parametrize("kill", [kill_some_backend, pull_the_plug])
@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_writers_outlive_their_server_and_go_on_with_the_same_keys(
    kill: Callable[[Engine, Random, Cluster], None],
    cluster: Cluster,
    owner: Engine,
    records: list[Record],
    writers: list[Writer],
    scales: Scales,
    drawn: Random,
    measured: Measured,
) -> None:
    for writer in writers:
        writer.start()
    for _ in range(KILLS):
        reached = [writer.reached for writer in writers]
        for writer, before in zip(writers, reached, strict=True):
            writer.await_more(before)
        time.sleep(drawn.uniform(0, LONGEST_WAIT_SECONDS))
        kill(owner, drawn, cluster)
        scales.weigh_while_they_write()
    reached = [writer.reached for writer in writers]
    for writer, before in zip(writers, reached, strict=True):
        writer.await_more(before)
        writer.kill()
    scales.weigh()
    interrupted = sum(why == "Unreachable" for record in records for _, why in record.waited)
    assert interrupted >= KILLS // 2
    measured(f"{KILLS} kills, {scales.account}, writers were interrupted {interrupted} times")
