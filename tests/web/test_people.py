"""With whom: a name is typed and found, those of last time stand beside it, and nobody is drawn everybody."""

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.exchanges.tables import Exchange
from timebank.members.actions import suspend, welcome
from timebank.members.blocking import block


@pytest.fixture
def ben(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001 - who signs in must be there
    return sign_in_as(app.test_client(), "ben")


@pytest.fixture
def stranger(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001
    return sign_in_as(app.test_client(), "cy")


LOG = {"direction": "given", "title": "Reading aloud", "hours": "1"}


def welcomed(session: Session, cast: Cast, name: str, area: str) -> UUID:
    with unit_of_work(session) as opened:
        return welcome(opened, broker=cast.bea, timebank_id=cast.timebank_id, name=name, area=area, at=LONG_AGO).id


def receivers(session: Session) -> list[UUID]:
    session.rollback()  # and look anew
    return [*session.exec(select(Exchange.receiver_id)).all()]


def suggested(browser: FlaskClient, typed: str, **more: str) -> list[str]:
    query = {"field": "party_id", "party_id_name": typed, **more}
    answer = browser.get("/members/suggest", query_string=query)
    assert answer.status_code == 200, answer.text
    return [name.strip() for name in re.findall(r'for="[^"]+">\s*([^<]+)</label>', answer.text)]


def test_a_name_that_one_person_has_is_taken(ben: FlaskClient, cast: Cast, session: Session) -> None:
    assert fill_in(ben, "/exchanges/log", **LOG, party_id_name="ólw").status_code == 303
    assert receivers(session) == [cast.olwen.member_id]


def test_a_name_that_several_have_comes_back_with_all_of_them_to_choose_from(
    ben: FlaskClient, cast: Cast, session: Session
) -> None:
    ids = {area: welcomed(session, cast, "Mair Rees", area) for area in ("Treboeth", "Uplands")}
    typed = {**LOG, "party_id_name": "mair", "note": "Kept as I typed it"}
    unsure = fill_in(ben, "/exchanges/log", **typed)
    assert unsure.status_code == 422
    assert "Treboeth" in unsure.text
    assert "Uplands" in unsure.text
    assert "Kept as I typed it" in unsure.text
    assert form_of(unsure, "/exchanges/log")["party_id_name"] == "mair"
    assert receivers(session) == []
    chosen = {**form_of(unsure, "/exchanges/log"), **LOG, "party_id": str(ids["Uplands"])}
    assert ben.post("/exchanges/log", data=chosen).status_code == 303
    assert receivers(session) == [ids["Uplands"]]


@pytest.mark.parametrize("typed", ["Nobody", "Cy", "Bethan", "<b>", "a\0b", "x" * 5000, "\ud800"])
def test_a_name_that_nobody_here_has_is_refused_beside_the_field_and_kept(
    ben: FlaskClient, session: Session, typed: str
) -> None:
    refused = fill_in(ben, "/exchanges/log", **LOG, party_id_name=typed.encode("utf-8", "surrogatepass"))
    assert refused.status_code == 422
    assert 'id="party_id-error"' in refused.text
    assert receivers(session) == []


def test_a_name_counts_more_than_a_choice_that_it_does_not_fit(ben: FlaskClient, cast: Cast, session: Session) -> None:
    said = {**LOG, "party_id": str(cast.ana.member_id), "party_id_name": "Olwen"}
    assert fill_in(ben, "/exchanges/log", **said).status_code == 303
    assert receivers(session) == [cast.olwen.member_id]


def test_those_of_last_time_are_one_press_away_and_nobody_else_is_drawn(
    ben: FlaskClient, cast: Cast, session: Session
) -> None:
    fill_in(ben, "/exchanges/log", **LOG, party_id=str(cast.ana.member_id))
    page = ben.get("/exchanges/log").text
    assert f'value="{cast.ana.member_id}"' in page
    assert str(cast.olwen.member_id) not in page
    with unit_of_work(session) as opened:
        suspend(opened, cast.ana.member_id, broker=cast.bea)
    assert str(cast.ana.member_id) not in ben.get("/exchanges/log").text


def test_suggestions_come_while_somebody_types(ben: FlaskClient, cast: Cast) -> None:
    assert suggested(ben, "OLW") == ["Olwen"]
    assert sorted(suggested(ben, "be")) == ["Bea", "Ben"]
    assert suggested(ben, "be", **{"for": str(cast.ben.member_id)}) == ["Bea"]  # and not Ben, in whose name it is
    assert suggested(ben, "") == []
    assert "Nobody by that name" in ben.get("/members/suggest?field=party_id&party_id_name=zz").text


def test_a_grid_is_told_names_only(ben: FlaskClient) -> None:
    told = ben.get("/members/suggest?words=yes&field=giver&giver=olw").text
    assert 'value="Olwen"' in told
    assert "radio" not in told
    assert "<option" not in ben.get("/members/suggest?words=yes&field=giver&giver=cy").text


def test_suggestions_never_show_another_timebanks_people_nor_paused_nor_blocked_ones(
    ben: FlaskClient, stranger: FlaskClient, cast: Cast, session: Session
) -> None:
    assert suggested(ben, "cy") == suggested(stranger, "olwen") == []
    with unit_of_work(session) as opened:
        block(opened, cast.ana.member_id, by=cast.ben, at=LONG_AGO)
        suspend(opened, cast.olwen.member_id, broker=cast.bea)
    assert suggested(ben, "ana") == suggested(ben, "olwen") == []
    refused = fill_in(ben, "/exchanges/log", **LOG, party_id_name="ana")
    assert refused.status_code == 409
    assert "You have blocked Ana." in refused.text


@pytest.mark.parametrize("query", ["", "field=title", "field=party_id&for=me", "field=party_id&party_id_name=%00"])
def test_what_no_page_of_ours_asks_is_no_fault(ben: FlaskClient, query: str) -> None:
    assert ben.get(f"/members/suggest?{query}").status_code in {200, 400}


def test_several_are_suggested_by_the_last_name_and_those_ticked_stay(ben: FlaskClient, cast: Cast) -> None:
    ana = str(cast.ana.member_id)
    query = {"field": "others", "others_name": "Ana, olw", "several": "yes", "others": ana}
    page = ben.get("/members/suggest", query_string=query).text
    assert re.search(rf'value="{ana}" checked', page)
    assert "Olwen" in page


def test_a_name_is_enough_to_pass_hours_on(ben: FlaskClient, cast: Cast) -> None:
    page = ben.get("/pot/give")
    assert str(cast.olwen.member_id) not in page.text
    assert fill_in(ben, "/pot/give", receiver_id="", receiver_id_name="Zzz", hours="1").status_code == 422
    refused = send(ben, "/pot/give", receiver_id_name="Olwen", hours="1")
    assert refused.status_code == 409  # he has no hours yet, but it is clear to whom
    assert "receiver_id-error" not in refused.text
