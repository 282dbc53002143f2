"""How it went, in two taps: what the brokers see, what the other sees, and what nobody does."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from tests.cast import Cast
from tests.exchanges.stage import TUESDAY, WEDNESDAY, Stage
from timebank.afterwords import actions, queries
from timebank.afterwords.rules import NoSuchAfterword, NotOverYet, NotYoursToSay
from timebank.afterwords.tables import Afterword, Feeling, Thanks
from timebank.database import unit_of_work
from timebank.exchanges.agreeing import Between
from timebank.exchanges.rules import NoSuchExchange
from timebank.members import blocking
from timebank.members.rules import CannotBeArranged, ForBrokers, NotToldHow, Standing
from timebank.members.tables import Authority
from timebank.notices.tables import Notice
from timebank.today.queries import Waiting, today


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session, cast)


def say(stage: Stage, exchange_id: UUID, feeling: Feeling, by: Standing, **more: Any) -> None:
    with unit_of_work(stage.session) as session:
        actions.say_how_it_went(session, exchange_id, feeling, by=by, at=WEDNESDAY, **more)


def thank(stage: Stage, exchange_id: UUID, by: Standing, words: str = "", **more: Any) -> None:
    with unit_of_work(stage.session) as session:
        actions.thank(session, exchange_id, words=words, by=by, at=WEDNESDAY, **more)


def thanks(stage: Stage, exchange_id: UUID, by: Standing) -> dict[UUID, str]:
    stage.session.rollback()
    found = queries.echo(stage.session, exchange_id, by=by).thanks
    return {party_id: each.words for party_id, each in found.items()}


def murmurs(stage: Stage, broker: Standing) -> list[Feeling]:
    stage.session.rollback()
    found = today(stage.session, broker=broker, at=WEDNESDAY, only=Waiting.AFTERWORD).tasks
    return [task.murmur.afterword.feeling for task in found if task.murmur]


def test_thanks_are_passed_on_once_with_words_if_somebody_likes(stage: Stage) -> None:
    cast, exchange_id = stage.cast, stage.credited()
    thank(stage, exchange_id, cast.ben, "Best bread in the valley")
    thank(stage, exchange_id, cast.ben, "And once more")
    thank(stage, exchange_id, cast.ana)
    assert thanks(stage, exchange_id, cast.ana) == thanks(stage, exchange_id, cast.ben)
    assert thanks(stage, exchange_id, cast.ana) == {
        cast.ben.member_id: "Best bread in the valley",
        cast.ana.member_id: "",
    }
    told = stage.session.exec(select(Notice).where(Notice.kind == "thanked")).all()
    assert sorted((each.values["other"], each.values["note"]) for each in told) == [
        ("Ana", ""),
        ("Ben", "Best bread in the valley"),
    ]


def test_that_it_went_well_is_nobodys_work(stage: Stage) -> None:
    cast, exchange_id = stage.cast, stage.credited()
    say(stage, exchange_id, Feeling.WELL, cast.ben)
    assert murmurs(stage, cast.bea) == []
    assert queries.echo(stage.session, exchange_id, by=cast.ben).feelings == {cast.ben.member_id: Feeling.WELL}
    assert queries.echo(stage.session, exchange_id, by=cast.ana).feelings == {}


@pytest.mark.parametrize("feeling", [Feeling.SO_SO, Feeling.NOT_WELL])
def test_what_did_not_go_well_waits_quietly_until_a_broker_notes_it(stage: Stage, feeling: Feeling) -> None:
    cast, exchange_id = stage.cast, stage.credited()
    say(stage, exchange_id, feeling, cast.ben)
    assert murmurs(stage, cast.bea) == murmurs(stage, cast.bryn) == [feeling]
    assert queries.echo(stage.session, exchange_id, by=cast.ana).feelings == {}, "the other does not learn of it"
    assert queries.echo(stage.session, exchange_id, by=cast.bea).voices == []
    for refused, refusal in ((cast.ana, ForBrokers), (cast.bethan, NoSuchExchange)):
        with pytest.raises(refusal), unit_of_work(stage.session) as session:
            actions.note(session, exchange_id, cast.ben.member_id, broker=refused, at=WEDNESDAY)
    with unit_of_work(stage.session) as session:
        actions.note(session, exchange_id, cast.ben.member_id, broker=cast.bea, at=WEDNESDAY)
    assert murmurs(stage, cast.bryn) == []
    with pytest.raises(NoSuchAfterword), unit_of_work(stage.session) as session:
        actions.note(session, exchange_id, cast.ben.member_id, broker=cast.bryn, at=WEDNESDAY)
    assert (
        len(stage.session.exec(select(Notice).where(Notice.made_at == WEDNESDAY, Notice.kind == "thanked")).all()) == 0
    )


def test_somebody_may_think_better_of_it(stage: Stage) -> None:
    cast, exchange_id = stage.cast, stage.credited()
    say(stage, exchange_id, Feeling.NOT_WELL, cast.ben)
    say(stage, exchange_id, Feeling.WELL, cast.ben)
    assert murmurs(stage, cast.bea) == []
    say(stage, exchange_id, Feeling.SO_SO, cast.ben)
    assert murmurs(stage, cast.bea) == [Feeling.SO_SO]


def test_a_broker_with_a_part_in_it_does_not_see_what_was_said(stage: Stage) -> None:
    cast = stage.cast
    between = Between(giver_id=cast.bea.member_id, receiver_id=cast.ben.member_id, proposer_id=cast.bea.member_id)
    exchange_id = stage.log(between=between, by=cast.bea)
    stage.confirm(exchange_id)
    stage.approve(exchange_id, broker=cast.bryn)
    say(stage, exchange_id, Feeling.NOT_WELL, cast.ben)
    assert murmurs(stage, cast.bea) == []
    assert murmurs(stage, cast.bryn) == [Feeling.NOT_WELL]
    with pytest.raises(NoSuchAfterword), unit_of_work(stage.session) as session:
        actions.note(session, exchange_id, cast.ben.member_id, broker=cast.bea, at=WEDNESDAY)


def test_nothing_is_said_before_the_hours_are_credited(stage: Stage) -> None:
    exchange_id = stage.approved()
    with pytest.raises(NotOverYet):
        say(stage, exchange_id, Feeling.WELL, stage.cast.ben)
    with pytest.raises(NotOverYet):
        thank(stage, exchange_id, stage.cast.ben)


@pytest.mark.parametrize(("who", "refusal"), [("bea", NotYoursToSay), ("awen", NotYoursToSay), ("cy", NoSuchExchange)])
def test_only_the_two_say_how_it_went(stage: Stage, who: str, refusal: type[Exception]) -> None:
    exchange_id, other = stage.credited(), stage.cast.standings[who]
    with pytest.raises(refusal):
        say(stage, exchange_id, Feeling.WELL, other)
    with pytest.raises(refusal):
        thank(stage, exchange_id, other)


def test_thanks_are_not_passed_to_who_keeps_away(stage: Stage) -> None:
    cast, exchange_id = stage.cast, stage.credited()
    with unit_of_work(stage.session) as session:
        blocking.block(session, cast.ben.member_id, by=cast.ana, at=TUESDAY)
    with pytest.raises(CannotBeArranged):
        thank(stage, exchange_id, cast.ben, "Please")
    say(stage, exchange_id, Feeling.WELL, cast.ben)


def test_a_broker_says_it_for_somebody_without_email(stage: Stage) -> None:
    cast = stage.cast
    between = Between(giver_id=cast.olwen.member_id, receiver_id=cast.ben.member_id, proposer_id=cast.ben.member_id)
    exchange_id = stage.log(between=between, by=cast.ben)
    stage.confirm(exchange_id, by=cast.bea.told(Authority.PHONE), for_party=cast.olwen.member_id)
    stage.approve(exchange_id)
    with pytest.raises(NotToldHow):
        thank(stage, exchange_id, cast.bryn, for_party=cast.olwen.member_id)
    bryn = cast.bryn.told(Authority.PHONE)
    thank(stage, exchange_id, bryn, "Diolch, Ben", for_party=cast.olwen.member_id)
    say(stage, exchange_id, Feeling.SO_SO, cast.bryn.told(Authority.LETTER), for_party=cast.olwen.member_id)
    rows = [stage.session.get_one(table, (exchange_id, cast.olwen.member_id)) for table in (Thanks, Afterword)]
    assert [row.authority for row in rows] == [Authority.PHONE, Authority.LETTER]
    with pytest.raises(NotYoursToSay):
        thank(stage, exchange_id, cast.bryn, for_party=cast.ben.member_id)
    assert thanks(stage, exchange_id, cast.ben) == {cast.olwen.member_id: "Diolch, Ben"}
