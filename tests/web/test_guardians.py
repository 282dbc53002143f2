"""The pages of guardians, and their twin in the API."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import Cast
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges.tables import Exchange, State
from timebank.members.tables import Guardianship

SAID = {"acts": ["ask", "log"], "most_hours": "2", "evidence": "said_so", "note": "She rang"}


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/members/{cast.olwen.member_id}/guardians"


def held(session: Session) -> Guardianship:
    session.rollback()
    return session.exec(select(Guardianship)).one()


def test_a_broker_lets_ben_act_and_he_logs_for_olwen(session: Session, cast: Cast, app: Flask, page: str) -> None:
    bea, ben = (sign_in_as(app.test_client(), name) for name in ("bea", "ben"))
    assert page in bea.get(f"/members/{cast.olwen.member_id}").text
    said = SAID | {"guardian_id": str(cast.ben.member_id)}
    empty = fill_in(bea, f"{page}/new", **said | {"acts": []})
    assert empty.status_code == 422
    assert "Choose at least one thing" in empty.text
    past = fill_in(bea, f"{page}/new", **said, until="2020-01-01")
    assert past.status_code == 409
    assert "That day has passed already" in past.text
    assert fill_in(bea, f"{page}/new", **said).status_code == 303
    shown = bea.get(page).text
    assert "<b>Ben</b> acts for: Olwen" in shown
    assert "She rang" in shown
    form = ben.get("/exchanges/log")
    assert "In whose name?" in form.text
    log = {
        "for_party": str(cast.olwen.member_id),
        "direction": "received",
        "party_id": str(cast.ana.member_id),
        "title": "Company",
        "hours": "3",
        "happened_on": now().date().isoformat(),
    }
    refused = ben.post("/exchanges/log", data=form_of(form, "/exchanges/log") | log)
    assert refused.status_code == 409
    assert "2 h at most at once" in refused.text
    assert ben.post("/exchanges/log", data=form_of(form, "/exchanges/log") | log | {"hours": "2"}).status_code == 303
    session.rollback()
    exchange = session.exec(select(Exchange)).one()
    assert (exchange.state, exchange.reporter_id) == (State.REPORTED, cast.olwen.member_id)
    assert "As a guardian" in ben.get(f"/exchanges/{exchange.id}").text
    assert "Ben logged the hours" in bea.get(page).text
    assert "Olwen" not in ben.get("/pot/give").text.partition("<form")[2].partition("receiver_id")[0]


def test_what_waits_for_olwen_stands_on_the_page_of_her_guardian(
    session: Session, cast: Cast, app: Flask, page: str
) -> None:
    bea, ana, ben = (sign_in_as(app.test_client(), name) for name in ("bea", "ana", "ben"))
    fill_in(bea, f"{page}/new", **SAID, guardian_id_name="ben")
    log = {"direction": "given", "title": "Company", "hours": "1", "happened_on": now().date().isoformat()}
    fill_in(ana, "/exchanges/log", **log, party_id=str(cast.olwen.member_id))
    exchange = session.exec(select(Exchange)).one()
    home, confirm = ben.get("/").text, f"/exchanges/{exchange.id}/confirm"
    assert "For: Olwen" in home
    assert "Confirm 1 h, with Ana" in home
    assert confirm not in ana.get("/").text
    assert ben.post(confirm, data=form_of(ben.get("/"), confirm)).status_code == 303
    assert "For: Olwen" not in ben.get("/").text
    session.rollback()
    assert session.exec(select(Exchange)).one().state is State.CONFIRMED


def test_who_may_no_longer_act_is_shown_so(cast: Cast, app: Flask, page: str) -> None:
    bea = sign_in_as(app.test_client(), "bea")
    fill_in(bea, f"{page}/new", **SAID, guardian_id=str(cast.ben.member_id), until=now().date().isoformat())
    assert "acts for: Olwen" in bea.get(page).text
    with time_machine.travel(now() + timedelta(days=2)):
        shown = sign_in_as(app.test_client(), "bea").get(page).text
    assert "acted for: Olwen" in shown
    assert "End it now" not in shown


def test_the_guardian_ends_it_and_nothing_more_is_theirs(session: Session, cast: Cast, app: Flask, page: str) -> None:
    bea, ben = (sign_in_as(app.test_client(), name) for name in ("bea", "ben"))
    fill_in(bea, f"{page}/new", **SAID, guardian_id=str(cast.ben.member_id))
    own = f"/members/{cast.ben.member_id}/guardians"
    assert "She rang" not in ben.get(own).text
    assert send(ben, f"/guardianships/{held(session).id}/end").location == own
    assert held(session).ended_by == cast.ben.member_id
    assert "In whose name?" not in ben.get("/exchanges/log").text
    assert "acted for: Olwen" in bea.get(page).text


def test_plain_members_and_strangers_see_and_change_nothing(
    session: Session, cast: Cast, app: Flask, page: str
) -> None:
    fill_in(sign_in_as(app.test_client(), "bea"), f"{page}/new", **SAID, guardian_id=str(cast.ben.member_id))
    end = f"/guardianships/{held(session).id}/end"
    for name, sees in (("ana", 403), ("awen", 403), ("cy", 404), ("bethan", 404)):
        browser = sign_in_as(app.test_client(), name)
        assert browser.get(page).status_code == sees
        assert browser.get(f"{page}/new").status_code in {403, 404}
        assert send(browser, end).status_code == 404
    assert held(session).ended_at is None


def test_a_program_does_the_same(session: Session, cast: Cast, app: Flask) -> None:
    browser: FlaskClient = app.test_client()

    def call(name: str, method: str, address: str, body: object = None) -> tuple[int, dict[str, list[dict[str, str]]]]:
        with unit_of_work(session):
            secret = make_token(session, by=cast.standings[name], name="Test", at=now())[1]
        answer = browser.open(
            f"/api/v1{address}", method=method, json=body, headers={"Authorization": f"Bearer {secret}"}
        )
        return answer.status_code, answer.get_json(silent=True) or {}

    about = f"/members/{cast.olwen.member_id}/guardians"
    said: dict[str, object] = {
        "guardian_id": str(cast.ben.member_id),
        "acts": ["log"],
        "evidence": "letter",
        "note": "Her GP rang",
    }
    assert call("ana", "POST", about, said)[0] == 403
    assert call("bethan", "POST", about, said)[0] == 404
    for wrong in ({"acts": []}, {"acts": ["donate"]}, {"evidence": "scan"}, {"guardian_id": None}):
        assert call("bea", "POST", about, said | wrong)[0] == 422
    status, made = call("bea", "POST", about, said)
    assert (status, made["items"][0]["guardian"], made["done"]) == (201, "Ben", [])
    assert call("ben", "GET", about)[0] == 403
    bens = call("ben", "GET", f"/members/{cast.ben.member_id}/guardians")[1]
    assert (made["items"][0]["note"], bens["items"][0]["note"]) == ("Her GP rang", ""), "it is for brokers"
    end = f"/guardianships/{UUID(made['items'][0]['id'])}/end"
    assert call("cy", "POST", end)[0] == 404
    assert call("ben", "POST", end)[0] == 204
    assert call("bea", "GET", about)[1]["items"][0]["ended_by"] == str(cast.ben.member_id)
