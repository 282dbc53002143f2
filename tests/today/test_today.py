"""What waits for a broker, one reason at a time, and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlmodel import Session

from tests.cast import Cast
from tests.exchanges.stage import MONDAY, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.exchanges import reporting
from timebank.exchanges.agreeing import Between
from timebank.listings import actions as listings
from timebank.listings.tables import Side
from timebank.members.rules import ForBrokers
from timebank.members.tables import Authority
from timebank.network.rules import HOUR, PolicyTerms
from timebank.today.queries import Task, Waiting, today


@pytest.fixture
def terms() -> PolicyTerms:
    """Somebody an hour below zero is somebody to talk with."""
    return PolicyTerms(conversation_threshold_seconds=-HOUR)


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session, cast)


SOON = WEDNESDAY + timedelta(days=1)


def waiting(stage: Stage, *, later: timedelta = timedelta(0)) -> list[Task]:
    stage.session.rollback()
    return today(stage.session, broker=stage.cast.bea, at=WEDNESDAY + later).tasks


def reasons(stage: Stage, *, later: timedelta = timedelta(0)) -> list[Waiting]:
    return [task.reason for task in waiting(stage, later=later)]


def test_nothing_waits_in_a_quiet_timebank(stage: Stage) -> None:
    assert waiting(stage) == []


def test_an_agreed_exchange_waits_for_approval_and_an_approved_one_does_not(stage: Stage) -> None:
    exchange_id = stage.propose()
    assert reasons(stage) == []
    stage.agree(exchange_id, planned_for=SOON)
    assert reasons(stage) == [Waiting.APPROVE]
    stage.approve(exchange_id)
    assert reasons(stage) == []


def test_what_was_agreed_and_never_logged_is_asked_after(stage: Stage) -> None:
    stage.approved()
    assert reasons(stage, later=timedelta(days=5)) == [Waiting.UNLOGGED]


def test_what_nobody_approved_in_time_waits_for_the_two_and_then_is_asked_after(stage: Stage) -> None:
    stage.agree(stage.propose())
    assert reasons(stage) == []
    assert reasons(stage, later=timedelta(days=5)) == [Waiting.UNLOGGED]


def test_logged_hours_wait_for_a_call_after_some_days_or_at_once_where_there_is_no_email(stage: Stage) -> None:
    stage.log()
    assert reasons(stage) == []
    assert reasons(stage, later=timedelta(days=6)) == [Waiting.UNCONFIRMED]
    ana, olwen = stage.cast.ana.member_id, stage.cast.olwen.member_id
    stage.log(between=Between(giver_id=ana, receiver_id=olwen, proposer_id=ana))
    letters, task = sorted(waiting(stage), key=lambda task: task.reason is Waiting.UNCONFIRMED)
    assert (letters.reason, letters.people) == (Waiting.LETTER, 1)
    assert task.reason is Waiting.UNCONFIRMED
    assert task.who is not None
    assert (task.who.name, task.who.phone, task.who.has_email) == ("Olwen", "01792 000001", False)


def test_confirmed_hours_and_disputes_wait(stage: Stage) -> None:
    stage.confirm(stage.log())
    disputed = stage.log()
    with unit_of_work(stage.session) as session:
        reporting.dispute(session, disputed, by=stage.cast.ben, at=WEDNESDAY, note="Less", seconds=3600)
    assert sorted(reasons(stage)) == [Waiting.CREDIT, Waiting.SETTLE]
    (dispute,) = [task for task in waiting(stage) if task.reason is Waiting.SETTLE]
    assert (dispute.seconds, dispute.other_seconds) == (5400, 3600)


def test_a_request_that_nobody_answers_waits_with_whom_to_suggest(stage: Stage) -> None:
    for who, side, title in (("olwen", Side.REQUEST, "A lift to the clinic"), ("ana", Side.OFFER, "Lift in my car")):
        with unit_of_work(stage.session) as session:
            listings.post(
                session,
                side=side,
                party_id=stage.cast.standings[who].member_id,
                wording=listings.Wording(title=title),
                by=stage.cast.bea.told(Authority.PHONE) if who == "olwen" else stage.cast.ana,
                at=MONDAY - timedelta(days=1),
                submission=uuid4(),
            )
    (task,) = waiting(stage)
    assert task.reason is Waiting.UNANSWERED
    assert [match.party_name for match in task.matches] == ["Ana"]
    assert task.matches[0].reasons.shared_words == ("lift",)


def test_somebody_far_below_zero_is_somebody_to_talk_with(stage: Stage) -> None:
    stage.credited()
    (task,) = waiting(stage)
    assert task.reason is Waiting.CONVERSATION
    assert task.who is not None
    assert (task.who.name, task.seconds) == ("Ben", 5400)


def test_somebody_who_gives_much_and_never_receives_is_asked_what_they_would_like(stage: Stage) -> None:
    exchange_id = stage.propose()
    stage.agree(exchange_id, planned_for=SOON, planned_seconds=10 * HOUR)
    stage.approve(exchange_id)
    stage.report(exchange_id, seconds=10 * HOUR)
    stage.confirm(exchange_id)
    assert Waiting.NEVER_ASKS in reasons(stage)


def test_whoever_has_waited_longest_stands_first_and_a_filter_keeps_the_counts(stage: Stage) -> None:
    stage.at = MONDAY + timedelta(hours=2)
    stage.agree(stage.propose(), planned_for=SOON)
    stage.at = MONDAY
    stage.confirm(stage.log(), at=MONDAY + timedelta(hours=1))
    queue = today(stage.session, broker=stage.cast.bea, at=WEDNESDAY)
    assert [task.reason for task in queue.tasks] == [Waiting.CREDIT, Waiting.APPROVE]
    assert queue.oldest == MONDAY + timedelta(hours=1)
    only = today(stage.session, broker=stage.cast.bea, at=WEDNESDAY, only=Waiting.APPROVE)
    assert [task.reason for task in only.tasks] == [Waiting.APPROVE]
    assert only.counts == {Waiting.CREDIT: 1, Waiting.APPROVE: 1}


def test_what_a_broker_has_a_part_in_is_marked_as_their_own(stage: Stage) -> None:
    bea, ben = stage.cast.bea.member_id, stage.cast.ben.member_id
    exchange_id = stage.propose(between=Between(giver_id=bea, receiver_id=ben, proposer_id=ben))
    stage.agree(exchange_id, by=stage.cast.bea, planned_for=SOON)
    assert [task.is_own for task in waiting(stage)] == [True]
    assert [task.is_own for task in today(stage.session, broker=stage.cast.bryn, at=WEDNESDAY).tasks] == [False]


def test_only_brokers_have_a_today_and_only_of_their_own_timebank(stage: Stage) -> None:
    stage.agree(stage.propose(), planned_for=SOON)
    for name in ("ana", "awen", "dewi"):
        with pytest.raises(ForBrokers):
            today(stage.session, broker=stage.cast.standings[name], at=WEDNESDAY)
    assert today(stage.session, broker=stage.cast.bethan, at=WEDNESDAY).tasks == []


def test_the_number_of_queries_does_not_grow_with_the_queue(stage: Stage) -> None:
    def queries() -> int:
        asked: list[str] = []

        def note(*given: object) -> None:
            asked.append(str(given[2]))

        bind = stage.session.get_bind()
        event.listen(bind, "before_cursor_execute", note)
        today(stage.session, broker=stage.cast.bea, at=WEDNESDAY)
        event.remove(bind, "before_cursor_execute", note)
        return len(asked)

    stage.agree(stage.propose(), planned_for=SOON)
    few = queries()
    for _ in range(5):
        stage.agree(stage.propose(), planned_for=SOON)
        stage.confirm(stage.log())
    assert queries() == few
