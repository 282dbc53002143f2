"""Logged hours are corrected: by the other, by whoever logged them, to and fro, and after a disagreement."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.exchanges.stage import HALF_PAST_ONE, MONDAY, TWO_HOURS, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.errors import Refusal
from timebank.exchanges import agreeing, queries, reporting
from timebank.exchanges.life import MOST_CORRECTIONS
from timebank.exchanges.rules import ForTheOther, MovedOn, NoSuchExchange, NothingNew, StillToCome
from timebank.exchanges.tables import State
from timebank.members.rules import DatedBeforeJoining
from timebank.network.actions import decide
from timebank.network.rules import HoursNotInSteps, PolicyTerms, RiskRule
from timebank.network.tables import Approval, Confirmation, Place

HOUR = 3600


@pytest.fixture
def terms() -> PolicyTerms:
    return PolicyTerms(approval=Approval.NONE)


def test_what_the_other_corrects_is_theirs_and_the_first_confirms_it(stage: Stage) -> None:
    exchange_id = stage.log()
    stage.correct(exchange_id, happened_on=date(2026, 3, 1))
    exchange = stage.exchange(exchange_id)
    assert (exchange.state, exchange.reported_seconds, exchange.happened_on) == (
        State.REPORTED,
        TWO_HOURS,
        date(2026, 3, 1),
    )
    assert (exchange.reporter_id, exchange.has_giver_word, exchange.has_receiver_word) == (
        stage.cast.ben.member_id,
        False,
        True,
    )
    assert stage.told(stage.cast.ana)[-1] == ("corrected", f"/exchanges/{exchange_id}/confirm")
    with pytest.raises(ForTheOther):
        stage.confirm(exchange_id)
    stage.confirm(exchange_id, by=stage.cast.ana)
    assert stage.state(exchange_id) is State.CREDITED
    assert stage.help() == [(stage.cast.ana.member_id, stage.cast.ben.member_id, TWO_HOURS)]
    stage.prove()


def test_whoever_logged_them_corrects_a_slip_and_the_other_still_confirms(stage: Stage) -> None:
    exchange_id = stage.log()
    stage.correct(exchange_id, by=stage.cast.ana)
    assert stage.exchange(exchange_id).reporter_id == stage.cast.ana.member_id
    stage.confirm(exchange_id)
    assert stage.balance(stage.cast.ana) == TWO_HOURS


def test_where_it_was_can_be_put_right_and_the_rule_for_that_place_applies(stage: Stage) -> None:
    with unit_of_work(stage.session) as session:
        at_home = RiskRule(place=Place.RECEIVERS_HOME, approval=Approval.AFTERWARDS)
        terms = PolicyTerms(approval=Approval.NONE, rules=(at_home,))
        decide(session, stage.cast.timebank_id, terms=terms, after_version=1, by=None, at=MONDAY - timedelta(hours=1))
    exchange_id = stage.log(place=Place.PUBLIC)
    logged = stage.exchange(exchange_id)
    same = {"seconds": logged.reported_seconds, "happened_on": logged.happened_on}
    stage.correct(exchange_id, place=Place.RECEIVERS_HOME, **same)
    assert stage.exchange(exchange_id).place is Place.RECEIVERS_HOME
    with pytest.raises(NothingNew):
        stage.correct(exchange_id, by=stage.cast.ana, **same)
    stage.confirm(exchange_id, by=stage.cast.ana)
    assert stage.state(exchange_id) is State.CONFIRMED, "at home, a broker looks at it"


def test_nobody_moves_hours_by_themselves_to_where_less_is_asked(stage: Stage) -> None:
    """At home both give their word and a broker looks; elsewhere the giver's word is enough."""
    at_home = RiskRule(place=Place.RECEIVERS_HOME, approval=Approval.AFTERWARDS, confirmation=Confirmation.BOTH)
    with unit_of_work(stage.session) as session:
        terms = PolicyTerms(approval=Approval.NONE, confirmation=Confirmation.GIVER, rules=(at_home,))
        decide(session, stage.cast.timebank_id, terms=terms, after_version=1, by=None, at=MONDAY - timedelta(hours=1))
    agreed, logged, disputed = (
        stage.propose(place=Place.RECEIVERS_HOME),
        *(stage.log(place=Place.RECEIVERS_HOME) for _ in range(2)),
    )
    stage.agree(agreed)
    stage.report(agreed, place=Place.PUBLIC)
    stage.dispute(disputed)
    for each in (logged, disputed):
        stage.correct(each, by=stage.cast.ana, place=Place.PUBLIC)
        stage.correct(each, by=stage.cast.ana, seconds=HALF_PAST_ONE + HOUR)
    for each in (agreed, logged, disputed):
        assert stage.state(each) is State.REPORTED, "Ben is asked"
        stage.confirm(each)
        assert stage.state(each) is State.CONFIRMED, "and a broker looks, as at home"
    assert stage.balance(stage.cast.ben) == 0


@pytest.mark.parametrize("is_agreed_before", [True, False])
def test_what_is_moved_to_where_approval_is_asked_for_beforehand_was_not_approved(
    stage: Stage, is_agreed_before: bool
) -> None:
    with unit_of_work(stage.session) as session:
        rules = tuple(
            RiskRule(place=place, approval=Approval.BEFOREHAND) for place in (Place.RECEIVERS_HOME, Place.PUBLIC)
        )
        terms = PolicyTerms(approval=Approval.NONE, rules=rules)
        decide(session, stage.cast.timebank_id, terms=terms, after_version=1, by=None, at=MONDAY - timedelta(hours=1))
    if is_agreed_before:
        exchange_id = stage.propose(place=Place.PUBLIC)
        stage.agree(exchange_id)
        stage.approve(exchange_id)
        stage.report(exchange_id, place=Place.RECEIVERS_HOME)
        stage.confirm(exchange_id)
    else:
        exchange_id = stage.log(place=Place.REMOTE)
        logged = stage.exchange(exchange_id)
        same = {"seconds": logged.reported_seconds, "happened_on": logged.happened_on}
        stage.correct(exchange_id, place=Place.RECEIVERS_HOME, **same)
        stage.confirm(exchange_id, by=stage.cast.ana)
    assert (stage.state(exchange_id), stage.exchange(exchange_id).is_unapproved) == (State.CONFIRMED, True)
    where = [step.place for step, _, _ in queries.steps(stage.session, exchange_id)]
    assert where[-2:] == [Place.RECEIVERS_HOME] * 2
    assert where[0] is (Place.PUBLIC if is_agreed_before else Place.REMOTE)


def test_silence_counts_from_the_last_correction(stage: Stage) -> None:
    exchange_id = stage.log()
    stage.correct(exchange_id, at=WEDNESDAY)
    with unit_of_work(stage.session) as session:
        assert reporting.confirm_overdue(session, exchange_id, at=stage.at + timedelta(days=14)) is None
    with unit_of_work(stage.session) as session:
        reporting.confirm_overdue(session, exchange_id, at=WEDNESDAY + timedelta(days=14))
    assert stage.balance(stage.cast.ana) == TWO_HOURS


def test_it_goes_to_and_fro_a_few_times_and_then_somebody_confirms_or_a_broker_helps(stage: Stage) -> None:
    exchange_id = stage.log()
    for number in range(MOST_CORRECTIONS):
        by = stage.cast.ana if number % 2 else stage.cast.ben
        stage.correct(exchange_id, by=by, seconds=HOUR if number % 2 else TWO_HOURS)
    with pytest.raises(MovedOn):
        stage.correct(exchange_id, seconds=HALF_PAST_ONE)
    stage.dispute(exchange_id)
    stage.settle(exchange_id, seconds=HALF_PAST_ONE)
    assert stage.balance(stage.cast.ana) == HALF_PAST_ONE


class TestWhereTheReceiversWordCounts:
    @pytest.fixture
    def terms(self) -> PolicyTerms:
        return PolicyTerms(approval=Approval.NONE, confirmation=Confirmation.RECEIVER)

    def test_a_receiver_who_corrects_has_said_all(self, stage: Stage) -> None:
        exchange_id = stage.log()
        stage.correct(exchange_id)
        assert stage.verbs(exchange_id) == ["report", "correct", "confirm", "credit"]
        assert stage.balance(stage.cast.ben) == -TWO_HOURS

    def test_a_correction_after_a_disagreement_waits_for_whoever_disagreed(self, stage: Stage) -> None:
        exchange_id = stage.log()
        stage.dispute(exchange_id)
        stage.correct(exchange_id, by=stage.cast.ana)
        assert stage.state(exchange_id) is State.REPORTED
        stage.confirm(exchange_id)
        assert stage.balance(stage.cast.ben) == -TWO_HOURS


def test_two_who_disagree_may_still_agree_without_a_broker(stage: Stage) -> None:
    corrected, withdrawn = stage.log(), stage.log()
    for each in (corrected, withdrawn):
        stage.dispute(each)
        with pytest.raises(ForTheOther):
            stage.correct(each, seconds=HOUR)
    stage.correct(corrected, by=stage.cast.ana)
    stage.confirm(corrected)
    with unit_of_work(stage.session) as session:
        agreeing.withdraw(session, withdrawn, by=stage.cast.ana, at=WEDNESDAY)
    assert (stage.state(corrected), stage.state(withdrawn)) == (State.CREDITED, State.WITHDRAWN)
    assert stage.balance(stage.cast.ana) == TWO_HOURS


@pytest.mark.parametrize(
    ("tries", "why"),
    [
        (lambda stage, it: stage.correct(it, seconds=HALF_PAST_ONE, happened_on=date(2026, 3, 2)), NothingNew),
        (lambda stage, it: stage.correct(it, seconds=100), HoursNotInSteps),
        (lambda stage, it: stage.correct(it, happened_on=date(2026, 3, 5)), StillToCome),
        (lambda stage, it: stage.correct(it, happened_on=date(2025, 1, 1)), DatedBeforeJoining),
        (lambda stage, it: stage.correct(it, by=stage.cast.olwen), NoSuchExchange),
        (lambda stage, it: stage.correct(it, by=stage.cast.cy), NoSuchExchange),
        (lambda stage, it: stage.correct(it, by=stage.cast.awen), ForTheOther),
    ],
)
def test_what_cannot_be_corrected_changes_nothing(stage: Stage, tries: Callable[..., None], why: type[Refusal]) -> None:
    exchange_id = stage.log()
    with pytest.raises(why):
        tries(stage, exchange_id)
    exchange = stage.exchange(exchange_id)
    assert (exchange.steps, exchange.reported_seconds, exchange.corrections) == (1, HALF_PAST_ONE, 0)
