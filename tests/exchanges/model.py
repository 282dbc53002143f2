"""The life of an exchange once more, written down from what is promised and not from the code: what each verb leads to.

It knows no database, no table of moves and no ledger; what hours do to balances is in `model_hours.py`. Whatever it
refuses, the house has to refuse, and the other way round.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tests.exchanges.model_hours import Hours, No
from timebank.network.rules import PolicyTerms

SPEAKS = {
    "ana": {"ana"},
    "ben": {"ben"},
    "bea": {"bea", "gwalia"},
    "bryn": set[str](),
    "olwen": {"olwen"},
    "cy": {"cy"},
}
"""For whom each speaks. Bea, a broker who is a member, also acts for Gwalia; Bryn is a broker and no more."""
BROKERS = frozenset({"bea", "bryn"})
MOST_CORRECTIONS = 4
OVER = frozenset({"declined", "withdrawn", "cancelled", "not_happened", "reversed"})
OPEN = frozenset({"proposed", "agreed", "approved", "reported", "confirmed", "disputed"})


class Plan(NamedTuple):
    at: datetime
    seconds: int


class Logged(NamedTuple):
    seconds: int
    day: date


@dataclass
class Life:
    """One exchange."""

    giver: str
    receiver: str
    state: str = ""
    since: datetime | None = None
    whose: str = ""
    plan: Plan | None = None
    suggested: Plan | None = None
    reporter: str = ""
    awaited: str = ""
    logged: Logged | None = None
    words: frozenset[str] = frozenset()
    corrections: int = 0
    is_unapproved: bool = False
    is_one_handed: bool = False
    is_stuck: bool = False
    held: int = 0
    credited: Logged | None = None
    taken_back: list[int] = field(default_factory=list)

    @property
    def both(self) -> frozenset[str]:
        return frozenset({self.giver, self.receiver})

    def other(self, party: str) -> str:
        return self.receiver if party == self.giver else self.giver


@dataclass(frozen=True)
class Deed:
    """Who does it, for which of the two, when; and what is said with it."""

    who: str
    party: str
    at: datetime
    plan: Plan | None = None
    logged: Logged | None = None

    def speaks_for_both(self, life: Life) -> bool:
        return life.both <= SPEAKS[self.who]


def insist(condition: object) -> None:
    if not condition:
        raise No


class Model:
    """Everybody's exchanges under one policy, which may change."""

    def __init__(self, terms: PolicyTerms) -> None:
        self.terms = terms
        self.hours = Hours(terms.floor_seconds)
        self.lives: list[Life] = []

    def do(self, verb: str, life: Life, deed: Deed) -> None:
        """Raises No, and then nothing has changed."""
        before = {each.name: getattr(life, each.name) for each in fields(life)}
        hours = self.hours.copy()
        try:
            getattr(self, verb)(life, deed)
        except No:
            for name, value in before.items():
                setattr(life, name, value)
            self.hours = hours
            raise
        life.since = deed.at

    # Who

    def _may(self, life: Life, deed: Deed, *parties: str) -> None:
        """One of these, or a broker without a part in it for one of these."""
        insist(deed.party in parties)
        insist(deed.party in SPEAKS[deed.who] or self._decides(life, deed))

    def _broker(self, life: Life, deed: Deed) -> None:
        insist(self._decides(life, deed))

    def _decides(self, life: Life, deed: Deed) -> bool:
        return deed.who in BROKERS and not (SPEAKS[deed.who] | {deed.who}) & life.both

    # Before it takes place

    def propose(self, life: Life, deed: Deed) -> None:
        self._may(life, deed, *life.both)
        life.state, life.whose, life.plan = "proposed", deed.party, deed.plan
        self.lives.append(life)

    def suggest(self, life: Life, deed: Deed) -> None:
        insist(life.state in {"proposed", "agreed", "approved"})
        self._may(life, deed, *life.both)
        insist(deed.plan and deed.plan.at >= deed.at)
        insist(deed.plan not in {life.plan, life.suggested})
        if life.state == "proposed":
            life.plan = deed.plan
        else:
            life.suggested = deed.plan
        life.whose = deed.party

    def agree(self, life: Life, deed: Deed) -> None:
        insist(life.state == "proposed" or life.suggested)
        self._may(life, deed, life.other(life.whose))
        waiting = life.suggested or life.plan
        insist(deed.plan in {None, waiting} or waiting is None)
        plan = waiting or deed.plan
        insist(plan and plan.at >= deed.at)
        self._let_go(life)
        life.state, life.plan, life.suggested = "agreed", plan, None

    def keep(self, life: Life, deed: Deed) -> None:
        insist(life.suggested)
        self._may(life, deed, *life.both)
        life.suggested = None

    def decline(self, life: Life, deed: Deed) -> None:
        if life.state == "proposed":
            self._may(life, deed, life.other(life.whose))
        else:
            insist(life.state == "confirmed" or (life.state == "agreed" and self.terms.approval == "beforehand"))
            self._broker(life, deed)
        self._end(life, "declined")

    def withdraw(self, life: Life, deed: Deed) -> None:
        insist(life.state in {"proposed", "reported", "disputed"})
        self._may(life, deed, life.whose if life.state == "proposed" else life.reporter)
        self._end(life, "withdrawn")

    def cancel(self, life: Life, deed: Deed) -> None:
        insist(life.state in {"agreed", "approved"})
        self._may(life, deed, *life.both)
        self._end(life, "cancelled")

    def did_not_happen(self, life: Life, deed: Deed) -> None:
        if life.state == "disputed":
            self._broker(life, deed)
        else:
            insist(life.state in {"agreed", "approved"})
            self._may(life, deed, *life.both)
            insist(life.plan and life.plan.at <= deed.at)
        self._end(life, "not_happened")

    def approve(self, life: Life, deed: Deed) -> None:
        self._broker(life, deed)
        if life.state == "confirmed":
            self._credit(life, life.logged)
            return
        insist(life.state == "agreed" and self.terms.approval == "beforehand")
        assert life.plan
        insist(life.plan.at > deed.at)
        self.hours.hold(life.giver, life.receiver, life.plan.seconds)
        life.state, life.held = "approved", life.plan.seconds

    # Once it has taken place

    def log(self, life: Life, deed: Deed) -> None:
        self._may(life, deed, *life.both)
        self.lives.append(life)
        life.is_unapproved = self.terms.approval == "beforehand"
        self._report(life, deed)

    def report(self, life: Life, deed: Deed) -> None:
        insist(life.state in {"agreed", "approved"})
        self._may(life, deed, *life.both)
        life.is_unapproved = self.terms.approval == "beforehand" and life.state == "agreed"
        life.suggested = None
        self._report(life, deed)

    def correct(self, life: Life, deed: Deed) -> None:
        insist(life.state == "reported" or (life.state == "disputed" and deed.party == life.reporter))
        self._may(life, deed, *life.both)
        insist(deed.party == life.reporter or not deed.speaks_for_both(life))
        insist(life.corrections < MOST_CORRECTIONS and deed.logged != life.logged)
        life.corrections, life.words = life.corrections + 1, frozenset()
        self._report(life, deed)

    def _report(self, life: Life, deed: Deed) -> None:
        assert deed.logged
        insist(deed.logged.day <= deed.at.date())
        life.state, life.logged, life.reporter = "reported", deed.logged, deed.party
        life.is_one_handed = deed.speaks_for_both(life)
        life.words |= {deed.party}
        if life.awaited == deed.party:
            life.awaited = ""
        if not life.awaited and self._are_enough(life):
            self._go_on(life)

    def _are_enough(self, life: Life) -> bool:
        wanted = {"giver": {life.giver}, "receiver": {life.receiver}, "both": {*life.both}}
        return (
            bool(life.words) if self.terms.confirmation == "either" else wanted[self.terms.confirmation] <= life.words
        )

    def confirm(self, life: Life, deed: Deed) -> None:
        insist(life.state == "reported")
        self._may(life, deed, life.other(life.reporter))
        insist(not deed.speaks_for_both(life))
        life.words |= {deed.party}
        self._go_on(life)

    def silence(self, life: Life, at: datetime) -> None:
        """Nobody has said anything; the house looks whether it was for long enough."""
        days = self.terms.auto_confirm_days
        assert life.since
        if life.state == "reported" and days and at - life.since >= timedelta(days=days):
            self._go_on(life)
            life.since = at

    def dispute(self, life: Life, deed: Deed) -> None:
        insist(life.state == "reported")
        self._may(life, deed, life.other(life.reporter))
        life.state, life.awaited = "disputed", deed.party

    # What a broker decides about hours

    def settle(self, life: Life, deed: Deed) -> None:
        insist(life.state in {"confirmed", "disputed"})
        self._broker(life, deed)
        self._credit(life, deed.logged)

    def adjust(self, life: Life, deed: Deed) -> None:
        insist(life.state == "credited" and deed.logged != life.credited)
        self._broker(life, deed)
        self._take_back(life)
        self._credit(life, deed.logged)

    def reverse(self, life: Life, deed: Deed) -> None:
        insist(life.state == "credited")
        self._broker(life, deed)
        self._take_back(life)
        life.state, life.credited = "reversed", None

    # What follows

    def _go_on(self, life: Life) -> None:
        life.state = "confirmed"
        if life.is_unapproved or life.is_one_handed or life.is_stuck or self.terms.approval == "afterwards":
            return
        try:
            self._credit(life, life.logged)
        except No:
            life.is_stuck = True

    def _credit(self, life: Life, hours: Logged | None) -> None:
        assert hours
        self.hours.give(life.giver, life.receiver, hours.seconds, held=life.held)
        life.state, life.credited, life.held, life.is_stuck = "credited", hours, 0, False

    def _take_back(self, life: Life) -> None:
        assert life.credited
        self.hours.take_back(life.giver, life.receiver, life.credited.seconds)
        life.taken_back = [*life.taken_back, life.credited.seconds]

    def _let_go(self, life: Life) -> None:
        self.hours.let_go(life.giver, life.receiver, life.held)
        life.held = 0

    def _end(self, life: Life, state: str) -> None:
        self._let_go(life)
        life.state, life.suggested = state, None
