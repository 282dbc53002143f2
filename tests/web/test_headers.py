"""The headers of every answer."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.browsing import app_for_tests, sign_in_as, token_of
from tests.cast import PASSWORD, email_of

pytestmark = pytest.mark.usefixtures("cast")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


def every_kind_of_answer(browser: FlaskClient) -> list[TestResponse]:
    return [
        browser.get("/welcome"),
        browser.get("/tokens"),
        browser.get("/nowhere"),
        browser.get("/api/nowhere"),
        browser.post("/sign-in"),
        browser.put("/sign-in"),
        browser.get("/static/timebank.css", buffered=True),
        browser.get("/static/nothing.css"),
        browser.get("/%00"),
    ]


def test_every_answer_says_what_a_browser_may_do_with_it(browser: FlaskClient) -> None:
    for answer in every_kind_of_answer(browser):
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in answer.headers


def test_no_page_has_a_script_or_a_style_that_the_policy_would_refuse(browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    for address in ["/welcome", "/privacy", "/accessibility", "/tokens", "/password", "/timebanks", "/nowhere"]:
        page = browser.get(address).text
        assert "<style" not in page
        assert " style=" not in page
        assert page.count("<script") == page.count("<script src=")
        assert " onclick" not in page


def test_pages_for_one_person_are_kept_by_nobody(browser: FlaskClient) -> None:
    assert browser.get("/welcome").headers["Cache-Control"] == "private, no-cache"
    assert "no-store" not in browser.get("/static/timebank.css", buffered=True).headers["Cache-Control"]
    sign_in_as(browser, "ana")
    for address in ["/tokens", "/welcome", "/nowhere"]:
        assert browser.get(address).headers["Cache-Control"] == "no-store"


def test_a_page_says_in_which_language_it_is_and_what_that_depends_on(browser: FlaskClient) -> None:
    answer = browser.get("/welcome", headers={"Accept-Language": "cy"})
    assert answer.headers["Content-Language"] == "cy"
    assert {"cookie", "accept-language"} <= {name.lower() for name in answer.vary}


@pytest.fixture
def on_https(engine: Engine) -> Flask:
    return app_for_tests(engine, secure_cookies=True)


def test_on_https_cookies_stay_on_https_and_on_this_host(on_https: Flask) -> None:
    browser = on_https.test_client()
    at = {"base_url": "https://localhost"}
    page = browser.get("/sign-in", **at)
    assert page.headers["Strict-Transport-Security"] == "max-age=63072000"
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    typed = {"csrf_token": token, "email": email_of("ana"), "password": PASSWORD}
    answer = browser.post("/sign-in", data=typed, **at)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-timebank=")
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"]:
        assert part in cookie.split("; ")
    assert "Domain" not in cookie
    assert browser.get("/tokens", **at).status_code == 200
    token = browser.get("/tokens", **at).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    chosen = browser.post("/language", data={"csrf_token": token, "language": "cy", "next": "/"}, **at)
    (kept,) = (cookie for cookie in chosen.headers.getlist("Set-Cookie") if cookie.startswith("__Host-language=cy"))
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {*kept.split("; ")}


def test_an_invented_host_is_never_written_into_an_answer(browser: FlaskClient, engine: Engine) -> None:
    for address in ["/welcome", "/tokens", "/sign-in"]:
        answer = browser.get(address, headers={"Host": "evil.example"})
        assert "evil.example" not in answer.text
        assert "evil.example" not in str(answer.headers)
    named = app_for_tests(engine, base_url="https://timebank.example.org").test_client()
    assert named.get("/welcome", headers={"Host": "evil.example"}).status_code == 400
    assert named.get("/welcome", headers={"Host": "timebank.example.org"}).status_code == 200


def test_cookies_are_not_set_again_with_every_page(browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    token_of(browser)
    assert "Set-Cookie" not in browser.get("/tokens").headers
    assert "Set-Cookie" not in browser.get("/static/timebank.css", buffered=True).headers
