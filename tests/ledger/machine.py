"""How whatever is asked of the model is asked of two books on SQLite and on PostgreSQL, and what must agree."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeAlias
from uuid import UUID

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.conftest import ENGINES
from tests.databases import Databases, postgresql_for_tests
from tests.ledger.conftest import HOUR, MORNING
from tests.ledger.lockstep import BOOKS, RealBooks
from tests.ledger.model import Model
from tests.ledger.wishes import Leg, Line, Name, RefusedWish, Wish

BEA, BRYN = UUID(int=1), UUID(int=2)
MOST_ACCOUNTS = 10
Pair: TypeAlias = tuple[int, int]

place = st.sampled_from([0] * 4 + [1])
"""Which book: sooner the first."""
who = st.sampled_from([0, 2, 4] * 5 + [6, 8, 1])
"""Few, so that they meet: three members; then a mirror, somebody who may not be there, and one of the other book."""
pair = st.sampled_from([(0, 2), (2, 0), (2, 4), (4, 2), (4, 0), (0, 4)] * 4 + [(2, 2), (6, 0), (2, 6), (8, 0), (0, 1)])
entry = st.integers(0, 15)
seconds = st.sampled_from([60, HOUR, 2 * HOUR, 5 * HOUR, 7 * HOUR + 1] * 3 + [0, -HOUR, 10**12 + 1])
limits = st.fixed_dictionaries({
    "floor": st.sampled_from([None, -10 * HOUR, -2 * HOUR, 0]),
    "ceiling": st.sampled_from([None, 10 * HOUR, 2 * HOUR, -HOUR]),
})  # fmt: skip
legs = st.lists(st.tuples(who, st.integers(1, 3 * HOUR)), max_size=5)
lines = st.lists(st.tuples(pair, seconds, st.integers(0, 9)), min_size=1, max_size=4)
words = st.fixed_dictionaries({
    "is_old_key": st.integers(0, 9).map(lambda one: one == 9),
    "by": st.sampled_from([None, BEA]),
    "memo": st.sampled_from([None, None, "hedges"]),
    "back": st.sampled_from([0, 0, 0, 1, 2, 3]),
})  # fmt: skip


class Machine(RuleBasedStateMachine):
    """The model and the real books, and what was granted so far."""

    def __init__(self, databases: Databases) -> None:
        super().__init__()
        engines = ENGINES if postgresql_for_tests.url else ("sqlite",)
        self.model = Model(MORNING)
        self.real = [RealBooks(databases, name) for name in engines]
        self.granted: list[Wish] = []
        self.steps = count()
        self.hours = 0

    def teardown(self) -> None:
        for real in self.real:
            assert real.problems() == []
            assert {book: real.periods(book) for book in BOOKS} == {book: self.model.periods_of(book) for book in BOOKS}
            for name in self.model.accounts:
                self.agree_about(real, name)
            real.close()

    # What is meant by a number

    def now(self, back: int = 0) -> datetime:
        """Another moment at each step; sometimes before the last one."""
        return MORNING + timedelta(hours=self.hours - back, milliseconds=next(self.steps))

    def account(self, place: int, who: int) -> Name:
        """Accounts are opened by turns: the even ones in the first book, the odd ones in the second."""
        return Name(f"account {who ^ place}")

    def like(self, place: int, which: int, *kinds: str) -> Name:
        """One of the entries of these kinds, sooner a late one; at times another one, or one that is not there."""
        like = [one.name for one in reversed(self.model.chain(BOOKS[place])) if one.kind in kinds]
        another = Name(f"entry {which - 12} of {BOOKS[which % 2]}")
        return like[which % len(like)] if like and which < 13 else another

    # How it is asked

    def request(self, verb: str, words: dict[str, Any], **said: Any) -> None:
        at = self.now(words["back"])
        old = self.posted()[-1:] if words["is_old_key"] else []
        key = old[0].key if old else f"request {next(self.steps)}"
        effective_on = at.date() - timedelta(days=words["back"])
        self.ask(verb, key=key, at=at, effective_on=effective_on, by=words["by"], memo=words["memo"], **said)

    def lines(self, place: int, wanted: list[tuple[Pair, int, int]], words: dict[str, Any]) -> list[Line]:
        """New lines; at times the line before, an earlier one, or the key of one for something else."""
        found: list[Line] = []
        effective_on = self.now().date() - timedelta(days=words["back"])
        for (giver, receiver), seconds, twist in wanted:
            postings = Leg(self.account(place, giver), seconds), Leg(self.account(place, receiver), -seconds)
            key = f"request {next(self.steps)}"
            new = Line(postings, key, "service", effective_on, words["by"], words["memo"])
            earlier = [*self.posted(), *found]
            if earlier and twist == 5:
                found.append(new._replace(key=earlier[-1].key))
            else:
                found.append(earlier[-1 - twist % 4] if len(earlier) > 3 and twist in (6, 7, 8) else new)
        return found

    def posted(self) -> list[Line]:
        """What was granted, as far as a line of a batch could say it."""
        return [line for wish in self.granted for line in _lines_of(wish)]

    def ask(self, verb: str, **said: Any) -> None:
        wish = Wish(verb, said)
        before = [real.digest() for real in self.real]
        expected, *outcomes = [self.outcome(who, wish) for who in (self.model, *self.real)]
        assert outcomes == [expected] * len(outcomes)
        refusals = [one for one in (expected if isinstance(expected, list) else [expected]) if _is_refused(one)]
        for why in refusals or ["granted"]:
            event(f"{verb}: {why}")
        if refusals and (expected is refusals[0] or len(refusals) == len(expected)):
            assert [real.digest() for real in self.real] == before
        elif "key" in said or "posts" in said or "clearing" in said:
            self.granted.append(wish)
        for real in self.real:
            for name in {leg.account for one in list(self.model.entries.values())[-2:] for leg in one.legs}:
                self.agree_about(real, name)

    def outcome(self, who: Model | RealBooks, wish: Wish) -> Any:
        try:
            return who.grant(wish)
        except RefusedWish as refused:
            return refused

    # What must agree

    def agree_about(self, real: RealBooks, name: Name) -> None:
        account = self.model.accounts[name]
        assert real.open_holds(account.book, name) == self.model.open_holds(name)
        assert real.statement_length(account.book, name) == account.lines

    @invariant()
    def agree(self) -> None:
        accounts = self.model.accounts.values()
        assert sum(account.posted for account in accounts if account.mirrors) == 0
        for book in BOOKS:
            touched = {name: one.layers for name, one in self.model.accounts.items() if one.book == book and one.lines}
            assert sum(posted for posted, _, _ in touched.values()) == 0
            for real in self.real:
                assert real.balances(book) == touched
                assert real.length(book) == len(self.model.chain(book))


def _lines_of(wish: Wish) -> Iterator[Line]:
    if wish.verb == "post_many":
        yield from wish.said["posts"]
    elif "key" in wish.said:
        postings = wish.said.get("postings", ())
        said = {"purpose": "service", **wish.said, "postings": tuple(postings)}
        yield Line(**{name: said[name] for name in Line._fields})


def _is_refused(outcome: object) -> bool:
    return isinstance(outcome, RefusedWish)
