"""A group session from its announcement to its entry, who may do what, and everything that is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from tests.group_sessions.hall import HOUR, MONDAY, TUESDAY, WEDNESDAY, Hall
from timebank.database import unit_of_work
from timebank.errors import Refusal
from timebank.exchanges.rules import LimitReached
from timebank.group_sessions import announcing, crediting, queries
from timebank.group_sessions.rules import (
    BegunAlready,
    CountedAlready,
    EntryIsReversed,
    ForABrokerWithoutPart,
    ForTheHost,
    NeedsAPayer,
    NobodyToCharge,
    NoSuchEntry,
    NoSuchSession,
    NothingToCredit,
    NotYetBegun,
    OneSidePays,
    OtherPart,
    SessionIsOver,
    TookPlace,
)
from timebank.group_sessions.tables import Charging, Part, Presence, SessionEntry, SessionState
from timebank.members.actions import suspend
from timebank.members.rules import ForBrokers, ForOthers, MemberNotActive, NoSuchMember, Standing
from timebank.members.tables import Authority
from timebank.network.rules import HoursNotInSteps
from timebank.reports.periods import Period, PeriodKind
from timebank.reports.queries import reconciliation


def test_a_workshop_from_announcement_to_its_entry(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    hall.sign_up(session_id, cast.ben)
    hall.sign_up(session_id, cast.olwen, by=cast.bea.told(Authority.PHONE))
    hall.all_came(session_id)
    hall.came(session_id, cast.ana, Part.GIVER, 2.5)
    held = queries.group_session(hall.session, cast.timebank_id, session_id).session
    planned = queries.planned(held, queries.attendances(hall.session, session_id))
    hall.credit(session_id)
    assert planned is not None
    assert planned.surplus_seconds == 1.5 * HOUR
    assert (hall.hours(cast.ana), hall.hours(cast.ben), hall.hours(cast.olwen), hall.in_pot()) == (2.5, -2, -2, 1.5)
    assert hall.help() == {("ana", "ben"): 1.25, ("ana", "olwen"): 1.25}
    assert hall.told(cast.ben) == hall.told(cast.olwen) == ["session_credited"]
    march = Period(date(2026, 3, 1), date(2026, 4, 1), PeriodKind.MONTH)
    assert reconciliation(hall.session, cast.timebank_id, march).reconciles
    hall.prove()


def test_late_additions_are_a_second_linked_entry(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    hall.all_came(session_id)
    hall.came(session_id, cast.ben, Part.RECEIVER, 2)
    hall.credit(session_id)
    with pytest.raises(NothingToCredit):
        hall.credit(session_id)
    hall.came(session_id, cast.olwen, Part.RECEIVER, 1)
    hall.credit(session_id)
    assert (hall.hours(cast.ana), hall.hours(cast.ben), hall.hours(cast.olwen), hall.in_pot()) == (2, -2, -1, 1)
    entries = hall.session.exec(select(SessionEntry).order_by(SessionEntry.number)).all()  # type: ignore[arg-type]
    assert [(entry.number, entry.surplus_seconds) for entry in entries] == [(1, 0), (2, HOUR)]
    march = Period(date(2026, 3, 1), date(2026, 4, 1), PeriodKind.MONTH)
    assert reconciliation(hall.session, cast.timebank_id, march).reconciles
    with pytest.raises(CountedAlready):
        hall.came(session_id, cast.ben, Part.RECEIVER, 1)
    with pytest.raises(CountedAlready):
        hall.absent(session_id, cast.ben)


def test_an_entry_is_taken_back_and_who_came_is_put_down_anew(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce(charging=Charging.SHARED)
    hall.all_came(session_id)
    hall.came(session_id, cast.ben, Part.RECEIVER, 2)
    hall.credit(session_id)
    hall.reverse(session_id)
    assert (hall.hours(cast.ana), hall.hours(cast.ben), hall.help()) == (0, 0, {})
    with pytest.raises(EntryIsReversed):
        hall.reverse(session_id)
    hall.came(session_id, cast.ben, Part.RECEIVER, 1)
    hall.credit(session_id)
    assert (hall.hours(cast.ana), hall.hours(cast.ben)) == (2, -2)
    march = Period(date(2026, 3, 1), date(2026, 4, 1), PeriodKind.MONTH)
    assert reconciliation(hall.session, cast.timebank_id, march).reconciles
    hall.prove()


def test_beyond_the_places_one_waits_and_moves_up(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce(places=1)
    hall.sign_up(session_id, cast.ben, cast.bea)
    hall.sign_up(session_id, cast.olwen, by=cast.bea.told(Authority.PHONE), at=MONDAY + timedelta(minutes=1))
    for _ in range(2):
        hall.sign_up(session_id, cast.ben)
    waits = {"Ana": Presence.COMING, "Ben": Presence.COMING, "Bea": Presence.WAITING, "Olwen": Presence.WAITING}
    assert hall.presences(session_id) == waits
    hall.drop_out(session_id, cast.ben)
    assert hall.presences(session_id) == waits | {"Ben": Presence.WITHDRAWN, "Bea": Presence.COMING}
    assert hall.told(cast.bea) == ["session_place"]
    hall.sign_up(session_id, cast.ben)
    assert hall.presences(session_id)["Ben"] is Presence.WAITING


def test_nobody_signs_up_for_what_has_taken_place(hall: Hall) -> None:
    session_id = hall.announce()
    hall.sign_up(session_id, hall.cast.ben, at=TUESDAY + timedelta(minutes=119))
    rung = hall.cast.bea.told(Authority.PHONE)
    with pytest.raises(TookPlace):
        hall.sign_up(session_id, hall.cast.olwen, by=rung, at=TUESDAY + timedelta(hours=2))


def test_the_last_place_is_given_once(hall: Hall, engine: Engine) -> None:
    cast = hall.cast
    session_id = hall.announce(places=1)

    def press(name: str) -> None:
        who = cast.standings[name]
        with Session(engine) as own, unit_of_work(own):
            announcing.sign_up(own, session_id, party_id=who.member_id, by=who, at=MONDAY)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(press, ["ben", "bea", "ben"]))
    presences = hall.presences(session_id)
    assert {presences["Ben"], presences["Bea"]} == {Presence.COMING, Presence.WAITING}


def test_where_nobody_pays_the_register_stays_open_and_another_rule_counts_everybody(hall: Hall) -> None:
    ana, ben, bea = hall.cast.ana, hall.cast.ben, hall.cast.bea
    session_id = hall.announce(charging=Charging.NOBODY)
    for who, part in ((ana, Part.GIVER), (ben, Part.RECEIVER), (bea, Part.RECEIVER)):
        hall.came(session_id, who, part, 2)
    hall.credit(session_id)
    hall.absent(session_id, bea)
    hall.change(session_id, charging=Charging.SHARED, by=hall.cast.bryn, at=WEDNESDAY)
    hall.credit(session_id)
    assert (hall.hours(ana), hall.hours(ben), hall.hours(bea)) == (2, -2, 0)
    with pytest.raises(CountedAlready):
        hall.absent(session_id, ben)
    with pytest.raises(NoSuchEntry):
        hall.reverse(session_id, 2)


def test_another_title_alone_counts_nobody_twice(hall: Hall) -> None:
    ana, ben = hall.cast.ana, hall.cast.ben
    session_id = hall.announce(charging=Charging.NOBODY)
    hall.came(session_id, ana, Part.GIVER, 2)
    hall.came(session_id, ben, Part.RECEIVER, 2)
    hall.credit(session_id)
    hall.change(session_id, title="Rye for all", by=hall.cast.bryn, at=WEDNESDAY)
    with pytest.raises(NothingToCredit):
        hall.credit(session_id)
    assert (hall.held(session_id).title, hall.told(ben).count("session_credited")) == ("Rye for all", 1)


def test_many_are_credited_and_told_in_as_few_statements_as_one(hall: Hall, engine: Engine) -> None:
    cast = hall.cast
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: said.append(call[2]))

    def statements(*receivers: Standing) -> int:
        session_id = hall.announce(charging=Charging.POT)
        for who in (cast.ana, *receivers):
            hall.came(session_id, who, Part.GIVER if who is cast.ana else Part.RECEIVER, 2)
        said.clear()
        hall.credit(session_id)
        hall.reverse(session_id)
        return len(said)

    one = statements(cast.ben)
    assert statements(cast.ben, cast.bea, cast.olwen, cast.dewi) == one


def test_two_brokers_at_once_credit_once(hall: Hall, engine: Engine) -> None:
    session_id = hall.announce(charging=Charging.POT)
    hall.all_came(session_id)
    hall.came(session_id, hall.cast.ben, Part.RECEIVER, 2)

    def press(_number: int) -> None:
        with Session(engine) as own, unit_of_work(own):
            crediting.credit(own, session_id, broker=hall.cast.bryn, at=WEDNESDAY)

    with ThreadPoolExecutor(4) as pool:
        pressed = [pool.submit(press, number) for number in range(4)]
    assert [type(one.exception()) for one in pressed if one.exception()] == [NothingToCredit] * 3
    assert (hall.hours(hall.cast.ana), hall.in_pot()) == (2, -2)


def test_the_same_form_announces_once(hall: Hall) -> None:
    submission = uuid4()
    assert len({hall.announce(submission=submission) for _ in range(2)}) == 1


def test_what_was_called_off_goes_no_further_and_everybody_is_told(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    hall.sign_up(session_id, cast.ben)
    with unit_of_work(hall.session) as session:
        announcing.cancel(session, session_id, by=cast.ana, at=MONDAY, note="The oven is broken")
    assert hall.told(cast.ben) == ["session_cancelled"]
    for further in (hall.sign_up, hall.drop_out):
        with pytest.raises(SessionIsOver):
            further(session_id, cast.ben)
    with pytest.raises(SessionIsOver):
        hall.all_came(session_id)
    with pytest.raises(SessionIsOver):
        hall.credit(session_id)
    assert queries.sessions(hall.session, cast.timebank_id).items == []
    assert len(queries.sessions(hall.session, cast.timebank_id, is_open=False).items) == 1


def test_a_limit_refuses_the_whole_entry(hall: Hall) -> None:
    session_id = hall.announce()
    hall.all_came(session_id)
    hall.came(session_id, hall.cast.ben, Part.RECEIVER, 21)
    with pytest.raises(LimitReached) as refusal:
        hall.credit(session_id)
    assert refusal.value.values == {"name": "Ben", "over_seconds": HOUR}
    assert hall.hours(hall.cast.ana) == 0
    held = queries.group_session(hall.session, hall.cast.timebank_id, session_id).session
    assert held.state is SessionState.ANNOUNCED


def test_an_organisation_hosts_and_pays(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce(cast.dewi, host_id=cast.gwalia, charging=Charging.ORGANISATION, payer_id=cast.gwalia)
    with pytest.raises(OneSidePays):
        hall.came(session_id, cast.gwalia, Part.GIVER, 2)
    hall.came(session_id, cast.ana, Part.GIVER, 2, by=cast.dewi)
    hall.came(session_id, cast.ben, Part.RECEIVER, 2, by=cast.dewi)
    hall.credit(session_id)
    assert (hall.hours(cast.ana), hall.hours(cast.ben), hall.hours(cast.gwalia)) == (2, 0, -2)
    for said, refusal in (
        ({"payer_id": None}, NeedsAPayer),
        ({"payer_id": cast.ben.member_id}, NeedsAPayer),
        ({"payer_id": cast.cy.member_id}, NoSuchMember),
    ):
        with pytest.raises(refusal):
            hall.announce(charging=Charging.ORGANISATION, **said)


def test_where_nobody_pays_the_register_is_all_there_is(hall: Hall) -> None:
    session_id = hall.announce(charging=Charging.NOBODY)
    hall.all_came(session_id)
    hall.credit(session_id)
    assert hall.hours(hall.cast.ana) == 0
    assert queries.entries_of(hall.session, session_id) == []


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"starts_at": MONDAY.replace(year=2025)}, BegunAlready),
        ({"planned_seconds": 1000}, HoursNotInSteps),
    ],
)
def test_what_cannot_be_announced(hall: Hall, said: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        hall.announce(**said)


def test_who_may_do_what(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    with pytest.raises(OtherPart):
        hall.sign_up(session_id, cast.ana)
    with pytest.raises(ForOthers):
        hall.sign_up(session_id, cast.ben, by=cast.ana)
    with pytest.raises(NotYetBegun):
        hall.all_came(session_id, at=MONDAY)
    with pytest.raises(NotYetBegun):
        hall.credit(session_id, at=MONDAY)
    for member in (cast.ben, cast.dewi):
        with pytest.raises(ForTheHost):
            hall.all_came(session_id, by=member)
        with pytest.raises(ForBrokers):
            hall.credit(session_id, broker=member)
    hall.all_came(session_id, by=cast.ana)
    with pytest.raises(NobodyToCharge):
        hall.credit(session_id)
    hall.came(session_id, cast.bea, Part.RECEIVER, 2, by=cast.ana)
    with pytest.raises(ForABrokerWithoutPart):
        hall.credit(session_id, broker=cast.bea)
    hall.absent(session_id, cast.bea)
    hall.came(session_id, cast.ben, Part.RECEIVER, 2)
    hall.credit(session_id, broker=cast.bea)
    assert hall.hours(cast.ben) == -2


def test_strangers_find_nothing(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    verbs: list[Any] = [
        lambda: hall.sign_up(session_id, cast.cy),
        lambda: hall.drop_out(session_id, cast.cy),
        lambda: hall.came(session_id, cast.cy, Part.GIVER, 1, by=cast.bethan),
        lambda: hall.credit(session_id, broker=cast.bethan),
        lambda: hall.reverse(session_id, broker=cast.bethan),
        lambda: queries.group_session(hall.session, cast.other_timebank_id, session_id),
    ]
    for verb in verbs:
        with pytest.raises(NoSuchSession):
            verb()
    with pytest.raises(NoSuchMember):
        hall.came(session_id, cast.cy, Part.RECEIVER, 1)
    assert queries.sessions(hall.session, cast.other_timebank_id).items == []


def test_whoever_is_paused_takes_no_part(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    with unit_of_work(hall.session) as session:
        suspend(session, cast.ben.member_id, broker=cast.bea)
    with pytest.raises(MemberNotActive):
        hall.sign_up(session_id, cast.ben, by=cast.bea)
    with pytest.raises(MemberNotActive):
        hall.came(session_id, cast.ben, Part.RECEIVER, 1)
