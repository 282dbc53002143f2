"""The practices that timebanks are known to have, each lived through: everywhere, for a kind of help, for a place."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from tests.cast import Cast
from tests.exchanges.stage import HALF_PAST_ONE, MONDAY, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.exchanges import agreeing, queries, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.life import terms_for
from timebank.exchanges.practices import KNOWN_AS, Concerned, meaning, page
from timebank.exchanges.tables import Exchange, State, Step
from timebank.listings import actions as listings
from timebank.listings.tables import Side
from timebank.members.actions import name_gift
from timebank.network.actions import decide
from timebank.network.queries import policy_at
from timebank.network.rules import PolicyTerms, Practice, RiskRule
from timebank.network.tables import Approval, Confirmation, Place

DECIDED = MONDAY - timedelta(days=7)


@dataclass
class Village:
    """A stage on which a practice holds: everywhere, or only for what `risk` says of an exchange."""

    stage: Stage
    scope: str
    risk: dict[str, Any]

    def practises(self, approval: Approval, confirmation: Confirmation, days: int | None = 14) -> None:
        practice = Practice(approval=approval, confirmation=confirmation, auto_confirm_days=days)
        terms = PolicyTerms(approval=approval, confirmation=confirmation, auto_confirm_days=days)
        if self.risk:
            rule = RiskRule(**vars(practice), **self.risk)
            terms = replace(contrary_to(practice), rules=(rule,))
        with unit_of_work(self.stage.session) as session:
            decide(session, self.stage.cast.timebank_id, terms=terms, after_version=1, by=None, at=DECIDED)

    def logs(self, who: str) -> UUID:
        """The giver, Ana, or the receiver, Ben, logs what was not agreed before."""
        cast = self.stage.cast
        by = {"giver": cast.ana, "receiver": cast.ben}[who]
        between = Between(giver_id=cast.ana.member_id, receiver_id=cast.ben.member_id, proposer_id=by.member_id)
        return self.stage.log(by=by, between=between, **self.risk)

    def asks(self) -> UUID:
        """The receiver asks for what the giver offers."""
        session, cast, at = self.stage.session, self.stage.cast, self.stage.at
        wording = listings.Wording(title="Baking bread", gift_id=self.risk.get("gift_id"))
        said: dict[str, Any] = {"at": at, "submission": uuid4()}
        with unit_of_work(session):
            ana = cast.ana.member_id
            offer = listings.post(session, side=Side.OFFER, party_id=ana, wording=wording, by=cast.ana, **said)
        with unit_of_work(session):
            place = self.risk.get("place")
            return agreeing.answer_listing(session, offer.id, by=cast.ben, place=place, **said).id

    def state(self, exchange_id: UUID) -> State:
        return self.stage.state(exchange_id)


def contrary_to(practice: Practice) -> PolicyTerms:
    """Terms under which everything would go otherwise, to be sure that the rule by risk was asked."""
    return PolicyTerms(
        approval=Approval.AFTERWARDS if practice.approval is Approval.NONE else Approval.NONE,
        confirmation=Confirmation.GIVER if practice.confirmation is Confirmation.BOTH else Confirmation.BOTH,
        auto_confirm_days=None,
    )


@pytest.fixture(params=["timebank", "kind of help in a place"])
def village(request: pytest.FixtureRequest, session: Session, cast: Cast) -> Village:
    risk: dict[str, Any] = {}
    if "kind" in request.param:
        with unit_of_work(session):
            risk["gift_id"] = name_gift(session, cast.timebank_id, name_en="Care at home", name_cy="Gofal gartref").id
    if "place" in request.param:
        risk["place"] = Place.RECEIVERS_HOME
    return Village(Stage(session, cast), request.param, risk)


def test_the_one_who_pays_says_so(village: Village) -> None:
    village.practises(Approval.NONE, Confirmation.RECEIVER)
    assert village.state(village.logs("receiver")) is State.CREDITED
    exchange_id = village.logs("giver")
    assert village.state(exchange_id) is State.REPORTED
    village.stage.confirm(exchange_id)
    assert village.state(exchange_id) is State.CREDITED
    village.stage.prove()


def test_the_givers_word_is_good_enough(village: Village) -> None:
    village.practises(Approval.NONE, Confirmation.GIVER)
    assert village.state(village.logs("giver")) is State.CREDITED
    exchange_id = village.logs("receiver")
    assert village.state(exchange_id) is State.REPORTED
    village.stage.confirm(exchange_id, by=village.stage.cast.ana)
    assert village.state(exchange_id) is State.CREDITED


def test_either_may_say_so(village: Village) -> None:
    village.practises(Approval.NONE, Confirmation.EITHER)
    for who in ("giver", "receiver"):
        assert village.state(village.logs(who)) is State.CREDITED


def test_both_say_so(village: Village) -> None:
    village.practises(Approval.NONE, Confirmation.BOTH)
    for who, other in (("giver", village.stage.cast.ben), ("receiver", village.stage.cast.ana)):
        exchange_id = village.logs(who)
        assert village.state(exchange_id) is State.REPORTED
        village.stage.confirm(exchange_id, by=other)
        assert village.state(exchange_id) is State.CREDITED
    assert village.stage.balance(village.stage.cast.ana) == 2 * HALF_PAST_ONE


def test_the_broker_always_looks(village: Village) -> None:
    village.practises(Approval.AFTERWARDS, Confirmation.EITHER)
    exchange_id = village.logs("giver")
    assert village.state(exchange_id) is State.CONFIRMED
    assert village.stage.balance(village.stage.cast.ana) == 0
    village.stage.approve(exchange_id, at=WEDNESDAY)
    assert village.state(exchange_id) is State.CREDITED


def test_the_broker_always_looks_after_both(village: Village) -> None:
    village.practises(Approval.AFTERWARDS, Confirmation.BOTH)
    exchange_id = village.logs("receiver")
    assert village.state(exchange_id) is State.REPORTED
    village.stage.confirm(exchange_id, by=village.stage.cast.ana)
    assert village.state(exchange_id) is State.CONFIRMED
    with unit_of_work(village.stage.session) as session:
        agreeing.decline(session, exchange_id, by=village.stage.cast.bea, at=WEDNESDAY, note="That was a job")
    assert village.state(exchange_id) is State.DECLINED


def test_the_broker_beforehand_as_the_insurance_wants_it(village: Village) -> None:
    village.practises(Approval.BEFOREHAND, Confirmation.BOTH)
    stage = village.stage
    exchange_id = village.asks()
    stage.agree(exchange_id)
    stage.approve(exchange_id)
    assert stage.held(stage.cast.ben) == (HALF_PAST_ONE, 0)
    stage.report(exchange_id)
    stage.confirm(exchange_id)
    assert village.state(exchange_id) is State.CREDITED
    unapproved = village.logs("giver")
    stage.confirm(unapproved)
    assert village.state(unapproved) is State.CONFIRMED
    assert stage.exchange(unapproved).is_unapproved
    stage.prove()


def test_silence_counts_after_the_days_of_the_rule_that_applies(village: Village) -> None:
    village.practises(Approval.NONE, Confirmation.BOTH, days=3)
    stage, due = village.stage, MONDAY + timedelta(days=3)
    exchange_id = village.logs("giver")
    policy = policy_at(stage.session, stage.cast.timebank_id, due)
    assert list(queries.overdue(stage.session, policy, due - timedelta(seconds=1))) == []
    assert list(queries.overdue(stage.session, policy, due)) == [exchange_id]
    for _ in range(2):
        with unit_of_work(stage.session) as session:
            reporting.confirm_overdue(session, exchange_id, at=due)
    assert village.state(exchange_id) is State.CREDITED
    assert stage.balance(stage.cast.ana) == HALF_PAST_ONE


def test_without_days_silence_stays_silence(village: Village) -> None:
    village.practises(Approval.NONE, Confirmation.BOTH, days=None)
    stage, much_later = village.stage, MONDAY + timedelta(days=900)
    exchange_id = village.logs("giver")
    policy = policy_at(stage.session, stage.cast.timebank_id, much_later)
    assert list(queries.overdue(stage.session, policy, much_later)) == []
    with unit_of_work(stage.session) as session:
        assert reporting.confirm_overdue(session, exchange_id, at=much_later) is None
    assert village.state(exchange_id) is State.REPORTED


def test_each_step_keeps_the_version_and_the_rule_under_which_it_was_made(village: Village) -> None:
    village.practises(Approval.NONE, Confirmation.GIVER)
    exchange_id = village.logs("giver")
    steps = [village.stage.session.get_one(Step, (exchange_id, number)) for number in (1, 2, 3)]
    assert {(step.policy_version, step.policy_rule) for step in steps} == {(2, 1 if village.risk else None)}


def test_every_practice_that_is_known_has_a_story_here() -> None:
    slugs = {name.lower().replace("’", "").replace(",", "").replace(" ", "_") for name, _, _ in KNOWN_AS}
    assert {slug for slug in slugs if f"test_{slug}" not in globals()} == set()


@pytest.mark.parametrize(("approval", "confirmation"), [*product(Approval, Confirmation)])
def test_every_combination_means_something_to_each_of_the_four(approval: Approval, confirmation: Confirmation) -> None:
    assert all(meaning(approval, confirmation, whom) for whom in Concerned)


def test_the_page_in_the_docs_is_drawn_from_the_practices(here: Path) -> None:
    assert (here / "docs" / "practices.md").read_text(encoding="utf-8") == page()


class TestWhichRuleApplies:
    """The first that fits, in Python and in SQL alike."""

    @pytest.fixture
    def logged(self, session: Session, cast: Cast) -> list[Exchange]:
        """One exchange of each kind of risk, logged on Monday."""
        stage = Stage(session, cast)
        with unit_of_work(session):
            kinds = [name_gift(session, cast.timebank_id, name_en=name, name_cy=name).id for name in ("A", "B")]
        risks = product([None, *kinds], [None, Place.PUBLIC, Place.RECEIVERS_HOME])
        return [stage.exchange(stage.log(gift_id=kind, place=place)) for kind, place in risks]

    @given(drawn=st.data())
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_what_is_looked_for_in_sql_is_what_the_rule_says(
        self, session: Session, cast: Cast, logged: list[Exchange], drawn: st.DataObject
    ) -> None:
        kinds = [None, *{exchange.gift_id for exchange in logged if exchange.gift_id}]
        rules = drawn.draw(
            st.lists(
                st.builds(
                    RiskRule,
                    gift_id=st.sampled_from(kinds),
                    place=st.sampled_from([None, *Place]),
                    auto_confirm_days=st.sampled_from([None, 1, 7]),
                ).filter(lambda rule: rule.gift_id or rule.place),
                max_size=4,
            )
        )
        policy = PolicyTerms(auto_confirm_days=3, rules=tuple(rules)).as_policy(timebank_id=cast.timebank_id)
        for days in (1, 3, 7):
            at = MONDAY + timedelta(days=days)
            found = set(queries.overdue(session, policy, at))
            due = {each.id for each in logged if (terms_for(each, policy).auto_confirm_days or 99) <= days}
            assert found == due

    def test_a_risk_that_nobody_named_fits_no_rule_that_asks_for_it(self) -> None:
        terms = PolicyTerms(rules=(RiskRule(place=Place.RECEIVERS_HOME, approval=Approval.NONE),))
        policy = terms.as_policy()
        assert terms_for(Exchange(), policy) is policy
        assert terms_for(Exchange(place=Place.PUBLIC), policy) is policy
        assert terms_for(Exchange(place=Place.RECEIVERS_HOME), policy) is policy.rules[0]
