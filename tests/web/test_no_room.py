"""What people are told when nothing can be written down: plainly, and so that they can send it again."""

import logging
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from ledger import Busy, StorageFull
from tests.browsing import app_for_tests, form_of, send, sign_in_as
from tests.cast import Cast
from tests.room import no_room_in
from timebank.commands.plain_words import in_plain_words
from timebank.database import engine_for, unit_of_work
from timebank.language import Language
from timebank.listings.tables import Listing
from timebank.members.tables import Person
from timebank.web.session import OPEN

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture
def engine_name() -> str:
    """What a full disk is to PostgreSQL is tested where there is one: tests/faults."""
    return "sqlite"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (Language.ENGLISH, "Nothing can be written down just now"),
        (Language.WELSH, "Ni ellir cofnodi dim ar hyn o bryd"),
    ],
)
def test_a_full_disk_is_told_in_the_readers_language_and_the_same_form_is_taken_later(
    app: Flask,
    engine: Engine,
    session: Session,
    cast: Cast,
    caplog: pytest.LogCaptureFixture,
    language: Language,
    sentence: str,
) -> None:
    with unit_of_work(session):
        session.get_one(Person, cast.ana.person_id).language = language
    browser = sign_in_as(app.test_client(), "ana")
    form = form_of(browser.get("/listings/new?side=offer"), "/listings/new")
    form |= {"title": "Bread", "details": "As it was baked in Pontardawe. " * 60}
    with no_room_in(engine), caplog.at_level(logging.ERROR, logger="timebank"):
        refused = send_until_refused(browser, form)
        assert browser.get("/listings").status_code == 200
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert sentence in refused.text
    assert "no room left" in caplog.text

    assert not listed_by(session, form)
    assert [browser.post("/listings/new", data=form).status_code for _ in range(2)] == [303, 303]
    assert len(listed_by(session, form)) == 1


def send_until_refused(browser: FlaskClient, form: dict[str, Any]) -> TestResponse:
    """The form as something new each time: some pages of the file may be free. It is left as it was refused."""
    for _ in range(20):
        form["submission"] = str(uuid4())
        answer = browser.post("/listings/new", data=form)
        if answer.status_code != 303:
            return answer
    raise AssertionError("there was room for everything")


def listed_by(session: Session, form: dict[str, Any]) -> list[Listing]:
    session.rollback()
    return [*session.exec(select(Listing).where(Listing.submission == UUID(form["submission"]))).all()]


def test_a_program_is_told_so_too_and_when_to_come_again(engine: Engine) -> None:
    app = app_for_tests(engine)
    app.add_url_rule("/api/full", "api-full", lambda: _raise(StorageFull("full")))
    app.add_url_rule("/api/busy", "api-busy", lambda: _raise(Busy("busy")))
    browser = app.test_client()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("timebank.web.session.OPEN", OPEN | {"api-full", "api-busy"})
        answers = [browser.get("/api/full"), browser.get("/api/busy")]
    for answer in answers:
        assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
        assert answer.headers["Retry-After"] == "60"


def _raise(error: Exception) -> str:
    raise error


def test_a_database_that_went_away_is_told_without_asking_it(tmp_path: Path) -> None:
    nowhere = engine_for(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    answer = send(app_for_tests(nowhere).test_client(), "/sign-in", email="ana@example.org", password="a guess")
    assert answer.status_code == 503
    assert "Go back and try again in a few minutes" in answer.text


def test_an_operator_reads_it_in_one_line() -> None:
    stopped = in_plain_words(StorageFull("there is no room left"))
    assert stopped is not None
    assert stopped.message == "The database cannot go on: there is no room left."
