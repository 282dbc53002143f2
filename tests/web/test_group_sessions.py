"""The pages and the API of group sessions."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import Cast
from tests.group_sessions.hall import Hall
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.group_sessions.examples import EXAMPLES
from timebank.group_sessions.tables import Attendance, Charging, GroupSession, Part, Presence, SessionState
from timebank.members.guarding import Limits, appoint
from timebank.members.rules import Guarded
from timebank.members.tables import Authority, Evidence

TOMORROW = (now() + timedelta(days=1)).date().isoformat()
WORKSHOP = {"title": "Sourdough for all", "day": TOMORROW, "clock": "10:00", "hours": "2", "charging": "each"}


@pytest.fixture
def hall(session: Session, cast: Cast) -> Hall:
    return Hall(session, cast)


@pytest.fixture
def ana(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001 - who signs in must be there
    return sign_in_as(app.test_client(), "ana")


def press(browser: FlaskClient, page: str, verb: str) -> TestResponse:
    """Press a button of the page, with what it sends."""
    return browser.post(f"{page}/{verb}", data=form_of(browser.get(page), f"{page}/{verb}"))


def table(page: str) -> list[list[str]]:
    """The cells of the last table of a page."""
    rows = page[page.rindex("<tbody") :].split("<tr ")[1:]
    return [[unescape(cell) for cell in re.findall(r'data-label="[^"]*"[^>]*>([^<]*)<', row)] for row in rows]


def only_session(hall: Hall) -> GroupSession:
    hall.session.rollback()
    return hall.session.exec(select(GroupSession)).one()


def test_a_workshop_on_pages_from_announcement_to_the_statement(app: Flask, hall: Hall, ana: FlaskClient) -> None:
    ben, bea = (sign_in_as(app.test_client(), name) for name in ("ben", "bea"))
    assert fill_in(ana, "/sessions/new", **WORKSHOP).status_code == 303
    page = f"/sessions/{only_session(hall).id}"
    assert "Sourdough for all" in ben.get("/sessions").text
    assert send(ben, f"{page}/sign-up", party_id=str(hall.cast.ben.member_id)).status_code == 303
    assert "You are coming." in ben.get(page).text
    assert "pays for as long as they are there: about 2 h." in ben.get(page).text, "before one signs up"
    assert "Register" not in ben.get(page).text, "that is for the host"
    with time_machine.travel(now() + timedelta(days=2)):
        for browser, name in ((ana, "ana"), (ben, "ben"), (bea, "bea")):
            sign_in_as(browser, name)
        assert page in bea.get("/today").text
        assert send(ana, f"{page}/all-came").status_code == 303
        its_register = f"{page}/register?party={hall.cast.ana.member_id}&part=giver"
        put_down = fill_in(ana, its_register, hours="2", preparation="half an hour")
        assert put_down.status_code == 303
        plan = ana.get(page).text
        assert "The entry that this will post" in plan
        assert "Community pot" in plan, "which lends a hand: half an hour of preparation"
        assert "Credit the hours" not in plan
        assert send(ana, f"{page}/credit").status_code == 403
        assert press(bea, page, "credit").status_code == 303
        assert "Sourdough for all" in ben.get("/statement").text
        assert "receives · there: 2 h · on the statement: 2 h" in ben.get(page).text
        assert "Entry 1" not in ben.get(page).text, "what others gave and received is for the host and brokers"
        posted = ana.get(page).text
        assert "Entry 1, credited on" in posted
        assert table(posted) == [
            ["Ana", "2 h 30", ""],
            ["Ben", "", "2 h"],
            ["Community pot", "", "30 min"],
            ["Total", "2 h 30", "2 h 30"],
        ]
    assert (hall.hours(hall.cast.ana), hall.hours(hall.cast.ben), hall.in_pot()) == (2.5, -2, -0.5)
    assert only_session(hall).state is SessionState.CREDITED


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"title": ""}, 422, "Say in a few words what it is."),
        ({"hours": "25:00"}, 422, "That is too long: 24 h at most."),
        ({"hours": "0:20"}, 409, "in steps of 15 minutes"),
        ({"places": "0"}, 422, "Give a number from 1 to 500."),
        ({"day": "2020-01-01"}, 409, "That time has passed already."),
        ({"charging": "organisation"}, 409, "Choose which organisation pays."),
        ({"charging": "everybody"}, 422, "Choose one of the answers."),
        ({"title": "\u202e"}, 422, "Leave out the characters that cannot be shown."),
    ],
)
def test_what_cannot_be_announced_is_refused_beside_its_field(
    hall: Hall, ana: FlaskClient, typed: dict[str, Any], status: int, said: str
) -> None:
    answer = fill_in(ana, "/sessions/new", **(WORKSHOP | {"details": "Bring an apron"} | typed))
    assert answer.status_code == status
    assert said in answer.text
    assert "Bring an apron" in answer.text, "what was typed is kept"
    assert hall.session.exec(select(GroupSession)).all() == []


def test_each_reader_has_the_charging_rules_in_their_own_language(ana: FlaskClient) -> None:
    """Whoever came first: Jinja words constants once for all, unless it is told not to."""
    for language, words in (("cy", "Y gronfa gymunedol"), ("en", "The community pot pays")):
        send(ana, "/language", language=language)
        assert words in ana.get("/sessions/new").text


def test_the_worked_examples_stand_on_a_page_in_each_language(ana: FlaskClient) -> None:
    shown = {}
    for language in ("en", "cy"):
        send(ana, "/language", language=language)
        shown[language] = unescape(ana.get("/sessions/who-pays").text)
    for example in EXAMPLES:
        assert example.says in shown["en"]
        assert example.says not in shown["cy"]
    assert "17 min 9 s" in shown["en"], "to the second"


def test_a_broker_signs_somebody_up_who_rang_and_takes_them_off_again(app: Flask, hall: Hall, ana: FlaskClient) -> None:
    fill_in(ana, "/sessions/new", **WORKSHOP)
    page, bea = f"/sessions/{only_session(hall).id}", sign_in_as(app.test_client(), "bea")
    olwen = hall.cast.olwen
    address = f"{page}/sign-up-for"
    assert address in bea.get(page).text
    untold = fill_in(bea, address, party_id_name="Olwen")
    assert (untold.status_code, "Say how they told you" in untold.text) == (422, True)
    assert 'value="Olwen"' in untold.text
    assert fill_in(bea, address, party_id_name="Olwen", authority="phone").status_code == 303
    off = f"{page}/drop-out-for/{olwen.member_id}"
    assert off in bea.get(page).text
    assert fill_in(bea, off, authority="in_person").status_code == 303
    part = hall.session.get_one(Attendance, (only_session(hall).id, olwen.member_id))
    assert (part.presence, part.authority) == (Presence.WITHDRAWN, Authority.IN_PERSON)
    for name, status in (("ana", 403), ("cy", 403), ("bethan", 404)):
        stranger = sign_in_as(app.test_client(), name)
        assert {stranger.get(each).status_code for each in (address, off)} == {status}


def test_a_guardian_signs_their_ward_up_and_nobody_else_does(app: Flask, hall: Hall, ana: FlaskClient) -> None:
    fill_in(ana, "/sessions/new", **WORKSHOP)
    page, olwen, ben = f"/sessions/{only_session(hall).id}", hall.cast.olwen, sign_in_as(app.test_client(), "ben")
    of_olwen = {"party_id": str(olwen.member_id)}
    assert send(ben, f"{page}/sign-up", **of_olwen).status_code == 403
    for acts, most, status in (([Guarded.LOG], None, 403), ([Guarded.ASK], 3600, 409), ([Guarded.ASK], 7200, 303)):
        with unit_of_work(hall.session) as session:
            appoint(
                session,
                olwen.member_id,
                guardian_id=hall.cast.ben.member_id,
                limits=Limits(acts=frozenset(acts), most_seconds=most),
                evidence=Evidence.SAID_SO,
                broker=hall.cast.bea,
                at=now(),
                today=now().date(),
            )
        assert send(ben, f"{page}/sign-up", **of_olwen).status_code == status
    assert "Olwen: " in ben.get(page).text
    part = hall.session.get_one(Attendance, (only_session(hall).id, olwen.member_id))
    assert (part.presence, part.authority) == (Presence.COMING, Authority.GUARDIAN)
    assert send(ben, f"{page}/drop-out", **of_olwen).status_code == 303


def test_the_host_calls_it_off_and_a_member_does_not(app: Flask, hall: Hall, ana: FlaskClient) -> None:
    fill_in(ana, "/sessions/new", **WORKSHOP)
    page = f"/sessions/{only_session(hall).id}"
    assert sign_in_as(app.test_client(), "ben").get(f"{page}/cancel").status_code == 403
    assert fill_in(ana, f"{page}/cancel", note="The oven is broken").status_code == 303
    assert only_session(hall).state is SessionState.CANCELLED


def test_strangers_find_no_session_of_another_timebank(app: Flask, hall: Hall, ana: FlaskClient) -> None:
    fill_in(ana, "/sessions/new", **WORKSHOP)
    page = f"/sessions/{only_session(hall).id}"
    for name in ("cy", "bethan"):
        stranger = sign_in_as(app.test_client(), name)
        for address in (page, f"{page}/cancel", f"{page}/register"):
            assert stranger.get(address).status_code == 404
        for verb in ("sign-up", "drop-out", "all-came", "credit", "register", "cancel"):
            assert send(stranger, f"{page}/{verb}").status_code == 404, verb
        assert send(stranger, f"{page}/absent", party_id=str(hall.cast.ana.member_id)).status_code == 404
        assert send(stranger, f"{page}/entries/1/reverse", note="No").status_code == 404
        assert "Sourdough" not in stranger.get("/sessions").text


def test_what_no_button_of_ours_sends_changes_nothing(hall: Hall, ana: FlaskClient) -> None:
    fill_in(ana, "/sessions/new", **WORKSHOP)
    page = f"/sessions/{only_session(hall).id}"
    for verb, sent in (
        ("sign-up", {"part": "audience"}),
        ("sign-up", {"party_id": "me"}),
        ("drop-out", {"party_id": "\0"}),
        ("absent", {}),
        ("absent", {"party_id": "x"}),
    ):
        assert send(ana, f"{page}/{verb}", **sent).status_code == 400, (verb, sent)
    assert list(hall.presences(only_session(hall).id)) == ["Ana"]
    for number in ("0", "-1", "9" * 30):
        assert send(ana, f"{page}/entries/{number}/reverse", note="No").status_code == 404


def test_the_organisation_that_is_asked_answers_on_its_page(app: Flask, hall: Hall, ana: FlaskClient) -> None:
    dewi, ben, bethan = (sign_in_as(app.test_client(), name) for name in ("dewi", "ben", "bethan"))
    paid = WORKSHOP | {"charging": "organisation", "payer_id": str(hall.cast.gwalia)}
    assert fill_in(ana, "/sessions/new", **paid).status_code == 303
    page = f"/sessions/{only_session(hall).id}"
    assert "Asked, and not answered yet" in ben.get(page).text
    for looks in ("/report", "/sessions", page):
        assert f"{page}/pay" in dewi.get(looks).text
    for looks in ("/home", "/sessions", page):
        assert f"{page}/pay" not in ben.get(looks).text
    assert ben.get(f"{page}/pay").status_code == 403
    assert send(ben, f"{page}/pay").status_code == 403
    assert bethan.get(f"{page}/pay").status_code == 404
    assert fill_in(dewi, f"{page}/pay", hours="lots").status_code == 422
    assert fill_in(dewi, f"{page}/pay", hours="4").status_code == 303
    assert "Agreed, up to 4 h" in ana.get(page).text
    assert fill_in(dewi, f"{page}/pay", then="decline", note="Not this month").status_code == 303
    assert "Declined: somebody else has to pay" in ana.get(page).text


def test_the_host_changes_what_was_announced_and_others_do_not(app: Flask, hall: Hall, ana: FlaskClient) -> None:
    fill_in(ana, "/sessions/new", **WORKSHOP)
    page = f"/sessions/{only_session(hall).id}"
    assert fill_in(ana, f"{page}/change", title="Rye for all", charging="pot").status_code == 303
    assert (only_session(hall).title, only_session(hall).charging) == ("Rye for all", "pot")
    refused = fill_in(ana, f"{page}/change", day="2020-01-01", details="Bring an apron")
    assert refused.status_code == 409
    assert "Bring an apron" in refused.text
    for name, status in (("ben", 403), ("bethan", 404)):
        other = sign_in_as(app.test_client(), name)
        assert other.get(f"{page}/change").status_code == status
        assert send(other, f"{page}/change", **WORKSHOP).status_code == status


def test_the_same_is_announced_once_more_a_week_later(app: Flask, hall: Hall, ana: FlaskClient) -> None:
    fill_in(ana, "/sessions/new", **WORKSHOP)
    first = only_session(hall)
    again = form_of(ana.get(f"/sessions/new?like={first.id}"), "/sessions/new")
    assert (again["title"], again["clock"], again["hours"]) == ("Sourdough for all", "10:00", "2 h")
    assert again["day"] == (now() + timedelta(days=8)).date().isoformat()
    assert ana.post("/sessions/new", data=again).status_code == 303
    hall.session.rollback()
    assert first.id in {held.follows_id for held in hall.session.exec(select(GroupSession)).all()}
    bethan = sign_in_as(app.test_client(), "bethan")
    for unknown in (str(first.id), "x"):
        assert bethan.get(f"/sessions/new?like={unknown}").status_code == 404


def test_a_broker_credits_what_they_were_shown(app: Flask, hall: Hall, ana: FlaskClient) -> None:
    bea = sign_in_as(app.test_client(), "bea")
    fill_in(ana, "/sessions/new", **WORKSHOP)
    page = f"/sessions/{only_session(hall).id}"
    hall.sign_up(only_session(hall).id, hall.cast.ben)
    with time_machine.travel(now() + timedelta(days=2)):
        sign_in_as(bea, "bea")
        hall.all_came(only_session(hall).id, at=now())
        shown = form_of(bea.get(page), f"{page}/credit")
        hall.came(only_session(hall).id, hall.cast.ben, Part.RECEIVER, 1, at=now())
        assert bea.post(f"{page}/credit", data=shown).status_code == 303
        assert "The register has changed meanwhile" in bea.get(page).text
        assert hall.hours(hall.cast.ana) == 0
        press(bea, page, "credit")
        assert bea.post(f"{page}/credit", data=shown).status_code == 303, "pressed twice"
    assert (hall.hours(hall.cast.ana), hall.hours(hall.cast.ben), hall.in_pot()) == (2, -1, -1)


class Program:
    """A program that acts as somebody."""

    def __init__(self, app: Flask, hall: Hall, name: str) -> None:
        with unit_of_work(hall.session):
            secret = make_token(hall.session, by=hall.cast.standings[name], name="Test", at=now())[1]
        self.client, self.headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def post(self, path: str = "", **body: Any) -> TestResponse:
        return self.client.post(f"/api/v1/sessions{path}", json=body, headers=self.headers)

    def get(self, path: str = "") -> Any:
        return self.client.get(f"/api/v1/sessions{path}", headers=self.headers).json


def test_programs_do_the_same(app: Flask, hall: Hall) -> None:
    ana, ben, bryn, dewi, cy = (Program(app, hall, name) for name in ("ana", "ben", "bryn", "dewi", "cy"))
    made: Any = ana.post(**WORKSHOP).json
    path = f"/{made['id']}"
    assert ben.post(f"{path}/sign-up").json["coming"] == 1  # type: ignore[index]
    assert ben.get(path)["attendances"] == []
    assert [each["name"] for each in ana.get(path)["attendances"]] == ["Ana", "Ben"]
    assert cy.post(f"{path}/sign-up").status_code == 404
    assert cy.get()["items"] == []
    assert ana.post(f"{path}/change", **WORKSHOP, unknown="x").status_code == 422
    assert cy.post(f"{path}/change", **WORKSHOP).status_code == 404
    asked = ana.post(f"{path}/change", **WORKSHOP | {"charging": "organisation", "payer_id": str(hall.cast.gwalia)})
    assert (asked.json or {})["payer_word"] == "asked"
    assert ben.post(f"{path}/agree-to-pay").status_code == 403
    assert (dewi.post(f"{path}/agree-to-pay", hours="3").json or {})["payer_most_seconds"] == 3 * 3600
    assert (dewi.post(f"{path}/decline-to-pay", note="No").json or {})["payer_word"] == "declined"
    assert ana.post(f"{path}/change", **WORKSHOP).json["payer_word"] is None  # type: ignore[index]
    with time_machine.travel(now() + timedelta(days=2)):
        assert ben.post(f"{path}/all-came").status_code == 403
        assert ana.post(f"{path}/all-came").status_code == 200
        assert {leg["seconds"] for leg in ana.get(path)["plan"]} == {7200, -7200}
        refused = bryn.post(f"{path}/register", party_id=str(hall.cast.ben.member_id), part="receiver", hours="0:20")
        assert (refused.status_code, refused.json["field"]) == (409, "hours")  # type: ignore[index]
        assert bryn.post(f"{path}/credit", mark="another").status_code == 409
        shown = bryn.get(path)
        assert [each["seconds"] for each in shown["helped"]] == [7200]
        assert bryn.post(f"{path}/credit", mark=shown["mark"]).json["state"] == "credited"  # type: ignore[index]
        assert bryn.post(f"{path}/credit").status_code == 409
        assert (hall.hours(hall.cast.ana), hall.hours(hall.cast.ben)) == (2, -2)
        assert [leg["seconds"] for leg in ana.get(path)["entries"][0]["legs"]] == [7200, -7200]
        assert ben.get(path)["entries"] == []
        assert bryn.post(f"{path}/entries/2/reverse", note="There is none").status_code == 404
        assert bryn.post(f"{path}/entries/1/reverse", note="Another list").status_code == 200
        assert bryn.post(f"{path}/absent", party_id=str(hall.cast.ben.member_id)).status_code == 200
        assert ben.post(f"{path}/cancel").status_code == 403
    assert (hall.hours(hall.cast.ana), hall.hours(hall.cast.ben)) == (0, 0)
    assert [each["state"] for each in ben.get("?is_open=no")["items"]] == ["credited"]


def test_the_page_says_why_somebody_who_received_and_is_put_down_late_pays_nothing(app: Flask, hall: Hall) -> None:
    session_id = hall.announce(charging=Charging.SHARED)
    hall.came(session_id, hall.cast.ana, Part.GIVER, 2)
    hall.came(session_id, hall.cast.ben, Part.RECEIVER, 2)
    bea, why = sign_in_as(app.test_client(), "bea"), "put down late pays nothing"
    assert why not in bea.get(f"/sessions/{session_id}").text
    hall.credit(session_id)
    hall.came(session_id, hall.cast.olwen, Part.RECEIVER, 1)
    assert why in bea.get(f"/sessions/{session_id}").text
