"""Whatever people do with their exchanges, the house does what the model says, under every policy, on each engine."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, Phase, event, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine

from tests.exchanges.model import OPEN, SPEAKS, Deed, Life, Logged, Model, No, Plan
from tests.exchanges.valley import Stands, Valley
from timebank.errors import Refusal
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval, Confirmation

HOUR = 3600
BEGINS = datetime(2026, 1, 5, 12, tzinfo=UTC)
MOST_LIVES = 6
LENGTHS = st.sampled_from([HOUR, 5400, 2 * HOUR])
PAIRS = st.sampled_from(
    [("ana", "ben")] * 4 + [("ben", "ana")] * 2 + [("bea", "ben"), ("ana", "gwalia"), ("bea", "gwalia")]
)
WHO = st.sampled_from(sorted(SPEAKS))
TERMS = st.builds(
    PolicyTerms,
    approval=st.sampled_from(Approval),
    confirmation=st.sampled_from(Confirmation),
    auto_confirm_days=st.sampled_from([None, 14]),
    floor_seconds=st.sampled_from([None, -2 * HOUR]),
)
LIKELY: dict[str, tuple[str, ...]] = {
    "proposed": ("agree", "agree", "suggest", "decline", "withdraw"),
    "agreed": (
        "approve",
        "approve",
        "report",
        "report",
        "suggest",
        "agree",
        "keep",
        "cancel",
        "did_not_happen",
        "decline",
    ),
    "approved": ("report", "report", "report", "suggest", "agree", "keep", "cancel", "did_not_happen"),
    "reported": ("confirm", "confirm", "correct", "correct", "dispute", "withdraw"),
    "confirmed": ("approve", "settle", "decline"),
    "disputed": ("settle", "correct", "withdraw", "did_not_happen"),
    "credited": ("adjust", "adjust", "reverse"),
}
VERBS = sorted({verb for verbs in LIKELY.values() for verb in verbs})


class Machine(RuleBasedStateMachine):
    """The model and the valley, side by side."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.now = BEGINS
        self.versions = count(1)
        self.minutes = count(1)

    @initialize(terms=TERMS)
    def found(self, terms: PolicyTerms) -> None:
        self.model = Model(terms)
        self.valley = Valley(self.engine, terms, self.now - timedelta(days=30))
        self.version = next(self.versions)

    def teardown(self) -> None:
        if hasattr(self, "valley"):
            with closing(self.valley.session):
                self.valley.prove(self.now)

    def moment(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    @rule(
        pair=PAIRS, proposes=st.booleans(), who=WHO, is_planned=st.booleans(), seconds=LENGTHS, is_logged=st.booleans()
    )
    def begin(
        self, pair: tuple[str, str], *, proposes: bool, who: str, is_planned: bool, seconds: int, is_logged: bool
    ) -> None:
        if len(self.model.lives) >= MOST_LIVES:
            return
        at, party = self.moment(), pair[proposes]
        speaks = (
            who
            if party in SPEAKS[who] or who in {"bea", "bryn", "olwen"}
            else next(name for name, parties in SPEAKS.items() if party in parties)
        )
        plan = Plan(at + timedelta(days=2), seconds) if is_planned else None
        deed = Deed(speaks, party, at, plan=plan, logged=Logged(seconds, at.date()))
        self.ask(len(self.model.lives), "log" if is_logged else "propose", Life(*pair), deed)

    @rule(
        which=st.integers(0, MOST_LIVES - 1),
        chance=st.integers(0, 99),
        strays=st.integers(0, 9),
        who=WHO,
        seconds=LENGTHS,
        days=st.integers(0, 2),
    )
    def act(self, which: int, chance: int, strays: int, who: str, seconds: int, days: int) -> None:
        """Something likely where an exchange stands, by somebody who may; now and then anything, by anybody."""
        if not self.model.lives:
            return
        number = which % len(self.model.lives)
        life = self.model.lives[number]
        verbs = VERBS if strays == 0 else LIKELY.get(life.state, VERBS)
        verb = verbs[chance % len(verbs)]
        at = self.moment()
        waiting = life.suggested or life.plan
        plan = Plan(at + timedelta(days=1 + days), seconds)
        if verb == "agree" and waiting and chance % 4:
            plan = waiting
        deed = Deed(
            who,
            life.giver if chance % 2 else life.receiver,
            at,
            plan,
            Logged(seconds, (at - timedelta(days=days)).date()),
        )
        if strays < 7:
            deed = self._by_somebody_who_may(verb, life, deed) or deed
        self.ask(number, verb, life, deed)

    def _by_somebody_who_may(self, verb: str, life: Life, deed: Deed) -> Deed | None:
        """The same done by whoever may do it, as the model sees it."""
        for who in sorted(SPEAKS, key=lambda name: (name + deed.who) < deed.who * 2):
            for party in (deed.party, life.other(deed.party)):
                tried = replace(deed, who=who, party=party)
                rehearsal = Model(self.model.terms)
                rehearsal.hours = self.model.hours.copy()
                try:
                    rehearsal.do(verb, replace(life), tried)
                except No:
                    continue
                return tried
        return None

    @rule(days=st.sampled_from([1, 3, 15]))
    def time_passes(self, days: int) -> None:
        """And the worker looks whether anybody has been silent for too long."""
        self.now += timedelta(days=days)
        for number, life in enumerate(self.model.lives):
            at = self.moment()
            self.model.silence(life, at)
            self.valley.fall_silent(number, at)

    @rule(terms=TERMS)
    def decide(self, terms: PolicyTerms) -> None:
        """Another policy, from now on, for what is under way too."""
        at = self.moment()
        self.valley.decide(terms, self.version, at)
        self.version += terms != self.model.terms
        self.model.terms, self.model.hours.floor = terms, terms.floor_seconds

    def ask(self, number: int, verb: str, life: Life, deed: Deed) -> None:
        before = self.valley.digest()
        self.valley.session.rollback()
        try:
            self.model.do(verb, life, deed)
            expected = "granted"
        except No:
            expected = "refused"
            if verb in {"propose", "log"} and life in self.model.lives:
                self.model.lives.remove(life)
        try:
            self.valley.do(number, verb, life, deed)
            outcome = "granted"
        except Refusal as refusal:
            outcome = "refused"
            event(f"{verb}: {type(refusal).__name__}")
        assert outcome == expected, f"{deed.who} wants to {verb} for {deed.party}"
        if outcome == "refused":
            assert self.valley.digest() == before
        else:
            event(f"{verb}: granted")

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "valley"):
            return
        hours = self.model.hours
        assert self.valley.balances() == {
            name: (hours.posted[name], hours.out[name], hours.in_[name]) for name in self.valley.accounts
        }
        for number, life in enumerate(self.model.lives):
            assert self.valley.stands(number) == Stands(
                state=life.state,
                logged=life.logged.seconds if life.logged else None,
                credited=life.credited.seconds if life.credited else None,
                held=life.held,
                corrections=life.corrections,
                taken_back=tuple(sorted(life.taken_back)),
            )
            if life.state in OPEN:
                assert self.valley.ways_out(number, self.now), f"no way out of {life.state}"
        self.valley.session.rollback()


def live(engine: Engine, *, examples: int, steps: int, drawn_from: int | None = None) -> None:
    """So many stories of so many steps; from a seed, the same ones again."""

    class Story(Machine):
        def __init__(self) -> None:
            super().__init__(engine)

    if drawn_from is not None:
        seed(drawn_from)(Story)
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
