"""Passing hours on: what one has, to the pot or to somebody, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.donations.purse import HOUR, MONDAY, Purse
from timebank.database import unit_of_work
from timebank.donations import giving
from timebank.donations.rules import MoreThanThereIs, ToThemselves
from timebank.errors import Refusal
from timebank.exchanges.queries import given_and_received
from timebank.exchanges.rules import SERVICE, ForAnotherBroker
from timebank.members import actions as members
from timebank.members.rules import ForOthers, MemberNotActive, NoSuchMember, NotToldHow
from timebank.members.tables import Authority
from timebank.network.queries import book_of


def test_hours_go_to_the_pot_or_to_somebody_and_are_no_help(purse: Purse) -> None:
    ana, ben = purse.cast.ana, purse.cast.ben
    purse.has(ana, 5)
    purse.donate(ana, 2)
    purse.donate(ana, 1, receiver_id=ben.member_id)
    assert (purse.hours(ana), purse.hours(ben), purse.in_pot()) == (2, 1, 2)
    assert purse.told(ben) == ["passed_on"]
    assert purse.told(ana) == []
    sides = given_and_received(purse.session, ana.member_id)
    assert (sides.given_seconds, sides.received_seconds) == (0, 0)
    book = book_of(purse.session, purse.cast.timebank_id)
    assert book.volume(purpose=SERVICE, since=date(2000, 1, 1), until=date(2100, 1, 1)).entries == 0
    purse.prove()


def test_nobody_passes_on_more_than_they_have(purse: Purse) -> None:
    purse.has(purse.cast.ana, 1)
    with pytest.raises(MoreThanThereIs) as refusal:
        purse.donate(purse.cast.ana, 2)
    assert refusal.value.values == {"free_seconds": HOUR}
    with pytest.raises(MoreThanThereIs) as refusal:
        purse.donate(purse.cast.ben, 1)
    assert refusal.value.values == {"free_seconds": 0}
    assert purse.in_pot() == 0


def test_the_same_form_passes_on_once(purse: Purse) -> None:
    purse.has(purse.cast.ana, 5)
    submission = uuid4()
    assert len({purse.donate(purse.cast.ana, 2, submission=submission) for _ in range(2)}) == 1
    assert purse.in_pot() == 2


def test_two_forms_at_once_do_not_pass_on_the_same_hours(purse: Purse, engine: Engine) -> None:
    purse.has(purse.cast.ana, 3)

    def press(_number: int) -> bool:
        with Session(engine) as own, unit_of_work(own):
            giving.donate(
                own,
                purse.cast.ana.member_id,
                receiver_id=None,
                seconds=2 * HOUR,
                by=purse.cast.ana,
                at=MONDAY,
                submission=uuid4(),
            )
        return True

    with ThreadPoolExecutor(4) as pool:
        pressed = [pool.submit(press, number) for number in range(4)]
    refused = [one.exception() for one in pressed if one.exception()]
    assert [type(error) for error in refused] == [MoreThanThereIs] * 3
    assert (purse.hours(purse.cast.ana), purse.in_pot()) == (1, 2)


def test_who_may_pass_on_whose_hours(purse: Purse) -> None:
    cast = purse.cast
    purse.has(cast.olwen, 5)
    refusals: list[tuple[dict[str, object], type[Refusal]]] = [
        ({"by": cast.ben}, ForOthers),
        ({"by": cast.cy}, ForOthers),
        ({"by": cast.bethan}, NoSuchMember),
        ({"by": cast.bea, "receiver_id": cast.bea.member_id}, ForAnotherBroker),
        ({"by": cast.bea, "receiver_id": cast.olwen.member_id}, ToThemselves),
        ({"by": cast.bea, "receiver_id": cast.cy.member_id}, NoSuchMember),
        ({"by": cast.bea, "receiver_id": cast.ben.member_id}, NotToldHow),
    ]
    for said, refusal in refusals:
        with pytest.raises(refusal):
            purse.donate(cast.olwen, 1, **said)
    purse.donate(cast.olwen, 1, by=cast.bea.told(Authority.LETTER), receiver_id=cast.ben.member_id)
    assert (purse.hours(cast.olwen), purse.hours(cast.ben)) == (4, 1)


def test_nothing_goes_to_or_from_somebody_who_is_paused(purse: Purse) -> None:
    cast = purse.cast
    purse.has(cast.ana, 5)
    with unit_of_work(purse.session) as session:
        members.suspend(session, cast.ben.member_id, broker=cast.bea)
    with pytest.raises(MemberNotActive):
        purse.donate(cast.ana, 1, receiver_id=cast.ben.member_id)
    with pytest.raises(MemberNotActive):
        purse.donate(cast.ben, 1, by=cast.bea)
