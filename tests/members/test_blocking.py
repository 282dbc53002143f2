"""Blocking somebody: what they can do no more, what they are not told, and what goes on."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from tests.cast import Cast
from tests.donations.purse import Purse
from tests.exchanges.stage import MONDAY, Stage
from timebank.database import unit_of_work
from timebank.donations.giving import donate
from timebank.donations.leaving import leave
from timebank.exchanges.tables import State
from timebank.listings import actions as listings
from timebank.listings.tables import Listing, Side
from timebank.matching.queries import best_offers
from timebank.members import apart, blocking
from timebank.members.rules import (
    BlockedByYou,
    CannotBeArranged,
    ForOthers,
    NoSuchMember,
    NotOneself,
    Standing,
)
from timebank.members.tables import Authority, Block
from timebank.messages import actions as messages


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session, cast)


def block(stage: Stage, by: Standing, whom: UUID, **more: Any) -> None:
    with unit_of_work(stage.session) as session:
        blocking.block(session, whom, by=by, at=MONDAY, **more)


def unblock(stage: Stage, by: Standing, whom: UUID, **more: Any) -> None:
    with unit_of_work(stage.session) as session:
        blocking.unblock(session, whom, by=by, **more)


@pytest.fixture
def ana_blocked_ben(stage: Stage) -> Stage:
    block(stage, stage.cast.ana, stage.cast.ben.member_id)
    return stage


def listed(stage: Stage, who: Standing, side: Side, title: str) -> Listing:
    with unit_of_work(stage.session) as session:
        return listings.post(
            session,
            side=side,
            party_id=who.member_id,
            wording=listings.Wording(title=title),
            by=who,
            at=MONDAY,
            submission=uuid4(),
        )


def test_who_is_blocked_can_neither_propose_nor_log_and_is_not_told_why(ana_blocked_ben: Stage) -> None:
    with pytest.raises(CannotBeArranged) as refused:
        ana_blocked_ben.propose()
    assert "block" not in str(refused.value).casefold()
    from_ben = ana_blocked_ben.between
    with pytest.raises(CannotBeArranged):
        ana_blocked_ben.log(between=from_ben, by=ana_blocked_ben.cast.ben)
    with pytest.raises(BlockedByYou):
        ana_blocked_ben.log()


def test_hours_that_did_happen_are_logged_through_a_broker(ana_blocked_ben: Stage) -> None:
    exchange_id = ana_blocked_ben.log(by=ana_blocked_ben.cast.bea.told(Authority.PHONE))
    assert ana_blocked_ben.state(exchange_id) is State.REPORTED


def test_a_broker_does_not_propose_for_them_either(ana_blocked_ben: Stage) -> None:
    with pytest.raises(CannotBeArranged):
        ana_blocked_ben.propose(by=ana_blocked_ben.cast.bea.told(Authority.PHONE))


def test_neither_writes_and_what_is_under_way_goes_on(stage: Stage) -> None:
    exchange_id, cast = stage.approved(), stage.cast
    block(stage, cast.ana, cast.ben.member_id)
    for writer, refusal in ((cast.ben, CannotBeArranged), (cast.ana, BlockedByYou)):
        with pytest.raises(refusal), unit_of_work(stage.session) as session:
            messages.write(session, exchange_id, words="Hello", by=writer, at=MONDAY, submission=uuid4())
    stage.report(exchange_id)
    stage.confirm(exchange_id)
    assert stage.state(exchange_id) is State.CREDITED


def test_nothing_is_passed_on_between_them(ana_blocked_ben: Stage) -> None:
    cast = ana_blocked_ben.cast
    Purse(ana_blocked_ben.session, cast).has(cast.ben, 5)
    with pytest.raises(CannotBeArranged), unit_of_work(ana_blocked_ben.session) as session:
        donate(
            session,
            cast.ben.member_id,
            receiver_id=cast.ana.member_id,
            seconds=3600,
            word="Please",
            by=cast.ben,
            at=MONDAY,
            submission=uuid4(),
        )


@pytest.mark.parametrize(("asks", "offers"), [("ana", "ben"), ("ben", "ana")])
def test_they_are_not_suggested_to_each_other(stage: Stage, asks: str, offers: str) -> None:
    cast = stage.cast
    request = listed(stage, cast.standings[asks], Side.REQUEST, "Baking bread")
    listed(stage, cast.standings[offers], Side.OFFER, "Baking bread")
    assert len(best_offers(stage.session, request)) == 1
    block(stage, cast.ana, cast.ben.member_id)
    assert best_offers(stage.session, request) == []
    unblock(stage, cast.ana, cast.ben.member_id)
    assert len(best_offers(stage.session, request)) == 1


def test_a_block_is_once_and_can_be_undone(ana_blocked_ben: Stage) -> None:
    cast = ana_blocked_ben.cast
    block(ana_blocked_ben, cast.ana, cast.ben.member_id)
    assert apart.blocked_by(ana_blocked_ben.session, cast.ana.parties) == [(cast.ben.member_id, "Ben")]
    unblock(ana_blocked_ben, cast.ben, cast.ana.member_id)
    assert len(ana_blocked_ben.session.exec(select(Block)).all()) == 1, "that was not Ben's to undo"
    for _ in range(2):
        unblock(ana_blocked_ben, cast.ana, cast.ben.member_id)
    assert ana_blocked_ben.state(ana_blocked_ben.propose()) is State.PROPOSED


def test_brokers_see_a_fact_for_matching_but_not_of_themselves(stage: Stage) -> None:
    cast = stage.cast
    for whom in (cast.ben, cast.bea):
        block(stage, cast.ana, whom.member_id)
    assert apart.not_to_match(stage.session, cast.ana.member_id, broker=cast.bryn) == ["Bea", "Ben"]
    assert apart.not_to_match(stage.session, cast.ben.member_id, broker=cast.bryn) == ["Ana"]
    assert apart.not_to_match(stage.session, cast.ana.member_id, broker=cast.bea) == ["Ben"]


def test_a_broker_blocks_for_who_rings_but_never_has_to_do_with_themselves(stage: Stage) -> None:
    cast = stage.cast
    block(stage, cast.bea.told(Authority.PHONE), cast.ben.member_id, for_party=cast.olwen.member_id)
    assert apart.not_to_match(stage.session, cast.olwen.member_id, broker=cast.bryn) == ["Ben"]
    with pytest.raises(ForOthers):
        unblock(stage, cast.bea, cast.bea.member_id, for_party=cast.ana.member_id)


def test_nobody_blocks_for_others_themselves_or_strangers(stage: Stage) -> None:
    cast = stage.cast
    with pytest.raises(ForOthers):
        block(stage, cast.ana, cast.ben.member_id, for_party=cast.olwen.member_id)
    with pytest.raises(NotOneself):
        block(stage, cast.ana, cast.ana.member_id)
    for stranger, whom in ((cast.cy, cast.ana.member_id), (cast.ana, cast.cy.member_id)):
        with pytest.raises(NoSuchMember):
            block(stage, stranger, whom)
        with pytest.raises(NoSuchMember):
            unblock(stage, stranger, whom)


def test_who_leaves_leaves_no_block_behind(ana_blocked_ben: Stage) -> None:
    cast = ana_blocked_ben.cast
    with unit_of_work(ana_blocked_ben.session) as session:
        leave(session, cast.ben.member_id, receiver_id=None, by=cast.ben, at=MONDAY, submission=uuid4())
    assert ana_blocked_ben.session.exec(select(Block)).all() == []
