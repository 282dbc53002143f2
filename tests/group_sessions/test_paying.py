"""An organisation that is to pay is asked first; what is paid for and how may be changed until it is credited."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.group_sessions.hall import HOUR, MONDAY, TUESDAY, WEDNESDAY, Hall
from timebank.errors import Refusal
from timebank.group_sessions import queries
from timebank.group_sessions.rules import (
    BegunAlready,
    BeyondWhatWasAgreed,
    CreditedAlready,
    ForTheHost,
    ForThePayer,
    NeedsAPayer,
    NobodyIsAsked,
    NoSuchSession,
    OnlyGiversPrepare,
    PayerHasNotAgreed,
    RegisterHasChanged,
    SessionIsOver,
)
from timebank.group_sessions.tables import Charging, Part, PayerWord, Presence
from timebank.members.rules import NotToldHow
from timebank.members.tables import Authority
from timebank.network.rules import HoursNotInSteps


def paid_by_gwalia(hall: Hall, **more: Any) -> UUID:
    """Ana announces, and names Gwalia to pay."""
    return hall.announce(charging=Charging.ORGANISATION, payer_id=hall.cast.gwalia, **more)


def with_two_hours(hall: Hall, session_id: UUID) -> UUID:
    """Ana gave two hours, to Ben."""
    hall.all_came(session_id)
    hall.came(session_id, hall.cast.ben, Part.RECEIVER, 2)
    return session_id


def test_an_organisation_that_a_member_names_is_asked_and_pays_once_it_has_agreed(hall: Hall) -> None:
    cast = hall.cast
    session_id = with_two_hours(hall, paid_by_gwalia(hall))
    assert hall.told(cast.dewi) == ["session_payer"]
    asked = queries.asked_to_pay(hall.session, cast.timebank_id, cast.dewi.parties)
    assert [held.id for held in asked] == [session_id]
    with pytest.raises(PayerHasNotAgreed):
        hall.credit(session_id)
    hall.agree_to_pay(session_id)
    assert hall.told(cast.ana) == ["session_payer_agreed"]
    assert queries.asked_to_pay(hall.session, cast.timebank_id, cast.dewi.parties) == []
    hall.credit(session_id)
    assert (hall.hours(cast.ana), hall.hours(cast.ben), hall.hours(cast.gwalia)) == (2, 0, -2)
    hall.prove()


def test_a_delegate_who_announces_it_has_agreed_by_that_and_a_broker_has_not(hall: Hall) -> None:
    cast = hall.cast
    own = hall.announce(cast.dewi, host_id=cast.gwalia, charging=Charging.ORGANISATION, payer_id=cast.gwalia)
    assert hall.held(own).payer_word is PayerWord.AGREED
    for_them = hall.announce(
        cast.bea.told(Authority.LETTER), host_id=cast.gwalia, charging=Charging.ORGANISATION, payer_id=cast.gwalia
    )
    assert hall.held(for_them).payer_word is PayerWord.ASKED


def test_a_broker_notes_what_they_said_by_telephone_under_the_brokers_name(hall: Hall) -> None:
    session_id = paid_by_gwalia(hall)
    with pytest.raises(NotToldHow):
        hall.agree_to_pay(session_id, by=hall.cast.bea)
    hall.agree_to_pay(session_id, by=hall.cast.bea.told(Authority.PHONE))
    held = hall.held(session_id)
    assert (held.payer_word, held.payer_word_by) == (PayerWord.AGREED, hall.cast.bea.member_id)
    assert held.payer_authority is Authority.PHONE


def test_an_organisation_pays_up_to_what_it_agreed_to_all_entries_together(hall: Hall) -> None:
    cast = hall.cast
    session_id = with_two_hours(hall, paid_by_gwalia(hall))
    hall.agree_to_pay(session_id, most_seconds=3 * HOUR)
    hall.credit(session_id)
    hall.came(session_id, cast.olwen, Part.GIVER, 2)
    with pytest.raises(BeyondWhatWasAgreed) as refusal:
        hall.credit(session_id)
    assert refusal.value.values == {"name": "Gwalia Homes", "most_seconds": 3 * HOUR, "over_seconds": HOUR}
    hall.came(session_id, cast.olwen, Part.GIVER, 1)
    hall.credit(session_id)
    assert hall.hours(cast.gwalia) == -3
    hall.reverse(session_id, 2)
    assert hall.hours(cast.gwalia) == -2


def test_who_declined_does_not_pay_and_the_host_chooses_another_way(hall: Hall) -> None:
    cast = hall.cast
    session_id = with_two_hours(hall, paid_by_gwalia(hall))
    hall.decline_to_pay(session_id, note="Not this month")
    assert hall.told(cast.ana) == ["session_payer_declined"]
    with pytest.raises(PayerHasNotAgreed):
        hall.credit(session_id)
    hall.change(session_id, charging=Charging.POT, payer_id=None)
    held = hall.held(session_id)
    assert (held.payer_id, held.payer_word, held.payer_most_seconds) == (None, None, None)
    hall.credit(session_id)
    assert (hall.hours(cast.ana), hall.in_pot(), hall.hours(cast.gwalia)) == (2, -2, 0)


@pytest.mark.parametrize("more", [{"planned_seconds": 20 * HOUR}, {"counts_preparation": True}], ids=["longer", "more"])
def test_who_agreed_to_pay_is_asked_anew_where_it_would_be_more(hall: Hall, more: dict[str, Any]) -> None:
    session_id = paid_by_gwalia(hall, counts_preparation=False)
    hall.agree_to_pay(session_id)
    hall.change(session_id, title="Rye for all", planned_seconds=HOUR)
    assert hall.held(session_id).payer_word is PayerWord.AGREED
    hall.change(session_id, **more)
    assert hall.held(session_id).payer_word is PayerWord.ASKED
    assert hall.told(hall.cast.dewi) == ["session_payer"] * 2
    with pytest.raises(PayerHasNotAgreed):
        hall.credit(with_two_hours(hall, session_id))


@pytest.mark.parametrize(("payer", "refusal"), [(None, NeedsAPayer), ("ben", NeedsAPayer)], ids=["nobody", "a person"])
def test_only_an_organisation_can_be_asked(hall: Hall, payer: str | None, refusal: type[Refusal]) -> None:
    payer_id = hall.cast.standings[payer].member_id if payer else None
    with pytest.raises(refusal):
        hall.announce(charging=Charging.ORGANISATION, payer_id=payer_id)


def test_who_may_say_that_an_organisation_pays(hall: Hall) -> None:
    cast = hall.cast
    session_id = paid_by_gwalia(hall)
    for member in (cast.ana, cast.ben):
        with pytest.raises(ForThePayer):
            hall.agree_to_pay(session_id, by=member)
    for stranger in (cast.cy, cast.bethan):
        with pytest.raises(NoSuchSession):
            hall.agree_to_pay(session_id, by=stranger)
        with pytest.raises(NoSuchSession):
            hall.change(session_id, by=stranger)
    with pytest.raises(NobodyIsAsked):
        hall.agree_to_pay(hall.announce())


def test_preparation_stands_apart_and_counts_where_the_session_says_so(hall: Hall) -> None:
    cast = hall.cast
    for counts, given in ((True, 3), (False, 2)):
        session_id = hall.announce(charging=Charging.SHARED, counts_preparation=counts, submission=uuid4())
        hall.came(session_id, cast.ben, Part.RECEIVER, 2)
        hall.came(session_id, cast.ana, Part.GIVER, 2, prepared_seconds=HOUR)
        before = hall.hours(cast.ana)
        hall.credit(session_id)
        assert hall.hours(cast.ana) - before == given
    assert hall.hours(cast.ben) == -5
    hall.prove()


def test_preparation_is_a_givers_and_counted_in_the_steps_of_the_policy(hall: Hall) -> None:
    session_id = hall.announce()
    with pytest.raises(OnlyGiversPrepare):
        hall.came(session_id, hall.cast.ben, Part.RECEIVER, 2, prepared_seconds=HOUR)
    with pytest.raises(HoursNotInSteps) as refusal:
        hall.came(session_id, hall.cast.ana, Part.GIVER, 2, prepared_seconds=1000)
    assert refusal.value.field == "preparation"
    hall.came(session_id, hall.cast.ana, Part.GIVER, 2, prepared_seconds=HOUR)
    hall.absent(session_id, hall.cast.ana)
    assert hall.presences(session_id)["Ana"] is Presence.ABSENT


def test_what_was_shown_is_posted_or_nothing_is(hall: Hall) -> None:
    cast = hall.cast
    session_id = with_two_hours(hall, hall.announce(charging=Charging.SHARED))
    shown = hall.plan(session_id)
    hall.came(session_id, cast.olwen, Part.RECEIVER, 2)
    with pytest.raises(RegisterHasChanged):
        hall.credit(session_id, mark=shown.mark)
    assert hall.hours(cast.ana) == 0
    hall.credit(session_id, mark=hall.plan(session_id).mark)
    assert (hall.hours(cast.ben), hall.hours(cast.olwen)) == (-1, -1)


def test_more_places_let_those_in_who_wait_and_fewer_send_nobody_away(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce(places=1)
    for minutes, who in enumerate((cast.ben, cast.bea, cast.olwen)):
        hall.sign_up(session_id, who, at=MONDAY + timedelta(minutes=minutes))
    hall.change(session_id, places=2)
    assert hall.presences(session_id)["Bea"] is Presence.COMING
    assert hall.presences(session_id)["Olwen"] is Presence.WAITING
    assert hall.told(cast.bea) == ["session_place", "session_changed"]
    hall.change(session_id, places=1)
    assert hall.presences(session_id)["Bea"] is Presence.COMING
    hall.change(session_id, places=None)
    assert hall.presences(session_id)["Olwen"] is Presence.COMING


def test_a_session_can_be_changed_until_it_is_credited(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    hall.change(session_id, title="Rye for all", starts_at=TUESDAY + timedelta(hours=1))
    assert hall.held(session_id).title == "Rye for all"
    with pytest.raises(BegunAlready):
        hall.change(session_id, starts_at=MONDAY - timedelta(days=1))
    with pytest.raises(ForTheHost):
        hall.change(session_id, by=cast.ben)
    with_two_hours(hall, session_id)
    hall.credit(session_id)
    with pytest.raises(CreditedAlready):
        hall.change(session_id, charging=Charging.POT, at=WEDNESDAY)
    hall.reverse(session_id)
    hall.change(session_id, charging=Charging.POT, by=cast.bryn, at=WEDNESDAY)
    hall.credit(session_id)
    assert (hall.hours(cast.ben), hall.in_pot()) == (0, -2)


def test_the_same_once_more_tells_whoever_was_there(hall: Hall) -> None:
    cast = hall.cast
    first = with_two_hours(hall, hall.announce())
    hall.sign_up(first, cast.olwen)
    hall.absent(first, cast.olwen)
    again = hall.announce(follows_id=first, starts_at=TUESDAY + timedelta(weeks=1))
    assert hall.held(again).follows_id == first
    assert hall.told(cast.ben) == ["session_again"]
    assert hall.told(cast.olwen) == hall.told(cast.ana) == []
    with pytest.raises(NoSuchSession):
        hall.announce(cast.cy, follows_id=first)


def test_what_was_called_off_is_neither_changed_nor_paid_for(hall: Hall) -> None:
    session_id = paid_by_gwalia(hall)
    hall.cancel(session_id)
    for verb in (hall.change, hall.agree_to_pay):
        with pytest.raises(SessionIsOver):
            verb(session_id)
