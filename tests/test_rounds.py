"""Units of work that reach a SQLite file together: each is told what became of it, and not before it is so."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from ledger import Unreachable
from timebank import rounds
from timebank.connections import Writing
from timebank.database import engine_for, unit_of_work
from timebank.rounds import Rounds

Then = Callable[[Session], object]
SOON = 60
TABLES = (
    "CREATE TABLE said (word TEXT PRIMARY KEY)",
    "CREATE TABLE answer (word TEXT REFERENCES said DEFERRABLE INITIALLY DEFERRED)",
)


class Refused(Exception):
    pass


class Company:
    """Some who write to one file, each in a thread."""

    def __init__(self, url: str) -> None:
        self.engine = engine_for(url)
        self.pool = ThreadPoolExecutor(8)
        with Session(self.engine) as session, unit_of_work(session):
            for table in TABLES:
                session.connection().execute(text(table))

    @property
    def rounds(self) -> Rounds:
        found = Writing.of(self.engine)
        assert isinstance(found, Rounds)
        return found

    def say(self, word: str, then: Then = lambda _: None) -> None:
        """A unit of work."""
        with Session(self.engine) as session, unit_of_work(session):
            session.connection().execute(text("INSERT INTO said VALUES (:word)"), {"word": word})
            then(session)

    def begin(self, word: str) -> tuple[Future[None], "Stop"]:
        """A unit of work that has the turn, and keeps it until it is let go on."""
        stop = Stop()
        begun = self.pool.submit(self.say, word, stop)
        assert stop.reached.wait(SOON)
        return begun, stop

    def queue(self, word: str, then: Then = lambda _: None) -> Future[None]:
        """A unit of work that waits behind the one that goes on."""
        before = len(self.rounds.turns)
        queued = self.pool.submit(self.say, word, then)
        wait_for(lambda: len(self.rounds.turns) > before)
        return queued

    def heard(self) -> set[str]:
        with self.engine.connect() as connection:
            return set(connection.execute(text("SELECT word FROM said")).scalars())


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + SOON
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.001)


def refuse(_: Session) -> None:
    raise Refused


def take_all_back(session: Session) -> None:
    """As SQLite does by itself where it finds no room."""
    session.connection().exec_driver_sql("ROLLBACK")


def take_all_back_and_tell(session: Session) -> None:
    take_all_back(session)
    raise Refused


def answer_nobody(session: Session) -> None:
    """What SQLite notices at the commit only."""
    session.connection().execute(text("INSERT INTO answer VALUES ('a word that nobody said')"))


def end_in_vain(session: Session) -> None:
    """As where somebody still reads what an INSERT returns: the savepoint cannot be released."""
    driver: Any = session.connection().connection.driver_connection
    execute = driver.execute

    def refuse_once(words: str, *values: object) -> object:
        if words == "RELEASE unit":
            del driver.execute
            raise sqlite3.OperationalError("cannot release savepoint - SQL statements in progress")
        return execute(words, *values)

    driver.execute = refuse_once


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(f"sqlite:///{tmp_path}/said.db")
    yield made
    made.pool.shutdown()
    made.engine.dispose()


class Stop:
    """A place in a unit where it waits until it is let go on."""

    def __init__(self) -> None:
        self.reached, self.goes_on = Event(), Event()

    def __call__(self, _: Session) -> None:
        self.reached.set()
        assert self.goes_on.wait(SOON)


def test_who_waits_for_the_same_writer_reaches_the_disk_with_them(company: Company) -> None:
    written: list[str] = []
    [pen] = company.rounds.lying
    pen.connection.driver_connection.set_trace_callback(written.append)  # type: ignore[union-attr]  # it is there
    first, stop = company.begin("a")
    others = [company.queue(word) for word in "bcd"]
    stop.goes_on.set()
    for one in (first, *others):
        one.result(SOON)
    assert company.heard() == set("abcd")
    assert [words for words in written if words in ("BEGIN IMMEDIATE", "COMMIT")] == ["BEGIN IMMEDIATE", "COMMIT"]


def test_nobody_goes_on_before_what_they_wrote_is_on_the_disk(company: Company) -> None:
    first, with_first = company.begin("a")
    with_second = Stop()
    second = company.queue("b", with_second)
    with_first.goes_on.set()
    assert with_second.reached.wait(SOON)
    assert not first.done()
    assert company.heard() == set()
    with_second.goes_on.set()
    first.result(SOON)
    assert company.heard() == {"a", "b"}
    second.result(SOON)


def test_a_refusal_takes_back_what_is_its_own(company: Company) -> None:
    first, stop = company.begin("a")
    second, third = company.queue("b", refuse), company.queue("c")
    stop.goes_on.set()
    for stands in (first, third):
        stands.result(SOON)
    with pytest.raises(Refused):
        second.result(SOON)
    assert company.heard() == {"a", "c"}


def test_a_refusal_for_what_another_wrote_is_told_once_that_is_on_the_disk(company: Company) -> None:
    first, with_first = company.begin("a")
    with_third = Stop()
    second, third = company.queue("b", refuse), company.queue("c", with_third)
    with_first.goes_on.set()
    assert with_third.reached.wait(SOON)
    assert not second.done()
    with_third.goes_on.set()
    with pytest.raises(Refused):
        second.result(SOON)
    assert company.heard() >= {"a"}
    first.result(SOON)
    third.result(SOON)


def lose_together(company: Company, does: Then) -> None:
    """One writes what could stand, and another in the same round does this; both are told."""
    first, stop = company.begin("a")
    second = company.queue("b", does)
    stop.goes_on.set()
    for lost in (first, second):
        with pytest.raises(Unreachable):
            lost.result(SOON)


@pytest.mark.parametrize("does", [take_all_back_and_tell, take_all_back, answer_nobody, end_in_vain])
def test_what_is_lost_with_another_is_told_and_the_next_begins_anew(company: Company, does: Then) -> None:
    lose_together(company, does)
    company.say("c")
    assert company.heard() == {"c"}


def test_a_mistake_that_takes_others_along_stands_in_the_log(
    company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    """Each of them is asked to try again, and so is whoever made it."""
    lose_together(company, answer_nobody)
    assert "FOREIGN KEY constraint failed" in caplog.text


def test_a_refusal_for_what_another_wrote_does_not_outlive_it(company: Company) -> None:
    stop = Stop()
    first = company.pool.submit(company.say, "a", lambda session: (answer_nobody(session), stop(session)))
    assert stop.reached.wait(SOON)
    second = company.queue("b", refuse)
    stop.goes_on.set()
    with pytest.raises(IntegrityError):
        first.result(SOON)
    with pytest.raises(Unreachable):
        second.result(SOON)


def test_a_refusal_that_saw_nothing_of_others_waits_for_nobody(company: Company) -> None:
    with_first, with_second = Stop(), Stop()
    first = company.pool.submit(company.say, "a", lambda session: (with_first(session), refuse(session)))
    assert with_first.reached.wait(SOON)
    second = company.queue("b", with_second)
    with_first.goes_on.set()
    with pytest.raises(Refused):
        first.result(SOON)
    assert not second.done()
    with_second.goes_on.set()
    second.result(SOON)


def test_a_connection_that_is_given_up_lets_go_of_the_file(company: Company) -> None:
    """Also where somebody still reads by it: SQLite keeps what is closed for them, with its transaction."""
    held = []

    def give_up(session: Session) -> None:
        connection = session.connection()
        held.append(connection.exec_driver_sql("SELECT word FROM said UNION ALL SELECT word FROM said").cursor)
        connection.invalidate()
        raise Refused

    with pytest.raises(Refused):
        company.say("a", give_up)
    company.say("b")
    assert company.heard() == {"b"}


def test_a_round_that_was_long_enough_takes_nobody_else_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "PATIENCE", 0)
    company = Company(f"sqlite:///{tmp_path}/said.db")
    first, with_first = company.begin("a")
    with_second = Stop()
    second = company.queue("b", with_second)
    with_first.goes_on.set()
    first.result(SOON)
    assert company.heard() == {"a"}
    with_second.goes_on.set()
    second.result(SOON)
    company.engine.dispose()


def test_who_is_interrupted_while_they_wait_leaves_the_queue(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    first, with_first = company.begin("a")
    with_third = Stop()
    third = company.queue("c", with_third)
    interrupt_the_next(company, monkeypatch, lambda: None)
    assert not with_third.reached.wait(0.05)
    for stop in (with_first, with_third):
        stop.goes_on.set()
    for one in (first, third):
        one.result(SOON)
    assert company.heard() == {"a", "c"}


def test_who_is_interrupted_as_their_turn_comes_brings_the_others_to_the_disk(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, stop = company.begin("a")

    def let_the_first_hand_on() -> None:
        stop.goes_on.set()
        wait_for(lambda: not company.rounds.turns)

    interrupt_the_next(company, monkeypatch, let_the_first_hand_on)
    first.result(SOON)
    company.say("c")
    assert company.heard() == {"a", "c"}


def interrupt_the_next(company: Company, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]) -> None:
    """Whoever asks for a turn now is interrupted as they wait for it."""
    ask = company.rounds.turns.ask

    class Place:
        def __init__(self) -> None:
            self.lock = ask()

        def __eq__(self, other: object) -> bool:
            return other is self.lock

        def __hash__(self) -> int:
            return hash(self.lock)

        def acquire(self) -> None:
            meanwhile()
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(company.rounds.turns, "ask", Place)
        with pytest.raises(KeyboardInterrupt):
            company.say("b")


def test_in_memory_each_thread_writes_to_a_database_of_its_own() -> None:
    company = Company("sqlite://")
    other: list[Future[None]] = []
    company.say("a", lambda _: other.append(company.queue("b")))
    with pytest.raises(OperationalError, match="no such table"):
        other[0].result(SOON)
    assert company.heard() == {"a"}


OUTCOMES: list[Then] = [
    lambda _: None,
    lambda _: None,
    lambda _: None,
    refuse,
    take_all_back_and_tell,
    answer_nobody,
    end_in_vain,
]
WORDS = count()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=6), min_size=2, max_size=6))
def test_what_is_told_to_stand_is_what_stands_whatever_becomes_of_the_others(
    company: Company, plans: list[list[Then]]
) -> None:
    def follow(plan: list[Then]) -> tuple[set[str], set[str]]:
        stands, does_not = set(), set()
        for outcome in plan:
            word = str(next(WORDS))
            try:
                company.say(word, outcome)
                stands.add(word)
            except (Refused, Unreachable, IntegrityError):
                does_not.add(word)
        return stands, does_not

    told = list(company.pool.map(follow, plans))
    heard = company.heard()
    for stands, does_not in told:
        assert stands <= heard
        assert not does_not & heard
    company.say(last := str(next(WORDS)))
    assert last in company.heard()
