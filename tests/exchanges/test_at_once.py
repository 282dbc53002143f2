"""Two at once: whatever is pressed together happens once, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.exchanges.stage import HALF_PAST_ONE, MONDAY, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.errors import Refusal
from timebank.exchanges import agreeing, approving, reporting
from timebank.exchanges.tables import Exchange, State

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
