"""Credited hours are put right, and disagreements settled part-way: the old entry taken back, the right one made."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlmodel import select

from tests.browsing import fill_in, sign_in_as
from tests.exchanges.stage import HALF_PAST_ONE, TWO_HOURS, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.errors import Refusal
from timebank.exchanges.queries import explain
from timebank.exchanges.rules import (
    ForAnotherBroker,
    ForTheOther,
    LimitReached,
    MovedOn,
    NoSuchExchange,
    NothingNew,
    StillToCome,
)
from timebank.exchanges.tables import Credit, State
from timebank.members.actions import apply_floor
from timebank.members.tables import Party
from timebank.network.queries import book_of
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Place
from timebank.reports.periods import Period, PeriodKind
from timebank.reports.queries import reconciliation

HOUR = 3600
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1), PeriodKind.MONTH)


def credits_of(stage: Stage) -> list[tuple[int, bool]]:
    """Number of each credit, and whether it was taken back."""
    rows = stage.session.exec(select(Credit).order_by(Credit.number)).all()  # type: ignore[arg-type]
    return [(row.number, row.reversal_entry_id is not None) for row in rows]


def statement_of(stage: Stage, party_id: object) -> list[tuple[int, str, bool]]:
    """Newest first: seconds, with what, and whether it takes something back."""
    party = stage.session.get_one(Party, party_id)
    lines = book_of(stage.session, party.timebank_id).statement(party.account_id, moved_only=True).lines
    rows = explain(stage.session, party.id, lines)
    return [(row.line.seconds, row.exchange.title if row.exchange else "", row.is_reversal) for row in rows]


def test_adjusted_hours_take_the_place_of_those_that_stood_there(stage: Stage) -> None:
    exchange_id = stage.credited()
    stage.adjust(exchange_id, happened_on=date(2026, 3, 2))
    exchange = stage.exchange(exchange_id)
    assert (exchange.state, exchange.credited_seconds, exchange.happened_on) == (
        State.CREDITED,
        TWO_HOURS,
        date(2026, 3, 2),
    )
    assert exchange.reported_seconds == HALF_PAST_ONE, "what they logged is not rewritten"
    assert credits_of(stage) == [(1, True), (2, False)]
    assert (stage.balance(stage.cast.ana), stage.balance(stage.cast.ben)) == (TWO_HOURS, -TWO_HOURS)
    assert stage.help() == [(stage.cast.ana.member_id, stage.cast.ben.member_id, TWO_HOURS)]
    assert statement_of(stage, stage.cast.ana.member_id) == [
        (TWO_HOURS, "Baking bread", False),
        (-HALF_PAST_ONE, "Baking bread", True),
        (HALF_PAST_ONE, "Baking bread", False),
    ]
    for who in (stage.cast.ana, stage.cast.ben):
        assert stage.told(who)[-1] == ("adjusted", f"/exchanges/{exchange_id}")
    stage.prove()


def test_hours_may_be_adjusted_again_and_reversed_in_the_end_and_reports_follow(stage: Stage) -> None:
    exchange_id = stage.credited()
    stage.adjust(exchange_id)
    stage.adjust(exchange_id, seconds=HOUR)
    found = reconciliation(stage.session, stage.cast.timebank_id, MARCH)
    assert found.reconciles
    assert (found.help.seconds, found.help.reversed_seconds) == (HOUR, HALF_PAST_ONE + TWO_HOURS)
    stage.reverse(exchange_id)
    assert credits_of(stage) == [(1, True), (2, True), (3, True)]
    assert stage.balance(stage.cast.ana) == stage.balance(stage.cast.ben) == 0
    assert stage.help() == []
    assert reconciliation(stage.session, stage.cast.timebank_id, MARCH).reconciles
    with pytest.raises(MovedOn):
        stage.adjust(exchange_id)
    stage.prove()


def test_a_broker_puts_right_where_it_was(app: Flask, stage: Stage) -> None:
    exchange_id = stage.credited()
    path = f"/exchanges/{exchange_id}/adjust"
    said = {"hours": "1:30", "note": "It was at Ben's", "place": "receivers_home"}
    bea = sign_in_as(app.test_client(), "bea")
    assert fill_in(bea, path, **{**said, "place": "the moon"}).status_code == 422
    assert fill_in(bea, path, **said).status_code == 303
    assert stage.exchange(exchange_id).place is Place.RECEIVERS_HOME
    with pytest.raises(NothingNew):
        stage.adjust(exchange_id, seconds=HALF_PAST_ONE, place=Place.RECEIVERS_HOME)
    stage.prove()


class TestUnderANarrowLimit:
    @pytest.fixture
    def terms(self) -> PolicyTerms:
        return PolicyTerms(floor_seconds=-HALF_PAST_ONE)

    def test_hours_that_would_pass_it_are_refused_and_the_old_ones_stand(self, stage: Stage) -> None:
        exchange_id = stage.credited()
        with pytest.raises(LimitReached):
            stage.adjust(exchange_id)
        assert credits_of(stage) == [(1, False)]
        assert stage.balance(stage.cast.ben) == -HALF_PAST_ONE
        assert len(stage.help()) == 1
        stage.prove()

    def test_fewer_pass_it_also_where_it_has_become_narrower_since(self, stage: Stage) -> None:
        exchange_id, ben = stage.credited(), stage.cast.ben
        with unit_of_work(stage.session) as session:
            apply_floor(session, ben.timebank_id, floor_seconds=0, by=stage.cast.bea.person_id, at=WEDNESDAY)
        stage.adjust(exchange_id, seconds=HOUR)
        assert stage.balance(ben) == -HOUR
        with pytest.raises(LimitReached):
            stage.adjust(exchange_id, seconds=HALF_PAST_ONE)
        party = stage.session.get_one(Party, ben.member_id)
        assert book_of(stage.session, ben.timebank_id).range_of(party.account_id) == (0, None)
        stage.prove()


@pytest.mark.parametrize(
    ("tries", "why"),
    [
        (lambda stage, it: stage.adjust(it, seconds=HALF_PAST_ONE), NothingNew),
        (lambda stage, it: stage.adjust(it, seconds=HALF_PAST_ONE, happened_on=date(2026, 3, 3)), NothingNew),
        (lambda stage, it: stage.adjust(it, happened_on=date(2026, 3, 5)), StillToCome),
        (lambda stage, it: stage.adjust(it, broker=stage.cast.ana), ForTheOther),
        (lambda stage, it: stage.adjust(it, broker=stage.cast.awen), ForTheOther),
        (lambda stage, it: stage.adjust(it, broker=stage.cast.olwen), NoSuchExchange),
        (lambda stage, it: stage.adjust(it, broker=stage.cast.bethan), NoSuchExchange),
    ],
)
def test_what_cannot_be_adjusted_changes_nothing(stage: Stage, tries: Callable[..., None], why: type[Refusal]) -> None:
    exchange_id = stage.credited()
    with pytest.raises(why):
        tries(stage, exchange_id)
    assert credits_of(stage) == [(1, False)]
    assert stage.balance(stage.cast.ana) == HALF_PAST_ONE


def test_a_disagreement_is_settled_part_way_and_on_its_day(stage: Stage) -> None:
    exchange_id = stage.approved()
    stage.report(exchange_id, seconds=HOUR)
    stage.dispute(exchange_id)
    stage.settle(exchange_id, seconds=HALF_PAST_ONE, happened_on=date(2026, 3, 2))
    exchange = stage.exchange(exchange_id)
    assert (exchange.reported_seconds, exchange.credited_seconds) == (HOUR, HALF_PAST_ONE)
    assert exchange.happened_on == date(2026, 3, 2)
    assert stage.balance(stage.cast.ana) == HALF_PAST_ONE
    assert stage.held(stage.cast.ben) == (0, 0)
    assert {stage.told(who)[-1][0] for who in (stage.cast.ana, stage.cast.ben)} == {"settled"}
    stage.prove()


def test_a_settlement_on_a_day_that_has_not_come_is_refused(stage: Stage) -> None:
    exchange_id = stage.approved()
    stage.report(exchange_id)
    stage.dispute(exchange_id)
    with pytest.raises(StillToCome):
        stage.settle(exchange_id, happened_on=date(2026, 3, 5))
    assert stage.state(exchange_id) is State.DISPUTED


def test_a_broker_does_not_put_right_what_they_gave_themselves(stage: Stage) -> None:
    exchange_id = stage.credited()
    stage.adjust(exchange_id, broker=stage.cast.bryn, at=WEDNESDAY)
    own = stage.of_bea()
    with pytest.raises(ForAnotherBroker):
        stage.adjust(own)
    stage.adjust(own, broker=stage.cast.bryn)
    assert stage.exchange(own).credited_seconds == TWO_HOURS
