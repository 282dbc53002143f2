"""Writers, backends and servers are killed at random moments: what was acknowledged stands, once, the rest is whole."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from tests.cluster import Cluster
from tests.databases import SERVING, Databases
from tests.faults.conftest import Measured
from tests.faults.killing import PATIENCE_SECONDS, Scales, Writer
from tests.faults.plan import open_accounts
from timebank.database import engine_for

KILLS = 30
LONGEST_WAIT_SECONDS = 0.25


@pytest.fixture
def writers(database_url: str, session: Session, drawn: Random) -> Iterator[list[Writer]]:
    """Two that write to one book, not started yet."""
    book, accounts = open_accounts(session)
    made = [Writer(database_url, book, accounts, f"{name} {drawn.random()}") for name in ("one", "two")]
    yield made
    for writer in made:
        writer.put_away()


@pytest.fixture
def owner(databases: Databases, database_url: str) -> Iterator[Engine]:
    made = engine_for(databases.as_owner(database_url))
    yield made
    made.dispose()


@pytest.fixture
def scales(session: Session, writers: list[Writer]) -> Scales:
    return Scales(session, writers)


def test_a_killed_writer_loses_nothing_it_acknowledged_and_leaves_nothing_half_done(
    writers: list[Writer], scales: Scales, drawn: Random, measured: Measured
) -> None:
    unsaid = 0
    for _ in range(KILLS):
        reached = [writer.next for writer in writers]
        for writer in writers:
            writer.start()
        for writer, before in zip(writers, reached, strict=True):
            writer.await_more(before)
        time.sleep(drawn.uniform(0, LONGEST_WAIT_SECONDS))
        for writer in writers:
            writer.kill()
        unsaid += scales.weigh()
    measured(f"{KILLS * len(writers)} writers killed, {scales.account}, {unsaid} written and not yet acknowledged")


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
    writers: list[Writer],
    scales: Scales,
    drawn: Random,
    measured: Measured,
) -> None:
    for writer in writers:
        writer.start()
    for _ in range(KILLS):
        reached = [writer.next for writer in writers]
        for writer, before in zip(writers, reached, strict=True):
            writer.await_more(before)
        time.sleep(drawn.uniform(0, LONGEST_WAIT_SECONDS))
        kill(owner, drawn, cluster)
        scales.weigh_while_they_write()
    reached = [writer.next for writer in writers]
    for writer, before in zip(writers, reached, strict=True):
        writer.await_more(before)
        writer.kill()
    scales.weigh()
    interrupted = sum(why == "Unreachable" for writer in writers for _, why in writer.waited)
    assert interrupted >= KILLS // 2
    measured(f"{KILLS} kills, {scales.account}, writers were interrupted {interrupted} times")
