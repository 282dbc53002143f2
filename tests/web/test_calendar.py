"""Files for a calendar, and the secret address that a calendar follows."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import Engine
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from tests.browsing import send, sign_in_as
from tests.cast import Cast
from tests.exchanges.stage import Stage
from tests.exchanges.test_at_once import together
from timebank.access.actions import make_token, open_calendar
from timebank.access.queries import calendar_of
from timebank.access.tables import CalendarFeed
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.donations.leaving import leave
from timebank.exchanges import agreeing
from timebank.group_sessions import announcing
from timebank.group_sessions.announcing import Announcement
from timebank.group_sessions.tables import Charging
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval

SOON = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=3)


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session, cast, at=now() - timedelta(hours=1))


@pytest.fixture
def ben(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001 - who signs in must be there
    return sign_in_as(app.test_client(), "ben")


def events(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.data)
    assert (found["VERSION"], found["METHOD"]) == ("2.0", "PUBLISH")
    return {str(event["UID"]): event for event in found.walk("VEVENT")}


def only(answer: TestResponse) -> Any:
    (event,) = events(answer).values()
    return event


def feed_of(browser: FlaskClient) -> str:
    page = send(browser, "/me/calendar").text
    return "/calendar/" + page.partition("/calendar/")[2].partition("</code>")[0]


def agreed(stage: Stage) -> UUID:
    exchange_id = stage.propose(title="Baking bread, and cake; a lot")
    stage.agree(exchange_id, planned_for=SOON)
    return exchange_id


def announced(stage: Stage) -> UUID:
    what = Announcement(
        title="Singing",
        place="Neuadd y Pentref",
        starts_at=SOON + timedelta(hours=2),
        planned_seconds=3600,
        charging=Charging.NOBODY,
    )
    ana, ben = stage.cast.ana, stage.cast.ben
    with unit_of_work(stage.session) as session:
        held = announcing.announce(session, ana.member_id, what=what, by=ana, at=stage.at, submission=uuid4())
        announcing.sign_up(session, held.id, party_id=ben.member_id, by=ben, at=stage.at)
        return held.id


def test_an_agreed_exchange_is_a_date_that_moves_and_is_called_off(stage: Stage, ben: FlaskClient) -> None:
    exchange_id, cast = agreed(stage), stage.cast
    address = f"/exchanges/{exchange_id}/calendar.ics"
    assert address in ben.get(f"/exchanges/{exchange_id}").text
    first = only(ben.get(address))
    assert (first["UID"], first["STATUS"]) == (f"{exchange_id}@timebank", "TENTATIVE")
    assert first["SUMMARY"] == "Baking bread, and cake; a lot"
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (SOON, SOON + timedelta(minutes=90))
    assert first["URL"].endswith(f"/exchanges/{exchange_id}")
    assert ben.get(address).data == ben.get(address).data
    stage.approve(exchange_id)
    second = only(ben.get(address))
    assert second["STATUS"] == "CONFIRMED"
    with unit_of_work(stage.session) as session:
        later = SOON + timedelta(days=1)
        agreeing.suggest(session, exchange_id, by=cast.ben, at=now(), planned_for=later, planned_seconds=3600)
    assert only(ben.get(address))["DTSTART"].dt == SOON, "what is agreed stands until both agree"
    with unit_of_work(stage.session) as session:
        agreeing.agree(session, exchange_id, by=cast.ana, at=now(), planned_for=later, planned_seconds=3600)
    third = only(ben.get(address))
    assert third["DTSTART"].dt == later
    with unit_of_work(stage.session) as session:
        agreeing.cancel(session, exchange_id, by=cast.ana, at=now())
    fourth = only(ben.get(address))
    assert fourth["STATUS"] == "CANCELLED"
    assert first["UID"] == fourth["UID"]
    assert first["SEQUENCE"] < second["SEQUENCE"] < third["SEQUENCE"] < fourth["SEQUENCE"]


def test_a_proposal_is_no_date_yet_and_other_peoples_are_none_at_all(
    app: Flask, stage: Stage, ben: FlaskClient
) -> None:
    assert ben.get(f"/exchanges/{stage.propose(planned_for=SOON)}/calendar.ics").status_code == 404
    address = f"/exchanges/{agreed(stage)}/calendar.ics"
    for name in ("cy", "dewi"):
        assert sign_in_as(app.test_client(), name).get(address).status_code == 404
    assert app.test_client().get(address).status_code == 303


def test_a_group_session_is_a_date_for_who_comes(app: Flask, stage: Stage, ben: FlaskClient) -> None:
    session_id = announced(stage)
    address = f"/sessions/{session_id}/calendar.ics"
    assert address in ben.get(f"/sessions/{session_id}").text
    first = only(ben.get(address))
    assert (first["LOCATION"], first["STATUS"]) == ("Neuadd y Pentref", "CONFIRMED")
    with unit_of_work(stage.session) as session:
        announcing.drop_out(session, session_id, party_id=stage.cast.ben.member_id, by=stage.cast.ben, at=now())
    second = only(ben.get(address))
    assert second["STATUS"] == "CANCELLED"
    assert second["SEQUENCE"] > first["SEQUENCE"]
    ana = sign_in_as(app.test_client(), "ana")
    assert only(ana.get(address))["STATUS"] == "CONFIRMED"
    with unit_of_work(stage.session) as session:
        announcing.cancel(session, session_id, by=stage.cast.ana, at=now())
    assert only(ana.get(address))["STATUS"] == "CANCELLED"
    assert sign_in_as(app.test_client(), "cy").get(address).status_code == 404


def test_a_calendar_follows_everything_at_a_secret_address(app: Flask, stage: Stage, ben: FlaskClient) -> None:
    exchange_id, session_id = agreed(stage), announced(stage)
    address = feed_of(ben)
    stranger = app.test_client()
    read = stranger.get(address)
    assert list(events(read)) == [f"{exchange_id}@timebank", f"{session_id}@timebank"]
    assert "Ana" not in read.text
    assert read.headers["Content-Language"] == "en"
    (kept,) = stage.session.exec(select(CalendarFeed)).all()
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert secret.encode() not in kept.digest
    assert secret not in ben.get("/me/calendar").text, "it is shown once"
    second = feed_of(ben)
    assert stranger.get(address).status_code == 404, "a new address ends the old one"
    assert stranger.get(second).status_code == 200
    assert send(ben, "/me/calendar/close").status_code == 303
    assert stranger.get(second).status_code == 404
    assert stranger.get("/calendar/made-up.ics").status_code == 404
    assert stranger.get("/calendar/%F0%9F%8D%9E.ics").status_code == 404


def test_a_calendar_opened_twice_at_once_stands_at_the_address_that_was_told_last(engine: Engine, cast: Cast) -> None:
    secrets = together(engine, *[lambda session: open_calendar(session, by=cast.ben, at=now())] * 4)
    with Session(engine) as session:
        assert [calendar_of(session, str(secret)) for secret in secrets].count(cast.ben.member_id) == 1


def test_who_has_left_has_no_calendar_any_more(app: Flask, stage: Stage, ben: FlaskClient) -> None:
    address = feed_of(ben)
    with unit_of_work(stage.session) as session:
        leave(session, stage.cast.ben.member_id, receiver_id=None, by=stage.cast.ben, at=now(), submission=uuid4())
    assert app.test_client().get(address).status_code == 404


def test_the_page_says_what_is_before_somebody_in_their_language(app: Flask, stage: Stage, ben: FlaskClient) -> None:
    exchange_id = agreed(stage)
    page = ben.get("/me/calendar").text
    assert "Baking bread" in page
    assert "Not approved yet" in page
    assert "Baking bread" not in sign_in_as(app.test_client(), "bea").get("/me/calendar").text
    send(ben, "/language", language="cy")
    address = feed_of(ben)
    read = app.test_client().get(address)
    assert read.headers["Content-Language"] == "cy"
    assert "Abertawe" in read.text
    assert "gymeradwyo" in read.text.replace("\r\n ", "")
    with unit_of_work(stage.session) as session:
        agreeing.cancel(session, exchange_id, by=stage.cast.ben, at=now())
    assert "Baking bread" not in ben.get("/me/calendar").text


@pytest.mark.parametrize("terms", [PolicyTerms(approval=Approval.NONE)])
def test_where_nobody_has_to_approve_what_was_agreed_is_certain(stage: Stage, ben: FlaskClient) -> None:
    found = only(ben.get(f"/exchanges/{agreed(stage)}/calendar.ics"))
    assert found["STATUS"] == "CONFIRMED"
    assert "approve" not in found["DESCRIPTION"]


def test_a_program_reads_the_same(session: Session, stage: Stage, browser: FlaskClient) -> None:
    exchange_id = agreed(stage)

    def read(name: str) -> Any:
        with unit_of_work(session):
            _, secret = make_token(session, by=stage.cast.standings[name], name="program", at=now())
        return browser.get("/api/v1/calendar", headers={"Authorization": f"Bearer {secret}"}).json["items"]

    (item,) = read("ben")
    assert (item["uid"], item["certainty"], item["path"]) == (
        f"{exchange_id}@timebank",
        "TENTATIVE",
        f"/exchanges/{exchange_id}",
    )
    assert read("cy") == []
