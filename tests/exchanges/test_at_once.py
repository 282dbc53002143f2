"""Two at once: whatever is pressed together happens once, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.exchanges.stage import HALF_PAST_ONE, MONDAY, TWO_HOURS, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.donations import correcting
from timebank.donations.leaving import leave
from timebank.errors import Refusal
from timebank.exchanges import agreeing, approving, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.steps import check_unchanged
from timebank.exchanges.tables import Exchange, State, Verb
from timebank.members.rules import Standing
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval, Confirmation

AT_ONCE = 4


def together(engine: Engine, *deeds: Callable[[Session], Any]) -> list[object]:
    """Each deed in a session and a thread of its own, starting together; what each returned or refused."""
    ready = Barrier(len(deeds))

    def run(deed: Callable[[Session], Any]) -> object:
        with Session(engine) as session:
            ready.wait()
            try:
                with unit_of_work(session):
                    return deed(session)
            except Refusal as refusal:
                return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def refused(results: list[object]) -> int:
    return sum(isinstance(result, Refusal) for result in results)


def test_brokers_who_approve_at_once_credit_once(engine: Engine, stage: Stage) -> None:
    exchange_id = stage.log()
    stage.confirm(exchange_id)
    stage.session.rollback()
    brokers = [stage.cast.bea, stage.cast.bryn] * 2
    results = together(
        engine,
        *(
            lambda session, broker=broker: approving.approve(session, exchange_id, broker=broker, at=WEDNESDAY).id
            for broker in brokers
        ),
    )
    assert refused(results) == len(brokers) - 1
    assert stage.state(exchange_id) is State.CREDITED
    assert stage.balance(stage.cast.ana) == HALF_PAST_ONE
    stage.prove()


@pytest.mark.parametrize("other", ["dispute", "withdraw"])
def test_a_confirmation_and_its_contrary_at_once_leave_one_of_them(engine: Engine, stage: Stage, other: str) -> None:
    exchange_id = stage.approved()
    stage.report(exchange_id)
    stage.session.rollback()

    def against(session: Session) -> object:
        if other == "dispute":
            return reporting.dispute(session, exchange_id, by=stage.cast.ben, at=WEDNESDAY, note="Less").id
        return agreeing.withdraw(session, exchange_id, by=stage.cast.ana, at=WEDNESDAY).id

    results = together(
        engine,
        lambda session: reporting.confirm(session, exchange_id, by=stage.cast.ben, at=WEDNESDAY).id,
        against,
    )
    assert refused(results) == 1
    credited = stage.state(exchange_id) is State.CREDITED
    assert stage.balance(stage.cast.ana) == (HALF_PAST_ONE if credited else 0)
    stage.prove()


def test_both_hours_that_the_two_say_at_once_are_not_both_said(engine: Engine, stage: Stage) -> None:
    """Ben confirms while he corrects, and again: whichever came first is what he said."""
    exchange_id = stage.approved()
    stage.report(exchange_id)
    stage.session.rollback()
    ben, day = stage.cast.ben, MONDAY.date()

    def confirm(session: Session) -> object:
        return reporting.confirm(session, exchange_id, by=ben, at=WEDNESDAY).id

    def correct(session: Session) -> object:
        return reporting.correct(session, exchange_id, by=ben, at=WEDNESDAY, seconds=TWO_HOURS, happened_on=day).id

    results = together(engine, confirm, correct, confirm, correct)
    exchange = stage.exchange(exchange_id)
    if exchange.state is State.CREDITED:
        assert (refused(results), exchange.corrections, stage.balance(ben)) == (3, 0, -HALF_PAST_ONE)
    else:
        assert (exchange.state, exchange.corrections, stage.balance(ben)) == (State.REPORTED, 1, 0)
        assert refused(results) == 3, "his own correction is for Ana to confirm, and no news when it is said again"
    stage.prove()


def test_what_is_confirmed_is_what_was_seen(engine: Engine, stage: Stage) -> None:
    """Ben confirms an hour and a half while Ana makes two hours of it."""
    exchange_id = stage.approved()
    stage.report(exchange_id)
    steps = stage.exchange(exchange_id).steps
    stage.session.rollback()
    ana, ben, day = stage.cast.ana, stage.cast.ben, MONDAY.date()

    def confirm(session: Session) -> object:
        check_unchanged(session, exchange_id, Verb.CONFIRM, steps=steps, by=ben)
        return reporting.confirm(session, exchange_id, by=ben, at=WEDNESDAY).id

    def correct(session: Session) -> object:
        return reporting.correct(session, exchange_id, by=ana, at=WEDNESDAY, seconds=TWO_HOURS, happened_on=day).id

    results = together(engine, confirm, correct)
    assert refused(results) == 1
    exchange = stage.exchange(exchange_id)
    assert (exchange.state, stage.balance(ana)) in {(State.CREDITED, HALF_PAST_ONE), (State.REPORTED, 0)}
    stage.prove()


def test_an_approval_and_another_time_at_once_leave_no_hours_promised_for_nothing(engine: Engine, stage: Stage) -> None:
    exchange_id = stage.propose()
    stage.agree(exchange_id)
    stage.suggest(exchange_id)
    stage.session.rollback()
    together(
        engine,
        lambda session: approving.approve(session, exchange_id, broker=stage.cast.bea, at=MONDAY).id,
        lambda session: agreeing.agree(session, exchange_id, by=stage.cast.ben, at=MONDAY).id,
        lambda session: agreeing.cancel(session, exchange_id, by=stage.cast.ana, at=MONDAY).id,
    )
    exchange = stage.exchange(exchange_id)
    assert exchange.state is State.CANCELLED
    assert stage.held(stage.cast.ben) == stage.held(stage.cast.ana) == (0, 0)
    stage.prove()


def test_brokers_who_put_right_and_take_back_at_once_count_the_hours_once_or_not_at_all(
    engine: Engine, stage: Stage
) -> None:
    exchange_id = stage.credited()
    stage.session.rollback()

    def adjust(broker: Standing) -> Callable[[Session], object]:
        return lambda session: (
            approving.adjust(session, exchange_id, seconds=TWO_HOURS, note="Two", broker=broker, at=WEDNESDAY).id
        )

    def reverse(session: Session) -> object:
        return approving.reverse(session, exchange_id, note="None", broker=stage.cast.bryn, at=WEDNESDAY).id

    results = together(engine, adjust(stage.cast.bea), reverse, adjust(stage.cast.bryn))
    assert stage.state(exchange_id) is State.REVERSED, "whatever came first, hours that stand can be taken back"
    assert refused(results) in {1, 2}, "nobody puts the same right twice, or what was taken back"
    assert stage.balance(stage.cast.ana) == stage.balance(stage.cast.ben) == 0
    assert stage.help() == []
    stage.prove()


def test_whoever_leaves_while_their_hours_are_taken_back_leaves_nothing_behind(engine: Engine, stage: Stage) -> None:
    exchange_id, cast = stage.credited(), stage.cast
    stage.session.rollback()
    results = together(
        engine,
        lambda session: leave(
            session, cast.ana.member_id, receiver_id=None, by=cast.ana, at=WEDNESDAY, submission=uuid4()
        ),
        lambda session: correcting.reverse(session, exchange_id, note="None", broker=cast.bea, at=WEDNESDAY).id,
        lambda session: leave(
            session, cast.ben.member_id, receiver_id=None, by=cast.ben, at=WEDNESDAY, submission=uuid4()
        ),
    )
    assert refused(results) == 0
    assert stage.state(exchange_id) is State.REVERSED
    assert stage.balance(cast.ana) == stage.balance(cast.ben) == 0
    stage.prove()


def test_the_same_form_sent_several_times_at_once_logs_once(engine: Engine, stage: Stage) -> None:
    submission = uuid4()
    stage.session.rollback()

    def log(session: Session) -> object:
        between = agreeing.Between(
            giver_id=stage.cast.ana.member_id,
            receiver_id=stage.cast.ben.member_id,
            proposer_id=stage.cast.ana.member_id,
        )
        return reporting.log(
            session,
            between=between,
            title="Bread",
            seconds=HALF_PAST_ONE,
            happened_on=MONDAY.date(),
            by=stage.cast.ana,
            at=MONDAY,
            submission=submission,
        ).id

    results = together(engine, *[log] * AT_ONCE)
    stage.session.rollback()
    assert set(results) == {stage.session.exec(select(Exchange.id)).one()}


@pytest.mark.parametrize("terms", [PolicyTerms(approval=Approval.NONE, confirmation=Confirmation.GIVER)])
def test_logs_with_several_that_cross_are_all_credited(engine: Engine, stage: Stage) -> None:
    """Each posts several entries on accounts that others are posting to, half of them from the other end."""
    people = [stage.cast.ana, stage.cast.ben, stage.cast.olwen, stage.cast.bea]
    stage.session.rollback()

    def log_with_all(session: Session, giver: Standing) -> int:
        between = [
            Between(giver_id=giver.member_id, receiver_id=other.member_id, proposer_id=giver.member_id)
            for other in (people if giver in people[:2] else people[::-1])
            if other is not giver
        ]
        said = {"title": "Litter picked", "seconds": HALF_PAST_ONE, "happened_on": MONDAY.date(), "at": MONDAY}
        return len(reporting.log_several(session, between=between, submission=uuid4(), by=giver, **said))

    results = together(engine, *(lambda session, giver=giver: log_with_all(session, giver) for giver in people))
    assert results == [len(people) - 1] * len(people)
    assert [stage.balance(each) for each in people] == [0] * len(people)
    stage.prove()
