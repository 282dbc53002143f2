"""The pages at the door of a group session, and their twin in the API."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import PASSWORD, Cast, email_of
from tests.group_sessions.hall import MONDAY, TUESDAY, Hall
from timebank.access.actions import make_token
from timebank.database import unit_of_work
from timebank.group_sessions.tables import Presence
from timebank.members.actions import welcome


@pytest.fixture
def hall(session: Session, cast: Cast) -> Hall:
    return Hall(session, cast)


@pytest.fixture
def at_the_door() -> Iterator[None]:
    """It is Tuesday, a few minutes past the beginning."""
    with time_machine.travel(TUESDAY + timedelta(minutes=5)):
        yield


@pytest.fixture
def session_id(hall: Hall, at_the_door: None) -> UUID:  # noqa: ARG001
    """Ana's session, for two; Ben is coming."""
    announced = hall.announce(places=2)
    hall.sign_up(announced, hall.cast.ben, at=MONDAY)
    return announced


@pytest.fixture
def ana(app: Flask, session_id: UUID) -> FlaskClient:  # noqa: ARG001 - who signs in must be there, on that day
    return sign_in_as(app.test_client(), "ana")


@pytest.fixture
def poster(ana: FlaskClient, session_id: UUID) -> str:
    """Where the code on the door leads, as a path."""
    shown = send(ana, f"/sessions/{session_id}/code")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    assert "style=" not in shown.text
    found = re.search(r'href="http://localhost(/scan/\w+)"', shown.text)
    assert found
    return found[1]


def test_a_member_scans_the_poster_and_taps_once(app: Flask, hall: Hall, session_id: UUID, poster: str) -> None:
    ben = sign_in_as(app.test_client(), "ben")
    arrived = ben.get(poster)
    assert (arrived.status_code, arrived.headers["Referrer-Policy"]) == (200, "no-referrer")
    checked_in = ben.post(poster, data=form_of(arrived, poster))
    assert checked_in.location == f"/sessions/{session_id}"
    assert "You are here. Welcome!" in ben.get(checked_in.location).text
    assert hall.presences(session_id)["Ben"] is Presence.CAME
    assert "Checked in already: Ben" in ben.get(poster).text
    assert send(ben, f"/sessions/{session_id}/undo-check-in", party_id=str(hall.cast.ben.member_id)).status_code == 303
    assert hall.presences(session_id)["Ben"] is Presence.COMING


def test_whoever_is_not_signed_in_signs_in_first(app: Flask, hall: Hall, session_id: UUID, poster: str) -> None:
    phone = app.test_client()
    arrived = phone.get(poster)
    assert arrived.location == f"/sign-in?next={poster}"
    drawn = form_of(phone.get(arrived.location), "/sign-in")
    entered = phone.post("/sign-in", data={**drawn, "email": email_of("ben"), "password": PASSWORD})
    assert entered.location == poster
    phone.post(poster, data=form_of(phone.get(poster), poster))
    assert hall.presences(session_id)["Ben"] is Presence.CAME


def test_where_it_is_full_somebody_is_told_that_they_wait(
    app: Flask, hall: Hall, session_id: UUID, poster: str
) -> None:
    hall.sign_up(session_id, hall.cast.olwen)
    bea = sign_in_as(app.test_client(), "bea")
    waiting = bea.post(poster, data=form_of(bea.get(poster), poster))
    assert "All places are taken. You are on the waiting list" in bea.get(waiting.location).text


def test_the_code_is_typed_in_as_well(app: Flask, session_id: UUID, poster: str) -> None:
    ben = sign_in_as(app.test_client(), "ben")
    assert fill_in(ben, "/scan", code=poster.rpartition("/")[2].lower()).location == poster
    cy = sign_in_as(app.test_client(), "cy")
    assert cy.get(poster).status_code == 404
    assert send(cy, poster).status_code == 404
    assert send(ben, f"/sessions/{session_id}/code").status_code == 403


def test_people_type_their_names_at_the_hosts_tablet(hall: Hall, ana: FlaskClient, session_id: UUID) -> None:
    door = f"/sessions/{session_id}/door"
    let_in = fill_in(ana, door, name="  OLW ")
    assert let_in.location == f"{door}?just={hall.cast.olwen.member_id}"
    page = ana.get(let_in.location)
    assert "Just checked in: Olwen" in page.text
    assert "1 person is here" in page.text
    undone = ana.post(
        f"/sessions/{session_id}/undo-check-in", data=form_of(page, f"/sessions/{session_id}/undo-check-in")
    )
    assert undone.location == door
    assert hall.presences(session_id)["Olwen"] is Presence.WITHDRAWN
    for nobody in ("Zebedee", "", "   ", "Cy", "Gwalia Homes", "%", "\\"):
        assert fill_in(ana, door, name=nobody).status_code in {200, 422}
    assert [*hall.presences(session_id).values()].count(Presence.CAME) == 0


def test_of_several_so_called_they_choose_themselves(hall: Hall, ana: FlaskClient, session_id: UUID) -> None:
    with unit_of_work(hall.session) as session:
        for name in ("Ben Evans", "Ben Price"):
            welcome(session, broker=None, timebank_id=hall.cast.timebank_id, name=name, phone="1", at=MONDAY)
    door = f"/sessions/{session_id}/door"
    several = fill_in(ana, door, name="Ben")
    assert several.status_code == 200
    assert "There are several people of that name." in several.text
    assert several.text.count(f"/sessions/{session_id}/let-in") == 3
    for name in ("Ben Evans", "Ben Price"):
        assert name in several.text
    chosen = ana.post(f"/sessions/{session_id}/let-in", data=form_of(several, f"/sessions/{session_id}/let-in"))
    assert chosen.status_code == 303
    assert fill_in(ana, door, name="price").status_code == 303


@pytest.mark.parametrize(("name", "status"), [("ben", 403), ("dewi", 403), ("cy", 404), ("bethan", 404)])
def test_the_door_is_kept_by_its_host(app: Flask, hall: Hall, session_id: UUID, name: str, status: int) -> None:
    other = sign_in_as(app.test_client(), name)
    assert other.get(f"/sessions/{session_id}/door").status_code == status
    assert send(other, f"/sessions/{session_id}/door", name="Ben").status_code == status
    assert send(other, f"/sessions/{session_id}/code").status_code == status
    olwen = str(hall.cast.olwen.member_id)
    assert send(other, f"/sessions/{session_id}/let-in", party_id=olwen).status_code == status
    assert send(other, f"/sessions/{session_id}/undo-check-in", party_id=olwen).status_code == status


def test_the_door_is_shut_once_it_is_over(app: Flask, hall: Hall, ana: FlaskClient, session_id: UUID) -> None:
    hall.cancel(session_id)
    assert "Nobody checks in any more" in ana.get(f"/sessions/{session_id}/door").text
    shut = send(ana, f"/sessions/{session_id}/let-in", party_id=str(hall.cast.ben.member_id))
    assert "Nobody checks in any more" in ana.get(shut.location).text
    bea = sign_in_as(app.test_client(), "bea")
    assert send(bea, f"/sessions/{session_id}/code").status_code == 409


def test_programs_check_in_likewise(app: Flask, hall: Hall, session_id: UUID, poster: str) -> None:
    client, code = app.test_client(), poster.rpartition("/")[2]

    def token(name: str) -> dict[str, str]:
        with unit_of_work(hall.session) as session:
            secret = make_token(session, by=hall.cast.standings[name], name="phone", at=TUESDAY)[1]
        return {"Authorization": f"Bearer {secret}"}

    ben, ana, cy = (token(name) for name in ("ben", "ana", "cy"))
    assert client.post("/api/v1/codes", json={"code": code}, headers=ben).json == {"session_id": str(session_id)}
    assert client.post("/api/v1/codes", json={"code": code}, headers=cy).status_code == 404
    path = f"/api/v1/sessions/{session_id}"
    assert client.post(f"{path}/check-in", json={}, headers=ben).status_code == 403
    guesses = [client.post(f"{path}/check-in", json={"code": "made up"}, headers=ben).status_code for _ in range(60)]
    assert (set(guesses[:-1]), guesses[-1]) == ({403}, 429), "the sixty-first in vain"
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert client.post(f"{path}/check-in", json={"code": code}, headers=ben).status_code == 200
    olwen = {"party_id": str(hall.cast.olwen.member_id)}
    assert client.post(f"{path}/check-in", json=olwen, headers=ben).status_code == 403
    assert client.post(f"{path}/check-in", json=olwen, headers=ana).status_code == 200
    assert client.post(f"{path}/check-in", json={"code": code}, headers=cy).status_code == 404
    assert client.post(f"{path}/undo-check-in", json=olwen, headers=ana).status_code == 200
    assert client.post(f"{path}/code", headers=ben).status_code == 403
    assert (client.post(f"{path}/code", headers=ana).json or {})["address"].startswith("http://localhost/scan/")
    presences = hall.presences(session_id)
    assert (presences["Ben"], presences["Olwen"]) == (Presence.CAME, Presence.WITHDRAWN)
