"""Whatever is asked of a book, SQLite and PostgreSQL do what the model does, step by step.

`make test-faults` draws more; `TIMEBANK_TEST_EXAMPLES=2000 make test ARGS="-k lockstep"` goes on for longer, and with
`--hypothesis-show-statistics` says how often each verb was granted, and refused for which reason.
"""

import os
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from ledger import AccountKind
from tests.databases import Databases
from tests.ledger.conftest import HOUR, MORNING
from tests.ledger.lockstep import BOOKS
from tests.ledger.machine import (
    BEA,
    BRYN,
    MOST_ACCOUNTS,
    Machine,
    Pair,
    entry,
    legs,
    limits,
    lines,
    pair,
    place,
    seconds,
    who,
    words,
)
from tests.ledger.wishes import Leg, Name

EXAMPLES = int(os.environ.get("TIMEBANK_TEST_EXAMPLES", "15"))


class Lockstep(Machine):
    """A verb more is a rule more here, and a method more of the model."""

    # Accounts

    @initialize(has_mirrors=st.sampled_from([True] * 7 + [False]))
    def gather(self, has_mirrors: bool) -> None:
        for _ in range(3):
            for where in range(2):
                self.open_account(where, AccountKind.MEMBER, {"floor": -10 * HOUR, "ceiling": 10 * HOUR})
        if has_mirrors:
            self.open_mirrors(0, 1, {"floor": -5 * HOUR, "ceiling": 10 * HOUR})
            self.transfer_between(0, (0, 0), HOUR, {"is_old_key": False, "by": None, "memo": None, "back": 3})

    @precondition(lambda self: len(self.model.accounts) < MOST_ACCOUNTS)
    @rule(place=place, kind=st.sampled_from([AccountKind.MEMBER, AccountKind.POT]), limits=limits)
    def open_account(self, place: int, kind: AccountKind, limits: dict[str, Any]) -> None:
        self.ask("open_account", book=BOOKS[place], kind=kind, at=self.now(), **limits)

    @rule(place=place, who=who, limits=limits)
    def set_limits(self, place: int, who: int, limits: dict[str, Any]) -> None:
        self.ask("set_limits", book=BOOKS[place], account=self.account(place, who), at=self.now(), by=BEA, **limits)

    # Entries

    @rule(place=place, pair=pair, seconds=seconds, words=words)
    def give(self, place: int, pair: Pair, seconds: int, words: dict[str, Any]) -> None:
        giver, receiver = (self.account(place, who) for who in pair)
        postings = [Leg(giver, seconds), Leg(receiver, -seconds)]
        self.request("post", words, book=BOOKS[place], postings=postings, purpose="service")

    @rule(place=place, gave=legs, receiver=who, short=st.sampled_from([0, 0, 0, 0, 1]), words=words)
    def share(self, place: int, gave: list[tuple[int, int]], receiver: int, short: int, words: dict[str, Any]) -> None:
        givers = [Leg(self.account(place, giver), seconds) for giver, seconds in gave if giver != receiver]
        rest = Leg(self.account(place, receiver), short - sum(leg.seconds for leg in givers))
        self.request("post", words, book=BOOKS[place], postings=[*givers, rest], purpose="group")

    @rule(place=place, wanted=lines, by_line=st.booleans(), words=words)
    def post_many(self, place: int, wanted: list[tuple[Pair, int, int]], by_line: bool, words: dict[str, Any]) -> None:
        posts = self.lines(place, wanted, words)
        self.ask("post_many", book=BOOKS[place], posts=posts, at=self.now(words["back"]), by_line=by_line)

    @rule(place=place, pair=pair, seconds=seconds, hours=st.sampled_from([None, None, 0, 2, 9]), words=words)
    def hold(self, place: int, pair: Pair, seconds: int, hours: int | None, words: dict[str, Any]) -> None:
        until = None if hours is None else MORNING + timedelta(hours=self.hours + hours)
        payer, payee = (self.account(place, who) for who in pair)
        said = {"payer": payer, "payee": payee, "seconds": seconds, "expires_at": until, "purpose": "service"}
        self.request("hold", words, book=BOOKS[place], **said)

    @precondition(lambda self: self.model.holds())
    @rule(place=place, which=entry, share=st.sampled_from([None, 100, 100, 50, 150, 0]), words=words)
    def finish(self, place: int, which: int, share: int | None, words: dict[str, Any]) -> None:
        """Released, or so many hundredths of it settled."""
        hold = self.like(place, which, "hold")
        if share is None:
            self.request("release", words, book=BOOKS[place], hold=hold)
            return
        held = [leg.out for one in self.model.holds() if one.name == hold for leg in one.legs]
        seconds = max(held, default=HOUR) * share // 100
        self.request("settle", words, book=BOOKS[place], hold=hold, seconds=seconds, purpose="service")

    @precondition(lambda self: self.model.entries)
    @rule(place=place, which=entry, override_by=st.sampled_from([None, BEA]), words=words)
    def reverse(self, place: int, which: int, override_by: UUID | None, words: dict[str, Any]) -> None:
        subject = self.like(place, which, "post", "settle")
        self.request("reverse", words, book=BOOKS[place], entry=subject, override_by=override_by)

    # Time goes by

    @rule(place=place, hours=st.sampled_from([0, 1, 3, 8, 24]), most=st.integers(1, 3))
    def expire(self, place: int, hours: int, most: int) -> None:
        self.hours += hours
        at = self.now()
        self.ask("expire", book=BOOKS[place], effective_on=at.date(), at=at, most=most)

    @rule(place=place, days=st.sampled_from([-3, -2, -1, -1, 0, 2]))
    def close_period(self, place: int, days: int) -> None:
        at = self.now()
        self.ask("close_period", book=BOOKS[place], until=at.date() + timedelta(days=days), at=at, by=BEA)

    # Between books

    @rule(place=place, to=place, limits=limits)
    def open_mirrors(self, place: int, to: int, limits: dict[str, Any]) -> None:
        self.ask("open_mirrors", one=BOOKS[place], other=BOOKS[to], at=self.now(), by=BEA, **limits)

    @rule(place=st.integers(0, 1), pair=pair, seconds=seconds, words=words)
    def transfer_between(self, place: int, pair: Pair, seconds: int, words: dict[str, Any]) -> None:
        here = {"giving_book": BOOKS[place], "giver": self.account(place, pair[0])}
        there = {"receiving_book": BOOKS[1 - place], "receiver": self.account(1 - place, pair[1])}
        self.request("transfer_between", words, **here, **there, seconds=seconds, purpose="service")

    @precondition(lambda self: self.model.transfers)
    @rule(which=entry, override_by=st.sampled_from([None, BEA]), words=words)
    def reverse_between(self, which: int, override_by: UUID | None, words: dict[str, Any]) -> None:
        """Of one that is there, or of the one after the last."""
        clearing = Name(f"transfer {which % (len(self.model.transfers) + 1)}")
        self.request("reverse_between", words, clearing=clearing, override_by=override_by)

    # The same again

    @precondition(lambda self: self.granted)
    @rule(which=st.integers(0, 30))
    def ask_again(self, which: int) -> None:
        before = self.granted[which % len(self.granted)]
        self.ask(before.verb, **before.said | {"at": self.now()})

    @precondition(lambda self: any("key" in wish.said for wish in self.granted))
    @rule(which=st.integers(0, 30), other=st.sampled_from([{"by": BRYN}, {"memo": "fences"}, {"on_behalf_of": BRYN}]))
    def ask_for_something_else_under_the_same_key(self, which: int, other: dict[str, Any]) -> None:
        keyed = [wish for wish in self.granted if "key" in wish.said]
        before = keyed[which % len(keyed)]
        self.ask(before.verb, **before.said | {"at": self.now()} | other)


def go_in_lockstep(databases: Databases, *, examples: int) -> None:
    """So many books, each for forty steps."""
    run_state_machine_as_test(
        lambda: Lockstep(databases),
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )


def test_model_sqlite_and_postgresql_go_in_lockstep(databases: Databases) -> None:
    go_in_lockstep(databases, examples=EXAMPLES)
