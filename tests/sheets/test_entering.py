"""Lines of a sheet under every policy: what is posted, what waits, and what is refused."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.sheets.desk import FRIDAY, HOUR, Desk
from timebank.database import unit_of_work
from timebank.exchanges.rules import ForAnotherBroker, StillToCome, WithThemselves
from timebank.exchanges.tables import State
from timebank.members.rules import DatedBeforeJoining, ForBrokers, NoSuchMember
from timebank.network.queries import timebank
from timebank.network.rules import HoursNotInSteps, PolicyTerms
from timebank.network.tables import Approval, Confirmation
from timebank.sheets import entering
from timebank.sheets.rules import (
    EnteredBefore,
    LinesRefused,
    LoggedAlready,
    NothingEntered,
    Repeats,
    Sheet,
    TwiceOnSheet,
)
from timebank.sheets.tables import Signed

BEFOREHAND, NONE = Approval.BEFOREHAND, Approval.NONE
ONE_WORD = PolicyTerms(approval=NONE, confirmation=Confirmation.GIVER)


@pytest.mark.parametrize(
    ("terms", "signed", "approves", "state", "verbs"),
    [
        (PolicyTerms(), Signed.BOTH, False, State.CONFIRMED, ["report", "confirm"]),
        (PolicyTerms(), Signed.BOTH, True, State.CREDITED, ["report", "confirm", "approve"]),
        (PolicyTerms(approval=NONE), Signed.BOTH, False, State.CREDITED, ["report", "confirm", "credit"]),
        (PolicyTerms(approval=NONE), Signed.GIVER, True, State.REPORTED, ["report"]),
        (PolicyTerms(approval=NONE), Signed.RECEIVER, False, State.REPORTED, ["report"]),
        (ONE_WORD, Signed.GIVER, False, State.CREDITED, ["report", "confirm", "credit"]),
        (ONE_WORD, Signed.RECEIVER, False, State.REPORTED, ["report"]),
    ],
)  # fmt: skip
def test_a_line_goes_as_far_as_the_signatures_the_policy_and_the_broker_let_it(
    desk: Desk, signed: Signed, approves: bool, state: State, verbs: list[str]
) -> None:
    desk.enter(desk.line(), signed=signed, approves=approves)
    (exchange,) = desk.exchanges()
    assert (exchange.state, desk.verbs(exchange.id)) == (state, verbs)
    is_credited = state is State.CREDITED
    assert desk.hours(desk.cast.ana) == -desk.hours(desk.cast.ben) == is_credited
    assert desk.helped() == [HOUR] * is_credited
    desk.prove()


@pytest.mark.parametrize("terms", [PolicyTerms(approval=NONE)])
def test_what_cannot_be_is_refused_by_line_and_then_nothing_is_posted(desk: Desk) -> None:
    cast = desk.cast
    lines = {
        1: (desk.line(1), None),
        2: (desk.line(2, receiver_id=cast.ana.member_id), WithThemselves),
        3: (desk.line(3, receiver_id=cast.cy.member_id), NoSuchMember),
        4: (desk.line(4, giver_id=cast.bea.member_id), ForAnotherBroker),
        5: (desk.line(5, seconds=1200), HoursNotInSteps),
        6: (desk.line(6, happened_on=FRIDAY.date() + timedelta(days=1)), StillToCome),
        7: (desk.line(7, happened_on=date(2024, 1, 1)), DatedBeforeJoining),
        8: (desk.line(8), TwiceOnSheet),
    }
    with pytest.raises(LinesRefused) as refused:
        desk.enter(*(line for line, _ in lines.values()), by=cast.bea)
    assert {number: type(why) for number, why in refused.value.by_line.items()} == {
        number: why for number, (_, why) in lines.items() if why
    }
    assert desk.exchanges() == []


def test_hours_that_are_logged_already_are_spotted_left_out_or_counted(desk: Desk) -> None:
    desk.enter(desk.line())
    again, other = desk.line(1), desk.line(2, seconds=2 * HOUR)
    with pytest.raises(LinesRefused) as refused:
        desk.enter(again, other)
    assert isinstance(refused.value.by_line[1], LoggedAlready)
    assert refused.value.by_line[1].exchange_id == desk.exchanges()[0].id
    desk.enter(again, other, repeats=Repeats.LEAVE_OUT)
    assert [each.reported_seconds for each in desk.exchanges()] == [HOUR, 2 * HOUR]
    with pytest.raises(NothingEntered):
        desk.enter(desk.line(3), repeats=Repeats.LEAVE_OUT)
    desk.enter(desk.line(1, title="A second round"), repeats=Repeats.COUNT)
    assert len(desk.exchanges()) == 3


def test_the_same_lines_again_need_saying_so_and_the_same_form_again_does_nothing(desk: Desk) -> None:
    submission = uuid4()
    first = desk.enter(desk.line(), submission=submission)
    assert desk.enter(desk.line(), submission=submission) == first
    with pytest.raises(EnteredBefore):
        desk.enter(desk.line(), by=desk.cast.bea)
    desk.enter(desk.line(), by=desk.cast.bea, is_more=True, repeats=Repeats.COUNT)
    assert len(desk.exchanges()) == 2


@pytest.mark.parametrize("terms", [PolicyTerms(approval=NONE, floor_seconds=-3 * HOUR)])
def test_whoever_would_pass_a_limit_waits_for_a_broker_and_the_rest_is_credited(desk: Desk) -> None:
    desk.enter(*(desk.line(number, seconds=number * HOUR) for number in (1, 2, 3)))
    assert [(each.state, each.waits_for_limit) for each in desk.exchanges()] == [
        (State.CREDITED, False),
        (State.CREDITED, False),
        (State.CONFIRMED, True),
    ]
    assert desk.hours(desk.cast.ben) == -3
    desk.prove()


def test_a_look_tells_what_would_happen_and_leaves_nothing(desk: Desk) -> None:
    desk.session.rollback()
    outcomes, refused = entering.look(
        desk.session,
        [desk.line(1), desk.line(2, seconds=60)],
        sheet=Sheet(approves=True),
        by=desk.cast.bryn,
        at=FRIDAY,
    )
    desk.session.commit()
    assert (outcomes[1].state, outcomes[1].is_unapproved) == (State.CREDITED, True)
    assert [*refused] == [2]
    assert (desk.exchanges(), desk.helped(), desk.hours(desk.cast.ana)) == ([], [], 0)


def test_a_look_within_a_unit_of_work_leaves_nothing_whatever_was_read_before(desk: Desk) -> None:
    with unit_of_work(desk.session) as session:
        bank = timebank(session, desk.cast.bryn.timebank_id)  # held, so that nothing has to be asked of the database
        entering.look(session, [desk.line(1)], sheet=Sheet(approves=True), by=desk.cast.bryn, at=FRIDAY)
        assert bank.id == desk.cast.bryn.timebank_id
    assert (desk.exchanges(), desk.helped(), desk.hours(desk.cast.ana)) == ([], [], 0)


@pytest.mark.parametrize("who", ["ana", "dewi", "awen", "cy"])
def test_only_brokers_enter_sheets(desk: Desk, who: str) -> None:
    with pytest.raises(ForBrokers):
        desk.enter(desk.line(), by=desk.cast.standings[who])


def test_a_broker_of_another_timebank_finds_nobody_here(desk: Desk) -> None:
    with pytest.raises(LinesRefused) as refused:
        desk.enter(desk.line(), by=desk.cast.bethan)
    assert isinstance(refused.value.by_line[1], NoSuchMember)
