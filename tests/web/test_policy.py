"""The page of the rules, and changing them."""

import re

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


RISKS = "/policy/risks"
HOME_VISITS = {"place": "receivers_home", "approval": "beforehand", "confirmation": "both", "auto_confirm_days": "7"}
BY_TELEPHONE = {"place": "remote", "approval": "none", "confirmation": "giver", "auto_confirm_days": ""}


def rows(*rules: dict[str, str]) -> dict[str, list[str]]:
    """Rules as a browser sends their boxes: a list for each field."""
    return {field: [rule.get(field, "") for rule in rules] for field in ("gift_id", *HOME_VISITS)}


def rules(session: Session, cast: Cast) -> list[tuple[str | None, str]]:
    session.rollback()
    return [(rule.place, rule.approval) for rule in policies(session, cast.timebank_id)[0].rules]


def test_a_broker_decides_rules_by_risk_and_everybody_reads_them(session: Session, cast: Cast, app: Flask) -> None:
    bea = sign_in_as(app.test_client(), "bea")
    assert fill_in(bea, RISKS, **rows(HOME_VISITS, BY_TELEPHONE)).status_code == 303
    assert rules(session, cast) == [("receivers_home", "beforehand"), ("remote", "none")]
    page = sign_in_as(app.test_client(), "ana").get("/policy").text
    assert "1. At the receiver’s home" in page and "2. By telephone or online" in page
    assert "Change the rules" not in page
    fill_in(bea, RISKS, **rows(BY_TELEPHONE))
    assert "No longer: At the receiver’s home:" in bea.get("/policy").text
    assert rules(session, cast) == [("remote", "none")]


def test_the_general_rules_change_without_touching_those_by_risk(
    session: Session, cast: Cast, browser: FlaskClient
) -> None:
    fill_in(sign_in_as(browser, "bea"), RISKS, **rows(HOME_VISITS))
    fill_in(browser, CHANGE, approval="none")
    assert rules(session, cast) == [("receivers_home", "beforehand")]
    assert versions(session, cast) == 3


def test_rows_are_added_moved_and_removed_without_deciding_anything(
    session: Session, cast: Cast, browser: FlaskClient
) -> None:
    drawn = form_of(sign_in_as(browser, "bea").get(RISKS), RISKS)
    two = {**drawn, **rows(HOME_VISITS, BY_TELEPHONE)}
    order = {"show": ["7", ""], "up-1": ["", "7"], "down-0": ["", "7"], "up-0": ["7", ""], "remove-0": [""]}
    for then, days in [*order.items(), ("add", ["7", "", ""])]:
        answer = browser.post(RISKS, data={**two, "then": then})
        assert answer.status_code == 200
        assert re.findall(r'name="auto_confirm_days"[^>]*value="(\d*)"', answer.text) == days, then
    assert "The giver waits until a broker has approved it" in browser.post(RISKS, data={**two, "then": "show"}).text
    wrong = browser.post(RISKS, data={**two, "auto_confirm_days": ["7", "soon"], "then": "show"})
    assert wrong.status_code == 422 and "#auto_confirm_days-1" in wrong.text, "what is wrong means nothing"
    for then in ("up-9", "remove--1", "remove-x", "explode-1"):
        assert browser.post(RISKS, data={**two, "then": then}).status_code in {200, 400}
    assert versions(session, cast) == 1


WRONG_RULES = [
    ([{"approval": "none", "confirmation": "both"}], 409, "choose a kind of help, a place or both"),
    ([HOME_VISITS, HOME_VISITS], 409, "Rule 2 would never apply"),
    ([{**HOME_VISITS, "approval": "maybe"}], 422, "Choose one of the answers"),
    ([BY_TELEPHONE, {**HOME_VISITS, "auto_confirm_days": "0"}], 422, "#auto_confirm_days-1"),
    ([{**HOME_VISITS, "gift_id": "00000000-0000-4000-8000-000000000000"}], 404, ""),
    ([{**HOME_VISITS, "gift_id": "\0"}], 422, "#gift_id-0"),
    ([HOME_VISITS] * 250, 422, "20 at most"),
]


@pytest.mark.parametrize(("wrong", "status", "why"), WRONG_RULES)
def test_rules_by_risk_that_cannot_be_are_refused(
    session: Session, cast: Cast, browser: FlaskClient, wrong: list[dict[str, str]], status: int, why: str
) -> None:
    answer = fill_in(sign_in_as(browser, "bea"), RISKS, **rows(*wrong))
    assert answer.status_code == status and why in answer.text
    assert versions(session, cast) == 1


def test_nobody_else_changes_the_rules_by_risk(session: Session, cast: Cast, app: Flask) -> None:
    for name in ("ana", "dewi", "awen", "cy"):
        browser = sign_in_as(app.test_client(), name)
        assert browser.get(RISKS).status_code == 403
        assert send(browser, RISKS, after_version="1", **rows(BY_TELEPHONE)).status_code == 403
    assert versions(session, cast) == 1
