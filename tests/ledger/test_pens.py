"""A pen that is laid down has nothing left of the unit of work before, however that ended."""

from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlmodel import Session

from ledger import Book, Posting
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast
from tests.ledger.forging import table
from timebank.database import unit_of_work


@pytest.fixture(autouse=True)
def stands(cast: Cast) -> None:
    """Others see the book."""
    cast.session.commit()


def give(session: Session, cast: Cast, key: str) -> UUID:
    postings = [Posting(cast.ana, HOUR), Posting(cast.ben, -HOUR)]
    return Book(session, cast.book.id).post(postings, key=key, purpose="service", effective_on=TODAY, at=MORNING).id


def test_a_commit_that_fails_leaves_nothing_open(cast: Cast, engine: Engine) -> None:
    """A key that leads to no entry is told at the commit only: SQLite is then still in the transaction."""
    row = {"book": cast.book.id, "key": "alone", "entry": cast.bea}
    for _ in range(3):
        with pytest.raises(IntegrityError), Session(engine) as session, unit_of_work(session):
            session.connection().execute(table("key").insert(), row)
    with Session(engine) as session, unit_of_work(session):
        give(session, cast, "one")
    cast.session.rollback()
    assert cast.book.find("alone") is None
    assert cast.book.head().number == 1


def test_a_refusal_leaves_nothing_open(cast: Cast, engine: Engine) -> None:
    with pytest.raises(KeyboardInterrupt), Session(engine) as session, unit_of_work(session):  # noqa: PT012 - in this order
        give(session, cast, "one")
        raise KeyboardInterrupt
    with Session(engine) as session, unit_of_work(session):
        give(session, cast, "two")
    assert cast.book.find("one") is None
    assert cast.book.head().number == 1


def test_a_session_that_rolls_back_by_itself_ends_the_unit_and_nothing_after_it_stands(
    cast: Cast, engine: Engine
) -> None:
    with (  # noqa: PT012 - in this order
        pytest.raises(InvalidRequestError, match="by raising"),
        Session(engine) as session,
        unit_of_work(session),
    ):
        give(session, cast, "one")
        session.connection()
        session.rollback()
        give(session, cast, "two")
    assert cast.book.head().number == 0


def test_a_book_keeps_to_the_savepoint_of_its_session(cast: Cast, engine: Engine) -> None:
    """SQLAlchemy begins a savepoint when the session is next asked for its connection."""
    with Session(engine) as session, unit_of_work(session):
        trial = session.begin_nested()
        give(session, cast, "in the savepoint")
        trial.rollback()
        give(session, cast, "after it")
    assert cast.book.find("in the savepoint") is None
    assert cast.book.head().number == 1


def test_who_disposes_of_an_engine_disposes_of_its_pens(cast: Cast, engine: Engine) -> None:
    with Session(engine) as session, unit_of_work(session):
        give(session, cast, "one")
        engine.dispose()
    with Session(engine) as session, unit_of_work(session):
        give(session, cast, "two")
        assert session.connection().scalar(text("SELECT 1")) == 1
    assert cast.book.head().number == 2
