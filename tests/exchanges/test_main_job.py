"""From a proposal to credited hours, and every kind end before that."""

from datetime import datetime

import pytest

from tests.exchanges.stage import HALF_PAST_ONE, MONDAY, TUESDAY, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.exchanges import agreeing, approving, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.rules import (
    AlreadyPast,
    ForAnotherBroker,
    ForTheOther,
    LimitReached,
    MovedOn,
    NoSuchExchange,
    StillAhead,
    StillToCome,
    TooLateBeforehand,
    WithThemselves,
    open_verbs,
)
from timebank.exchanges.tables import State, Verb
from timebank.members.actions import name_gift, suspend
from timebank.members.queries import standing_of
from timebank.members.rules import (
    AccessSuspended,
    DatedBeforeJoining,
    ForOthers,
    MemberNotActive,
    NoSuchGift,
    NoSuchMember,
)
from timebank.members.tables import Authority
from timebank.network.queries import book_of, policy_at
from timebank.network.rules import HoursNotInSteps, HoursOutOfRange, PolicyTerms
from timebank.network.tables import Approval


def test_one_helps_another_and_the_hours_are_credited(stage: Stage) -> None:
    exchange_id = stage.propose()
    assert stage.state(exchange_id) is State.PROPOSED
    stage.agree(exchange_id)
    assert stage.state(exchange_id) is State.AGREED
    stage.approve(exchange_id)
    assert stage.state(exchange_id) is State.APPROVED
    assert stage.held(stage.cast.ben) == (HALF_PAST_ONE, 0)
    assert stage.held(stage.cast.ana) == (0, HALF_PAST_ONE)
    assert stage.balance(stage.cast.ana) == 0
    stage.report(exchange_id)
    assert stage.state(exchange_id) is State.REPORTED
    stage.confirm(exchange_id)
    assert stage.state(exchange_id) is State.CREDITED
    assert stage.balance(stage.cast.ana) == HALF_PAST_ONE
    assert stage.balance(stage.cast.ben) == -HALF_PAST_ONE
    assert stage.held(stage.cast.ben) == stage.held(stage.cast.ana) == (0, 0)
    assert stage.help() == [(stage.cast.ana.member_id, stage.cast.ben.member_id, HALF_PAST_ONE)]
    assert stage.verbs(exchange_id) == ["propose", "agree", "approve", "report", "confirm", "credit"]
    stage.prove()


def test_the_receiver_may_log_and_the_giver_confirms(stage: Stage) -> None:
    exchange_id = stage.approved()
    stage.report(exchange_id, by=stage.cast.ben)
    with pytest.raises(ForTheOther):
        stage.confirm(exchange_id, by=stage.cast.ben)
    stage.confirm(exchange_id, by=stage.cast.ana)
    assert stage.balance(stage.cast.ana) == HALF_PAST_ONE


@pytest.mark.parametrize(
    ("verb", "who", "after"),
    [
        ("decline", "ana", State.DECLINED),
        ("withdraw", "ben", State.WITHDRAWN),
    ],
)
def test_a_proposal_can_end_kindly(stage: Stage, verb: str, who: str, after: State) -> None:
    exchange_id = stage.propose()
    with unit_of_work(stage.session) as session:
        getattr(agreeing, verb)(session, exchange_id, by=stage.cast.standings[who], at=TUESDAY, note="Not this week")
    assert stage.state(exchange_id) is after
    assert stage.help() == []


@pytest.mark.parametrize("who", ["ana", "ben"])
@pytest.mark.parametrize(
    ("verb", "at", "after"),
    [("cancel", TUESDAY, State.CANCELLED), ("did_not_happen", WEDNESDAY, State.NOT_HAPPENED)],
)
def test_what_was_approved_can_be_called_off_and_the_held_hours_are_free(
    stage: Stage, verb: str, at: datetime, after: State, who: str
) -> None:
    exchange_id = stage.approved()
    with unit_of_work(stage.session) as session:
        getattr(agreeing, verb)(session, exchange_id, by=stage.cast.standings[who], at=at)
    assert stage.state(exchange_id) is after
    assert stage.held(stage.cast.ben) == (0, 0)
    stage.prove()


def test_nobody_can_say_that_it_did_not_happen_before_its_time_has_come(stage: Stage) -> None:
    exchange_id = stage.approved()
    policy = policy_at(stage.session, stage.cast.bea.timebank_id, TUESDAY)
    for at, may in ((MONDAY, False), (TUESDAY, True)):
        verbs = {each.verb for each in open_verbs(stage.exchange(exchange_id), policy, stage.cast.ben, at=at)}
        assert (Verb.DID_NOT_HAPPEN in verbs) is may
    with pytest.raises(StillAhead), unit_of_work(stage.session) as session:
        agreeing.did_not_happen(session, exchange_id, by=stage.cast.ben, at=MONDAY)
    assert stage.state(exchange_id) is State.APPROVED


def test_nobody_approves_beforehand_what_is_past(stage: Stage) -> None:
    exchange_id = stage.propose()
    stage.agree(exchange_id)
    with pytest.raises(TooLateBeforehand):
        stage.approve(exchange_id, at=WEDNESDAY)
    policy = policy_at(stage.session, stage.cast.timebank_id, WEDNESDAY)
    verbs = {each.verb for each in open_verbs(stage.exchange(exchange_id), policy, stage.cast.bea, at=WEDNESDAY)}
    assert Verb.APPROVE not in verbs
    stage.report(exchange_id)
    stage.confirm(exchange_id)
    assert stage.exchange(exchange_id).is_unapproved


@pytest.mark.parametrize("terms", [PolicyTerms(approval=Approval.NONE)])
def test_the_entry_says_by_whose_word_it_was_written_and_for_whom(stage: Stage) -> None:
    cast = stage.cast
    between = Between(giver_id=cast.ana.member_id, receiver_id=cast.olwen.member_id, proposer_id=cast.ana.member_id)
    by_phone, by_ben = stage.log(between=between), stage.log()
    stage.confirm(by_phone, by=cast.bea.told(Authority.PHONE), for_party=cast.olwen.member_id)
    stage.confirm(by_ben)
    ids = [stage.exchange(each).entry_id for each in (by_phone, by_ben)]
    entries = [book_of(stage.session, cast.timebank_id).entry(entry_id) for entry_id in ids if entry_id]
    noted = [(entry.recorded_by, entry.recorded_for) for entry in entries]
    assert noted == [(cast.bea.person_id, cast.olwen.member_id), (cast.ben.person_id, None)]


def test_a_broker_may_not_approve_beforehand(stage: Stage) -> None:
    exchange_id = stage.propose()
    stage.agree(exchange_id)
    with unit_of_work(stage.session) as session:
        agreeing.decline(session, exchange_id, by=stage.cast.bea, at=TUESDAY, note="No insurance for ladders")
    assert stage.state(exchange_id) is State.DECLINED


def test_a_broker_settles_a_disagreement_with_a_reason(stage: Stage) -> None:
    exchange_id = stage.approved()
    stage.report(exchange_id, seconds=7200)
    with unit_of_work(stage.session) as session:
        reporting.dispute(
            session, exchange_id, by=stage.cast.ben, at=WEDNESDAY, seconds=HALF_PAST_ONE, note="Without the way there"
        )
    assert stage.state(exchange_id) is State.DISPUTED
    with pytest.raises(ForTheOther), unit_of_work(stage.session) as session:
        approving.settle(session, exchange_id, seconds=7200, note="Mine", broker=stage.cast.ana, at=WEDNESDAY)
    with unit_of_work(stage.session) as session:
        approving.settle(session, exchange_id, seconds=6300, note="Half the way", broker=stage.cast.bea, at=WEDNESDAY)
    assert stage.state(exchange_id) is State.CREDITED
    assert stage.balance(stage.cast.ana) == 6300
    assert stage.held(stage.cast.ben) == (0, 0)
    stage.prove()


def test_a_broker_may_find_that_disputed_help_did_not_happen(stage: Stage) -> None:
    exchange_id = stage.approved()
    stage.report(exchange_id)
    with unit_of_work(stage.session) as session:
        reporting.dispute(session, exchange_id, by=stage.cast.ben, at=WEDNESDAY, note="She did not come")
    with pytest.raises(ForTheOther), unit_of_work(stage.session) as session:
        agreeing.did_not_happen(session, exchange_id, by=stage.cast.ben, at=WEDNESDAY)
    with unit_of_work(stage.session) as session:
        agreeing.did_not_happen(session, exchange_id, by=stage.cast.bea, at=WEDNESDAY, note="The bus did not run")
    assert stage.state(exchange_id) is State.NOT_HAPPENED
    assert stage.balance(stage.cast.ana) == 0
    assert stage.held(stage.cast.ben) == (0, 0)


def test_credited_hours_are_reversed_once_and_never_deleted(stage: Stage) -> None:
    exchange_id = stage.credited()
    with unit_of_work(stage.session) as session:
        approving.reverse(session, exchange_id, note="Logged twice", broker=stage.cast.bea, at=WEDNESDAY)
    assert stage.state(exchange_id) is State.REVERSED
    assert stage.balance(stage.cast.ana) == stage.balance(stage.cast.ben) == 0
    assert stage.help() == []
    with pytest.raises(MovedOn), unit_of_work(stage.session) as session:
        approving.reverse(session, exchange_id, note="Again", broker=stage.cast.bryn, at=WEDNESDAY)
    stage.prove()


def test_a_broker_decides_nothing_about_an_exchange_of_their_own(stage: Stage) -> None:
    bea = stage.cast.bea
    between = stage.between
    exchange_id = stage.propose(
        between=type(between)(
            giver_id=bea.member_id, receiver_id=stage.cast.ben.member_id, proposer_id=stage.cast.ben.member_id
        )
    )
    stage.agree(exchange_id, by=bea)
    with pytest.raises(ForAnotherBroker):
        stage.approve(exchange_id)
    stage.approve(exchange_id, broker=stage.cast.bryn)
    stage.report(exchange_id, by=bea)
    with pytest.raises(ForAnotherBroker):
        stage.confirm(exchange_id, by=bea)
    stage.confirm(exchange_id)
    with pytest.raises(ForAnotherBroker), unit_of_work(stage.session) as session:
        approving.reverse(session, exchange_id, note="Mine", broker=bea, at=WEDNESDAY)


def test_another_timebanks_people_do_not_find_the_exchange(stage: Stage) -> None:
    exchange_id = stage.propose()
    for stranger in (stage.cast.cy, stage.cast.bethan):
        with pytest.raises(NoSuchExchange):
            stage.agree(exchange_id, by=stranger)
        with pytest.raises(NoSuchExchange):
            stage.approve(exchange_id, broker=stranger)


def test_members_do_not_find_the_exchanges_of_others(stage: Stage) -> None:
    with pytest.raises(NoSuchExchange):
        stage.agree(stage.propose(), by=stage.cast.olwen)


def test_nobody_exchanges_across_timebanks(stage: Stage) -> None:
    between = stage.between
    with pytest.raises(NoSuchMember):
        stage.propose(
            between=type(between)(
                giver_id=stage.cast.cy.member_id, receiver_id=between.receiver_id, proposer_id=between.proposer_id
            )
        )


def test_nobody_exchanges_with_themselves(stage: Stage) -> None:
    ben = stage.cast.ben.member_id
    with pytest.raises(WithThemselves):
        stage.propose(between=type(stage.between)(giver_id=ben, receiver_id=ben, proposer_id=ben))


def test_nobody_proposes_in_the_name_of_another(stage: Stage) -> None:
    with pytest.raises(ForOthers):
        stage.propose(by=stage.cast.olwen)


def test_the_same_form_sent_twice_proposes_once(stage: Stage) -> None:
    first = stage.propose(submission=stage.cast.gwalia)
    assert stage.propose(submission=stage.cast.gwalia) == first
    assert stage.verbs(first) == ["propose"]


@pytest.mark.parametrize("seconds", [0, -3600, 86_400 + 900, 10**9])
def test_hours_out_of_range_are_refused_and_nothing_changes(stage: Stage, seconds: int) -> None:
    exchange_id = stage.approved()
    with pytest.raises(HoursOutOfRange):
        stage.report(exchange_id, seconds=seconds)
    assert stage.state(exchange_id) is State.APPROVED


def test_hours_come_in_the_steps_of_the_policy(stage: Stage) -> None:
    exchange_id = stage.approved()
    with pytest.raises(HoursNotInSteps):
        stage.report(exchange_id, seconds=1000)


def test_hours_are_not_logged_ahead_nor_before_somebody_joined(stage: Stage) -> None:
    exchange_id = stage.approved()
    with pytest.raises(StillToCome):
        stage.report(exchange_id, happened_on=WEDNESDAY.date().replace(day=5))
    with pytest.raises(DatedBeforeJoining):
        stage.report(exchange_id, happened_on=WEDNESDAY.date().replace(year=2024))


def test_a_time_is_agreed_that_is_still_to_come(stage: Stage) -> None:
    exchange_id = stage.propose()
    with pytest.raises(AlreadyPast):
        stage.agree(exchange_id, planned_for=MONDAY.replace(hour=8))


def test_a_paused_member_neither_acts_nor_is_asked(stage: Stage) -> None:
    exchange_id = stage.propose()
    with unit_of_work(stage.session) as session:
        suspend(session, stage.cast.ana.member_id, broker=stage.cast.bea)
    with pytest.raises(MemberNotActive):
        stage.propose()
    with pytest.raises(AccessSuspended):
        stage.agree(exchange_id, by=standing_of(stage.session, stage.cast.ana.member_id))


def test_another_timebanks_kind_of_help_does_not_exist_here(stage: Stage) -> None:
    with unit_of_work(stage.session) as session:
        theirs = name_gift(session, stage.cast.other_timebank_id, name_en="Baking", name_cy="Pobi").id
    for gift_id in (theirs, stage.cast.gwalia):
        with pytest.raises(NoSuchGift):
            stage.log(gift_id=gift_id)


class TestLimits:
    """The floor is two hours below zero."""

    @pytest.fixture
    def terms(self) -> PolicyTerms:
        return PolicyTerms(floor_seconds=-7200)

    def test_hours_past_the_floor_cannot_be_promised(self, stage: Stage) -> None:
        exchange_id = stage.propose()
        stage.agree(exchange_id, planned_seconds=7200 + 900)
        with pytest.raises(LimitReached) as refusal:
            stage.approve(exchange_id)
        assert refusal.value.values["name"] == "Ben"
        assert stage.state(exchange_id) is State.AGREED

    def test_promised_hours_count_before_they_are_credited(self, stage: Stage) -> None:
        first = stage.propose()
        stage.agree(first, planned_seconds=7200)
        stage.approve(first)
        second = stage.propose()
        stage.agree(second, planned_seconds=900)
        with pytest.raises(LimitReached):
            stage.approve(second)

    def test_only_hours_beyond_the_promise_meet_the_limit_and_then_wait_for_a_broker(self, stage: Stage) -> None:
        exchange_id = stage.propose()
        stage.agree(exchange_id, planned_seconds=7200)
        stage.approve(exchange_id)
        stage.report(exchange_id, seconds=9000)
        stage.confirm(exchange_id)
        assert stage.state(exchange_id) is State.CONFIRMED
        assert stage.exchange(exchange_id).waits_for_limit
        assert stage.balance(stage.cast.ana) == 0
        with pytest.raises(LimitReached):
            stage.approve(exchange_id, at=WEDNESDAY)
        with unit_of_work(stage.session) as session:
            approving.settle(session, exchange_id, seconds=7200, note="As agreed", broker=stage.cast.bea, at=WEDNESDAY)
        assert stage.balance(stage.cast.ana) == 7200
        stage.prove()
