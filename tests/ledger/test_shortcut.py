"""The short way and the whole way lead to the same rows and the same refusals, step by step."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlmodel import Session

from ledger import (
    AccountKind,
    Book,
    Entry,
    LedgerError,
    Post,
    Posting,
    audit,
    create_book,
    open_mirrors,
    shortcut,
    writing,
)
from ledger.request import check, posting
from tests.databases import Databases
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast
from tests.ledger.forging import table
from timebank.database import engine_for

NAMES = ("ana", "ben", "pot", "issuing", "mirror", "elsewhere", "nobody")
NOT_THE_SAME = {"id", "hash", "previous_hash", "book", "entry", "request_digest", "memo_digest", "salt"}
"""Columns that hold something drawn, or what follows from it; that these are right is the audit's to say."""


@dataclass
class Twin:
    """A book in which every post takes one of the ways."""

    session: Session
    is_short: bool
    book: Book = field(init=False)
    accounts: dict[str, UUID] = field(init=False)

    def __post_init__(self) -> None:
        self.book, other = (Book(self.session, create_book(self.session, at=MORNING)) for _ in range(2))
        limits = {"ana": (-3 * HOUR, 3 * HOUR), "ben": (-2 * HOUR, None), "pot": (0, None), "issuing": (None, None)}
        self.accounts = {
            name: self.book.open_account(AccountKind.MEMBER, floor=floor, ceiling=ceiling, at=MORNING)
            for name, (floor, ceiling) in limits.items()
        }
        terms: dict[str, Any] = {"floor": None, "ceiling": None, "at": MORNING, "by": None}
        self.accounts["mirror"] = open_mirrors(self.session, self.book.id, other.id, **terms)[0]
        self.accounts["elsewhere"] = other.open_account(AccountKind.MEMBER, at=MORNING)
        self.accounts["nobody"] = uuid5(self.book.id, "nobody")

    def post(self, step: dict[str, Any]) -> Any:
        legs = [Posting(self.accounts[name], seconds) for name, seconds in step["legs"]]
        words = {name: word for name, word in step.items() if name not in {"legs", "at"}}
        connection = self.session.connection()
        try:
            request = posting(self.book.id, Post(legs, **words), step["at"])
            check(request)
            if self.is_short:
                return self.told(writing.write(connection, request))
            return self.told(writing.write_all(connection, [request])[0])
        except LedgerError as refusal:
            said = {name: self.told(value) for name, value in vars(refusal).items() if name != "book"}
            return type(refusal).__name__, said

    def hold(self, seconds: int, expires_at: Any, key: str) -> None:
        payer, payee = self.accounts["ana"], self.accounts["ben"]
        words: dict[str, Any] = {"purpose": "service", "effective_on": TODAY, "at": MORNING}
        try:
            self.book.hold(payer=payer, payee=payee, seconds=seconds, key=key, expires_at=expires_at, **words)
        except LedgerError:
            return

    def told(self, word: Any) -> Any:
        """Without what was drawn, and accounts by their names."""
        match word:
            case Entry():
                legs = [(self.told(leg.account), leg.seconds, leg.out, leg.in_) for leg in word.postings]
                moment = word.recorded_at.tzinfo, word.recorded_at
                return word.number, word.kind, word.purpose, word.effective_on, moment, word.recorded_by, word.key, legs
            case UUID():
                return next((name for name, account in self.accounts.items() if account == word), "drawn")
            case str():
                return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", lambda found: self.told(UUID(found[0])), word)
        return word

    def rows(self) -> list[tuple[str, dict[str, Any]]]:
        """What stands in the book, without what was drawn."""
        found: list[tuple[str, dict[str, Any]]] = []
        for name in ("entry", "posting", "balance", "head"):
            of = table(name)
            columns = [column for column in of.columns if column.name not in NOT_THE_SAME]
            rows = self.session.connection().execute(select(*columns).where(of.c.book == self.book.id)).mappings()
            found += [(name, {key: self.told(value) for key, value in row.items()}) for row in rows]
        return sorted(found, key=repr)


legs = st.lists(
    st.tuples(st.sampled_from(NAMES[:4] * 3 + NAMES), st.sampled_from([60, HOUR, 2 * HOUR])),
    min_size=1,
    max_size=3,
    unique_by=itemgetter(0),
)
posts = st.fixed_dictionaries(
    {
        "legs": legs.map(
            lambda legs: [*legs, ("issuing" if legs[0][0] != "issuing" else "pot", -sum(leg[1] for leg in legs))]
        ),
        "key": st.sampled_from([f"key {number}" for number in range(30)]),
        "purpose": st.sampled_from(["service", "grant \\ ŷ", "x" * 60]),
        "effective_on": st.sampled_from([TODAY, TODAY - timedelta(days=40), TODAY + timedelta(days=3)]),
        "at": st.sampled_from([MORNING, MORNING - timedelta(hours=2), MORNING + timedelta(days=1, microseconds=7)]),
        "by": st.sampled_from([None, UUID(int=7)]),
        "on_behalf_of": st.sampled_from([None, UUID(int=8)]),
        "memo": st.sampled_from([None, None, "hedges", "ŷ \\x00 \n"]),
    }
)
holds = st.tuples(st.sampled_from([60, HOUR]), st.sampled_from([None, MORNING, MORNING + timedelta(hours=3)]))
steps = st.lists(st.one_of(posts, posts, posts, holds, st.just("close")), max_size=25)


@pytest.fixture(scope="module")
def sessions() -> Iterator[dict[str, Session]]:
    opened: dict[str, Session] = {}
    yield opened
    for session in opened.values():
        session.close()
        session.get_bind().engine.dispose()


@pytest.fixture
def shared(sessions: dict[str, Session], databases: Databases, engine_name: str) -> Session:
    """One database on each engine for all examples: each has new books."""
    if engine_name not in sessions:
        sessions[engine_name] = Session(engine_for(databases.fresh(engine_name)))
    return sessions[engine_name]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_both_ways_lead_to_the_same(shared: Session, steps: list[Any]) -> None:
    short, whole = Twin(shared, is_short=True), Twin(shared, is_short=False)
    for place, step in enumerate(steps):
        if step == "close":
            for twin in (short, whole):
                if twin.book.head().number and twin.book.first_open_day() is None:
                    twin.book.close_period(until=TODAY - timedelta(days=1), at=MORNING, by=None)
        elif isinstance(step, tuple):
            for twin in (short, whole):
                twin.hold(*step, key=f"hold {place}")
        else:
            assert short.post(step) == whole.post(step), step
    shared.commit()
    assert short.rows() == whole.rows()
    assert [audit(shared, twin.book.id).problems for twin in (short, whole)] == [[], []]
    shared.rollback()


def test_a_plain_entry_takes_the_short_way(cast: Cast) -> None:
    request = posting(cast.book.id, Post(legs_of(cast), "one", "service", TODAY), MORNING)
    first = shortcut.post(cast.session.connection(), request)
    assert first == cast.book.find("one")
    assert shortcut.post(cast.session.connection(), request) is None


def test_the_short_way_is_one_statement_and_on_sqlite_a_question_before_it(cast: Cast) -> None:
    heard: list[str] = []
    connection = cast.session.connection()
    event.listen(connection, "before_cursor_execute", lambda _c, _cursor, words, *_: heard.append(words))
    cast.give(cast.ana, cast.ben, memo="hedges")
    assert len(heard) == (1 if connection.dialect.name == "postgresql" else 2)


def test_what_the_guards_refuse_leaves_no_trace_on_the_short_way(cast: Cast) -> None:
    request = posting(cast.book.id, Post(legs_of(cast, 11 * HOUR), "one", "service", TODAY), MORNING)
    assert shortcut.post(cast.session.connection(), request) is None
    assert cast.book.find("one") is None
    assert cast.book.head().number == 0
    cast.session.commit()
    assert audit(cast.session).problems == []


def legs_of(cast: Cast, seconds: int = HOUR) -> list[Posting]:
    return [Posting(cast.ana, seconds), Posting(cast.ben, -seconds)]
