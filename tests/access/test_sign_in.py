"""Signing in and out, on the pages."""

import time
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.browsing import app_for_tests, fill_in, form_of, send, sign_in_as
from tests.cast import PASSWORD, QUICK, Cast, email_of
from timebank.access.actions import set_password, sign_out_everywhere
from timebank.access.rules import IDLE, LONGEST_SIGN_IN, Hasher, digest_of
from timebank.access.tables import Password, SignIn
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.members.actions import suspend
from timebank.members.tables import Party, Status

pytestmark = pytest.mark.usefixtures("cast")


def cookie_of(browser: FlaskClient) -> str:
    kept = browser.get_cookie("timebank")
    assert kept is not None
    return kept.value


def test_somebody_who_says_their_password_is_signed_in(browser: FlaskClient) -> None:
    assert fill_in(browser, "/sign-in", email=email_of("ana"), password=PASSWORD).location == "/"
    assert "Your tokens" in browser.get("/tokens").text


def test_an_address_is_known_however_it_is_written(browser: FlaskClient) -> None:
    assert send(browser, "/sign-in", email=" ANA@example.org ", password=PASSWORD).status_code == 303


def test_the_page_that_was_wanted_comes_after_signing_in(browser: FlaskClient) -> None:
    sent = browser.get("/tokens?shown=all")
    assert sent.location == "/sign-in?next=/tokens?shown%3Dall"
    assert fill_in(browser, sent.location, email=email_of("ana"), password=PASSWORD).location == "/tokens?shown=all"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\n/evil.example",
        "/\t/evil.example",
    ],
)
def test_nobody_is_sent_to_another_place_after_signing_in(browser: FlaskClient, elsewhere: str) -> None:
    assert send(browser, "/sign-in", email=email_of("ana"), password=PASSWORD, next=elsewhere).location == "/"


def test_every_way_of_not_getting_in_has_the_same_answer(browser: FlaskClient, cast: Cast, session: Session) -> None:
    with unit_of_work(session):
        session.get_one(Party, cast.ben.member_id).status = Status.LEFT
        session.delete(session.get_one(Password, cast.dewi.person_id))
    tried = [("ana", "a wrong password"), ("nobody", PASSWORD), ("ben", PASSWORD), ("dewi", PASSWORD)]
    answers = [send(browser, "/sign-in", email=email_of(name), password=password) for name, password in tried]
    assert {answer.status_code for answer in answers} == {409}
    assert all("That e-mail address and password do not belong together." in answer.text for answer in answers)
    bare = {
        answer.text.replace(email_of(name), "").replace(form_of(answer, "/sign-in")["csrf_token"], "")
        for answer, (name, _) in zip(answers, tried, strict=True)
    }
    assert len({len(page.splitlines()) for page in bare}) == 1


def test_an_unknown_address_costs_as_much_work_as_a_wrong_password() -> None:
    slow = Hasher()
    known = slow.hash(PASSWORD)
    assert not slow.fits("the first unknown one also makes the hash to compare with", None)
    work: dict[str | None, float] = {known: 0, None: 0}
    for _ in range(5):
        for hash_ in work:
            before = time.process_time()
            assert not slow.fits("wrong", hash_)
            work[hash_] += time.process_time() - before
    assert 0.3 < work[known] / work[None] < 3


def test_what_was_typed_stays_but_not_the_password(browser: FlaskClient) -> None:
    answer = send(browser, "/sign-in", email=email_of("ana"), password="a wrong password", next="/tokens")
    assert form_of(answer, "/sign-in")["email"] == email_of("ana")
    assert form_of(answer, "/sign-in")["next"] == "/tokens"
    assert form_of(answer, "/sign-in").get("password") == ""
    assert "a wrong password" not in answer.text


def test_a_cookie_is_of_no_use_after_signing_out(app: Flask, browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    thief = app.test_client()
    thief.set_cookie("timebank", cookie_of(browser))
    assert thief.get("/tokens").status_code == 200
    assert send(browser, "/sign-out").location == "/welcome"
    assert browser.get("/tokens").status_code == 303
    assert thief.get("/tokens").status_code == 303


def test_signing_out_leaves_other_browsers_alone(app: Flask, browser: FlaskClient) -> None:
    other = sign_in_as(app.test_client(), "ana")
    send(sign_in_as(browser, "ana"), "/sign-out")
    assert other.get("/tokens").status_code == 200


def test_the_database_holds_no_secret_that_opens_anything(browser: FlaskClient, session: Session) -> None:
    sign_in_as(browser, "ana")
    with browser.session_transaction() as held:
        secret = held["_user_id"]
    assert [row.digest for row in session.exec(select(SignIn))] == [digest_of(secret)]
    with browser.session_transaction() as held:
        held["_user_id"] = digest_of(secret).hex()
    assert browser.get("/tokens").status_code == 303


def test_signing_in_begins_a_new_cookie(browser: FlaskClient) -> None:
    before = form_of(browser.get("/sign-in"), "/sign-in")["csrf_token"]
    sign_in_as(browser, "ana")
    assert browser.post("/tokens", data={"csrf_token": before, "name": "x"}).status_code == 400


def test_a_browser_that_is_not_used_is_signed_out(browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    with time_machine.travel(now() + IDLE + timedelta(minutes=1)):
        assert browser.get("/tokens").status_code == 303


def test_a_browser_in_use_stays_signed_in_but_not_for_ever(browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    began_at = now()
    for days in range(6, LONGEST_SIGN_IN.days, 6):
        with time_machine.travel(began_at + timedelta(days=days)):
            assert browser.get("/tokens").status_code == 200
    with time_machine.travel(began_at + LONGEST_SIGN_IN + timedelta(minutes=1)):
        assert browser.get("/tokens").status_code == 303


def test_a_paused_member_can_read_but_not_act(browser: FlaskClient, cast: Cast, session: Session) -> None:
    sign_in_as(browser, "ana")
    with unit_of_work(session):
        suspend(session, cast.ana.member_id, broker=cast.bea)
    assert browser.get("/tokens").status_code == 200
    answer = send(browser, "/tokens", name="A program")
    assert answer.status_code == 403
    assert "Your membership is paused." in answer.text


def test_somebody_who_left_is_signed_out_at_once(browser: FlaskClient, cast: Cast, session: Session) -> None:
    sign_in_as(browser, "ana")
    with unit_of_work(session):
        session.get_one(Party, cast.ana.member_id).status = Status.LEFT
    assert browser.get("/tokens").status_code == 303


def test_whoever_takes_over_a_password_signs_everybody_else_out(
    browser: FlaskClient, cast: Cast, session: Session
) -> None:
    sign_in_as(browser, "ana")
    with unit_of_work(session):
        set_password(session, cast.ana.person_id, password="another long password", at=now(), using=QUICK)
    assert browser.get("/tokens").status_code == 303


def test_signing_out_everywhere_is_for_one_person_only(
    app: Flask, browser: FlaskClient, cast: Cast, session: Session
) -> None:
    sign_in_as(browser, "ana")
    bens = sign_in_as(app.test_client(), "ben")
    with unit_of_work(session):
        sign_out_everywhere(session, cast.ana.person_id)
    assert browser.get("/tokens").status_code == 303
    assert bens.get("/tokens").status_code == 200


def test_a_hash_of_another_strength_is_replaced_on_signing_in(
    browser: FlaskClient, cast: Cast, session: Session
) -> None:
    with unit_of_work(session):
        set_password(session, cast.ana.person_id, password=PASSWORD, at=now(), using=Hasher(memory_kib=16))
    sign_in_as(browser, "ana")
    session.expire_all()
    assert not QUICK.is_outdated(session.get_one(Password, cast.ana.person_id).hash)
    sign_in_as(browser, "ana")


def test_olwen_who_has_no_address_has_nothing_to_sign_in_with(browser: FlaskClient) -> None:
    answer = send(browser, "/sign-in", email="", password=PASSWORD)
    assert answer.status_code == 422
    assert "Give the e-mail address." in answer.text
    assert "by telephone" in answer.text


def test_a_password_of_any_size_or_letters_is_answered(browser: FlaskClient) -> None:
    for password in ["x" * 1000, "\0" * 10, "Ŵŷ" * 20, "\ud800".encode("utf-8", "surrogatepass")]:
        assert send(browser, "/sign-in", email=email_of("ana"), password=password).status_code in {409, 422}


def test_a_demonstration_says_as_whom_one_may_sign_in(engine: Engine) -> None:
    page = app_for_tests(engine, demo=True).test_client().get("/sign-in").text
    for shown in ["bea@example.org", "acts for an organisation", "auditor", PASSWORD]:
        assert shown in page


def test_no_other_installation_does(browser: FlaskClient) -> None:
    page = browser.get("/sign-in").text
    assert "example.org" not in page
    assert PASSWORD not in page
