"""Whatever is asked of a book, SQLite and PostgreSQL do what the model does, step by step.

`TIMEBANK_TEST_EXAMPLES=2000 make test ARGS="-k lockstep"` goes on for longer, and with `--hypothesis-show-statistics`
says how often each verb was granted, and refused for which reason.
"""

import os
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ledger import AccountKind, Balance
from tests.conftest import ENGINES
from tests.databases import Databases, postgresql_for_tests
from tests.ledger.conftest import HOUR, MORNING
from tests.ledger.lockstep import RealBook
from tests.ledger.model import AccountNo, EntryNo, Leg, Model, RefusedWish, Wish

BEA, BRYN = UUID(int=1), UUID(int=2)
EXAMPLES = int(os.environ.get("TIMEBANK_TEST_EXAMPLES", "50"))

account = st.sampled_from([0, 1, 2] * 4 + [3, 4]).map(AccountNo)  # few, so that they meet; the last may not be there
entry = st.integers(0, 15)
seconds = st.sampled_from(
    [60, 60, HOUR, HOUR, 2 * HOUR, 2 * HOUR, 5 * HOUR, 5 * HOUR, 7 * HOUR + 1, 0, -HOUR, 10**12 + 1]
)
limits = st.fixed_dictionaries({
    "floor": st.sampled_from([None, -10 * HOUR, -2 * HOUR, 0]),
    "ceiling": st.sampled_from([None, 10 * HOUR, 2 * HOUR, -HOUR]),
})  # fmt: skip
legs = st.lists(st.tuples(account, st.integers(1, 3 * HOUR)), max_size=5)
words = st.fixed_dictionaries({
    "is_old_key": st.integers(0, 9).map(lambda one: one == 0),
    "by": st.sampled_from([None, BEA]),
    "memo": st.sampled_from([None, None, "hedges"]),
    "back": st.integers(0, 3),
})  # fmt: skip


class Lockstep(RuleBasedStateMachine):
    """A verb more is a rule more here, and a method more of the model."""

    def __init__(self, databases: Databases) -> None:
        super().__init__()
        engines = ENGINES if postgresql_for_tests.url else ("sqlite",)
        self.model = Model(MORNING)
        self.books = [RealBook(databases, name) for name in engines]
        self.granted: list[Wish] = []
        self.steps = count()
        self.hours = 0

    def teardown(self) -> None:
        for book in self.books:
            assert book.problems() == []
            for number in range(len(self.model.accounts)):
                self.agree_about(book, AccountNo(number))
            book.close()

    # The verbs

    @initialize()
    def gather(self) -> None:
        for _ in range(3):
            self.open_account(AccountKind.MEMBER, {"floor": -10 * HOUR, "ceiling": 10 * HOUR})

    @precondition(lambda self: len(self.model.accounts) < 5)
    @rule(kind=st.sampled_from([AccountKind.MEMBER, AccountKind.POT]), limits=limits)
    def open_account(self, kind: AccountKind, limits: dict[str, Any]) -> None:
        self.ask("open_account", kind=kind, at=self.now(), **limits)

    @rule(account=account, limits=limits)
    def set_limits(self, account: AccountNo, limits: dict[str, Any]) -> None:
        self.ask("set_limits", account=account, at=self.now(), by=BEA, **limits)

    @rule(giver=account, receiver=account, seconds=seconds, words=words)
    def give(self, giver: AccountNo, receiver: AccountNo, seconds: int, words: dict[str, Any]) -> None:
        postings = [Leg(giver, seconds), Leg(receiver, -seconds)]
        self.request("post", words, postings=postings, purpose="service")

    @rule(gave=legs, receiver=account, short=st.sampled_from([0, 0, 0, 0, 1]), words=words)
    def share(self, gave: list[tuple[AccountNo, int]], receiver: AccountNo, short: int, words: dict[str, Any]) -> None:
        givers = [Leg(*leg) for leg in gave if leg[0] != receiver]
        postings = [*givers, Leg(receiver, short - sum(leg.seconds for leg in givers))]
        self.request("post", words, postings=postings, purpose="group")

    @rule(payer=account, payee=account, seconds=seconds, hours=st.sampled_from([None, None, 0, 2, 9]), words=words)
    def hold(self, payer: AccountNo, payee: AccountNo, seconds: int, hours: int | None, words: dict[str, Any]) -> None:
        until = None if hours is None else MORNING + timedelta(hours=self.hours + hours)
        said = {"payer": payer, "payee": payee, "seconds": seconds, "expires_at": until}
        self.request("hold", words, purpose="service", **said)

    @precondition(lambda self: self.model.entries)
    @rule(which=entry, seconds=seconds, words=words)
    def settle(self, which: int, seconds: int, words: dict[str, Any]) -> None:
        self.request("settle", words, hold=self.like(which, "hold"), seconds=seconds, purpose="service")

    @precondition(lambda self: self.model.open_holds())
    @rule(which=entry, share=st.sampled_from([50, 100, 150]), words=words)
    def settle_a_share(self, which: int, share: int, words: dict[str, Any]) -> None:
        holds = self.model.open_holds()
        hold = holds[which % len(holds)]
        seconds = max(leg.out for leg in hold.legs) * share // 100
        self.request("settle", words, hold=hold.number, seconds=seconds, purpose="service")

    @precondition(lambda self: self.model.entries)
    @rule(which=entry, words=words)
    def release(self, which: int, words: dict[str, Any]) -> None:
        self.request("release", words, hold=self.like(which, "hold"))

    @precondition(lambda self: self.model.entries)
    @rule(which=entry, override_by=st.sampled_from([None, BEA]), words=words)
    def reverse(self, which: int, override_by: UUID | None, words: dict[str, Any]) -> None:
        self.request("reverse", words, entry=self.like(which, "post", "settle"), override_by=override_by)

    @rule(hours=st.integers(0, 8), most=st.integers(1, 3))
    def expire(self, hours: int, most: int) -> None:
        self.hours += hours
        self.ask("expire", effective_on=MORNING.date(), at=self.now(), most=most)

    # The same again

    @precondition(lambda self: self.granted)
    @rule(which=st.integers(0, 30))
    def ask_again(self, which: int) -> None:
        before = self.granted[which % len(self.granted)]
        self.ask(before.verb, **before.said | {"at": self.now()})

    @precondition(lambda self: self.granted)
    @rule(which=st.integers(0, 30), other=st.sampled_from([{"by": BRYN}, {"memo": "fences"}, {"on_behalf_of": BRYN}]))
    def ask_for_something_else_under_the_same_key(self, which: int, other: dict[str, Any]) -> None:
        before = self.granted[which % len(self.granted)]
        self.ask(before.verb, **before.said | {"at": self.now()} | other)

    # How it is asked, and what must agree

    def now(self, back: int = 0) -> datetime:
        """Another moment at each step; sometimes before the last one."""
        return MORNING + timedelta(hours=self.hours - back, milliseconds=next(self.steps))

    def like(self, which: int, *kinds: str) -> EntryNo:
        """One of the entries of these kinds, sooner a late one; at times another one, or one that is not there."""
        like = [one.number for one in reversed(self.model.entries) if one.kind in kinds]
        return like[which % len(like)] if like and which < 13 else EntryNo(max(which - 12, 0))

    def request(self, verb: str, words: dict[str, Any], **said: Any) -> None:
        at = self.now(words["back"])
        key = f"request {next(self.steps)}"
        if words["is_old_key"] and self.granted:
            key = self.granted[-1].said["key"]
        effective_on = at.date() - timedelta(days=words["back"])
        said |= {"key": key, "at": at, "effective_on": effective_on, "by": words["by"], "memo": words["memo"]}
        self.ask(verb, **said)

    def ask(self, verb: str, **said: Any) -> None:
        wish = Wish(verb, said)
        before = [book.digest() for book in self.books]
        expected, *outcomes = [self.outcome(who, wish) for who in (self.model, *self.books)]
        assert outcomes == [expected] * len(outcomes)
        is_refused = isinstance(expected, tuple) and isinstance(expected[0], str)
        event(f"{verb}: {expected[0] if is_refused else 'granted'}")
        if is_refused:
            assert [book.digest() for book in self.books] == before
        elif "key" in said:
            self.granted.append(wish)
        for book in self.books:
            for touched in [leg.account for one in self.model.entries[-1:] for leg in one.legs]:
                self.agree_about(book, touched)

    def outcome(self, who: Model | RealBook, wish: Wish) -> Any:
        try:
            return who.grant(wish)
        except RefusedWish as refused:
            return refused.outcome

    def agree_about(self, book: RealBook, account: AccountNo) -> None:
        assert book.open_holds(account) == self.model.open_holds(account)
        assert book.statement_length(account) == self.model.accounts[account].lines

    @invariant()
    def agree(self) -> None:
        balances = [Balance(one.posted, one.out, one.in_) for one in self.model.accounts]
        assert sum(balance.posted for balance in balances) == 0
        for book in self.books:
            assert book.balances() == balances
            assert book.book.head().number == len(self.model.entries)


def test_model_sqlite_and_postgresql_go_in_lockstep(databases: Databases) -> None:
    run_state_machine_as_test(
        lambda: Lockstep(databases),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
