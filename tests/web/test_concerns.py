"""The pages and the API of concerns, and of how it went."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import LONG_AGO, Cast
from tests.exchanges.stage import Stage
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.concerns.tables import Concern
from timebank.database import unit_of_work
from timebank.exchanges.agreeing import Between
from timebank.members.actions import welcome
from timebank.members.tables import Authority

Headers = Callable[[str], dict[str, str]]


@pytest.fixture
def credited(session: Session, cast: Cast) -> UUID:
    """Ana baked for Ben."""
    stage = Stage(session, cast, at=now() - timedelta(days=1))
    exchange_id = stage.log(happened_on=now().date() - timedelta(days=1))
    stage.confirm(exchange_id, at=now())
    stage.approve(exchange_id, at=now())
    return exchange_id


@pytest.fixture
def headers(session: Session, cast: Cast) -> Headers:
    def of(name: str) -> dict[str, str]:
        with unit_of_work(session):
            _, secret = make_token(session, by=cast.standings[name], name="program", at=now())
        return {"Authorization": f"Bearer {secret}"}

    return of


def english(app: Flask, name: str) -> FlaskClient:
    browser = sign_in_as(app.test_client(), name)
    send(browser, "/language", language="en")
    return browser


def test_a_concern_goes_from_the_page_of_an_exchange_to_today_in_two_steps(
    app: Flask, session: Session, cast: Cast, credited: UUID
) -> None:
    ana, ben, bea, awen = (english(app, name) for name in ("ana", "ben", "bea", "awen"))
    address = f"/members/{cast.ben.member_id}/concern?exchange_id={credited}&for={cast.ana.member_id}"
    assert address.replace("&", "&amp;") in ana.get(f"/exchanges/{credited}").text
    assert fill_in(ana, address, words="").status_code == 422
    sent = fill_in(ana, address, words="He was <i>rude</i>")
    assert (sent.status_code, sent.location) == (303, f"/exchanges/{credited}")
    session.rollback()
    concern = session.exec(select(Concern)).one()
    assert concern.exchange_id == credited
    page = f"/concerns/{concern.id}"
    assert page in bea.get("/today").text
    assert "He was &lt;i&gt;rude&lt;/i&gt;" in bea.get(page).text
    for other in (ana, ben, awen, english(app, "cy"), english(app, "bethan")):
        assert other.get(page).status_code == 404
        assert other.get("/concerns").status_code in {200, 403}
        for elsewhere in (
            "/exchanges",
            f"/exchanges/{credited}",
            f"/members/{cast.ben.member_id}",
            "/mailbox",
            "/concerns",
        ):
            assert "rude" not in other.get(elsewhere).text
    assert fill_in(bea, page, note="").status_code == 422
    assert fill_in(bea, page, note="Talked").status_code == 303
    assert page not in bea.get("/today").text
    assert send(bea, page, note="Twice").status_code == 409
    assert "Talked" in bea.get(page).text
    assert page in bea.get("/concerns").text


def test_a_concern_about_a_broker_is_not_shown_to_them(app: Flask, session: Session, cast: Cast) -> None:
    ana = english(app, "ana")
    assert fill_in(ana, f"/members/{cast.bea.member_id}/concern", words="She never rings back").status_code == 303
    concern = session.exec(select(Concern)).one()
    assert f"/concerns/{concern.id}" not in english(app, "bea").get("/today").text
    assert f"/concerns/{concern.id}" in english(app, "bryn").get("/today").text
    assert english(app, "bea").get(f"/concerns/{concern.id}").status_code == 404


def test_strangers_and_those_without_a_voice_have_nothing_to_confide(app: Flask, cast: Cast, credited: UUID) -> None:
    about_ana = f"/members/{cast.ana.member_id}/concern"
    assert english(app, "cy").get(about_ana).status_code == 404
    assert english(app, "awen").get(about_ana).status_code == 403
    ben = english(app, "ben")
    for wrong in ("nonsense", f"{uuid4()}"):
        assert ben.get(f"{about_ana}?exchange_id={wrong}").status_code == 404
    assert ben.get(f"/members/{cast.bea.member_id}/concern?exchange_id={credited}").status_code == 404
    assert ben.get(f"{about_ana}?for={cast.olwen.member_id}").status_code == 403


def test_how_it_went_takes_two_taps(app: Flask, cast: Cast, credited: UUID) -> None:
    page, ana, ben, bea = f"/exchanges/{credited}", *(english(app, name) for name in ("ana", "ben", "bea"))
    drawn = form_of(ben.get(page), "/how-it-went")
    first = ben.post(f"{page}/how-it-went", data=drawn | {"feeling": "well"})
    assert (first.status_code, first.location) == (303, f"{page}#thanks")
    assert "You said: It went well" in ben.get(page).text
    second = ben.post(f"{page}/thanks", data=form_of(ben.get(page), "/thanks") | {"words": "Best <b>bread</b>"})
    assert second.status_code == 303
    assert "Best &lt;b&gt;bread&lt;/b&gt;" in ana.get(page).text
    assert "You said" not in ana.get(page).text
    assert "Best" not in bea.get(page).text
    assert send(ana, f"{page}/how-it-went", feeling="not_well").status_code == 303
    assert "Would you like to tell a time broker about it, in private?" in ana.get(page).text
    assert "Said by: Ana" in bea.get("/today").text
    assert send(bea, f"{page}/how-it-went/noted", party_id=f"{cast.ana.member_id}").status_code == 303
    assert "Said by: Ana" not in bea.get("/today").text


def test_a_broker_who_was_rung_says_how_they_were_told(app: Flask, session: Session, cast: Cast) -> None:
    olwen, bea, ben = cast.olwen.member_id, english(app, "bea"), english(app, "ben")
    stage = Stage(session, cast, at=now() - timedelta(days=1))
    between = Between(giver_id=cast.ana.member_id, receiver_id=olwen, proposer_id=cast.ana.member_id)
    exchange_id = stage.log(between=between, happened_on=now().date() - timedelta(days=1))
    stage.confirm(exchange_id, by=cast.bea.told(Authority.PHONE), for_party=olwen, at=now())
    stage.approve(exchange_id, at=now(), broker=cast.bryn)
    page = f"/exchanges/{exchange_id}"
    drawn = form_of(bea.get(page), "/how-it-went") | {"feeling": "well"}
    assert "Say how they told you" in bea.post(f"{page}/how-it-went", data=drawn).text
    assert bea.post(f"{page}/how-it-went", data=drawn | {"authority": "letter"}).status_code == 303
    thanks = form_of(bea.get(page), "/thanks")
    assert thanks["authority"] == "letter", "the same letter, most likely"
    assert bea.post(f"{page}/thanks", data=thanks | {"words": "Diolch"}).status_code == 303
    assert "Thanks from: Olwen</b> · In writing" in bea.get(page).text
    assert ben.get(page).status_code == 404
    concern = f"/members/{cast.ana.member_id}/concern?for={olwen}"
    assert fill_in(bea, concern, words="She was late").status_code == 303, "and the same once more"
    assert session.exec(select(Concern)).one().authority is Authority.LETTER


def test_for_two_without_email_a_broker_finds_each_field_once(app: Flask, session: Session, cast: Cast) -> None:
    bea, rung, olwen = english(app, "bea"), cast.bea.told(Authority.PHONE), cast.olwen.member_id
    stage = Stage(session, cast)
    with unit_of_work(session):
        mair = welcome(session, broker=cast.bea, timebank_id=cast.timebank_id, name="Mair", at=LONG_AGO).id
    between = Between(giver_id=mair, receiver_id=olwen, proposer_id=mair)
    exchange_id = stage.log(between=between, by=rung)
    stage.confirm(exchange_id, by=rung, for_party=olwen)
    stage.approve(exchange_id, broker=cast.bryn)
    page = f"/exchanges/{exchange_id}"
    for voice in (mair, olwen):
        said = {"for_party": f"{voice}", "feeling": "well", "authority": "phone"}
        assert send(bea, f"{page}/how-it-went", **said).status_code == 303
    drawn = bea.get(page).text
    assert drawn.count(f'action="{page}/thanks"') == drawn.count(f'action="{page}/how-it-went"') == 2
    assert repeated_ids(drawn) == []
    for field, wrong in {"authority": {"words": "Diolch"}, "words": {"words": "x" * 501}}.items():
        again = send(bea, f"{page}/thanks", for_party=f"{olwen}", **wrong).text
        assert f'href="#{field}"' in again and f'id="{field}"' in again
        assert repeated_ids(again) == []


def repeated_ids(page: str) -> list[str]:
    return [each for each, times in Counter(re.findall(r'\sid="([^"]*)"', page)).items() if times > 1]


def test_what_was_not_understood_of_it_is_refused(app: Flask, cast: Cast, credited: UUID) -> None:
    page, ben = f"/exchanges/{credited}", english(app, "ben")
    assert send(ben, f"{page}/how-it-went", feeling="splendid").status_code == 400
    long = send(ben, f"{page}/thanks", words="x" * 501)
    assert long.status_code == 422
    assert "Use 500 characters at most." in long.text
    for name, status in {"cy": 404, "bea": 403, "awen": 403}.items():
        other = english(app, name)
        assert send(other, f"{page}/how-it-went", feeling="well").status_code == status
        assert send(other, f"{page}/thanks").status_code == status
        assert other.get(f"{page}/thanks").status_code == status
    assert send(ben, f"{page}/how-it-went/noted", party_id=f"{cast.ben.member_id}").status_code == 403


def test_programs_confide_and_close(cast: Cast, headers: Headers, browser: FlaskClient) -> None:
    api, ana, bea, ben = "/api/v1/concerns", headers("ana"), headers("bea"), headers("ben")
    body = {"about_id": f"{cast.ben.member_id}", "words": "He was rude", "submission": f"{uuid4()}"}
    for _ in range(2):
        assert browser.post(api, json=body, headers=ana).status_code == 204
    assert browser.post(api, json=body | {"words": ""}, headers=ana).status_code == 422
    assert browser.post(api, json=body, headers=headers("cy")).status_code == 404
    (kept,) = browser.get(api, headers=bea).json["items"]
    assert (kept["name"], kept["about"], kept["words"], kept["note"]) == ("Ana", "Ben", "He was rude", None)
    one = f"{api}/{kept['id']}"
    assert browser.get(api, headers=ben).status_code == 403
    assert browser.get(one, headers=ben).status_code == browser.get(one, headers=ana).status_code == 404
    assert browser.post(f"{one}/close", json={"note": "Talked"}, headers=bea).json["note"] == "Talked"
    assert browser.post(f"{one}/close", json={"note": "Talked"}, headers=bea).status_code == 409
    assert browser.post(f"{one}/close", json={"note": "Talked"}, headers=ben).status_code == 403


def test_programs_say_how_it_went(cast: Cast, headers: Headers, browser: FlaskClient, credited: UUID) -> None:
    api, ana, ben, bea = f"/api/v1/exchanges/{credited}", headers("ana"), headers("ben"), headers("bea")
    said = browser.post(f"{api}/how-it-went", json={"feeling": "so_so"}, headers=ben)
    assert said.json["feelings"] == [{"party_id": f"{cast.ben.member_id}", "feeling": "so_so"}]
    assert browser.get(f"{api}/how-it-went", headers=ana).json["feelings"] == []
    assert browser.post(f"{api}/how-it-went", json={"feeling": 5}, headers=ben).status_code == 422
    thanked = browser.post(f"{api}/thanks", json={"words": "Diolch"}, headers=ben).json["thanks"]
    assert [each["words"] for each in thanked] == ["Diolch"]
    assert browser.get(f"{api}/how-it-went", headers=bea).json == {
        "exchange_id": f"{credited}",
        "feelings": [],
        "thanks": [],
    }
    noted = {"party_id": f"{cast.ben.member_id}"}
    assert browser.post(f"{api}/how-it-went/noted", json=noted, headers=ana).status_code == 403
    assert browser.post(f"{api}/how-it-went/noted", json=noted, headers=bea).status_code == 204
    assert browser.post(f"{api}/how-it-went/noted", json=noted, headers=bea).status_code == 404
    assert browser.get(f"{api}/how-it-went", headers=headers("cy")).status_code == 404
