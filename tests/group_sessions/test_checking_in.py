"""Checking in at the door: by the code that is shown there, or at the host's tablet; places, undoing, and its end."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.exchanges.test_at_once import together
from tests.group_sessions.hall import HOUR, MONDAY, TUESDAY, WEDNESDAY, Hall
from timebank.access.codes import NoSuchCode
from timebank.database import unit_of_work
from timebank.errors import Refusal
from timebank.group_sessions import crediting, queries
from timebank.group_sessions.checking_in import OPENS_BEFORE, check_in, show_code, undo_check_in
from timebank.group_sessions.rules import (
    CheckInIsOver,
    CheckInNotOpen,
    CodeIsForAnother,
    CountedAlready,
    ForTheHost,
    NoSuchSession,
    NothingToCredit,
    RegisterHasChanged,
)
from timebank.group_sessions.tables import Attendance, Charging, Part, Presence, SessionCode
from timebank.members.actions import suspend
from timebank.members.queries import standing_of
from timebank.members.rules import AccessSuspended, ForOthers, MemberNotActive, Standing

SOON = TUESDAY + timedelta(minutes=5)


def code_of(hall: Hall, session_id: UUID, by: Standing | None = None) -> str:
    with unit_of_work(hall.session) as session:
        return show_code(session, session_id, by=by or hall.cast.ana, at=TUESDAY)


def scan(hall: Hall, session_id: UUID, who: Standing, code: str, **more: Any) -> Presence:
    said = {"party_id": who.member_id, "by": who, "at": SOON, "code": code} | more
    with unit_of_work(hall.session) as session:
        return check_in(session, session_id, **said).presence


def undo(hall: Hall, session_id: UUID, who: Standing, by: Standing | None = None) -> None:
    with unit_of_work(hall.session) as session:
        undo_check_in(session, session_id, party_id=who.member_id, by=by or who, at=SOON)


def test_whoever_scans_the_code_came_for_as_long_as_was_planned(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    hall.sign_up(session_id, cast.ben)
    code = code_of(hall, session_id)
    assert queries.behind_code(hall.session, code.lower()).id == session_id
    for _ in range(2):
        assert scan(hall, session_id, cast.ben, code) is Presence.CAME
    assert scan(hall, session_id, cast.bea, code) is Presence.CAME, "not signed up, and there is room"
    assert scan(hall, session_id, cast.ana, code) is Presence.CAME, "as the giver that she is"
    came = {each.name: each.attendance for each in queries.checked_in(hall.session, session_id)}
    assert {name: each.part for name, each in came.items()} == {
        "Ana": Part.GIVER,
        "Ben": Part.RECEIVER,
        "Bea": Part.RECEIVER,
    }
    assert {(each.seconds, each.came_at) for each in came.values()} == {(2 * HOUR, SOON)}


def test_beyond_the_places_somebody_waits_until_the_host_lets_them_in(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce(places=1)
    hall.sign_up(session_id, cast.ben)
    code = code_of(hall, session_id)
    assert scan(hall, session_id, cast.bea, code) is Presence.WAITING
    assert scan(hall, session_id, cast.ben, code) is Presence.CAME, "the place was kept"
    assert scan(hall, session_id, cast.bea, code) is Presence.WAITING
    hall.came(session_id, cast.bea, Part.RECEIVER, 1, by=cast.ana)
    assert hall.presences(session_id)["Bea"] is Presence.CAME


def test_the_place_of_whoever_did_not_come_goes_to_whoever_stands_there(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce(places=1)
    hall.sign_up(session_id, cast.ben)
    code = code_of(hall, session_id)
    assert scan(hall, session_id, cast.olwen, code) is Presence.WAITING
    hall.absent(session_id, cast.ben, by=cast.ana, at=SOON)
    assert scan(hall, session_id, cast.olwen, code) is Presence.CAME
    assert scan(hall, session_id, cast.ben, code) is Presence.WAITING, "late, and it is full now"


def test_at_the_hosts_tablet_no_code_is_asked_for(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    for host in (cast.ana, cast.bryn):
        assert scan(hall, session_id, cast.olwen, "", by=host) is Presence.CAME
    with pytest.raises(ForOthers):
        scan(hall, session_id, cast.olwen, code_of(hall, session_id), by=cast.ben)


@pytest.mark.parametrize("code", ["", "ABCDE-FGHJK", "another"])
def test_without_the_code_of_this_session_nobody_checks_in(hall: Hall, code: str) -> None:
    session_id, other = hall.announce(), hall.announce()
    shown = code_of(hall, other) if code == "another" else code
    with pytest.raises(CodeIsForAnother):
        scan(hall, session_id, hall.cast.ben, shown)


def test_a_check_in_is_taken_back(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    hall.sign_up(session_id, cast.ben)
    code = code_of(hall, session_id)
    for who in (cast.ben, cast.bea):
        scan(hall, session_id, who, code)
    with pytest.raises(ForOthers):
        undo(hall, session_id, cast.ben, by=cast.dewi)
    undo(hall, session_id, cast.ben)
    undo(hall, session_id, cast.bea, by=cast.ana)
    undo(hall, session_id, cast.bea, by=cast.ana)
    presences = hall.presences(session_id)
    assert (presences["Ben"], presences["Bea"]) == (Presence.COMING, Presence.WITHDRAWN)
    assert scan(hall, session_id, cast.ben, code) is Presence.CAME


def test_what_somebody_put_down_by_hand_is_no_check_in_to_take_back(hall: Hall) -> None:
    session_id = hall.announce()
    hall.came(session_id, hall.cast.ben, Part.RECEIVER, 1, at=SOON)
    undo(hall, session_id, hall.cast.ben, by=hall.cast.ana)
    assert hall.presences(session_id)["Ben"] is Presence.CAME
    with pytest.raises(NoSuchSession):
        undo(hall, session_id, hall.cast.olwen, by=hall.cast.ana)


def test_the_door_opens_an_hour_before(hall: Hall) -> None:
    session_id = hall.announce()
    code = code_of(hall, session_id)
    with pytest.raises(CheckInNotOpen):
        scan(hall, session_id, hall.cast.ben, code, at=TUESDAY - OPENS_BEFORE - timedelta(seconds=1))
    assert scan(hall, session_id, hall.cast.ben, code, at=TUESDAY - OPENS_BEFORE) is Presence.CAME


@pytest.mark.parametrize("end", ["credited", "called off"])
def test_nobody_checks_in_once_it_is_over(hall: Hall, end: str) -> None:
    cast = hall.cast
    session_id = hall.announce(charging=Charging.POT)
    code = code_of(hall, session_id)
    scan(hall, session_id, cast.ana, code)
    scan(hall, session_id, cast.ben, code)
    if end == "credited":
        hall.credit(session_id)
    else:
        hall.cancel(session_id)
    with pytest.raises(CheckInIsOver):
        scan(hall, session_id, cast.bea, code)
    with pytest.raises(CheckInIsOver):
        scan(hall, session_id, cast.bea, "", by=cast.bryn)
    with pytest.raises(CheckInIsOver):
        undo(hall, session_id, cast.ben)
    with pytest.raises(CheckInIsOver):
        code_of(hall, session_id)
    with pytest.raises(NoSuchCode):
        queries.behind_code(hall.session, code)
    assert hall.session.exec(select(SessionCode)).all() == []


def test_whoever_was_counted_meanwhile_cannot_be_taken_back(hall: Hall) -> None:
    """After a reversal a session is no longer announced; this stands for the row that says so itself."""
    session_id = hall.announce(charging=Charging.POT)
    code = code_of(hall, session_id)
    scan(hall, session_id, hall.cast.ben, code)
    with unit_of_work(hall.session) as session:
        session.get_one(Attendance, (session_id, hall.cast.ben.member_id)).entry_number = 1
    with pytest.raises(CountedAlready):
        undo(hall, session_id, hall.cast.ben)


def test_strangers_and_whoever_is_paused_stay_outside(hall: Hall) -> None:
    cast = hall.cast
    session_id = hall.announce()
    code = code_of(hall, session_id)
    for stranger in (cast.cy, cast.bethan):
        with pytest.raises(NoSuchSession):
            scan(hall, session_id, stranger, code)
        with pytest.raises(NoSuchSession):
            code_of(hall, session_id, by=stranger)
        with pytest.raises(NoSuchSession):
            undo(hall, session_id, stranger)
    for member in (cast.ben, cast.dewi):
        with pytest.raises(ForTheHost):
            code_of(hall, session_id, by=member)
    with unit_of_work(hall.session) as session:
        suspend(session, cast.ben.member_id, broker=cast.bea)
    with pytest.raises(MemberNotActive):
        scan(hall, session_id, cast.ben, "", by=cast.ana)
    with pytest.raises(AccessSuspended):
        scan(hall, session_id, standing_of(hall.session, cast.ben.member_id), code)


def test_two_who_scan_for_the_last_place_get_it_once(hall: Hall, engine: Engine) -> None:
    cast = hall.cast
    session_id = hall.announce(places=1)
    code = code_of(hall, session_id)
    hall.session.rollback()

    def by(who: Standing) -> Any:
        return lambda own: check_in(own, session_id, party_id=who.member_id, by=who, at=SOON, code=code).presence

    results = together(engine, by(cast.ben), by(cast.bea), by(cast.ben), by(cast.olwen))
    assert Presence.CAME in results
    presences = hall.presences(session_id)
    assert sorted(presences[name] for name in ("Ben", "Bea", "Olwen")) == ["came", "waiting", "waiting"]


def test_a_check_in_against_the_credit_is_counted_or_refused(hall: Hall, engine: Engine) -> None:
    """Whichever comes first: the entry is the one that was shown, and nobody is here without being in it."""
    cast = hall.cast
    session_id = hall.announce(charging=Charging.SHARED)
    code = code_of(hall, session_id)
    for who in (cast.ana, cast.ben):
        scan(hall, session_id, who, code)
    mark = hall.plan(session_id).mark
    hall.session.rollback()

    def late(own: Session) -> Presence:
        return check_in(own, session_id, party_id=cast.olwen.member_id, by=cast.olwen, at=WEDNESDAY, code=code).presence

    def credited(own: Session) -> None:
        crediting.credit(own, session_id, broker=cast.bryn, at=WEDNESDAY, mark=mark)

    results = together(engine, late, credited, credited)
    refusals = {type(result) for result in results if isinstance(result, Refusal)}
    if results[0] is Presence.CAME:
        assert refusals == {RegisterHasChanged}
        assert hall.hours(cast.ana) == 0
    else:
        assert refusals == {CheckInIsOver, NothingToCredit}
        assert (hall.hours(cast.ana), hall.hours(cast.ben)) == (2, -2)
    hall.prove()


def test_codes_and_check_ins_wait_for_nothing_before_the_day(hall: Hall) -> None:
    """A poster can be printed days before, and a second one does not end the first."""
    session_id = hall.announce()
    with unit_of_work(hall.session) as session:
        early = show_code(session, session_id, by=hall.cast.ana, at=MONDAY)
    code_of(hall, session_id)
    assert scan(hall, session_id, hall.cast.ben, early) is Presence.CAME
