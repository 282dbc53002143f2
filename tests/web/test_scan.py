"""The pages of codes, and their twin in the API: shown once, scanned or typed in, refused kindly."""

import logging
import re
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlmodel import Session

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import PASSWORD, Cast, email_of
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges import reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.tables import Exchange, State
from timebank.members.rules import Standing


@pytest.fixture
def logged(session: Session, cast: Cast) -> UUID:
    """Ana logs that she helped Ben."""
    both = Between(giver_id=cast.ana.member_id, receiver_id=cast.ben.member_id, proposer_id=cast.ana.member_id)
    with unit_of_work(session):
        return reporting.log(
            session,
            between=both,
            title="Baking bread",
            seconds=5400,
            happened_on=now().date(),
            by=cast.ana,
            at=now(),
            submission=uuid4(),
        ).id


@pytest.fixture
def address(app: Flask, logged: UUID) -> str:
    """What the code leads to that Ana shows, as a path."""
    shown = send(sign_in_as(app.test_client(), "ana"), f"/exchanges/{logged}/code")
    assert shown.status_code == 200
    found = re.search(r'href="http://localhost(/scan/\w+)"', shown.text)
    assert found
    return found[1]


def state(session: Session, exchange_id: UUID) -> State:
    session.rollback()
    return session.get_one(Exchange, exchange_id).state


def test_the_other_scans_it_and_confirms_with_one_tap(app: Flask, session: Session, logged: UUID, address: str) -> None:
    ben = sign_in_as(app.test_client(), "ben")
    arrived = ben.get(address)
    assert arrived.location == f"/exchanges/{logged}/confirm"
    assert fill_in(ben, arrived.location).status_code == 303
    assert state(session, logged) is State.CONFIRMED
    assert ben.get(address).status_code == 404


def test_whoever_is_not_signed_in_signs_in_and_goes_on_without_the_code(app: Flask, logged: UUID, address: str) -> None:
    phone = app.test_client()
    arrived = phone.get(address)
    assert arrived.location == f"/sign-in?next=/exchanges/{logged}/confirm"
    drawn = form_of(phone.get(arrived.location), "/sign-in")
    entered = phone.post("/sign-in", data={**drawn, "email": email_of("ben"), "password": PASSWORD})
    assert entered.location == f"/exchanges/{logged}/confirm"
    assert "1 h 30" in phone.get(entered.location).text


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("ana", 409, "This code is your own"),
        ("bea", 403, "This code is for the other person"),
        ("dewi", 403, "This code is for the other person"),
        ("cy", 404, "That code is not in use"),
    ],
)
def test_anybody_else_is_refused_kindly(app: Flask, address: str, name: str, status: int, says: str) -> None:
    someone = sign_in_as(app.test_client(), name)
    for refused in (someone.get(address), fill_in(someone, "/scan", code=address.rpartition("/")[2])):
        assert refused.status_code in {status, 409}
        assert says in refused.text
        assert "Baking bread" not in refused.text


def test_a_code_can_be_typed_in_instead(app: Flask, logged: UUID, address: str) -> None:
    ben = sign_in_as(app.test_client(), "ben")
    code = address.rpartition("/")[2]
    assert fill_in(ben, "/scan", code=f"{code[:5]}-{code[5:]}".lower()).location == f"/exchanges/{logged}/confirm"
    for wrong in ("", "ABCDE-FGHJK", "x" * 1000, "a\x00b"):
        refused = fill_in(ben, "/scan", code=wrong)
        assert refused.status_code in {404, 409, 422}


def test_the_picture_needs_no_style_and_has_words_beside_it(app: Flask, logged: UUID) -> None:
    shown = send(sign_in_as(app.test_client(), "ana"), f"/exchanges/{logged}/code").text
    assert "To be scanned with their own phone by: Ben" in shown
    picture = re.search(r'<div class="qr__frame" role="img" aria-label="([^"]+)"><svg.*?</svg>', shown, re.DOTALL)
    assert picture and "QR code" in picture[1]
    assert "style=" not in picture[0]
    assert re.search(r"<code>\w{5}-\w{5}</code>", shown)


def test_a_code_is_neither_kept_nor_told_to_others_nor_logged(
    app: Flask, logged: UUID, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    code = address.rpartition("/")[2]
    with caplog.at_level(logging.DEBUG):
        for client in (app.test_client(), sign_in_as(app.test_client(), "ben")):
            arrived = client.get(address)
            assert arrived.headers["Referrer-Policy"] == "no-referrer"
            assert arrived.headers["Cache-Control"] == "no-store"
            assert code not in arrived.location
        shown = send(sign_in_as(app.test_client(), "ana"), f"/exchanges/{logged}/code")
    assert shown.headers["Cache-Control"] == "no-store"
    assert code not in caplog.text


def test_the_page_offers_a_code_to_whoever_logged_the_hours_alone(app: Flask, logged: UUID) -> None:
    offered = {
        name: f"/exchanges/{logged}/code" in sign_in_as(app.test_client(), name).get(f"/exchanges/{logged}").text
        for name in ("ana", "ben", "bea")
    }
    assert offered == {"ana": True, "ben": False, "bea": False}


@pytest.mark.parametrize(("name", "status"), [("ben", 403), ("bea", 403), ("dewi", 404), ("cy", 404)])
def test_nobody_shows_a_code_for_what_others_logged(app: Flask, logged: UUID, name: str, status: int) -> None:
    assert send(sign_in_as(app.test_client(), name), f"/exchanges/{logged}/code").status_code == status


def test_the_api_shows_and_follows_a_code_likewise(app: Flask, session: Session, cast: Cast, logged: UUID) -> None:
    def token(who: Standing) -> dict[str, str]:
        with unit_of_work(session):
            return {"Authorization": f"Bearer {make_token(session, by=who, name='phone', at=now())[1]}"}

    client = app.test_client()
    made = client.post(f"/api/v1/exchanges/{logged}/code", headers=token(cast.ana))
    assert made.status_code == 201
    assert made.json and made.json["address"].endswith(made.json["code"])
    followed = client.post("/api/v1/codes", json={"code": made.json["code"]}, headers=token(cast.ben))
    assert followed.json == {"exchange_id": str(logged)}
    for who, status in ((cast.ana, 409), (cast.bea, 403), (cast.cy, 404)):
        refused = client.post("/api/v1/codes", json={"code": made.json["code"]}, headers=token(who))
        assert refused.status_code == status
    assert client.post("/api/v1/codes", json={"code": "nothing"}, headers=token(cast.ben)).status_code == 404
    assert client.post("/api/v1/codes", json={}, headers=token(cast.ben)).status_code == 422
