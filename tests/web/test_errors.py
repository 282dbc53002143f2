"""What people and programs are told when something goes wrong."""

import logging
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.browsing import app_on, send, sign_in_as
from timebank.access.actions import sweep
from timebank.clock import now
from timebank.errors import NotAllowed, NotFound, Refusal, RuleBroken
from timebank.web.errors import sentence
from timebank.web.session import OPEN, action, database

pytestmark = pytest.mark.usefixtures("cast")


class TooLate(RuleBroken):
    sentence = "It was %(seconds)s after %(day)s, %(name)s."
    field = "day"


REFUSALS: list[tuple[Refusal, int]] = [(NotFound(), 404), (NotAllowed(), 403), (RuleBroken(), 409)]


@pytest.fixture
def app(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application with pages that go wrong."""
    app = app_on(engine, go_wrong)
    app.testing = False
    monkeypatch.setattr("timebank.web.session.OPEN", OPEN | set(WAYS) | {f"api-{name}" for name in WAYS})
    return app


def go_wrong(app: Flask) -> None:
    for name, way in WAYS.items():
        app.add_url_rule(f"/{name}", name, way, methods=["GET", "POST"])
        app.add_url_rule(f"/api/{name}", f"api-{name}", way, methods=["GET", "POST"])


def _raise(error: Exception) -> str:
    raise error


def _break_action() -> str:
    with action() as session:
        sweep(session, at=now())
        session.execute(text("SELECT * FROM nowhere"))
    return "never"


WAYS: dict[str, Any] = {
    "refuse-404": lambda: _raise(NotFound()),
    "refuse-403": lambda: _raise(NotAllowed()),
    "refuse-409": lambda: _raise(TooLate(seconds=5400, day=date(2026, 11, 24), name="<b>Ana</b>")),
    "break": lambda: _raise(ZeroDivisionError("a secret in a message")),
    "break-database": lambda: database().execute(text("SELECT * FROM nowhere")),
    "break-action": _break_action,
    "abort-418": lambda: abort(418),
    "abort-503": lambda: abort(503),
}


@pytest.mark.parametrize("status", [403, 404, 409])
def test_a_refusal_is_a_page_with_a_way_on(browser: FlaskClient, status: int) -> None:
    answer = browser.get(f"/refuse-{status}")
    assert answer.status_code == status
    assert 'href="/"' in answer.text
    assert "<title>" in answer.text


def test_a_refusal_says_its_sentence_with_hours_and_days_as_people_write_them(browser: FlaskClient) -> None:
    assert "It was 1 h 30 after Tuesday 24 November 2026, &lt;b&gt;Ana&lt;/b&gt;." in browser.get("/refuse-409").text
    in_welsh = browser.get("/refuse-409", headers={"Accept-Language": "cy"}).text
    assert "1 awr 30 munud" in in_welsh
    assert "24 Tachwedd 2026" in in_welsh


def test_a_moment_in_a_refusal_is_one_where_the_timebank_is(app: Flask) -> None:
    with app.test_request_context():
        assert sentence(TooLate(seconds=0, day=datetime(2026, 7, 1, 23, 30, tzinfo=UTC), name="Ana")) == (
            "It was 0 h after 2 Jul 2026, 00:30, Ana."
        )


def test_a_program_is_told_the_problem_and_its_reason(browser: FlaskClient) -> None:
    answer = browser.get("/api/refuse-409")
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.json == {
        "type": "about:blank",
        "title": "That cannot be done now",
        "status": 409,
        "detail": "It was 1 h 30 after Tuesday 24 November 2026, <b>Ana</b>.",
        "reason": "too-late",
        "field": "day",
    }


@pytest.mark.parametrize("way", ["break", "break-database", "break-action"])
def test_a_mistake_of_ours_is_owned_without_its_details(
    browser: FlaskClient, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    sign_in_as(browser, "ana")
    with caplog.at_level(logging.ERROR, logger="timebank"):
        page, problem = browser.get(f"/{way}"), browser.get(f"/api/{way}")
    for answer in (page, problem):
        assert answer.status_code == 500
        assert "It is not your fault" in answer.text
        for detail in ["Traceback", "nowhere", "secret", "ZeroDivision", "sqlalchemy"]:
            assert detail not in answer.text
    assert problem.content_type == "application/problem+json"
    assert f"GET {way} failed" in caplog.text
    assert browser.get("/tokens").status_code == 200


def test_the_secret_of_an_invitation_is_not_logged_when_its_page_breaks(
    app: Flask, browser: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "access.accept", lambda link: _raise(ZeroDivisionError(str(len(link)))))
    assert browser.get("/invitation/a-very-secret-link").status_code == 500
    assert "access.accept" in caplog.text
    assert "a-very-secret-link" not in caplog.text


@pytest.mark.parametrize(("address", "status"), [("/abort-418", 418), ("/abort-503", 503), ("/nowhere", 404)])
def test_any_status_has_a_page(browser: FlaskClient, address: str, status: int) -> None:
    answer = browser.get(address)
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert browser.get(f"/api{address}").content_type == "application/problem+json"


def test_a_wrong_method_is_told_the_right_ones(browser: FlaskClient) -> None:
    answer = browser.delete("/sign-in")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_form_that_is_too_large_is_refused(browser: FlaskClient) -> None:
    answer = send(browser, "/language", language="cy", next="/" + "x" * 1024 * 1024)
    assert answer.status_code == 413
    assert "That is too much at once" in answer.text


@pytest.mark.parametrize("junk", ["\0", "\ud800", "\u202e", "x" * 900_000, "%00", "💥" * 1000, "' OR 1=1 --"])
def test_no_text_breaks_a_form(browser: FlaskClient, junk: str) -> None:
    sign_in_as(browser, "ana")
    raw = junk.encode("utf-8", "surrogatepass")
    for address, field in [
        ("/tokens", "name"),
        ("/sign-in", "email"),
        ("/password", "old_password"),
        ("/language", "language"),
    ]:
        answer = send(browser, address, **{field: raw})
        assert answer.status_code in {200, 303, 400, 409, 422}


@pytest.mark.parametrize(
    "address", ["/%00", "/tokens/%00/end", "/invitation/%FF", "/static/..%2f..%2fapp.py", "/tokens?x=%ff%00"]
)
def test_no_address_breaks_anything(browser: FlaskClient, address: str) -> None:
    sign_in_as(browser, "ana")
    assert browser.get(address).status_code in {200, 400, 404, 405}


def test_a_made_up_cookie_is_ignored(browser: FlaskClient) -> None:
    for value in ["nonsense", "e30.x.y", "\x00", "a" * 4000]:
        browser.set_cookie("timebank", value)
        assert browser.get("/tokens").status_code == 303
