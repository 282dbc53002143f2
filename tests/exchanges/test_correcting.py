"""Logged hours are corrected: by the other, by whoever logged them, to and fro, and after a disagreement."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.exchanges.stage import HALF_PAST_ONE, MONDAY, TWO_HOURS, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.errors import Refusal
from timebank.exchanges import agreeing, reporting
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
