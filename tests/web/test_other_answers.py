"""Yes is one press away from a notice, and so are the other answers: another time, other hours; a broker puts right."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests.browsing import fill_in, form_of, forms_of, send, sign_in_as
from tests.cast import Cast
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges.reporting import confirm_overdue
from timebank.exchanges.tables import Exchange, State
from timebank.members.rules import Standing
from timebank.notices.tables import Notice

TODAY = now().date()
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
IN_A_WEEK = (TODAY + timedelta(days=7)).isoformat()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


@pytest.fixture
def ana(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001 - who signs in must be there
    return sign_in_as(app.test_client(), "ana")


@pytest.fixture
def ben(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001
    return sign_in_as(app.test_client(), "ben")


@pytest.fixture
def bea(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001
    return sign_in_as(app.test_client(), "bea")


@pytest.fixture
def logged(session: Session, cast: Cast, ana: FlaskClient) -> str:
    """Ana has logged an hour and a half with Ben: the address of that exchange."""
    said = {"direction": "given", "title": "A lift", "hours": "1:30", "happened_on": YESTERDAY}
    assert fill_in(ana, "/exchanges/log", party_id=str(cast.ben.member_id), **said).status_code == 303
    return f"/exchanges/{only_exchange(session).id}"


def only_exchange(session: Session) -> Exchange:
    session.rollback()
    return session.exec(select(Exchange)).one()


def last_notice(session: Session, who: Standing) -> Notice:
    session.rollback()
    newest = select(Notice).where(Notice.person_id == who.person_id).order_by(Notice.made_at.desc())  # type: ignore[attr-defined]
    found = session.exec(newest).first()
    assert found
    return found


def test_a_notice_leads_to_where_one_press_confirms(
    session: Session, cast: Cast, ben: FlaskClient, logged: str
) -> None:
    address = last_notice(session, cast.ben).path
    assert address == f"{logged}/confirm"
    page = ben.get(address)
    assert "1 h 30" in page.text and "A lift" in page.text
    assert ben.post(address, data=form_of(page, address)).location == logged
    assert only_exchange(session).state is State.CONFIRMED
    followed = ben.get(address)
    assert followed.location == logged, "the notice is old by now"
    assert "confirmed already" in ben.get(logged).text


def test_beside_yes_stand_the_other_answers(
    session: Session, cast: Cast, ana: FlaskClient, ben: FlaskClient, logged: str
) -> None:
    page = ben.get(f"{logged}/confirm").text
    assert f"{logged}/correct" in page and f"{logged}/dispute" in page
    assert fill_in(ben, f"{logged}/correct", hours="2", happened_on=TODAY.isoformat()).status_code == 303
    exchange = only_exchange(session)
    assert (exchange.state, exchange.reported_seconds, exchange.reporter_id) == (
        State.REPORTED,
        7200,
        cast.ben.member_id,
    )
    assert "Confirm 2 h, with Ben" in ana.get("/home").text
    home = forms_of(ana.get("/home"))
    assert ana.post(f"{logged}/confirm", data=home[f"{logged}/confirm"]).status_code == 303
    assert only_exchange(session).state is State.CONFIRMED


def test_who_confirms_what_was_corrected_in_the_meantime_is_shown_it_first(
    session: Session, ana: FlaskClient, ben: FlaskClient, logged: str
) -> None:
    seen = form_of(ben.get(f"{logged}/confirm"), f"{logged}/confirm")
    fill_in(ana, f"{logged}/correct", hours="4", happened_on=YESTERDAY)
    assert ben.post(f"{logged}/confirm", data=seen).location == logged
    assert only_exchange(session).state is State.REPORTED
    assert "changed in the meantime" in ben.get(logged).text
    assert send(ben, f"{logged}/confirm").status_code == 303
    assert only_exchange(session).state is State.CONFIRMED


@pytest.mark.parametrize(
    ("field", "typed"), [("hours", "1:30"), ("hours", "abc"), ("hours", ""), ("happened_on", TOMORROW)]
)
def test_a_correction_that_cannot_be_is_refused_beside_its_field(
    session: Session, ben: FlaskClient, logged: str, field: str, typed: str
) -> None:
    said = {"hours": "2", "happened_on": YESTERDAY, "note": "Kept as I typed it", field: typed}
    refused = fill_in(ben, f"{logged}/correct", **said)
    assert refused.status_code in {409, 422}
    assert f'id="{field}-error"' in refused.text
    assert "Kept as I typed it" in refused.text
    assert only_exchange(session).steps == 1


def test_another_time_goes_to_and_fro_and_is_agreed_to_in_one_press(
    session: Session, baking: UUID, ana: FlaskClient, ben: FlaskClient, bea: FlaskClient
) -> None:
    fill_in(ben, f"/exchanges/ask/{baking}", day=TOMORROW, clock="10:00", hours="1")
    page = f"/exchanges/{only_exchange(session).id}"
    assert fill_in(ana, f"{page}/suggest", day=IN_A_WEEK, clock="14:30", hours="1:30").status_code == 303
    assert "would like to exchange" not in ana.get("/home").text
    agree = ben.get(page)
    assert ben.post(f"{page}/agree", data=forms_of(agree)[f"{page}/agree"]).status_code == 303
    exchange = only_exchange(session)
    assert exchange.planned_for and exchange.planned_for.date().isoformat() == IN_A_WEEK
    send(bea, f"{page}/approve")
    fill_in(ben, f"{page}/suggest", day=TOMORROW, clock="9:00", hours="1:30", note="The clinic moved it")
    assert "suggests another time" in ana.get("/home").text
    assert "Suggested instead" in ana.get(f"{page}/agree").text
    assert send(ana, f"{page}/keep").status_code == 303
    assert only_exchange(session).state is State.APPROVED
    fill_in(ben, f"{page}/suggest", day=TOMORROW, clock="9:00", hours="1:30")
    assert fill_in(ana, f"{page}/agree").status_code == 303
    assert only_exchange(session).state is State.AGREED
    assert "Baking bread" in bea.get("/today").text, "another time is approved anew"


def test_an_agreement_without_its_hour_or_with_nothing_is_refused(
    session: Session, baking: UUID, ana: FlaskClient, ben: FlaskClient
) -> None:
    fill_in(ben, f"/exchanges/ask/{baking}")
    page = f"/exchanges/{only_exchange(session).id}"
    without_hour = fill_in(ana, f"{page}/agree", day=TOMORROW, clock="", hours="1")
    assert without_hour.status_code == 422 and 'id="clock-error"' in without_hour.text
    with_nothing = fill_in(ana, f"{page}/agree", day="", clock="", hours="")
    assert with_nothing.status_code == 409 and 'id="day-error"' in with_nothing.text
    assert only_exchange(session).state is State.PROPOSED


def test_a_broker_puts_credited_hours_right_and_both_statements_say_so(
    session: Session, ana: FlaskClient, ben: FlaskClient, bea: FlaskClient, logged: str
) -> None:
    send(ben, f"{logged}/confirm")
    send(bea, f"{logged}/approve")
    without_why = fill_in(bea, f"{logged}/adjust", hours="1", note="")
    assert without_why.status_code == 422 and 'id="note-error"' in without_why.text
    assert fill_in(bea, f"{logged}/adjust", hours="1", note="They had a break").status_code == 303
    for browser in (ana, ben):
        assert browser.get("/statement").text.count("A lift") == 3
        assert "They had a break" in browser.get(logged).text
    assert only_exchange(session).credited_seconds == 3600


def test_a_disagreement_is_settled_part_way_and_on_its_day(
    session: Session, ben: FlaskClient, bea: FlaskClient, logged: str
) -> None:
    fill_in(ben, f"{logged}/dispute", hours="0:30", note="It was short")
    settled = fill_in(bea, f"{logged}/settle", hours="1", happened_on=TODAY.isoformat(), note="Between the two")
    assert settled.status_code == 303
    exchange = only_exchange(session)
    assert (exchange.state, exchange.credited_seconds, exchange.happened_on) == (State.CREDITED, 3600, TODAY)


def test_a_form_suggests_what_counts_and_nothing_to_who_remembers_it_differently(
    ben: FlaskClient, bea: FlaskClient, logged: str
) -> None:
    assert form_of(ben.get(f"{logged}/dispute"), f"{logged}/dispute")["hours"] == ""
    fill_in(ben, f"{logged}/dispute", hours="0:30", note="It was short")
    assert form_of(bea.get(f"{logged}/settle"), f"{logged}/settle")["hours"] == "1 h 30"
    fill_in(bea, f"{logged}/settle", hours="1", happened_on=TODAY.isoformat(), note="Between the two")
    assert form_of(bea.get(f"{logged}/adjust"), f"{logged}/adjust")["hours"] == "1 h"


OTHER_ANSWERS = ("suggest", "keep", "correct", "adjust")


def test_strangers_find_nothing_and_members_only_what_is_theirs(app: Flask, ana: FlaskClient, logged: str) -> None:
    for name in ("cy", "bethan"):
        stranger = sign_in_as(app.test_client(), name)
        for verb in OTHER_ANSWERS:
            assert stranger.get(f"{logged}/{verb}").status_code == 404
            assert send(stranger, f"{logged}/{verb}", seen="1").status_code in {404, 422}
    said = {"hours": "1", "happened_on": YESTERDAY, "note": "So there"}
    assert send(ana, f"{logged}/adjust", **said).status_code == 303, "it is not credited yet, and she is told so"
    assert ana.get(f"{logged}/adjust").location == logged


def life_in(browser: FlaskClient, address: str) -> str:
    """What the page's line of life says."""
    return browser.get(address).text.partition('<ol class="life"')[2].partition("</ol>")[0]


def test_the_page_says_which_rule_applied_and_since_when(ben: FlaskClient, bea: FlaskClient, logged: str) -> None:
    """At the steps that a rule decided, and nowhere else; each leads to where the rules of then are written down."""
    assert "/policy#version-1" not in life_in(ben, logged)
    send(ben, f"{logged}/confirm")
    send(bea, f"{logged}/approve")
    life = life_in(ben, logged)
    assert life.count("/policy#version-1") == 2
    assert "and the other that it is right." in life
    assert "A time broker approves an exchange before it takes place." in life
    assert "In force since: 6 Jan 2025" in life
    assert 'id="version-1"' in ben.get("/policy").text


def test_the_page_says_when_silence_counted(session: Session, ben: FlaskClient, logged: str) -> None:
    exchange_id = only_exchange(session).id
    with unit_of_work(session):
        confirm_overdue(session, exchange_id, at=now() + timedelta(days=15))
    life = life_in(ben, logged)
    assert "If nobody answers for 14 days, logged hours count as confirmed." in life
