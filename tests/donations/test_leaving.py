"""Leaving: a choice for one's hours, and the pot for those who have none."""

from uuid import uuid4

import pytest
from sqlmodel import select

from ledger import Posting
from tests.donations.purse import HOUR, MONDAY, Purse
from tests.exchanges.stage import Stage
from tests.group_sessions.hall import Hall
from timebank.database import unit_of_work
from timebank.donations.queries import waiting_wishes
from timebank.donations.rules import LastBroker, SessionsStillOpen, StillOpen
from timebank.donations.tables import Donation, Occasion
from timebank.exchanges.queries import given_and_received
from timebank.group_sessions.tables import Charging, Part, Presence
from timebank.listings import actions as listings
from timebank.listings.actions import Wording
from timebank.listings.tables import Listing, ListingStatus, Side
from timebank.members import actions as members
from timebank.members.queries import party, standing_of
from timebank.members.rules import ForOthers, MemberNotActive, NoSuchMember, Standing
from timebank.members.tables import Status
from timebank.network.queries import book_of


def status(purse: Purse, who: Standing) -> Status:
    purse.session.rollback()
    return party(purse.session, who.timebank_id, who.member_id).status


def was_helped(purse: Purse, who: Standing, hours: int) -> None:
    """Somebody received more than they gave."""
    with unit_of_work(purse.session) as session:
        other = party(session, who.timebank_id, purse.cast.gwalia).account_id
        account = party(session, who.timebank_id, who.member_id).account_id
        book_of(session, who.timebank_id).post(
            [Posting(account, -hours * HOUR), Posting(other, hours * HOUR)],
            key=f"{uuid4()}",
            purpose="service",
            effective_on=MONDAY.date(),
            at=MONDAY,
        )


def test_hours_that_are_left_go_to_the_pot_or_to_whom_one_chooses(purse: Purse) -> None:
    ana, ben, olwen = purse.cast.ana, purse.cast.ben, purse.cast.olwen
    purse.has(ana, 3)
    purse.has(olwen, 4)
    purse.leave(ana)
    purse.leave(olwen, by=purse.cast.bea, receiver_id=ben.member_id)
    assert (purse.hours(ana), purse.hours(olwen), purse.hours(ben), purse.in_pot()) == (0, 0, 4, 3)
    assert status(purse, ana) is status(purse, olwen) is Status.LEFT
    assert purse.told(ben) == ["passed_on"]
    purse.prove()


def test_below_zero_the_pot_closes_the_account_and_that_is_no_help(purse: Purse) -> None:
    was_helped(purse, purse.cast.ben, 7)
    before = given_and_received(purse.session, purse.cast.ben.member_id)
    purse.leave(purse.cast.ben)
    assert (purse.hours(purse.cast.ben), purse.in_pot()) == (0, -7)
    assert given_and_received(purse.session, purse.cast.ben.member_id) == before
    closing = purse.session.exec(select(Donation)).one()
    assert (closing.occasion, closing.giver_id, closing.seconds) == (Occasion.CLOSING, None, 7 * HOUR)
    assert purse.told(purse.cast.ben) == []
    purse.prove()


def test_to_leave_twice_is_to_leave_once(purse: Purse) -> None:
    purse.has(purse.cast.ana, 3)
    for _ in range(2):
        purse.leave(purse.cast.ana)
    assert purse.in_pot() == 3


def test_nothing_of_theirs_stays_on_the_list_or_asks_for_more(purse: Purse) -> None:
    ana = purse.cast.ana
    with unit_of_work(purse.session) as session:
        listings.post(
            session,
            side=Side.OFFER,
            party_id=ana.member_id,
            wording=Wording(title="Baking"),
            by=ana,
            at=MONDAY,
            submission=uuid4(),
        )
    purse.ask(ana, 2)
    purse.leave(ana)
    assert [*purse.session.exec(select(Listing.status))] == [ListingStatus.CLOSED]
    assert not waiting_wishes(purse.session, ana.timebank_id)


def test_whoever_has_something_open_finishes_it_first(purse: Purse) -> None:
    stage = Stage(purse.session, purse.cast)
    exchange_id = stage.approved()
    with pytest.raises(StillOpen) as refusal:
        purse.leave(purse.cast.ana)
    assert refusal.value.values == {"count": 1}
    stage.report(exchange_id)
    stage.confirm(exchange_id)
    purse.leave(purse.cast.ana)
    assert purse.hours(purse.cast.ana) == 0
    purse.prove()


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_hours_corrected_after_somebody_has_left_go_by_the_pot_and_their_account_stays_closed(
    purse: Purse, who: str
) -> None:
    stage, leaver = Stage(purse.session, purse.cast), getattr(purse.cast, who)
    exchange_id, sign = stage.credited(), 1 if who == "ana" else -1
    purse.leave(leaver)
    assert purse.in_pot() == sign * 1.5
    stage.adjust(exchange_id, seconds=2 * HOUR)
    assert (purse.hours(leaver), purse.in_pot()) == (0, sign * 2)
    stage.reverse(exchange_id)
    assert [purse.hours(each) for each in (purse.cast.ana, purse.cast.ben)] == [0, 0]
    assert purse.in_pot() == 0
    assert stage.help() == []
    purse.prove()


def test_an_entry_of_a_session_taken_back_leaves_nothing_on_an_account_that_is_closed(purse: Purse) -> None:
    hall, cast = Hall(purse.session, purse.cast), purse.cast
    session_id = hall.announce(charging=Charging.SHARED)
    hall.came(session_id, cast.ana, Part.GIVER, 2)
    hall.came(session_id, cast.ben, Part.RECEIVER, 2)
    hall.credit(session_id)
    purse.leave(cast.ben)
    hall.reverse(session_id)
    assert (purse.hours(cast.ana), purse.hours(cast.ben), purse.in_pot()) == (0, 0, 0)
    purse.prove()


def test_whoever_leaves_comes_to_no_session_any_more_and_their_place_is_free(purse: Purse) -> None:
    hall, cast = Hall(purse.session, purse.cast), purse.cast
    session_id = hall.announce(places=1)
    hall.sign_up(session_id, cast.ben)
    hall.sign_up(session_id, cast.olwen)
    purse.leave(cast.ben, by=cast.bea)
    presences = hall.presences(session_id)
    assert (presences["Ben"], presences["Olwen"]) == (Presence.WITHDRAWN, Presence.COMING)


def test_whoever_hosts_a_session_or_came_to_one_sees_it_credited_first(purse: Purse) -> None:
    hall, cast = Hall(purse.session, purse.cast), purse.cast
    session_id = hall.announce(charging=Charging.POT)
    hall.came(session_id, cast.ben, Part.RECEIVER, 2)
    hall.all_came(session_id)
    for who in (cast.ana, cast.ben):
        with pytest.raises(SessionsStillOpen):
            purse.leave(who)
    hall.credit(session_id)
    for who in (cast.ana, cast.ben):
        purse.leave(who)
    assert (purse.hours(cast.ana), purse.in_pot()) == (0, 0)


def test_nothing_is_credited_to_whoever_has_left(purse: Purse) -> None:
    """Their entry was taken back, they left, and a broker credits the others anew."""
    hall, cast = Hall(purse.session, purse.cast), purse.cast
    session_id = hall.announce(charging=Charging.SHARED)
    hall.all_came(session_id)
    hall.came(session_id, cast.ben, Part.RECEIVER, 2)
    hall.credit(session_id)
    hall.reverse(session_id)
    purse.leave(cast.ben)
    with pytest.raises(MemberNotActive):
        hall.credit(session_id)
    hall.absent(session_id, cast.ben)
    hall.came(session_id, cast.olwen, Part.RECEIVER, 2)
    hall.credit(session_id)
    assert (purse.hours(cast.ana), purse.hours(cast.ben), purse.hours(cast.olwen)) == (2, 0, -2)


def test_the_last_broker_does_not_leave(purse: Purse) -> None:
    purse.leave(purse.cast.bryn)
    with pytest.raises(LastBroker):
        purse.leave(purse.cast.bea)
    assert status(purse, purse.cast.bea) is Status.ACTIVE


def test_a_delegate_who_left_speaks_for_nobody(purse: Purse) -> None:
    purse.leave(purse.cast.dewi)
    assert standing_of(purse.session, purse.cast.dewi.member_id).delegate_of == frozenset()


def test_who_may_make_whom_leave(purse: Purse) -> None:
    cast = purse.cast
    with pytest.raises(ForOthers):
        purse.leave(cast.ana, by=cast.ben)
    with pytest.raises(NoSuchMember):
        purse.leave(cast.ana, by=cast.bethan)
    purse.leave(cast.ana, by=cast.bea)
    for change in (members.suspend, members.resume):
        with pytest.raises(MemberNotActive), unit_of_work(purse.session) as session:
            change(session, cast.ana.member_id, broker=cast.bea)
