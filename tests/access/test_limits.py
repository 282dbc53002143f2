"""How often a password may be guessed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.browsing import app_for_tests, fill_in, send, sign_in_as, token_of
from tests.cast import LONG_AGO, PASSWORD, email_of
from timebank.access.actions import count_attempt
from timebank.access.queries import attempts_until
from timebank.access.tables import Attempts
from timebank.clock import now
from timebank.database import unit_of_work

pytestmark = pytest.mark.usefixtures("cast")


def guess(browser: FlaskClient, times: int, name: str = "ana") -> set[int]:
    return {send(browser, "/sign-in", email=email_of(name), password=f"guess {n}").status_code for n in range(times)}


def browser_at(app: Flask, address: str) -> FlaskClient:
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = address
    return browser


def test_a_password_can_be_guessed_ten_times_in_a_quarter_of_an_hour(app: Flask, browser: FlaskClient) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        assert guess(browser, 10) == {409}
        assert guess(browser, 1) == {429}
        assert guess(app.test_client(), 1) == {429}, "another browser at the same place"
        assert guess(browser, 1, "ben") == {409}
        sign_in_as(browser_at(app, "203.0.113.1"), "ana")  # whom nobody locks out by guessing elsewhere
        clock.shift(timedelta(minutes=15, seconds=1))
        sign_in_as(browser, "ana")


def test_from_many_places_together_a_password_is_guessed_a_hundred_times(app: Flask) -> None:
    with time_machine.travel(now(), tick=False):
        for number in range(10):
            assert guess(browser_at(app, f"203.0.113.{number}"), 10) == {409}
        assert guess(browser_at(app, "203.0.113.99"), 1) == {429}


def test_a_known_and_an_unknown_address_are_limited_alike(browser: FlaskClient) -> None:
    assert guess(browser, 10, "nobody") == {409}
    assert guess(browser, 1, "nobody") == {429}


def test_whoever_waits_is_told_so_in_their_language(browser: FlaskClient) -> None:
    guess(browser, 10)
    answer = send(browser, "/sign-in", email=email_of("ana"), password=PASSWORD)
    assert answer.status_code == 429
    assert "Wait a quarter of an hour, then try again." in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60 + 1  # whole seconds, rounded up


def test_from_one_address_nobody_guesses_at_many_accounts(browser: FlaskClient) -> None:
    with time_machine.travel(now(), tick=False):
        for number in range(60):
            assert guess(browser, 1, f"somebody{number}") == {409}
        assert guess(browser, 1, "ana") == {429}


def test_signing_in_rightly_counts_for_nothing(browser: FlaskClient) -> None:
    """At a community centre twenty people sign in from one address on one morning."""
    for _ in range(15):
        sign_in_as(browser, "ana")


def test_somebody_elses_browser_does_not_guess_the_old_password_for_ever(browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    tried = [
        fill_in(browser, "/password", old_password=f"guess {n}", password="three quiet hedgehogs") for n in range(10)
    ]
    assert {answer.status_code for answer in tried} == {409}
    assert send(browser, "/password", old_password=PASSWORD, password="three quiet hedgehogs").status_code == 429


def test_tries_at_the_same_moment_are_all_counted(engine: Engine) -> None:
    def tries(_number: int) -> int:
        with Session(engine) as own, unit_of_work(own):
            return count_attempt(own, "something", lasting=timedelta(minutes=1), at=LONG_AGO)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(tries, range(40))) == list(range(1, 41))


def test_what_is_over_is_forgotten(session: Session) -> None:
    for number in range(3):
        with unit_of_work(session):
            count_attempt(session, f"thing {number}", lasting=timedelta(minutes=1), at=LONG_AGO)
    later = LONG_AGO + timedelta(minutes=2)
    with unit_of_work(session):
        assert count_attempt(session, "thing 1", lasting=timedelta(minutes=1), at=later) == 1
    assert len(session.exec(select(Attempts)).all()) == 1
    assert attempts_until(session, "thing 1", later)[0] == 1
    assert attempts_until(session, "thing 0", later)[0] == 0


@pytest.mark.parametrize("proxies", [0, 1])
def test_only_a_proxy_that_is_known_says_where_somebody_comes_from(engine: Engine, proxies: int) -> None:

    browser = app_for_tests(engine, proxies=proxies).test_client()

    token = token_of(browser)
    answers = [
        browser.post(
            "/sign-in",
            data={"csrf_token": token, "email": f"{n}@example.org", "password": "a guess"},
            headers={"X-Forwarded-For": f"203.0.113.{n}"},
        ).status_code
        for n in range(61)
    ]
    assert answers[-1] == (409 if proxies else 429)
