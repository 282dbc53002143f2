"""Which language a page is in."""

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.browsing import send, sign_in_as
from tests.cast import Cast
from timebank.language import Language
from timebank.members.tables import Person


def language_of(browser: FlaskClient, address: str = "/accessibility", **headers: str) -> str:
    answer = browser.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    said = answer.headers["Content-Language"]
    assert f'<html lang="{said}"' in answer.text
    return said


@pytest.mark.parametrize(
    ("asks_for", "gets"),
    [
        ("cy", "cy"),
        ("cy-GB", "cy"),
        ("en-GB,en;q=0.9,cy;q=0.8", "en"),
        ("cy-GB,cy;q=0.9,en;q=0.8", "cy"),
        ("fr,cy;q=0.3,en;q=0.2", "cy"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("\xff;;;q=q", "en"),
    ],
)
@pytest.mark.usefixtures("cast")
def test_a_strangers_browser_asks_for_a_language(browser: FlaskClient, asks_for: str, gets: str) -> None:
    assert language_of(browser, Accept_Language=asks_for) == gets


def test_a_stranger_changes_the_language_and_it_stays(browser: FlaskClient) -> None:
    assert send(browser, "/language", language="cy", next="/privacy").location == "/privacy"
    assert language_of(browser, Accept_Language="en") == "cy"
    send(browser, "/language", language="en", next="/")
    assert language_of(browser, Accept_Language="cy") == "en"


def test_somebody_who_is_signed_in_is_addressed_in_the_language_they_chose(
    browser: FlaskClient, cast: Cast, session: Session
) -> None:
    sign_in_as(browser, "bryn")
    assert language_of(browser, Accept_Language="en") == "cy"
    send(browser, "/language", language="en", next="/tokens")
    assert language_of(browser, Accept_Language="cy") == "en"
    session.expire_all()
    assert session.get_one(Person, cast.bryn.person_id).language is Language.ENGLISH


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
def test_a_change_of_language_leads_nowhere_else(browser: FlaskClient, elsewhere: str) -> None:
    assert send(browser, "/language", language="cy", next=elsewhere).location == "/"


@pytest.mark.parametrize("language", ["", "fr", "CY", "cy\0", "../cy"])
def test_there_are_two_languages(browser: FlaskClient, language: str) -> None:
    assert send(browser, "/language", language=language, next="/").status_code == 400


def test_a_made_up_cookie_changes_nothing(browser: FlaskClient) -> None:
    browser.set_cookie("language", "<script>")
    assert language_of(browser) == "en"


def test_the_timebank_has_a_name_in_both_languages(browser: FlaskClient, cast: Cast) -> None:
    assert cast.timebank_id
    assert "Swansea" in sign_in_as(browser, "ana").get("/tokens").text
    send(browser, "/sign-out")
    assert "Abertawe" in sign_in_as(browser, "bryn").get("/tokens").text
