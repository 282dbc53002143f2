"""Another time is suggested: before anything is agreed, and beside what is agreed or approved."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.exchanges.stage import HALF_PAST_ONE, MONDAY, TUESDAY, TWO_HOURS, WEDNESDAY, Stage
from timebank.errors import Refusal
from timebank.exchanges.rules import (
    AlreadyPast,
    ForTheOther,
    MovedOn,
    NoSuchExchange,
    NothingNew,
    NoTimeYet,
    SuggestedOtherwise,
)
from timebank.exchanges.tables import State


def test_a_suggestion_passes_the_turn_to_the_other(stage: Stage) -> None:
    exchange_id = stage.propose(planned_for=TUESDAY, planned_seconds=HALF_PAST_ONE)
    stage.suggest(exchange_id)
    assert stage.told(stage.cast.ben)[-1] == ("suggested", f"/exchanges/{exchange_id}/agree")
    with pytest.raises(ForTheOther):
        stage.accept(exchange_id, by=stage.cast.ana)
    stage.accept(exchange_id)
    exchange = stage.exchange(exchange_id)
    assert (exchange.state, exchange.planned_for, exchange.planned_seconds) == (State.AGREED, WEDNESDAY, TWO_HOURS)
    assert (exchange.proposer_id, exchange.suggester_id) == (stage.cast.ben.member_id, None)
    assert stage.verbs(exchange_id) == ["propose", "suggest", "agree"]


def test_it_may_go_to_and_fro_and_whose_suggestion_waits_may_take_it_back(stage: Stage) -> None:
    exchange_id = stage.propose()
    stage.suggest(exchange_id)
    stage.suggest(exchange_id, by=stage.cast.ben, planned_for=WEDNESDAY + timedelta(hours=1))
    with pytest.raises(NothingNew):
        stage.suggest(exchange_id, planned_for=WEDNESDAY + timedelta(hours=1))
    with pytest.raises(ForTheOther):
        stage.accept(exchange_id)
    stage.accept(exchange_id, by=stage.cast.ana)
    assert stage.exchange(exchange_id).planned_for == WEDNESDAY + timedelta(hours=1)


def test_what_was_suggested_whole_is_agreed_to_as_it_is(stage: Stage) -> None:
    exchange_id = stage.propose(planned_for=TUESDAY, planned_seconds=HALF_PAST_ONE)
    with pytest.raises(SuggestedOtherwise):
        stage.agree(exchange_id, planned_for=WEDNESDAY)
    with pytest.raises(SuggestedOtherwise):
        stage.agree(exchange_id, planned_seconds=TWO_HOURS)
    stage.agree(exchange_id)
    assert stage.exchange(exchange_id).planned_for == TUESDAY


def test_what_nobody_has_suggested_is_asked_for(stage: Stage) -> None:
    exchange_id = stage.propose(planned_seconds=HALF_PAST_ONE)
    with pytest.raises(NoTimeYet):
        stage.accept(exchange_id, by=stage.cast.ana)
    stage.accept(exchange_id, by=stage.cast.ana, planned_for=TUESDAY)
    assert stage.exchange(exchange_id).planned_seconds == HALF_PAST_ONE


def test_what_is_approved_stands_until_both_agree_to_another_time(stage: Stage) -> None:
    exchange_id = stage.approved()
    stage.suggest(exchange_id)
    exchange = stage.exchange(exchange_id)
    assert (exchange.state, exchange.planned_for, exchange.suggested_for) == (State.APPROVED, TUESDAY, WEDNESDAY)
    assert stage.held(stage.cast.ben) == (HALF_PAST_ONE, 0)
    stage.keep(exchange_id)
    exchange = stage.exchange(exchange_id)
    assert (exchange.state, exchange.planned_for, exchange.suggested_for) == (State.APPROVED, TUESDAY, None)
    assert stage.told(stage.cast.ana)[-1][0] == "kept"
    with pytest.raises(MovedOn):
        stage.accept(exchange_id)


def test_another_time_is_approved_anew_and_its_own_hours_are_promised(stage: Stage) -> None:
    exchange_id = stage.approved()
    stage.suggest(exchange_id)
    stage.accept(exchange_id)
    exchange = stage.exchange(exchange_id)
    assert (exchange.state, exchange.planned_for, exchange.hold_id) == (State.AGREED, WEDNESDAY, None)
    assert stage.held(stage.cast.ben) == stage.held(stage.cast.ana) == (0, 0)
    stage.approve(exchange_id)
    assert stage.held(stage.cast.ben) == (TWO_HOURS, 0)
    assert stage.held(stage.cast.ana) == (0, TWO_HOURS)
    stage.report(exchange_id, seconds=TWO_HOURS)
    stage.confirm(exchange_id)
    assert stage.state(exchange_id) is State.CREDITED
    assert not stage.exchange(exchange_id).is_unapproved
    assert stage.held(stage.cast.ben) == (0, 0)
    stage.prove()


def test_hours_logged_at_another_time_that_nobody_approved_anew_go_to_the_broker(stage: Stage) -> None:
    exchange_id = stage.approved()
    stage.suggest(exchange_id)
    stage.accept(exchange_id)
    stage.report(exchange_id)
    stage.confirm(exchange_id)
    assert stage.state(exchange_id) is State.CONFIRMED
    assert stage.exchange(exchange_id).is_unapproved


@pytest.mark.parametrize("end", ["report", "cancel"])
def test_a_suggestion_that_nobody_answered_ends_with_what_it_was_about(stage: Stage, end: str) -> None:
    exchange_id = stage.approved()
    stage.suggest(exchange_id)
    if end == "report":
        stage.report(exchange_id)
    else:
        stage.cancel(exchange_id)
    exchange = stage.exchange(exchange_id)
    assert (exchange.suggester_id, exchange.suggested_for, exchange.suggested_seconds) == (None, None, None)
    assert stage.held(stage.cast.ben) == ((HALF_PAST_ONE if end == "report" else 0), 0)


@pytest.mark.parametrize(
    ("tries", "why"),
    [
        (lambda stage, it: stage.suggest(it, planned_for=MONDAY - timedelta(hours=1)), AlreadyPast),
        (lambda stage, it: stage.suggest(it, planned_for=TUESDAY, planned_seconds=HALF_PAST_ONE), NothingNew),
        (lambda stage, it: stage.suggest(it, by=stage.cast.olwen), NoSuchExchange),
        (lambda stage, it: stage.suggest(it, by=stage.cast.cy), NoSuchExchange),
        (lambda stage, it: stage.keep(it), MovedOn),
    ],
)
def test_what_cannot_be_suggested_changes_nothing(stage: Stage, tries: Callable[..., None], why: type[Refusal]) -> None:
    exchange_id = stage.approved()
    with pytest.raises(why):
        tries(stage, exchange_id)
    assert stage.verbs(exchange_id) == ["propose", "agree", "approve"]
