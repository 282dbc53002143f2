"""The pages and the API of the community pot, and of leaving."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from tests.browsing import fill_in, send, sign_in_as
from tests.cast import Cast
from tests.donations.purse import Purse
from tests.group_sessions.hall import Hall
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.donations.tables import Wish, WishState
from timebank.group_sessions.tables import Charging, Part


@pytest.fixture
def purse(session: Session, cast: Cast) -> Purse:
    return Purse(session, cast)


@pytest.fixture
def ana(app: Flask, purse: Purse) -> FlaskClient:
    purse.has(purse.cast.ana, 5)
    return sign_in_as(app.test_client(), "ana")


@pytest.fixture
def bea(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001 - who signs in must be there
    return sign_in_as(app.test_client(), "bea")


def only_wish(session: Session) -> Wish:
    session.rollback()
    return session.exec(select(Wish)).one()


def test_hours_are_passed_on_asked_for_and_given_on_pages(
    app: Flask, purse: Purse, ana: FlaskClient, bea: FlaskClient
) -> None:
    ben = sign_in_as(app.test_client(), "ben")
    assert fill_in(ana, "/pot/give", hours="2", word="For Ben's move").status_code == 303
    assert fill_in(ben, "/pot/ask", hours="1:30", word="We move house").status_code == 303
    address = f"/pot/wishes/{only_wish(purse.session).id}"
    assert address in bea.get("/today").text
    assert "We move house" in bea.get(address).text
    assert fill_in(bea, address, word="Good luck").status_code == 303
    assert (purse.hours(purse.cast.ana), purse.hours(purse.cast.ben), purse.in_pot()) == (3, 1.5, 0.5)
    assert "Good luck" in ben.get("/statement").text
    assert "Community pot" in ana.get("/statement").text


def test_the_pots_book_names_people_to_brokers_and_themselves_only(
    app: Flask, ana: FlaskClient, bea: FlaskClient
) -> None:
    fill_in(ana, "/pot/give", hours="2", word="From my heart")
    for reader in (ana, bea):
        page = reader.get("/pot").text
        assert "Passed on: Ana · From my heart" in page
    page = sign_in_as(app.test_client(), "ben").get("/pot").text
    assert "Passed on" in page
    assert "From my heart" not in page
    assert "Passed on" not in sign_in_as(app.test_client(), "cy").get("/pot").text


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"hours": "6"}, 409, "There is less to pass on: 5 h."),
        ({"hours": ""}, 422, "Say how long"),
        ({"hours": "-1"}, 422, "more than nothing"),
        ({"hours": "2", "receiver_id": "00000000-0000-4000-8000-000000000000"}, 404, ""),
        ({"hours": "2", "word": "x" * 301}, 422, "Use 300 characters at most."),
    ],
)
def test_what_cannot_be_passed_on_is_refused_beside_its_field(
    purse: Purse, ana: FlaskClient, typed: dict[str, Any], status: int, said: str
) -> None:
    answer = fill_in(ana, "/pot/give", **typed)
    assert answer.status_code == status
    assert said in answer.text
    assert purse.in_pot() == 0


def test_the_pots_book_says_which_session_the_pot_paid_for(app: Flask, purse: Purse) -> None:
    hall = Hall(purse.session, purse.cast)
    session_id = hall.announce(charging=Charging.POT)
    hall.all_came(session_id)
    hall.came(session_id, purse.cast.ben, Part.RECEIVER, 2)
    hall.credit(session_id)
    hall.reverse(session_id)
    member = sign_in_as(app.test_client(), "ben").get("/pot").text
    assert member.count("Group session · Sourdough for all") == 2
    assert "Sourdough" not in sign_in_as(app.test_client(), "cy").get("/pot").text


def test_a_broker_says_no_and_says_why(app: Flask, purse: Purse, bea: FlaskClient) -> None:
    ben = sign_in_as(app.test_client(), "ben")
    fill_in(ben, "/pot/ask", hours="1", word="A treat")
    address = f"/pot/wishes/{only_wish(purse.session).id}/decline"
    assert "Say why, in a few words." in fill_in(bea, address, word="").text
    assert fill_in(bea, address, word="The pot is empty").status_code == 303
    assert only_wish(purse.session).state is WishState.DECLINED
    assert fill_in(bea, address, word="Twice").status_code == 409


def test_strangers_and_members_answer_nothing(app: Flask, purse: Purse) -> None:
    ben = sign_in_as(app.test_client(), "ben")
    fill_in(ben, "/pot/ask", hours="1", word="A treat")
    address = f"/pot/wishes/{only_wish(purse.session).id}"
    for name in ("ben", "ana", "cy", "bethan"):
        reader = sign_in_as(app.test_client(), name)
        assert reader.get(address).status_code == 404
        assert send(reader, address, hours="1").status_code == 404
        assert send(reader, f"{address}/decline", word="no").status_code == 404
    for name in ("ana", "cy", "bethan"):
        assert send(sign_in_as(app.test_client(), name), f"{address}/withdraw").status_code == 404
    assert send(sign_in_as(app.test_client(), "ana"), "/pot/allocate", hours="1").status_code == 403
    assert send(ben, f"{address}/withdraw").status_code == 303


def test_somebody_leaves_by_themselves_and_is_signed_out(purse: Purse, ana: FlaskClient) -> None:
    assert "There are hours left: 5 h." in ana.get("/me/leave").text
    assert fill_in(ana, "/me/leave").status_code == 422, "nobody leaves by a slip"
    answer = fill_in(ana, "/me/leave", receiver_id=str(purse.cast.ben.member_id), word="Thank you all", is_sure="yes")
    assert answer.status_code == 303
    assert purse.hours(purse.cast.ben) == 5
    assert ana.get("/statement").status_code == 303
    assert "the door stays open" in ana.get("/welcome", follow_redirects=True).text


def test_a_broker_sees_to_it_for_somebody_without_email(purse: Purse, bea: FlaskClient, ana: FlaskClient) -> None:
    address = f"/members/{purse.cast.olwen.member_id}/leave"
    assert ana.get(address).status_code == 403
    assert fill_in(bea, address, is_sure="yes").status_code == 303
    assert "has left" in bea.get("/members").text
    assert bea.get(f"/members/{purse.cast.cy.member_id}/leave").status_code == 404


class Program:
    """A program that acts as somebody."""

    def __init__(self, app: Flask, purse: Purse, name: str) -> None:
        with unit_of_work(purse.session):
            self.secret = make_token(purse.session, by=purse.cast.standings[name], name="Test", at=now())[1]
        self.client = app.test_client()

    def post(self, path: str, **body: Any) -> TestResponse:
        return self.client.post(f"/api/v1/pot{path}", json=body, headers={"Authorization": f"Bearer {self.secret}"})

    def get(self) -> Any:
        return self.client.get("/api/v1/pot", headers={"Authorization": f"Bearer {self.secret}"}).json


def test_programs_do_the_same(app: Flask, purse: Purse) -> None:
    purse.has(purse.cast.ana, 5)
    ana, ben, bryn, cy = (Program(app, purse, name) for name in ("ana", "ben", "bryn", "cy"))
    assert ana.post("/donations", hours="2").status_code == 201
    refused = ana.post("/donations", hours="4")
    assert (refused.status_code, refused.json["field"]) == (409, "hours")  # type: ignore[index]
    asked: Any = ben.post("/wishes", hours=3600, word="We move house").json
    other: Any = ben.post("/wishes", hours=7200, word="And again").json
    third: Any = ben.post("/wishes", hours=1800, word="And again").json
    for stranger in (ana, cy):
        assert stranger.post(f"/wishes/{asked['id']}/grant", hours="1").status_code == 404
    assert bryn.post(f"/wishes/{asked['id']}/grant", hours="1").status_code == 201
    assert bryn.post(f"/wishes/{other['id']}/decline", word="Not now").json["state"] == "declined"  # type: ignore[index]
    assert ben.post(f"/wishes/{third['id']}/withdraw").json["state"] == "withdrawn"  # type: ignore[index]
    given = bryn.post("/allocations", party_id=str(purse.cast.ben.member_id), hours="0:30")
    assert given.status_code == 201
    assert [(line["seconds"], line["who"]) for line in bryn.get()["lines"]] == [
        (-1800, "Ben"),
        (-3600, "Ben"),
        (7200, "Ana"),
    ]
    assert [line["who"] for line in ana.get()["lines"]] == [None, None, "Ana"]
    assert cy.get()["lines"] == []
    assert ben.post("/leaving", is_sure=False).status_code == 422
    assert ben.post("/leaving", is_sure=True).status_code == 204
    assert (purse.hours(purse.cast.ben), purse.in_pot()) == (0, 2)
