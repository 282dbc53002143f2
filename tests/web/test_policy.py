"""The page of the rules, and changing them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import Cast
from timebank.network.queries import policies
from timebank.network.rules import terms_of
from timebank.network.tables import Approval

pytestmark = pytest.mark.usefixtures("cast")

CHANGE = "/policy/change"


def versions(session: Session, cast: Cast) -> int:
    session.rollback()
    return len(policies(session, cast.timebank_id))


def test_everybody_reads_the_rules(app: Flask) -> None:
    for name in ("ana", "bea", "dewi", "awen"):
        page = sign_in_as(app.test_client(), name).get("/policy").text
        assert "A time broker approves an exchange before it takes place." in page
        assert ("Change the rules" in page) is (name == "bea")


def test_a_broker_changes_the_rules_and_what_is_new_is_said(session: Session, cast: Cast, browser: FlaskClient) -> None:
    sign_in_as(browser, "bea")
    sent = fill_in(browser, CHANGE, approval="none", most_received="", auto_confirm_days="1", starting_credits="2 h")
    assert sent.status_code == 303
    session.rollback()
    terms = terms_of(policies(session, cast.timebank_id)[0])
    assert (terms.approval, terms.floor_seconds, terms.auto_confirm_days) == (Approval.NONE, None, 1)
    assert (terms.starting_credits_seconds, terms.conversation_threshold_seconds) == (7200, -8 * 3600)
    page = browser.get("/policy").text
    assert "from now on: No time broker needs to look" in page and "Decided by: Bea" in page
    assert "If nobody answers for 1 day," in page and "If nobody answers for 14 days," in page


def test_a_form_sent_twice_or_unchanged_decides_once(session: Session, cast: Cast, browser: FlaskClient) -> None:
    drawn = form_of(sign_in_as(browser, "bea").get(CHANGE), CHANGE)
    for _ in range(2):
        assert browser.post(CHANGE, data={**drawn, "approval": "none"}).status_code == 303
    assert versions(session, cast) == 2
    assert fill_in(browser, CHANGE).status_code == 303
    assert versions(session, cast) == 2


def test_of_two_brokers_the_second_looks_again(session: Session, cast: Cast, app: Flask) -> None:
    bea, bryn = sign_in_as(app.test_client(), "bea"), sign_in_as(app.test_client(), "bryn")
    drawn = form_of(bryn.get(CHANGE), CHANGE)
    fill_in(bea, CHANGE, approval="none")
    late = bryn.post(CHANGE, data={**drawn, "approval": "afterwards", "auto_confirm_days": "77"})
    assert late.status_code == 409 and 'value="77"' in late.text
    assert versions(session, cast) == 2


REFUSED: list[dict[str, str]] = [
    {"granularity_seconds": "0"},
    {"granularity_seconds": "abc"},
    {"approval": "maybe"},
    {"confirmation": ""},
    {"auto_confirm_days": "0"},
    {"auto_confirm_days": "1,5"},
    {"auto_confirm_days": "9" * 30},
    {"starting_credits": "-1"},
    {"starting_credits": "10000"},
    {"most_received": "abc"},
    {"most_received": "1000000000"},
    {"talk_after": ""},
    {"time_zone": "Europe/Atlantis"},
    {"time_zone": "../../etc/passwd"},
    {"time_zone": "a\0b"},
    {"time_zone": "x" * 1_000_000},
    {"after_version": ""},
    {"after_version": str(2**31)},
]


def test_rules_that_cannot_be_are_refused(session: Session, cast: Cast, browser: FlaskClient) -> None:
    sign_in_as(browser, "bea")
    for typed in REFUSED:
        answer = fill_in(browser, CHANGE, **{"approval": "none", **typed})
        assert answer.status_code in {409, 422}, typed
    assert versions(session, cast) == 1


def test_nobody_else_changes_the_rules(session: Session, cast: Cast, app: Flask) -> None:
    for name in ("ana", "dewi", "awen", "cy"):
        browser = sign_in_as(app.test_client(), name)
        assert browser.get(CHANGE).status_code == 403
        assert send(browser, CHANGE).status_code == 403
    assert versions(session, cast) == 1


def test_a_broker_changes_the_rules_of_their_own_timebank_only(session: Session, cast: Cast, app: Flask) -> None:
    fill_in(sign_in_as(app.test_client(), "bethan"), CHANGE, approval="none")
    assert versions(session, cast) == 1
    assert "No time broker needs to look" not in sign_in_as(app.test_client(), "ana").get("/policy").text
