"""Offering and asking: who may, for whom, and that a form sent twice lists once."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.listings import actions, queries
from timebank.listings.actions import Wording
from timebank.listings.rules import ListingClosed, NoSuchListing, NotYourListing, slots_in, times_from
from timebank.listings.tables import Listing, ListingStatus, Side
from timebank.members.actions import name_gift, suspend
from timebank.members.rules import (
    AccessSuspended,
    ForOthers,
    MemberNotActive,
    NoSuchGift,
    NoSuchMember,
    NotToldHow,
    Standing,
)
from timebank.members.tables import Authority, Status

LATER = LONG_AGO + timedelta(days=30)


def post(session: Session, by: Standing, *, title: str = "A lift to the clinic", **changed: Any) -> UUID:
    """Somebody asks for something, unless told otherwise."""
    said: dict[str, Any] = {
        "side": Side.REQUEST,
        "party_id": by.member_id,
        "wording": Wording(title=title),
        "at": LATER,
        "submission": uuid4(),
    } | changed
    with unit_of_work(session):
        return actions.post(session, by=by, **said).id


def titles(session: Session, cast: Cast, **sought: Any) -> list[str]:
    session.rollback()
    return [each.listing.title for each in queries.open_listings(session, cast.timebank_id, **sought).items]


def test_what_somebody_asks_for_stands_on_the_list(session: Session, cast: Cast) -> None:
    post(session, cast.ana)
    assert titles(session, cast) == ["A lift to the clinic"]
    assert titles(session, cast, side=Side.OFFER) == []


def test_a_form_sent_twice_lists_once(session: Session, cast: Cast) -> None:
    submission = uuid4()
    assert post(session, cast.ana, submission=submission) == post(session, cast.ana, submission=submission)
    assert len(titles(session, cast)) == 1


def test_a_form_sent_twice_at_once_lists_once(engine: Engine, session: Session, cast: Cast) -> None:
    submission = uuid4()

    def send(_: int) -> UUID:
        with Session(engine) as own:
            return post(own, cast.ana, submission=submission)

    with ThreadPoolExecutor(4) as people:
        assert len(set(people.map(send, range(4)))) == 1
    assert len(titles(session, cast)) == 1


def test_a_broker_lists_for_somebody_who_rang(session: Session, cast: Cast) -> None:
    with pytest.raises(NotToldHow):
        post(session, cast.bea, party_id=cast.olwen.member_id)
    listing_id = post(session, cast.bea.told(Authority.PHONE), party_id=cast.olwen.member_id)
    session.rollback()
    listing = session.get_one(Listing, listing_id)
    assert (listing.party_id, listing.listed_by) == (cast.olwen.member_id, cast.bea.member_id)
    assert listing.authority is Authority.PHONE


def test_a_delegate_lists_for_their_organisation(session: Session, cast: Cast) -> None:
    post(session, cast.dewi, party_id=cast.gwalia)
    assert len(titles(session, cast, party_id=cast.gwalia)) == 1


def test_a_member_lists_for_nobody_else(session: Session, cast: Cast) -> None:
    with pytest.raises(ForOthers):
        post(session, cast.ana, party_id=cast.ben.member_id)


def test_another_timebanks_members_and_kinds_of_help_do_not_exist_here(session: Session, cast: Cast) -> None:
    with unit_of_work(session):
        theirs = name_gift(session, cast.other_timebank_id, name_en="Baking", name_cy="Pobi").id
    with pytest.raises(NoSuchMember):
        post(session, cast.bea, party_id=cast.cy.member_id)
    with pytest.raises(NoSuchGift):
        post(session, cast.ana, wording=Wording(title="Bread", gift_id=theirs))


def test_who_is_paused_lists_nothing_and_is_not_listed(session: Session, cast: Cast) -> None:
    post(session, cast.ana)
    with unit_of_work(session):
        suspend(session, cast.ana.member_id, broker=cast.bea)
    assert titles(session, cast) == []
    with pytest.raises(MemberNotActive):
        post(session, cast.bea, party_id=cast.ana.member_id)
    paused = Standing(**{**vars(cast.ana), "status": Status.SUSPENDED})
    with pytest.raises(AccessSuspended):
        post(session, paused)


def test_what_is_off_the_list_can_be_put_back_but_not_reworded(session: Session, cast: Cast) -> None:
    listing_id = post(session, cast.ana)
    for _ in range(2):
        with unit_of_work(session):
            actions.close(session, listing_id, by=cast.ana, at=LATER)
    assert titles(session, cast) == []
    with pytest.raises(ListingClosed), unit_of_work(session):
        actions.reword(session, listing_id, wording=Wording(title="Else"), by=cast.ana)
    with unit_of_work(session):
        assert actions.put_back(session, listing_id, by=cast.ana).status is ListingStatus.OPEN
    assert titles(session, cast) == ["A lift to the clinic"]


def test_only_its_own_people_and_brokers_change_a_listing(session: Session, cast: Cast) -> None:
    listing_id = post(session, cast.ana)
    with pytest.raises(NotYourListing), unit_of_work(session):
        actions.close(session, listing_id, by=cast.ben, at=LATER)
    with pytest.raises(NoSuchListing), unit_of_work(session):
        actions.close(session, listing_id, by=cast.bethan, at=LATER)
    with unit_of_work(session):
        actions.reword(session, listing_id, wording=Wording(title="A lift to town"), by=cast.bea)
    assert titles(session, cast) == ["A lift to town"]


@pytest.mark.parametrize("sought", ["clinic", "CLINIC lift", "gwyl", "Gŵyl", ""])
def test_words_are_found_without_accents_and_capitals(session: Session, cast: Cast, sought: str) -> None:
    post(session, cast.ana, title="A lift to the clinic after Gŵyl y Bont")
    assert len(titles(session, cast, containing=sought)) == 1


@pytest.mark.parametrize("sought", ["%", "_", "clinic train"])
def test_signs_of_the_database_mean_nothing_in_a_search(session: Session, cast: Cast, sought: str) -> None:
    post(session, cast.ana)
    assert titles(session, cast, containing=sought) == []


def test_the_list_goes_on_where_it_stopped(session: Session, cast: Cast) -> None:
    for number in range(5):
        post(session, cast.ana, title=f"Request {number}", at=LATER + timedelta(minutes=number // 2))
    session.rollback()
    seen: list[str] = []
    place = None
    for _ in range(3):
        page = queries.open_listings(session, cast.timebank_id, after=place, limit=2)
        seen += [each.listing.title for each in page.items]
        place = page.after
    assert place is None
    assert sorted(seen) == [f"Request {number}" for number in range(5)]


@pytest.mark.parametrize("slots", [[], [0], [20], [3, 4, 5], range(21)])
def test_parts_of_the_week_come_back_as_they_were_said(slots: Iterable[int]) -> None:
    assert slots_in(times_from(slots)) == [*slots]
