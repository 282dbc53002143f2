"""Many at once: nobody overspends, nothing is lost, and every snapshot sums to zero."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, func, select
from sqlmodel import Session

from ledger import AccountKind, Book, Busy, HoldFinished, LedgerError, LimitExceeded, Posting, audit
from tests.databases import Databases
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast, open_cast
from tests.ledger.forging import table
from timebank.database import engine_for, unit_of_work


def test_eight_who_spend_from_one_account_at_once_never_pass_its_floor(cast: Cast, engine: Engine) -> None:
    book, ana, pot = cast.book.id, cast.ana, cast.pot
    cast.limit(pot)
    cast.session.commit()
    done = Event()

    def spend(who: int) -> list[bool]:
        return [_spend(engine, book, pot, ana, f"{who}/{turn}") for turn in range(5)]

    def watch() -> set[int]:
        sums = set()
        while not done.is_set():
            with Session(engine) as session:
                sums.add(int(session.connection().execute(select(func.sum(table("balance").c.posted))).scalar_one()))
        return sums

    with ThreadPoolExecutor(9) as pool:
        watching = pool.submit(watch)
        spent = [went for who in pool.map(spend, range(8)) for went in who]
        done.set()
        assert watching.result() <= {0}

    assert sum(spent) == 10
    assert cast.book.balance(ana).posted == -10 * HOUR
    report = audit(cast.session, book)
    assert (report.entries, report.problems) == (10, [])


def _spend(engine: Engine, book: UUID, giver: UUID, receiver: UUID, key: str) -> bool:
    postings = [Posting(giver, HOUR), Posting(receiver, -HOUR)]
    with Session(engine) as session:
        try:
            with unit_of_work(session):
                Book(session, book).post(postings, key=key, purpose="service", effective_on=TODAY, at=MORNING)
        except LimitExceeded:
            return False
    return True


def test_two_who_settle_one_hold_at_once_settle_it_once(cast: Cast, engine: Engine) -> None:
    holds = [cast.hold(cast.ana, cast.ben) for _ in range(5)]
    cast.session.commit()

    def settle(key: str) -> list[bool]:
        done = []
        for hold in holds:
            with Session(engine) as session:
                try:
                    with unit_of_work(session):
                        Book(session, cast.book.id).settle(
                            hold.id, HOUR, key=f"{key} {hold.id}", purpose="service", effective_on=TODAY, at=MORNING
                        )
                    done.append(True)
                except HoldFinished:
                    done.append(False)
        return done

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(settle, ["one", "other"])
    assert [a + b for a, b in zip(one, other, strict=True)] == [1] * 5
    assert cast.book.balance(cast.ben).posted == 5 * HOUR


def test_two_who_post_both_ways_across_many_entries_both_come_through(cast: Cast, engine: Engine) -> None:
    """Whoever has written one entry is alone in the book, so that nobody meets them half way with their next."""
    book = cast.book.id

    def post(first: UUID, then: UUID, name: str) -> int:
        came_through = 0
        for turn in range(5):
            with Session(engine) as session, unit_of_work(session):
                for step, (giver, receiver) in enumerate(((first, then), (then, first))):
                    Book(session, book).post(
                        [Posting(giver, 60), Posting(receiver, -60)],
                        key=f"{name} {turn} {step}",
                        purpose="service",
                        effective_on=TODAY,
                        at=MORNING,
                    )
            came_through += 2
        return came_through

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(post, cast.ana, cast.ben, "one")
        other = pool.submit(post, cast.ben, cast.ana, "other")
        wrote = one.result() + other.result()
    report = audit(cast.session, book)
    assert (report.entries, report.problems) == (wrote, []) == (20, [])


def test_who_comes_second_waits_until_all_entries_of_the_first_stand(cast: Cast, engine: Engine) -> None:
    """The first wants accounts in the end with which the second would begin; nobody has to step back."""
    book, heard = cast.book, []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, words, *_: heard.append(words))
    cy, dee = (book.open_account(AccountKind.MEMBER, at=MORNING) for _ in range(2))
    cast.session.commit()
    has_head = Event()

    def post(session: Session, giver: UUID, receiver: UUID, key: str) -> None:
        postings = [Posting(giver, 60), Posting(receiver, -60)]
        Book(session, book.id).post(postings, key=key, purpose="service", effective_on=TODAY, at=MORNING)

    def first() -> None:
        with Session(engine) as session, unit_of_work(session):
            post(session, cast.ana, cast.ben, "first 1")
            has_head.set()
            sleep(0.3)
            post(session, cy, dee, "first 2")

    def second() -> None:
        has_head.wait()
        with Session(engine) as session, unit_of_work(session):
            post(session, cy, dee, "second 1")
            post(session, cast.ana, cast.ben, "second 2")

    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(first), pool.submit(second)):
            done.result()
    assert not [words for words in heard if words.startswith("ROLLBACK")]
    assert audit(cast.session, book.id).entries == 4
    assert book.balance(dee).posted == -120


def test_who_writes_to_two_books_one_by_one_and_meets_another_half_way_is_told_that_it_is_busy(
    cast: Cast, engine: Engine, databases: Databases, database_url: str
) -> None:
    """Nobody does so here: a transfer between two books takes both heads at once, in their order."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    other = open_cast(cast.session)
    cast.session.commit()
    owner = engine_for(databases.as_owner(database_url))
    with owner.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {engine.url.database} SET deadlock_timeout = '10ms'")
    for each in (owner, engine):
        each.dispose()
    together = Barrier(2)

    def post(first: Cast, then: Cast) -> bool:
        try:
            with Session(engine) as session, unit_of_work(session):
                for turn, (book, ana, ben) in enumerate((one.book.id, one.ana, one.ben) for one in (first, then)):
                    postings = [Posting(ana, HOUR), Posting(ben, -HOUR)]
                    Book(session, book).post(
                        postings, key=f"{first.ana}", purpose="service", effective_on=TODAY, at=MORNING
                    )
                    if turn == 0:
                        together.wait()
        except Busy:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        came_through = list(pool.map(post, (cast, other), (other, cast)))
    assert sorted(came_through) == [False, True]
    assert [one.book.head().number for one in (cast, other)] == [1, 1]


def test_limits_and_accounts_that_come_while_hours_move_are_in_nobodys_way(cast: Cast, engine: Engine) -> None:
    """On either way of writing: the second entry of each turn reverses the first."""
    book = cast.book.id
    cast.session.commit()

    def move(who: int) -> None:
        for turn in range(10):
            with Session(engine) as session, unit_of_work(session):
                words = {"effective_on": TODAY, "at": MORNING}
                postings = [Posting(cast.ana, HOUR), Posting(cast.ben, -HOUR)]
                first = Book(session, book).post(postings, key=f"{who} {turn}", purpose="service", **words)  # type: ignore[arg-type]
                Book(session, book).reverse(first.id, key=f"{who} {turn} back", **words)  # type: ignore[arg-type]

    def limit(_: int) -> None:
        for turn in range(10):
            with Session(engine) as session, unit_of_work(session):
                own = Book(session, book)
                new = own.open_account(AccountKind.MEMBER, at=MORNING)
                own.set_limits_of(
                    [cast.ben, new, cast.ana], floor=-(turn + 9) * HOUR, ceiling=None, at=MORNING, by=None
                )

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, who) for who, work in enumerate((move, limit, move, limit))]:
            done.result()
    report = audit(cast.session, book)
    assert (report.entries, report.problems) == (40, [])
    assert cast.book.range_of(cast.ana)[0] == -18 * HOUR


def test_a_transaction_that_read_before_another_wrote_is_told_that_it_is_busy(cast: Cast, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL waits")
    cast.book.balance(cast.ana)
    with Session(engine) as other, unit_of_work(other):
        postings = [Posting(cast.ana, HOUR), Posting(cast.ben, -HOUR)]
        Book(other, cast.book.id).post(postings, key="other", purpose="service", effective_on=TODAY, at=MORNING)
    with pytest.raises(Busy) as caught:
        cast.give(cast.ana, cast.ben)
    assert isinstance(caught.value, LedgerError)
    cast.session.rollback()
    assert cast.give(cast.ana, cast.ben).number == 2
