"""Reminders: to whoever is waited for, in time, and once for each stage."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from tests.cast import Cast
from tests.exchanges.stage import MONDAY, TUESDAY, WEDNESDAY, Stage
from timebank.config import Settings
from timebank.database import unit_of_work
from timebank.exchanges import agreeing, queries
from timebank.exchanges.agreeing import Between
from timebank.exchanges.reminding import remind
from timebank.exchanges.tables import State
from timebank.members.tables import Member
from timebank.network.actions import decide
from timebank.network.queries import policy_at
from timebank.network.rules import PolicyTerms, RiskRule
from timebank.network.tables import Place
from timebank.notices.tables import Channel, Notice
from timebank.notices.worded import worded
from timebank.work import work_once

SETTINGS = Settings(database_url="sqlite:///unused.db")
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session, cast)


def works(engine: Engine, *moments: datetime) -> int:
    """The worker does its round at each of these moments. How many were reminded, all in all."""
    return sum(work_once(engine, SETTINGS, at=at).reminded for at in moments)


def reminders(session: Session) -> list[tuple[str, UUID, Channel]]:
    """Every reminder in the outbox: its kind, which member it is for, and how it goes there."""
    session.rollback()
    found = session.exec(
        select(Notice.kind, Member.id, Notice.channel)
        .join(Member, col(Member.person_id) == col(Notice.person_id))
        .where(col(Notice.kind).startswith("remind_"))
        .order_by(col(Notice.made_at), col(Notice.kind))
    ).all()
    return [*found]


def test_whoever_is_asked_to_confirm_is_reminded_half_way_and_on_the_last_day(engine: Engine, stage: Stage) -> None:
    exchange_id, ben = stage.log(), stage.cast.ben.member_id
    half, last = MONDAY + 7 * A_DAY, MONDAY + 13 * A_DAY
    assert works(engine, half - AN_HOUR) == 0
    assert works(engine, half, half, half + A_DAY, last - AN_HOUR) == 1
    assert works(engine, last, last + AN_HOUR) == 1
    assert reminders(stage.session) == [
        ("remind_half_way", ben, Channel.EMAIL),
        ("remind_last_day", ben, Channel.EMAIL),
    ]
    assert works(engine, MONDAY + 14 * A_DAY) == 0
    assert stage.state(exchange_id) is State.CONFIRMED


def test_a_worker_that_was_away_reminds_of_the_last_day_only(engine: Engine, stage: Stage) -> None:
    stage.log()
    assert works(engine, MONDAY + 13 * A_DAY, MONDAY + 13 * A_DAY) == 1
    assert [kind for kind, _, _ in reminders(stage.session)] == ["remind_last_day"]


def test_who_has_answered_is_not_reminded(engine: Engine, stage: Stage) -> None:
    stage.confirm(stage.log(), at=TUESDAY)
    assert works(engine, MONDAY + 7 * A_DAY, MONDAY + 13 * A_DAY) == 0


def test_the_days_are_those_of_the_rule_that_applies(engine: Engine, stage: Stage) -> None:
    rules = (RiskRule(place=Place.REMOTE, auto_confirm_days=4), RiskRule(place=Place.PUBLIC, auto_confirm_days=None))
    with unit_of_work(stage.session) as session:
        terms = PolicyTerms(rules=rules)
        decide(session, stage.cast.timebank_id, terms=terms, after_version=1, by=None, at=MONDAY - A_DAY)
    stage.log(place=Place.REMOTE)
    stage.log(place=Place.PUBLIC)
    assert works(engine, MONDAY + 2 * A_DAY - AN_HOUR) == 0
    assert works(engine, MONDAY + 2 * A_DAY, MONDAY + 3 * A_DAY, MONDAY + 4 * A_DAY) == 2
    assert works(engine, MONDAY + 7 * A_DAY, MONDAY + 700 * A_DAY) == 1  # where silence is never a yes, one reminder
    kinds = [kind for kind, _, _ in reminders(stage.session)]
    assert kinds == ["remind_half_way", "remind_last_day", "remind_half_way"]


def test_both_are_reminded_the_day_before_they_meet(engine: Engine, stage: Stage) -> None:
    thursday = MONDAY + 3 * A_DAY
    exchange_id = stage.propose()
    stage.agree(exchange_id, planned_for=thursday)
    assert works(engine, thursday - A_DAY - AN_HOUR) == 0
    assert works(engine, thursday - A_DAY, thursday - AN_HOUR, thursday, thursday + A_DAY) == 1
    told = {(kind, who) for kind, who, _ in reminders(stage.session)}
    assert told == {("remind_day_before", each.member_id) for each in (stage.cast.ana, stage.cast.ben)}


def test_who_agrees_on_tomorrow_needs_no_reminder(engine: Engine, stage: Stage) -> None:
    stage.agree(stage.propose(), planned_for=MONDAY + timedelta(hours=20))
    assert works(engine, MONDAY + AN_HOUR, MONDAY + timedelta(hours=19)) == 0


def test_another_time_is_another_reminder(engine: Engine, stage: Stage) -> None:
    friday, sunday = MONDAY + 4 * A_DAY, MONDAY + 6 * A_DAY
    exchange_id, cast = stage.propose(), stage.cast
    stage.agree(exchange_id, planned_for=friday)
    assert works(engine, friday - A_DAY) == 1
    said: dict[str, Any] = {"planned_for": sunday, "planned_seconds": 3600}
    with unit_of_work(stage.session) as session:
        agreeing.suggest(session, exchange_id, by=cast.ben, at=friday - 20 * AN_HOUR, **said)
    with unit_of_work(stage.session) as session:
        agreeing.agree(session, exchange_id, by=cast.ana, at=friday - 19 * AN_HOUR)
    assert works(engine, friday - AN_HOUR, sunday - A_DAY, sunday - AN_HOUR) == 1


def test_a_question_that_nobody_answers_is_recalled_after_a_week(engine: Engine, stage: Stage) -> None:
    stage.propose()
    assert works(engine, MONDAY + 6 * A_DAY) == 0
    assert works(engine, MONDAY + 7 * A_DAY, MONDAY + 8 * A_DAY, MONDAY + 80 * A_DAY) == 1
    assert reminders(stage.session) == [("remind_unanswered", stage.cast.ana.member_id, Channel.EMAIL)]


def test_somebody_without_email_is_reminded_through_their_broker(engine: Engine, stage: Stage) -> None:
    ana, olwen = stage.cast.ana, stage.cast.olwen
    between = Between(giver_id=ana.member_id, receiver_id=olwen.member_id, proposer_id=ana.member_id)
    stage.log(between=between)
    works(engine, MONDAY + 7 * A_DAY)
    assert reminders(stage.session) == [("remind_half_way", olwen.member_id, Channel.BROKER)]


def test_workers_at_once_remind_once(engine: Engine, stage: Stage) -> None:
    exchange_id, at = stage.log(), MONDAY + 7 * A_DAY
    policy = policy_at(stage.session, stage.cast.timebank_id, at)
    assert queries.to_remind(stage.session, policy, at) == [exchange_id]
    stage.session.rollback()

    def reminds(_: int) -> bool:
        with Session(engine) as own, unit_of_work(own):
            return remind(own, exchange_id, at=at) is not None

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(reminds, range(4))) == 1
    assert len(reminders(stage.session)) == 1


def test_a_reminder_says_when_in_the_readers_language_and_where_the_timebank_is(engine: Engine, stage: Stage) -> None:
    stage.agree(stage.propose(), planned_for=datetime.fromisoformat("2026-07-02T13:30:00+00:00"))
    works(engine, datetime.fromisoformat("2026-07-01T14:00:00+00:00"))
    stage.session.rollback()
    notice = stage.session.exec(select(Notice).where(Notice.kind == "remind_day_before")).first()
    assert notice
    assert worded(notice, "en")[0] == f"Thursday 2 July, 14:30: Baking bread, with {notice.values['other']}"
    assert worded(notice, "cy")[0].startswith("Dydd Iau 2 Gorffennaf, 14:30: Baking bread (")


def test_nobody_is_reminded_before_it_is_time(engine: Engine, stage: Stage) -> None:
    stage.report(stage.approved())
    assert works(engine, WEDNESDAY, WEDNESDAY + A_DAY) == 0
