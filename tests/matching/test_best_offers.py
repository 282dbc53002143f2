"""Which offers suit a request, and why."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.listings.actions import Wording, close, post
from timebank.listings.rules import times_from
from timebank.listings.tables import Listing, Side
from timebank.matching.queries import Match, best_offers
from timebank.members.actions import name_gift, suspend
from timebank.members.rules import Standing

MONDAY_MORNING = 0
LATER = LONG_AGO + timedelta(days=30)


@pytest.fixture
def lifts(session: Session, cast: Cast) -> UUID:
    with unit_of_work(session):
        return name_gift(session, cast.timebank_id, name_en="Lifts", name_cy="Lifftiau").id


def offers(session: Session, by: Standing, wording: Wording, side: Side = Side.OFFER) -> Listing:
    with unit_of_work(session):
        listed = post(session, side=side, party_id=by.member_id, wording=wording, by=by, at=LATER, submission=uuid4())
    session.refresh(listed)
    return listed


def asks(session: Session, by: Standing, wording: Wording) -> Listing:
    return offers(session, by, wording, Side.REQUEST)


def best(session: Session, request: Listing) -> list[Match]:
    return best_offers(session, request)


def test_the_same_kind_of_help_words_and_times_are_reasons(session: Session, cast: Cast, lifts: UUID) -> None:
    slots = times_from([MONDAY_MORNING])
    offers(session, cast.ben, Wording(title="Lifts to the clinic", gift_id=lifts, times=slots))
    request = asks(session, cast.ana, Wording(title="Clinic on Monday", gift_id=lifts, times=slots))
    (match,) = best(session, request)
    assert match.party_name == "Ben"
    assert match.reasons.is_same_gift
    assert match.reasons.shared_words == ("clinic",)
    assert match.reasons.shared_slots == (MONDAY_MORNING,)


def test_being_free_at_the_same_time_is_no_reason_by_itself(session: Session, cast: Cast) -> None:
    slots = times_from([MONDAY_MORNING])
    offers(session, cast.ben, Wording(title="Baking", times=slots))
    assert best(session, asks(session, cast.ana, Wording(title="Clinic", times=slots))) == []


def test_little_words_are_no_reason(session: Session, cast: Cast) -> None:
    offers(session, cast.ben, Wording(title="Help with the garden"))
    assert best(session, asks(session, cast.ana, Wording(title="Somebody to help with the piano"))) == []


def test_the_three_best_come_first_by_weight(session: Session, cast: Cast, lifts: UUID) -> None:
    offers(session, cast.ben, Wording(title="Clinic"))
    offers(session, cast.bea, Wording(title="Driving to the clinic", gift_id=lifts))
    offers(session, cast.olwen, Wording(title="Clinic runs"))
    offers(session, cast.ben, Wording(title="Clinic visits"))
    found = best(session, asks(session, cast.ana, Wording(title="A lift to the clinic", gift_id=lifts)))
    assert len(found) == 3
    assert found[0].party_name == "Bea"


def test_nobody_is_matched_with_themselves_the_paused_the_closed_or_another_timebank(
    session: Session, cast: Cast
) -> None:
    clinic = Wording(title="Lifts to the clinic")
    offers(session, cast.ana, clinic)
    offers(session, cast.cy, clinic)
    offers(session, cast.olwen, clinic)
    closed = offers(session, cast.ben, clinic)
    with unit_of_work(session):
        close(session, closed.id, by=cast.ben, at=LATER)
        suspend(session, cast.olwen.member_id, broker=cast.bea)
    assert best(session, asks(session, cast.ana, Wording(title="A lift to the clinic"))) == []
