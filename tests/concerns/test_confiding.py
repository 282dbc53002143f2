"""A concern: who reads it, who never learns of it, and how it is closed."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from tests.cast import Cast
from tests.exchanges.stage import MONDAY, TUESDAY, Stage
from timebank.concerns import actions, queries
from timebank.concerns.rules import ClosedAlready, NobodyToConfideIn, NoSuchConcern, NotAboutThem
from timebank.database import unit_of_work
from timebank.exchanges.agreeing import Between
from timebank.exchanges.rules import NoSuchExchange
from timebank.members.actions import suspend
from timebank.members.queries import standing_of
from timebank.members.rules import ForBrokers, ForOthers, NoSuchMember, NotOneself, NotToldHow, Standing
from timebank.members.tables import Authority
from timebank.messages import actions as messages
from timebank.messages.queries import conversation
from timebank.messages.rules import BetweenTheTwo
from timebank.notices.tables import Notice
from timebank.today.queries import Waiting, today


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session, cast)


def confide(stage: Stage, by: Standing, about: UUID, **more: Any) -> UUID:
    given = {"words": "He shouted at me", "at": MONDAY, "submission": uuid4()} | more
    with unit_of_work(stage.session) as session:
        return actions.confide(session, about, by=by, **given).id


def waits_for(stage: Stage, broker: Standing) -> list[str]:
    stage.session.rollback()
    found = today(stage.session, broker=broker, at=TUESDAY, only=Waiting.CONCERN)
    return [task.concern.name for task in found.tasks if task.concern]


def test_a_concern_waits_for_the_brokers_and_is_closed_with_a_note(stage: Stage) -> None:
    cast = stage.cast
    concern_id = confide(stage, cast.ana, cast.ben.member_id)
    assert waits_for(stage, cast.bea) == waits_for(stage, cast.bryn) == ["Ana"]
    confided = queries.concern(stage.session, concern_id, broker=cast.bea)
    assert confided.words is not None
    assert (confided.about, confided.words.words) == ("Ben", "He shouted at me")
    with unit_of_work(stage.session) as session:
        actions.close(session, concern_id, note="Talked with both", broker=cast.bea, at=TUESDAY)
    assert waits_for(stage, cast.bea) == []
    with pytest.raises(ClosedAlready), unit_of_work(stage.session) as session:
        actions.close(session, concern_id, note="Again", broker=cast.bryn, at=TUESDAY)
    (kept,) = queries.concerns(stage.session, broker=cast.bryn).items
    assert kept.words is not None and kept.words.note == "Talked with both"
    assert stage.session.exec(select(Notice)).all() == [], "it stands in Today and nowhere else"


def test_whoever_has_a_part_in_it_does_not_even_see_that_there_is_one(stage: Stage) -> None:
    cast = stage.cast
    concern_id = confide(stage, cast.ana, cast.bea.member_id)
    assert waits_for(stage, cast.bea) == []
    assert today(stage.session, broker=cast.bea, at=TUESDAY).counts == {}
    assert queries.concerns(stage.session, broker=cast.bea).items == []
    assert waits_for(stage, cast.bryn) == ["Ana"]
    for broker in (cast.bea, cast.bethan):
        with pytest.raises(NoSuchConcern), unit_of_work(stage.session) as session:
            actions.close(session, concern_id, note="Nothing", broker=broker, at=TUESDAY)


@pytest.mark.parametrize("who", ["ana", "ben", "awen", "dewi", "cy", "bethan"])
def test_nobody_but_its_brokers_reads_a_concern(stage: Stage, who: str) -> None:
    cast, reader = stage.cast, stage.cast.standings[who]
    concern_id = confide(stage, cast.ana, cast.ben.member_id)
    with pytest.raises(NoSuchConcern):
        queries.concern(stage.session, concern_id, broker=reader)
    if reader.is_broker:
        assert queries.concerns(stage.session, broker=reader).items == []
    else:
        with pytest.raises(ForBrokers):
            queries.concerns(stage.session, broker=reader)


def test_from_an_exchange_its_brokers_with_a_part_are_left_out_and_messages_can_be_shown(stage: Stage) -> None:
    cast, exchange_id = stage.cast, stage.propose()
    with unit_of_work(stage.session) as session:
        messages.write(session, exchange_id, words="You had better", by=cast.ben, at=MONDAY, submission=uuid4())
    confide(stage, cast.ana, cast.ben.member_id, exchange_id=exchange_id)
    with pytest.raises(BetweenTheTwo):
        conversation(stage.session, exchange_id, by=cast.bea)
    confide(stage, cast.ana, cast.ben.member_id, exchange_id=exchange_id, shows_messages=True)
    assert conversation(stage.session, exchange_id, by=cast.bea).messages
    assert conversation(stage.session, exchange_id, by=cast.ben).shown_by == frozenset()


def test_the_same_form_sent_twice_is_one_concern(stage: Stage) -> None:
    cast, submission = stage.cast, uuid4()
    first, second = (confide(stage, cast.ana, cast.ben.member_id, submission=submission) for _ in range(2))
    assert first == second
    assert waits_for(stage, cast.bea) == ["Ana"]


def test_where_every_broker_has_a_part_nobody_is_left_to_read(stage: Stage) -> None:
    cast = stage.cast
    with unit_of_work(stage.session) as session:
        suspend(session, cast.bryn.member_id, broker=cast.bea)
    with pytest.raises(NobodyToConfideIn):
        confide(stage, cast.ana, cast.bea.member_id)
    confide(stage, cast.ana, cast.ben.member_id)


def test_what_is_no_concern_of_theirs_is_refused(stage: Stage) -> None:
    cast, exchange_id = stage.cast, stage.propose()
    with pytest.raises(NotOneself):
        confide(stage, cast.ana, cast.ana.member_id)
    with pytest.raises(ForOthers):
        confide(stage, cast.ana, cast.ben.member_id, for_party=cast.olwen.member_id)
    with pytest.raises(NotAboutThem):
        confide(stage, cast.ana, cast.bea.member_id, exchange_id=exchange_id)
    with pytest.raises(NoSuchExchange):
        confide(stage, cast.olwen, cast.ben.member_id, exchange_id=exchange_id)
    for stranger, whom in ((cast.cy, cast.ana.member_id), (cast.ana, cast.cy.member_id)):
        with pytest.raises(NoSuchMember):
            confide(stage, stranger, whom)


def test_a_broker_writes_down_what_somebody_told_on_the_telephone(stage: Stage) -> None:
    cast = stage.cast
    with pytest.raises(NotToldHow):
        confide(stage, cast.bea, cast.ben.member_id, for_party=cast.olwen.member_id)
    told = confide(stage, cast.bea.told(Authority.PHONE), cast.ben.member_id, for_party=cast.olwen.member_id)
    assert queries.concern(stage.session, told, broker=cast.bryn).concern.authority is Authority.PHONE
    assert waits_for(stage, cast.bryn) == ["Olwen"]


def test_a_delegate_confides_for_their_organisation(stage: Stage) -> None:
    cast = stage.cast
    between = Between(giver_id=cast.gwalia, receiver_id=cast.ana.member_id, proposer_id=cast.ana.member_id)
    exchange_id = stage.propose(between=between, by=cast.ana)
    dewi = standing_of(stage.session, cast.dewi.member_id)
    confide(stage, dewi, cast.ana.member_id, exchange_id=exchange_id, for_party=cast.gwalia)
    assert waits_for(stage, cast.bea) == ["Gwalia Homes"]


def test_the_list_goes_on_by_key(stage: Stage) -> None:
    cast = stage.cast
    for number in range(3):
        confide(stage, cast.ana, cast.ben.member_id, words=f"{number}", at=MONDAY + timedelta(minutes=number))
    first = queries.concerns(stage.session, broker=cast.bea, limit=2)
    rest = queries.concerns(stage.session, broker=cast.bea, after=first.after, limit=2)
    assert [each.words.words for each in (*first.items, *rest.items) if each.words] == ["2", "1", "0"]
    assert rest.after is None
