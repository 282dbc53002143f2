"""Whose word counts and when a broker looks, for every combination of a policy."""

from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest

from tests.exchanges.stage import HALF_PAST_ONE, MONDAY, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.exchanges import agreeing, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.rules import ForAnotherBroker, ForOneSideOnly, ForTheOther, MovedOn
from timebank.exchanges.tables import State
from timebank.members.actions import give_role
from timebank.members.queries import standing_of
from timebank.members.rules import Standing
from timebank.members.tables import Authority, Role
from timebank.network.actions import decide
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval, Confirmation


def decide_on(stage: Stage, approval: Approval, confirmation: Confirmation) -> None:
    with unit_of_work(stage.session) as session:
        decide(
            session,
            stage.cast.timebank_id,
            terms=PolicyTerms(approval=approval, confirmation=confirmation),
            after_version=1,
            by=None,
            at=MONDAY - timedelta(days=7),
        )


def waits_for_the_other(confirmation: Confirmation, reporter: str) -> bool:
    """Worked out by hand: the word of the one who logs is enough unless the policy asks for the other's."""
    return confirmation is Confirmation.BOTH or confirmation.value == {"giver": "receiver", "receiver": "giver"}.get(
        reporter
    )


@pytest.mark.parametrize(
    ("approval", "confirmation", "reporter"), [*product(Approval, Confirmation, ["giver", "receiver"])]
)
def test_hours_logged_afterwards_are_credited_when_the_policy_is_content(
    stage: Stage, approval: Approval, confirmation: Confirmation, reporter: str
) -> None:
    decide_on(stage, approval, confirmation)
    who, other = (stage.cast.ana, stage.cast.ben) if reporter == "giver" else (stage.cast.ben, stage.cast.ana)
    exchange_id = stage.log(
        between=Between(
            giver_id=stage.cast.ana.member_id, receiver_id=stage.cast.ben.member_id, proposer_id=who.member_id
        ),
        by=who,
    )
    if waits_for_the_other(confirmation, reporter):
        assert stage.state(exchange_id) is State.REPORTED
        assert stage.balance(stage.cast.ana) == 0
        stage.confirm(exchange_id, by=other)
    if approval is Approval.NONE:
        assert stage.state(exchange_id) is State.CREDITED
    else:
        assert stage.state(exchange_id) is State.CONFIRMED
        assert stage.exchange(exchange_id).is_unapproved is (approval is Approval.BEFOREHAND)
        assert stage.balance(stage.cast.ana) == 0
        stage.approve(exchange_id, at=WEDNESDAY)
    assert stage.balance(stage.cast.ana) == HALF_PAST_ONE
    stage.prove()


@pytest.mark.parametrize("approval", [Approval.NONE, Approval.AFTERWARDS])
def test_without_approval_beforehand_what_is_agreed_can_be_logged_at_once(stage: Stage, approval: Approval) -> None:
    decide_on(stage, approval, Confirmation.GIVER)
    exchange_id = stage.propose()
    stage.agree(exchange_id)
    with pytest.raises(MovedOn):
        stage.approve(exchange_id)
    stage.report(exchange_id)
    assert stage.state(exchange_id) is (State.CREDITED if approval is Approval.NONE else State.CONFIRMED)
    assert not stage.exchange(exchange_id).is_unapproved


def test_hours_logged_without_the_approval_beforehand_go_to_the_broker_marked_so(stage: Stage) -> None:
    exchange_id = stage.propose()
    stage.agree(exchange_id)
    stage.report(exchange_id)
    stage.confirm(exchange_id)
    assert stage.state(exchange_id) is State.CONFIRMED
    assert stage.exchange(exchange_id).is_unapproved
    stage.approve(exchange_id, at=WEDNESDAY)
    assert stage.state(exchange_id) is State.CREDITED


def test_a_broker_may_decline_hours_that_nobody_approved_beforehand(stage: Stage) -> None:
    exchange_id = stage.log()
    stage.confirm(exchange_id)
    with unit_of_work(stage.session) as session:
        agreeing.decline(session, exchange_id, by=stage.cast.bea, at=WEDNESDAY, note="Not insured")
    assert stage.state(exchange_id) is State.DECLINED
    assert stage.balance(stage.cast.ana) == 0


def test_a_change_of_policy_is_asked_for_at_its_time(stage: Stage) -> None:
    exchange_id = stage.approved()
    with unit_of_work(stage.session) as session:
        decide(
            session,
            stage.cast.timebank_id,
            terms=PolicyTerms(confirmation=Confirmation.GIVER),
            after_version=1,
            by=stage.cast.bea.person_id,
            at=MONDAY + timedelta(days=1),
        )
    stage.report(exchange_id)
    assert stage.state(exchange_id) is State.CREDITED


def test_a_broker_takes_part_for_somebody_without_email(stage: Stage) -> None:
    olwen, ana, bea = stage.cast.olwen, stage.cast.ana, stage.cast.bea.told(Authority.PHONE)
    exchange_id = stage.propose(
        between=Between(giver_id=ana.member_id, receiver_id=olwen.member_id, proposer_id=olwen.member_id), by=bea
    )
    stage.agree(exchange_id)
    stage.approve(exchange_id)
    stage.report(exchange_id)
    stage.confirm(exchange_id, by=bea, note="She rang")
    assert stage.state(exchange_id) is State.CREDITED
    assert stage.balance(olwen) == -HALF_PAST_ONE
    assert stage.exchange(exchange_id).has_receiver_word


def test_a_broker_does_not_confirm_for_the_other_of_their_own_exchange(stage: Stage) -> None:
    olwen, bea = stage.cast.olwen, stage.cast.bea
    exchange_id = stage.log(
        between=Between(giver_id=bea.member_id, receiver_id=olwen.member_id, proposer_id=bea.member_id), by=bea
    )
    with pytest.raises(ForAnotherBroker):
        stage.confirm(exchange_id, by=bea, for_party=olwen.member_id)
    stage.confirm(exchange_id, by=stage.cast.bryn.told(Authority.LETTER), for_party=olwen.member_id)
    assert stage.state(exchange_id) is State.CONFIRMED


def test_a_broker_does_not_begin_an_exchange_of_their_own_in_the_others_name(stage: Stage) -> None:
    olwen, bea = stage.cast.olwen.member_id, stage.cast.bea.member_id
    between = Between(giver_id=bea, receiver_id=olwen, proposer_id=olwen)
    for begin in (stage.log, stage.propose):
        with pytest.raises(ForAnotherBroker):
            begin(between=between, by=stage.cast.bea)


def test_a_delegate_acts_for_their_organisation(stage: Stage) -> None:
    dewi, ana, gwalia = stage.cast.dewi, stage.cast.ana, stage.cast.gwalia
    exchange_id = stage.log(
        between=Between(giver_id=ana.member_id, receiver_id=gwalia, proposer_id=gwalia),
        by=dewi,
        happened_on=date(2026, 3, 1),
    )
    with pytest.raises(ForTheOther):
        stage.confirm(exchange_id, by=dewi)
    stage.confirm(exchange_id, by=ana)
    stage.approve(exchange_id, at=WEDNESDAY)
    assert stage.balance(gwalia) == -HALF_PAST_ONE


def logged_for_both(stage: Stage) -> tuple[UUID, Standing]:
    """Dewi, a member like others here, logs that he helped the organisation for which he acts."""
    with unit_of_work(stage.session) as session:
        give_role(session, stage.cast.dewi.member_id, Role.MEMBER, at=MONDAY)
    dewi = standing_of(stage.session, stage.cast.dewi.member_id)
    between = Between(giver_id=dewi.member_id, receiver_id=stage.cast.gwalia, proposer_id=dewi.member_id)
    return stage.log(between=between, by=dewi), dewi


def test_nobody_gives_both_words(stage: Stage) -> None:
    exchange_id, dewi = logged_for_both(stage)
    with pytest.raises(ForOneSideOnly):
        stage.confirm(exchange_id, by=dewi)


@pytest.mark.parametrize("confirmation", Confirmation)
def test_what_one_person_logs_for_both_sides_is_never_credited_without_a_broker(
    stage: Stage, confirmation: Confirmation
) -> None:
    decide_on(stage, Approval.NONE, confirmation)
    exchange_id, _ = logged_for_both(stage)
    with unit_of_work(stage.session) as session:
        reporting.confirm_overdue(session, exchange_id, at=WEDNESDAY + timedelta(days=14))
    assert stage.exchange(exchange_id).is_one_handed
    assert stage.state(exchange_id) is State.CONFIRMED
    assert stage.balance(stage.cast.gwalia) == 0
    stage.approve(exchange_id)
    assert stage.balance(stage.cast.gwalia) == -HALF_PAST_ONE
