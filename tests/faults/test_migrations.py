"""Every revision above the ledger's, down and up again, under fifty thousand entries: the head does not move."""

from itertools import islice
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from ledger import AccountKind, AuditReport, Book, Post, Posting, audit, create_book
from tests.faults.conftest import Measured
from tests.ledger.conftest import MORNING, TODAY
from tests.test_migrations import REVISIONS, stored_schema
from timebank.database import unit_of_work
from timebank.schema import downgrade, upgrade

pytestmark = pytest.mark.owner

ENTRIES = 50_000
AT_ONCE = 1_000
MEMBERS = 100


def fill(session: Session, drawn: Random) -> None:
    with unit_of_work(session):
        book = Book(session, create_book(session, at=MORNING))
        members = [book.open_account(AccountKind.MEMBER, at=MORNING) for _ in range(MEMBERS)]
    numbers = iter(range(ENTRIES))
    while some := list(islice(numbers, AT_ONCE)):
        with unit_of_work(session):
            book.post_many([help_given(drawn, members, number) for number in some], at=MORNING)


def help_given(drawn: Random, members: list[UUID], number: int) -> Post:
    giver, receiver = drawn.sample(members, 2)
    seconds = 900 * drawn.randint(1, 12)
    legs = (Posting(giver, seconds), Posting(receiver, -seconds))
    return Post(legs, key=f"help {number}", purpose="service", effective_on=TODAY)


def proved(engine: Engine) -> AuditReport:
    with Session(engine) as session:
        return audit(session)


def test_every_revision_goes_down_and_up_under_a_full_book(engine: Engine, drawn: Random, measured: Measured) -> None:
    with Session(engine) as session:
        fill(session, drawn)
    before = proved(engine)
    assert (before.entries, before.problems) == (ENTRIES, [])
    with engine.connect() as connection:
        whole = stored_schema(connection)
    for revision in REVISIONS[-2::-1]:
        downgrade(engine, revision)
        assert proved(engine) == before, f"down to {revision}"
    for revision in REVISIONS[1:]:
        upgrade(engine, revision)
        assert proved(engine) == before, f"up to {revision}"
    with engine.connect() as connection:
        assert stored_schema(connection) == whole
    measured(f"{ENTRIES} entries, head {before.head_hash.hex()[:16]} before and after {len(REVISIONS) - 1} revisions")
