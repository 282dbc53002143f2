"""A timebank's dated policies: which is in force when, and that two brokers at once do not overwrite each other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.network import queries
from timebank.network.actions import decide
from timebank.network.rules import (
    HoursNotInSteps,
    HoursOutOfRange,
    NoSuchTimeZone,
    PolicyStartsTooEarly,
    PolicyTerms,
    check_hours,
    day_of,
    terms_of,
)
from timebank.network.tables import Approval

LATER = LONG_AGO + timedelta(days=30)
WITHOUT_APPROVAL = PolicyTerms(approval=Approval.NONE)


def test_a_new_policy_holds_from_its_moment_and_the_old_one_for_its_own_time(session: Session, cast: Cast) -> None:
    with unit_of_work(session):
        decide(session, cast.timebank_id, terms=WITHOUT_APPROVAL, after_version=1, by=None, at=LATER)
    before = queries.policy_at(session, cast.timebank_id, LATER - timedelta(seconds=1))
    assert before.approval is Approval.BEFOREHAND
    assert queries.policy_at(session, cast.timebank_id, LATER).approval is Approval.NONE
    assert queries.policy_at(session, cast.timebank_id, LONG_AGO - timedelta(days=1)).version == 1
    assert queries.policy_at(session, cast.other_timebank_id, LATER).version == 1


def test_who_read_an_older_policy_looks_again(session: Session, cast: Cast) -> None:
    with unit_of_work(session):
        decide(session, cast.timebank_id, terms=WITHOUT_APPROVAL, after_version=1, by=None, at=LATER)
    other = replace(WITHOUT_APPROVAL, auto_confirm_days=None)
    with pytest.raises(PolicyStartsTooEarly), unit_of_work(session):
        decide(session, cast.timebank_id, terms=other, after_version=1, by=None, at=LATER + timedelta(hours=1))


def test_deciding_what_is_decided_already_changes_nothing(session: Session, cast: Cast) -> None:
    for _ in range(2):
        with unit_of_work(session):
            decided = decide(session, cast.timebank_id, terms=WITHOUT_APPROVAL, after_version=1, by=None, at=LATER)
        assert decided.version == 2
    assert len(queries.policies(session, cast.timebank_id)) == 2


def test_of_two_brokers_at_once_one_decides(engine: Engine, session: Session, cast: Cast) -> None:
    def decides(days: int) -> bool:
        terms = replace(WITHOUT_APPROVAL, auto_confirm_days=days)
        with Session(engine) as own:
            try:
                with unit_of_work(own):
                    decide(own, cast.timebank_id, terms=terms, after_version=1, by=None, at=LATER)
            except PolicyStartsTooEarly:
                return False
        return True

    with ThreadPoolExecutor(4) as brokers:
        assert sum(brokers.map(decides, [1, 2, 3, 4])) == 1
    session.rollback()
    assert len(queries.policies(session, cast.timebank_id)) == 2


def test_a_time_zone_has_to_exist(session: Session, cast: Cast) -> None:
    nowhere = PolicyTerms(time_zone="Europe/Atlantis")
    with pytest.raises(NoSuchTimeZone), unit_of_work(session):
        decide(session, cast.timebank_id, terms=nowhere, after_version=1, by=None, at=LATER)


def _hours() -> Iterator[tuple[int, type[Exception] | None]]:
    yield 0, HoursOutOfRange
    yield -3600, HoursOutOfRange
    yield 900, None
    yield 1000, HoursNotInSteps
    yield 24 * 3600, None
    yield 24 * 3600 + 900, HoursOutOfRange


@pytest.mark.parametrize(("seconds", "refusal"), [*_hours()])
def test_hours_come_in_the_policys_steps(
    session: Session, cast: Cast, seconds: int, refusal: type[Exception] | None
) -> None:
    policy = queries.policy_at(session, cast.timebank_id, LATER)
    if refusal is None:
        check_hours(policy, seconds)
    else:
        with pytest.raises(refusal):
            check_hours(policy, seconds)


def test_a_day_is_that_of_the_timebank(session: Session, cast: Cast) -> None:
    policy = queries.policy_at(session, cast.timebank_id, LATER)
    half_past_eleven = LONG_AGO.replace(month=7, hour=23, minute=30)
    assert day_of(policy, half_past_eleven).day == half_past_eleven.day + 1
    assert terms_of(policy) == PolicyTerms()
