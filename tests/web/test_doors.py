"""The guard: what strangers may see, and that every form carries its token."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.browsing import rules_of, send, sign_in_as, token_of
from tests.cast import Cast, email_of
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.members.actions import welcome
from timebank.web.session import is_local

FOR_EVERYBODY = {
    "static",
    "about.welcome",
    "about.privacy",
    "about.accessibility",
    "access.sign_in",
    "access.accept",
    "calendar.feed",
    "language.choose",
    "scan.arrive",
}
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def test_strangers_see_what_is_on_this_list_and_nothing_else(app: Flask, browser: FlaskClient) -> None:
    app.testing = False
    let_in = set()
    for method in METHODS:
        for endpoint, address in rules_of(app, method):
            answer = browser.open(address, method=method)
            is_api = address.startswith("/api/")
            turned_away = answer.status_code == 401 if is_api else answer.location in turned_to(address, method)
            if not turned_away:
                let_in.add(endpoint)
    assert let_in == FOR_EVERYBODY


def turned_to(address: str, method: str) -> set[str]:
    if address == "/":
        return {"/welcome"}
    return {f"/sign-in?next={address}"} if method in {"GET", "HEAD"} else {"/sign-in"}


@pytest.mark.usefixtures("cast")
def test_every_way_of_changing_something_asks_for_the_forms_token(app: Flask, browser: FlaskClient) -> None:
    app.testing = False
    sign_in_as(browser, "bea")
    asked = 0
    for method in ["POST", "PUT", "PATCH", "DELETE"]:
        for endpoint, address in rules_of(app, method):
            if not address.startswith("/api/"):
                answer = browser.open(address, method=method, data={"csrf_token": "made up"})
                assert (endpoint, answer.status_code) == (endpoint, 400)
                assert "This page was open for too long" in answer.text
                asked += 1
    assert asked >= 6
    assert browser.get("/tokens").status_code == 200, "nobody was signed out by a form from elsewhere"


def test_a_token_of_one_browser_is_of_no_use_in_another(app: Flask, browser: FlaskClient) -> None:
    mine = token_of(browser)
    assert app.test_client().post("/language", data={"csrf_token": mine, "language": "cy"}).status_code == 400


def test_what_is_not_there_is_not_there_for_strangers_either(browser: FlaskClient) -> None:
    assert browser.get("/nowhere").status_code == 404
    assert browser.get("/api/nowhere").status_code == 404


def test_a_stranger_at_the_first_page_is_welcomed(browser: FlaskClient) -> None:
    assert browser.get("/").location == "/welcome"
    assert "Give an hour, ask for an hour" in browser.get("/welcome").text


def test_whoever_was_signed_out_meanwhile_is_told_that_nothing_was_changed(browser: FlaskClient) -> None:
    answer = send(browser, "/tokens", name="A program")
    assert answer.location == "/sign-in"
    assert "You have been signed out, so nothing was changed." in browser.get("/sign-in").text


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(browser: FlaskClient) -> None:
    answer = browser.get("/tokens", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in?next=/tokens")


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("/", True),
        ("/exchanges?state=credited&after=%2F", True),
        ("/chwilio?q=gŵyl", True),
        ("", False),
        ("exchanges", False),
        ("//evil.example", False),
        ("///evil.example", False),
        ("/\\evil.example", False),
        ("\\\\evil.example", False),
        ("https://evil.example", False),
        ("javascript:alert(1)", False),
        ("/\t/evil.example", False),
        ("/\r\nSet-Cookie: a=b", False),
        (" /evil", False),
    ],
)
def test_only_our_own_addresses_are_gone_back_to(address: str, is_ours: bool) -> None:
    assert is_local(address) is is_ours


def test_a_person_of_two_timebanks_goes_from_one_to_the_other(
    browser: FlaskClient, cast: Cast, session: Session
) -> None:
    with unit_of_work(session):
        there = welcome(
            session,
            broker=cast.bethan,
            timebank_id=cast.other_timebank_id,
            name="Ana Lewis",
            email=email_of("ana"),
            at=now(),
        ).id
    sign_in_as(browser, "ana")
    assert "Swansea" in browser.get("/timebanks").text
    assert send(browser, f"/timebanks/{there}/enter").location == "/"
    assert "– Brecon</title>" in browser.get("/timebanks").text
    assert send(browser, f"/timebanks/{cast.cy.member_id}/enter").status_code == 404
    assert "– Brecon</title>" in browser.get("/timebanks").text
