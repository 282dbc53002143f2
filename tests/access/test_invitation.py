"""Inviting somebody to choose a password, and accepting."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import LONG_AGO, QUICK, Cast, email_of
from timebank.access.actions import accept, invite, make_token, open_calendar
from timebank.access.queries import calendar_of, token_of
from timebank.access.rules import (
    INVITATION_LASTS,
    InvitationOver,
    InvitedElsewhere,
    NoEmail,
    PasswordIsName,
    PasswordTooCommon,
    PasswordTooShort,
    check_password,
    digest_of,
)
from timebank.access.tables import Invitation
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.members.actions import welcome
from timebank.members.rules import ForBrokers, NoSuchMember, Standing
from timebank.members.tables import Party, Person

NEW = "three quiet hedgehogs"


def invited(session: Session, member_id: UUID, by: Standing | None) -> str:
    with unit_of_work(session):
        return invite(session, member_id, by=by, at=now())


def test_somebody_invited_chooses_a_password_and_is_in(browser: FlaskClient, cast: Cast, session: Session) -> None:
    address = f"/invitation/{invited(session, cast.ana.member_id, cast.bea)}"
    assert email_of("ana") in browser.get(address).text
    assert fill_in(browser, address, password=NEW).location == "/"
    assert browser.get("/tokens").status_code == 200
    send(browser, "/sign-out")
    assert sign_in_as(browser, "ana", NEW).get("/tokens").status_code == 200


def test_an_invitation_is_in_the_language_of_the_person_invited(
    browser: FlaskClient, cast: Cast, session: Session
) -> None:
    address = f"/invitation/{invited(session, cast.bryn.member_id, cast.bea)}"
    answer = browser.get(address, headers={"Accept-Language": "en"})
    assert answer.headers["Content-Language"] == "cy"
    assert '<html lang="cy"' in answer.text
    assert "Abertawe" in answer.text


def test_the_address_with_the_secret_is_told_to_nobody(browser: FlaskClient, cast: Cast, session: Session) -> None:
    answer = browser.get(f"/invitation/{invited(session, cast.ana.member_id, cast.bea)}")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_invitation_is_used_once(app: Flask, browser: FlaskClient, cast: Cast, session: Session) -> None:
    address = f"/invitation/{invited(session, cast.ana.member_id, cast.bea)}"
    fill_in(browser, address, password=NEW)
    again = app.test_client().get(address)
    assert again.status_code == 404
    assert "This invitation has been used" in again.text


def test_of_two_who_accept_at_once_one_comes_too_late(engine: Engine, cast: Cast, session: Session) -> None:
    secret = invited(session, cast.ana.member_id, cast.bea)

    def accepts(password: str) -> bool:
        with Session(engine) as own, unit_of_work(own):
            try:
                return bool(accept(own, secret, password=password, at=now(), using=QUICK))
            except InvitationOver:
                return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(accepts, [f"{NEW} {number}" for number in range(4)])) == 1


def test_an_invitation_is_over_after_a_fortnight(browser: FlaskClient, cast: Cast, session: Session) -> None:
    address = f"/invitation/{invited(session, cast.ana.member_id, cast.bea)}"
    with time_machine.travel(now() + INVITATION_LASTS + timedelta(minutes=1)):
        assert browser.get(address).status_code == 404


def test_a_new_invitation_replaces_the_one_before(browser: FlaskClient, cast: Cast, session: Session) -> None:
    first, second = (invited(session, cast.ana.member_id, cast.bea) for _ in range(2))
    assert browser.get(f"/invitation/{first}").status_code == 404
    assert browser.get(f"/invitation/{second}").status_code == 200


def test_an_invitation_ends_whatever_could_act_as_that_person(
    browser: FlaskClient, cast: Cast, session: Session
) -> None:
    sign_in_as(browser, "ana")
    with unit_of_work(session):
        _, token = make_token(session, by=cast.ana, name="A program", at=now())
        calendar = open_calendar(session, by=cast.ana, at=now())
    secret = invited(session, cast.ana.member_id, cast.bea)
    with unit_of_work(session):
        accept(session, secret, password=NEW, at=now(), using=QUICK)
    assert browser.get("/tokens").status_code == 303
    assert token_of(session, token) is None
    assert calendar_of(session, calendar) is None


def test_a_refused_password_leaves_the_invitation_open(browser: FlaskClient, cast: Cast, session: Session) -> None:
    address = f"/invitation/{invited(session, cast.ana.member_id, cast.bea)}"
    refused = fill_in(browser, address, password="short")
    assert refused.status_code == 409
    assert "Use 10 characters or more." in refused.text
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("secret", ["nothing", "x" * 4000, "%00", "%ed%a0%80", "%F0%9F%98%80"])
def test_a_made_up_invitation_is_not_there(browser: FlaskClient, secret: str) -> None:
    assert browser.get(f"/invitation/{secret}").status_code == 404


def test_only_a_broker_of_the_timebank_invites(cast: Cast, session: Session) -> None:
    with pytest.raises(ForBrokers):
        invited(session, cast.ana.member_id, cast.ben)
    with pytest.raises(NoSuchMember):
        invited(session, cast.ana.member_id, cast.bethan)
    with pytest.raises(NoEmail):
        invited(session, cast.olwen.member_id, cast.bea)


def test_a_broker_cannot_walk_into_another_timebank_by_welcoming_an_address(cast: Cast, session: Session) -> None:
    """Bethan welcomes Ana's address in Brecon; the link to Ana's one password stays with Ana's own broker."""
    with unit_of_work(session):
        anas_other_self = welcome(
            session,
            broker=cast.bethan,
            timebank_id=cast.other_timebank_id,
            name="Ana",
            email=email_of("ana"),
            at=LONG_AGO + timedelta(days=1),
        ).id
    with pytest.raises(InvitedElsewhere):
        invited(session, anas_other_self, cast.bethan)
    assert invited(session, cast.ana.member_id, cast.bea)


def test_of_two_memberships_of_one_day_the_first_counts_whatever_the_date_was_there(
    cast: Cast, session: Session
) -> None:
    with unit_of_work(session):
        anas_other_self = welcome(
            session,
            broker=cast.bethan,
            timebank_id=cast.other_timebank_id,
            name="Ana",
            email=email_of("ana"),
            at=LONG_AGO + timedelta(minutes=1),
        ).id
        session.get_one(Party, anas_other_self).joined_on = date(1999, 1, 1)
    with pytest.raises(InvitedElsewhere):
        invited(session, anas_other_self, cast.bethan)
    assert invited(session, cast.ana.member_id, cast.bea)


def test_a_broker_cannot_become_the_operator(cast: Cast, session: Session) -> None:
    with unit_of_work(session):
        session.get_one(Person, cast.ben.person_id).is_operator = True
    with pytest.raises(InvitedElsewhere):
        invited(session, cast.ben.member_id, cast.bea)


def test_the_database_holds_no_secret_of_an_invitation(cast: Cast, session: Session) -> None:
    secret = invited(session, cast.ana.member_id, cast.bea)
    assert session.exec(select(Invitation.digest)).all() == [digest_of(secret)]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", PasswordTooShort),
        ("password123", PasswordTooCommon),
        ("Croeso2026!!", PasswordTooCommon),
        ("qwertyuiop", PasswordTooCommon),
        ("1234567890", PasswordTooCommon),
        ("9876543210", PasswordTooCommon),
        ("abcdefghijkl", PasswordTooCommon),
        ("aaaaaaaaaaaa", PasswordTooCommon),
        ("abababababab", PasswordTooCommon),
        ("cymrucymru1", PasswordTooCommon),
        ("ana@example.org", PasswordIsName),
        ("Ana Morgan 1", PasswordIsName),
        ("anamorgan1990", PasswordIsName),
    ],
)
def test_a_password_that_others_would_guess_is_refused(password: str, why: type[Exception]) -> None:
    with pytest.raises(why):
        check_password(password, name="Ana Morgan", email="ana@example.org")


@pytest.mark.parametrize(
    "password", [NEW, "tri draenog tawel", "correct horse battery", "ŵŷŵŷâêîôûŵŷ!", "1029384756", "x7#Kp2!mQz"]
)
def test_any_other_password_will_do(password: str) -> None:
    check_password(password, name="Ana Morgan", email="ana@example.org")


def test_the_forms_token_is_asked_for_here_too(browser: FlaskClient, cast: Cast, session: Session) -> None:
    address = f"/invitation/{invited(session, cast.ana.member_id, cast.bea)}"
    assert browser.post(address, data={"password": NEW}).status_code == 400
    assert "csrf_token" in form_of(browser.get(address), address)


@pytest.mark.usefixtures("cast")
def test_somebody_changes_their_password_and_stays_signed_in_here_only(app: Flask, browser: FlaskClient) -> None:
    elsewhere = sign_in_as(app.test_client(), "ana")
    sign_in_as(browser, "ana")
    refused = fill_in(browser, "/password", old_password="a wrong password", password=NEW)
    assert refused.status_code == 409
    assert "That is not your password." in refused.text
    assert fill_in(browser, "/password", old_password="one hour is one hour", password=NEW).status_code == 303
    assert browser.get("/tokens").status_code == 200
    assert elsewhere.get("/tokens").status_code == 303
