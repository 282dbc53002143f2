"""A broker who is a guardian has a part in what is their ward's; blocks hold for guardians too."""

from datetime import date
from uuid import uuid4

import pytest

from tests.exchanges.stage import MONDAY, WEDNESDAY, Stage
from tests.exchanges.test_guardians import appoint, to_olwen
from tests.group_sessions.hall import Hall
from timebank.afterwords.actions import say_how_it_went
from timebank.afterwords.queries import to_note
from timebank.afterwords.tables import Feeling
from timebank.concerns.actions import confide
from timebank.concerns.queries import concern
from timebank.concerns.rules import NoSuchConcern
from timebank.database import unit_of_work
from timebank.donations.asking import ask, grant
from timebank.donations.giving import check_receiver
from timebank.donations.rules import ForTheirOwnPurse
from timebank.exchanges.agreeing import Between
from timebank.exchanges.rules import ForAnotherBroker
from timebank.group_sessions.rules import ForABrokerWithoutPart
from timebank.group_sessions.tables import Part
from timebank.members import blocking
from timebank.members.brokers import brokers_apart
from timebank.members.queries import party, standing_of
from timebank.members.rules import BlockedByYou, Standing
from timebank.members.tables import Authority
from timebank.sheets.entering import enter
from timebank.sheets.rules import Line, LinesRefused, Sheet


@pytest.fixture
def bea(stage: Stage) -> Standing:
    """Bea, a broker, is Olwen's guardian."""
    appoint(stage, broker="bryn", guardian=stage.cast.bea.member_id)
    return standing_of(stage.session, stage.cast.bea.member_id)


def test_they_do_not_enter_their_wards_lines_from_paper(stage: Stage, bea: Standing) -> None:
    line = Line(
        number=1,
        happened_on=date(2026, 3, 2),
        giver_id=stage.cast.olwen.member_id,
        receiver_id=stage.cast.ana.member_id,
        title="Tea",
        seconds=3600,
    )
    with pytest.raises(LinesRefused) as refused:
        enter(stage.session, [line], sheet=Sheet(approves=True), by=bea, at=WEDNESDAY, submission=uuid4())
    assert isinstance(refused.value.by_line[1], ForAnotherBroker)


def test_they_read_no_concern_and_note_nothing_in_which_their_ward_has_a_part(stage: Stage, bea: Standing) -> None:
    ana, bryn, olwen = stage.cast.ana, stage.cast.bryn, stage.cast.olwen.member_id
    exchange_id = to_olwen(stage)
    stage.confirm(exchange_id, by=bryn.told(Authority.PHONE))
    stage.approve(exchange_id, broker=bryn, at=WEDNESDAY)
    with unit_of_work(stage.session) as session:
        told = confide(session, olwen, words="Worried", by=ana, at=WEDNESDAY, submission=uuid4())
        say_how_it_went(session, exchange_id, Feeling.NOT_WELL, by=ana, at=WEDNESDAY)
    assert concern(stage.session, told.id, broker=bryn).about == "Olwen"
    with pytest.raises(NoSuchConcern):
        concern(stage.session, told.id, broker=bea)
    assert len(to_note(stage.session, broker=bryn)) == 1
    assert to_note(stage.session, broker=bea) == []
    assert brokers_apart(stage.session, stage.cast.timebank_id, [olwen]) == 1


def test_they_give_nothing_of_others_and_of_the_pot_to_their_ward(stage: Stage, bea: Standing) -> None:
    olwen, session = stage.cast.olwen.member_id, stage.session
    with unit_of_work(session):
        wish = ask(
            session, olwen, seconds=3600, word="Tea", by=stage.cast.bryn.told(Authority.PHONE), at=MONDAY,
            submission=uuid4(),
        )  # fmt: skip
    with pytest.raises(ForTheirOwnPurse):
        grant(session, wish.id, seconds=3600, broker=bea, at=MONDAY, submission=uuid4())
    ana = party(session, bea.timebank_id, stage.cast.ana.member_id)
    with pytest.raises(ForAnotherBroker):
        check_receiver(session, olwen, giver=ana, by=bea)


def test_they_do_not_credit_a_group_session_to_which_their_ward_came(stage: Stage, bea: Standing) -> None:
    hall = Hall(stage.session, stage.cast)
    held = hall.announce()
    hall.came(held, stage.cast.ana, Part.GIVER, 1)
    hall.came(held, stage.cast.olwen, Part.RECEIVER, 1)
    with pytest.raises(ForABrokerWithoutPart):
        hall.credit(held, broker=bea)
    hall.credit(held)
    assert hall.hours(stage.cast.ana) == 1


def test_a_guardian_logs_nothing_with_whom_their_ward_has_blocked(stage: Stage) -> None:
    ben, ana, olwen = appoint(stage), stage.cast.ana.member_id, stage.cast.olwen.member_id
    with unit_of_work(stage.session) as session:
        blocking.block(session, ana, by=stage.cast.bryn.told(Authority.PHONE), at=MONDAY, for_party=olwen)
    with pytest.raises(BlockedByYou):
        stage.log(between=Between(giver_id=ana, receiver_id=olwen, proposer_id=olwen), by=ben)
