"""Asking the community pot, and a broker's answers."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.donations.purse import HOUR, MONDAY, Purse
from timebank.database import unit_of_work
from timebank.donations import asking
from timebank.donations.queries import waiting_wishes, wish
from timebank.donations.rules import AnsweredAlready, ForTheirOwnPurse, NoSuchWish, PotHoldsLess
from timebank.donations.tables import WishState
from timebank.errors import Refusal
from timebank.members.rules import ForBrokers, ForOthers, NoSuchMember
from timebank.today.queries import Waiting, today


def state(purse: Purse, wish_id: UUID) -> WishState:
    purse.session.rollback()
    return wish(purse.session, wish_id, by=purse.cast.bea).wish.state


def test_a_broker_gives_what_is_asked_or_a_part_of_it(purse: Purse) -> None:
    purse.fill_pot(5)
    wish_id = purse.ask(purse.cast.ben, 3)
    waiting = today(purse.session, broker=purse.cast.bryn, at=MONDAY).tasks
    assert [(task.reason, task.seconds) for task in waiting] == [(Waiting.POT, 3 * HOUR)]
    purse.grant(wish_id, 2)
    assert (purse.hours(purse.cast.ben), purse.in_pot()) == (2, 3)
    assert state(purse, wish_id) is WishState.MET
    assert purse.told(purse.cast.ben) == ["allocated"]
    assert today(purse.session, broker=purse.cast.bryn, at=MONDAY).tasks == []
    purse.prove()


def test_the_pot_gives_no_more_than_it_holds(purse: Purse) -> None:
    purse.fill_pot(1)
    wish_id = purse.ask(purse.cast.ben, 3)
    with pytest.raises(PotHoldsLess) as refusal:
        purse.grant(wish_id, 3)
    assert refusal.value.values == {"free_seconds": HOUR}
    assert state(purse, wish_id) is WishState.WAITING
    assert purse.in_pot() == 1


def test_a_broker_says_no_and_whoever_asked_takes_back(purse: Purse) -> None:
    declined, withdrawn = purse.ask(purse.cast.ben, 3), purse.ask(purse.cast.ben, 4)
    with unit_of_work(purse.session) as session:
        asking.decline(session, declined, broker=purse.cast.bryn, at=MONDAY, word="The pot is empty")
        asking.withdraw(session, withdrawn, by=purse.cast.ben, at=MONDAY)
    assert (state(purse, declined), state(purse, withdrawn)) == (WishState.DECLINED, WishState.WITHDRAWN)
    assert purse.told(purse.cast.ben) == ["pot_declined"]
    for wish_id in (declined, withdrawn):
        with pytest.raises(AnsweredAlready):
            purse.grant(wish_id, 1)


def test_the_same_form_asks_once_and_gives_once(purse: Purse) -> None:
    purse.fill_pot(5)
    submission = uuid4()
    wish_id, again = (purse.ask(purse.cast.ben, 2, submission=submission) for _ in range(2))
    assert wish_id == again
    assert purse.grant(wish_id, 2, submission=submission) == purse.grant(wish_id, 2, submission=submission)
    assert purse.in_pot() == 3


def test_two_brokers_at_once_give_it_once(purse: Purse, engine: Engine) -> None:
    purse.fill_pot(5)
    wish_id = purse.ask(purse.cast.ben, 2)

    def press(_number: int) -> None:
        with Session(engine) as own, unit_of_work(own):
            asking.grant(own, wish_id, seconds=2 * HOUR, broker=purse.cast.bryn, at=MONDAY, submission=uuid4(), word="")

    with ThreadPoolExecutor(4) as pool:
        pressed = [pool.submit(press, number) for number in range(4)]
    assert [type(one.exception()) for one in pressed if one.exception()] == [AnsweredAlready] * 3
    assert (purse.hours(purse.cast.ben), purse.in_pot()) == (2, 3)


def test_the_same_form_at_once_gives_once_and_refuses_nobody(purse: Purse, engine: Engine) -> None:
    purse.fill_pot(5)
    wish_id, submission = purse.ask(purse.cast.ben, 2), uuid4()

    def press(_number: int) -> UUID:
        with Session(engine) as own, unit_of_work(own):
            said = {"broker": purse.cast.bryn, "at": MONDAY, "submission": submission, "word": ""}
            return asking.grant(own, wish_id, seconds=2 * HOUR, **said).id  # type: ignore[arg-type]

    with ThreadPoolExecutor(3) as pool:
        given = set(pool.map(press, range(3)))
    assert len(given) == 1
    assert (purse.hours(purse.cast.ben), purse.in_pot()) == (2, 3)


def test_who_may_ask_and_who_may_answer(purse: Purse) -> None:
    cast = purse.cast
    purse.fill_pot(5)
    with pytest.raises(ForOthers):
        purse.ask(cast.ben, 1, by=cast.ana)
    with pytest.raises(NoSuchMember):
        purse.ask(cast.ben, 1, by=cast.bethan)
    beas, bens = purse.ask(cast.bea, 1), purse.ask(cast.ben, 1)
    refusals: list[tuple[UUID, object, type[Refusal]]] = [
        (bens, cast.ben, NoSuchWish),
        (bens, cast.ana, NoSuchWish),
        (bens, cast.bethan, NoSuchWish),
        (beas, cast.bea, ForTheirOwnPurse),
    ]
    for wish_id, broker, refusal in refusals:
        with pytest.raises(refusal):
            purse.grant(wish_id, 1, broker=broker)
    with pytest.raises(ForBrokers), unit_of_work(purse.session) as session:
        asking.allocate(
            session, cast.ben.member_id, seconds=HOUR, broker=cast.ana, at=MONDAY, submission=uuid4(), word=""
        )
    with pytest.raises(ForTheirOwnPurse), unit_of_work(purse.session) as session:
        asking.allocate(
            session, cast.bea.member_id, seconds=HOUR, broker=cast.bea, at=MONDAY, submission=uuid4(), word=""
        )
    with pytest.raises(NoSuchWish):
        wish(purse.session, bens, by=cast.ana)
    assert {asked.wish.id for asked in waiting_wishes(purse.session, cast.timebank_id)} == {beas, bens}
    assert not waiting_wishes(purse.session, cast.other_timebank_id)
    purse.grant(beas, 1)
    assert purse.hours(cast.bea) == 1
