"""The unit of work, when the connection is lost in the midst of it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from ledger import Unreachable
from tests.databases import Databases, postgresql_for_tests
from timebank import connections
from timebank.database import engine_for, unit_of_work
from timebank.errors import RuleBroken


@pytest.fixture
def engine_name() -> str:
    """A file cannot hang up. What concerns both engines stands in `ledger/test_pens.py`."""
    if postgresql_for_tests.url is None:
        pytest.skip("no PostgreSQL")
    return "postgresql"


@pytest.fixture
def owner(databases: Databases, database_url: str) -> Iterator[Engine]:
    made = engine_for(databases.as_owner(database_url))
    yield made
    made.dispose()


def hang_up(session: Session, owner: Engine) -> None:
    """End the session's own backend, as a crash of the server would."""
    pid = session.connection().scalar(text("SELECT pg_backend_pid()"))
    with owner.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def is_usable(session: Session) -> bool:
    with unit_of_work(session):
        return bool(session.connection().scalar(text("SELECT 1")))


def test_a_connection_lost_before_the_commit_is_told_in_the_ledgers_words(session: Session, owner: Engine) -> None:
    with pytest.raises(Unreachable), unit_of_work(session):
        hang_up(session, owner)
    assert is_usable(session)


def test_a_refusal_stays_a_refusal_when_the_connection_is_lost_as_it_is_taken_back(
    session: Session, owner: Engine
) -> None:
    with pytest.raises(RuleBroken), unit_of_work(session):  # noqa: PT012 - in this order
        hang_up(session, owner)
        raise RuleBroken
    assert is_usable(session)


def test_what_was_read_over_a_connection_that_is_lost_does_not_stand_in_the_way(
    session: Session, owner: Engine
) -> None:
    hang_up(session, owner)
    assert is_usable(session)


def test_a_server_that_is_not_there_is_told_in_the_ledgers_words(tmp_path: Path) -> None:
    nowhere = engine_for(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    with pytest.raises(Unreachable), Session(nowhere) as session, unit_of_work(session):
        pass


@pytest.mark.parametrize("idle", [0, 3600])
def test_a_connection_that_was_hung_up_while_nobody_had_it_is_made_anew(
    session: Session, owner: Engine, monkeypatch: pytest.MonkeyPatch, idle: int
) -> None:
    monkeypatch.setattr(connections, "IDLE", idle)
    pid = session.connection().scalar(text("SELECT pg_backend_pid()"))
    session.rollback()
    with owner.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    assert is_usable(session)


@pytest.mark.parametrize("idle", [0, 3600])
def test_a_pen_that_was_hung_up_as_it_lay_there_is_not_written_with(
    session: Session, owner: Engine, monkeypatch: pytest.MonkeyPatch, idle: int
) -> None:
    monkeypatch.setattr(connections, "IDLE", idle)
    with unit_of_work(session):
        pid = session.connection().scalar(text("SELECT pg_backend_pid()"))
    with owner.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    assert is_usable(session)


def test_whoever_writes_next_takes_the_same_pen_and_what_is_read_goes_by_another(session: Session) -> None:
    pids = []
    for _ in range(2):
        with unit_of_work(session):
            pids.append(session.connection().scalar(text("SELECT pg_backend_pid()")))
    pids.append(session.connection().scalar(text("SELECT pg_backend_pid()")))
    assert pids[0] == pids[1] != pids[2]


def test_many_who_write_at_once_leave_two_pens_and_a_pool_for_those_who_read(session: Session) -> None:
    engine = session.get_bind().engine
    with ExitStack() as writing:
        for _ in range(5):
            writing.enter_context(unit_of_work(writing.enter_context(Session(engine)))).connection()
    assert engine.pool.checkedout() == connections.KEPT  # type: ignore[attr-defined]  # a QueuePool
