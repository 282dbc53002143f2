"""The pages of letters and calls, and their twin in the API."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests.browsing import form_of, sign_in_as
from tests.cast import Cast
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.notices.actions import tell
from timebank.notices.tables import Means, Notice

LETTERS = "/api/v1/letters"


@pytest.fixture
def notice_id(session: Session, cast: Cast) -> UUID:
    """Ana has said yes to Olwen."""
    with unit_of_work(session):
        tell(
            session,
            timebank_id=cast.timebank_id,
            party_id=cast.olwen.member_id,
            kind="agreed",
            at=now(),
            other="Ana",
            title="Bread",
            note="See <b>you</b>",
        )
    return session.exec(select(Notice.id)).one()


def how_told(session: Session) -> Means | None:
    session.rollback()
    return session.exec(select(Notice.told_how)).one()


def test_a_broker_prints_a_letter_and_says_that_it_is_sent(session: Session, notice_id: UUID, app: Flask) -> None:
    bea = sign_in_as(app.test_client(), "bea")
    assert "/letters" in bea.get("/today").text
    listed = bea.get("/letters").text
    assert "Ana said yes: Bread" in listed
    assert "01792 000001" in listed
    printed = bea.get("/letters/print")
    assert 'lang="cy"' in printed.text
    assert "Annwyl Olwen," in printed.text
    assert "See &lt;b&gt;you&lt;/b&gt;" in printed.text
    assert bea.post("/letters/told", data={**form_of(printed, "/letters/told"), "how": "letter"}).status_code == 303
    assert how_told(session) is Means.LETTER
    again = bea.get("/letters")
    assert "Told lately" in again.text
    assert "Everybody has been told" in bea.get("/letters/print").text
    late = bea.post("/letters/told", data={**form_of(printed, "/letters/told"), "how": "phone"}, follow_redirects=True)
    assert "somebody was quicker" in late.text
    undone = bea.post("/letters/again", data=form_of(again, "/letters/again"), follow_redirects=True)
    assert "1 notice waits again." in undone.text
    assert how_told(session) is None
    twice = bea.post("/letters/again", data=form_of(again, "/letters/again"), follow_redirects=True)
    assert "waits to be told already" in twice.text
    assert notice_id


@pytest.mark.usefixtures("notice_id")
def test_no_plain_member_and_no_stranger_reads_letters(session: Session, app: Flask) -> None:
    for name in ("ana", "awen", "dewi", "cy"):
        browser = sign_in_as(app.test_client(), name)
        for address in ("/letters", "/letters/print"):
            assert browser.get(address).status_code == 403
    stranger = sign_in_as(app.test_client(), "bethan")
    assert "Olwen" not in stranger.get("/letters").text + stranger.get("/letters/print").text
    assert how_told(session) is None


def test_a_program_of_a_broker_does_the_same(session: Session, cast: Cast, notice_id: UUID, app: Flask) -> None:
    browser: FlaskClient = app.test_client()
    bearers = {}
    for name in ("bea", "ana", "bethan"):
        with unit_of_work(session):
            secret = make_token(session, by=cast.standings[name], name="Test", at=now())[1]
        bearers[name] = {"Authorization": f"Bearer {secret}"}
    listed = browser.get(LETTERS, headers=bearers["bea"]).json
    ((only,), after) = (listed["items"], listed["next"])
    assert (only["name"], only["language"], after) == ("Olwen", "cy", None)
    assert [each["id"] for each in only["notices"]] == [str(notice_id)]
    body = {"notices": [str(notice_id)], "how": "phone"}
    assert browser.get(LETTERS, headers=bearers["ana"]).status_code == 403
    assert browser.post(f"{LETTERS}/told", headers=bearers["ana"], json=body).status_code == 403
    assert browser.get(LETTERS, headers=bearers["bethan"]).json["items"] == []
    assert browser.post(f"{LETTERS}/told", headers=bearers["bethan"], json=body).status_code == 409
    for wrong in ({"notices": []}, {"notices": ["x"]}, {"how": "pigeon"}, {"how": None}):
        assert browser.post(f"{LETTERS}/told", headers=bearers["bea"], json=body | wrong).status_code == 422
    assert browser.post(f"{LETTERS}/told", headers=bearers["bea"], json=body).json == {"count": 1}
    assert browser.post(f"{LETTERS}/told", headers=bearers["bea"], json=body).status_code == 409
    undo = {"notices": [str(notice_id)]}
    assert browser.post(f"{LETTERS}/again", headers=bearers["bea"], json=undo).json == {"count": 1}
