"""The pages of the members, and one's own details."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import Cast
from timebank.language import Language
from timebank.members.queries import person_behind
from timebank.members.tables import Party, Person, Status

pytestmark = pytest.mark.usefixtures("cast")


def named(session: Session, name: str) -> list[Party]:
    session.rollback()
    return [*session.exec(select(Party).where(Party.name == name)).all()]


def test_everybody_who_takes_part_is_on_the_list(browser: FlaskClient) -> None:
    page = sign_in_as(browser, "ana").get("/members").text
    assert all(f">{name}<" in page for name in ("Ana", "Ben", "Bea", "Olwen", "Gwalia Homes"))
    assert ">Cy<" not in page and "Welcome a member" not in page
    assert ">Ben<" not in browser.get("/members?q=olw").text
    assert "Nobody by that name" in browser.get("/members?q=zzz").text


def test_a_broker_sees_who_is_paused_and_others_do_not(session: Session, cast: Cast, app: Flask) -> None:
    bea, ana = sign_in_as(app.test_client(), "bea"), sign_in_as(app.test_client(), "ana")
    assert send(bea, f"/members/{cast.ben.member_id}/suspend").status_code == 303
    assert ">Ben<" in bea.get("/members").text and "Paused" in bea.get("/members").text
    assert ">Ben<" not in ana.get("/members").text
    assert send(bea, f"/members/{cast.ben.member_id}/resume").status_code == 303
    assert [party.status for party in named(session, "Ben")] == [Status.ACTIVE]
    assert send(bea, f"/members/{cast.bea.member_id}/suspend").status_code == 409


def test_how_to_reach_somebody_is_for_brokers(cast: Cast, app: Flask) -> None:
    address = f"/members/{cast.olwen.member_id}"
    assert "01792 000001" in sign_in_as(app.test_client(), "bea").get(address).text
    assert "01792 000001" not in sign_in_as(app.test_client(), "ana").get(address).text
    theirs = f"/members/{cast.ben.member_id}"
    assert "ben@example.org" in sign_in_as(app.test_client(), "bea").get(theirs).text
    assert "ben@example.org" not in sign_in_as(app.test_client(), "ana").get(theirs).text


def test_an_organisation_has_a_page_and_only_brokers_see_who_acts_for_it(cast: Cast, app: Flask) -> None:
    address = f"/members/{cast.gwalia}"
    assert ">Dewi<" in sign_in_as(app.test_client(), "bea").get(address).text
    page = sign_in_as(app.test_client(), "ana").get(address)
    assert page.status_code == 200 and ">Dewi<" not in page.text


def test_a_broker_welcomes_somebody_once(session: Session, cast: Cast, browser: FlaskClient) -> None:
    drawn = form_of(sign_in_as(browser, "bea").get("/members/new"), "/members/new")
    typed = {**drawn, "name": "Mair", "language": "cy"}
    sent = [browser.post("/members/new", data=typed) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    (mair,) = named(session, "Mair")
    assert sent[0].location == f"/members/{mair.id}"
    assert person_behind(session, cast.timebank_id, mair.id).language is Language.WELSH
    assert "Invite to sign in" not in browser.get(sent[0].location).text


REFUSED: list[tuple[dict[str, str], int]] = [
    ({"name": ""}, 422),
    ({"name": "a\0b"}, 422),
    ({"name": "a\u202eb"}, 422),
    ({"name": "x" * 1_000_000}, 422),
    ({"name": "Mair", "email": "nonsense"}, 422),
    ({"name": "Mair", "email": "ana@example.org"}, 409),
    ({"name": "Mair", "language": "fr"}, 422),
]


def test_bad_details_are_refused_and_kept(session: Session, browser: FlaskClient) -> None:
    sign_in_as(browser, "bea")
    for typed, status in REFUSED:
        answer = fill_in(browser, "/members/new", phone="01792 5", **typed)
        assert answer.status_code == status and "01792 5" in answer.text
    assert named(session, "Mair") == []
    assert fill_in(browser, "/members/new", name="Siân 🌼 שלום").status_code == 303


def test_what_is_for_brokers_is_refused_to_members(cast: Cast, browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    assert browser.get("/members/new").status_code == 403
    assert browser.get(f"/members/{cast.ben.member_id}/edit").status_code == 403
    for verb in ("edit", "suspend", "resume", "invite"):
        assert send(browser, f"/members/{cast.ben.member_id}/{verb}", name="Mine", language="en").status_code == 403
    assert send(browser, "/members/new", name="Mair", language="en").status_code == 403


def test_to_another_timebank_nobody_here_exists(cast: Cast, app: Flask) -> None:
    for name in ("cy", "bethan"):
        stranger = sign_in_as(app.test_client(), name)
        for party_id in (cast.ana.member_id, cast.gwalia):
            assert stranger.get(f"/members/{party_id}").status_code == 404
        assert ">Ana<" not in stranger.get("/members").text
    bethan = sign_in_as(app.test_client(), "bethan")
    assert bethan.get(f"/members/{cast.ana.member_id}/edit").status_code == 404
    for verb in ("edit", "suspend", "resume", "invite"):
        assert send(bethan, f"/members/{cast.ana.member_id}/{verb}", name="Mine", language="en").status_code == 404


def invitation_in(text: str) -> str:
    found = re.search(r"https?://[^<\s]+/invitation/[^<\s]+", text)
    return found[0] if found else ""


def test_an_invitation_is_shown_once_and_opens(cast: Cast, app: Flask) -> None:
    bea = sign_in_as(app.test_client(), "bea")
    answer = send(bea, f"/members/{cast.ben.member_id}/invite")
    link = invitation_in(answer.text)
    assert answer.status_code == 200 and link
    assert app.test_client().get(link).status_code == 200
    assert invitation_in(bea.get(f"/members/{cast.ben.member_id}").text) == ""
    assert send(bea, f"/members/{cast.olwen.member_id}/invite").status_code == 409


def test_a_broker_corrects_details_and_gives_an_address(session: Session, cast: Cast, browser: FlaskClient) -> None:
    address = f"/members/{cast.olwen.member_id}/edit"
    answer = fill_in(sign_in_as(browser, "bea"), address, name="Olwen Rees", email="olwen@example.org")
    assert answer.status_code == 303
    session.rollback()
    assert session.get_one(Person, cast.olwen.person_id).email == "olwen@example.org"
    taken = fill_in(browser, address, name="Olwen Else", email="ana@example.org")
    assert taken.status_code == 409 and "Olwen Else" in taken.text
    assert named(session, "Olwen Rees") and not named(session, "Olwen Else")


def test_somebody_changes_their_own_details(session: Session, cast: Cast, browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    answer = fill_in(browser, "/me", name="Ana Ferreira", phone="01792 9", language="cy", about="Pobi\nbara")
    assert answer.status_code == 303
    (ana,) = named(session, "Ana Ferreira")
    assert ana.id == cast.ana.member_id
    assert '<html lang="cy"' in browser.get("/me").text
    assert fill_in(browser, "/me", name=" ").status_code == 422
    assert named(session, "Ana Ferreira")


def test_who_is_paused_changes_nothing(cast: Cast, app: Flask) -> None:
    ana, bea = sign_in_as(app.test_client(), "ana"), sign_in_as(app.test_client(), "bea")
    send(bea, f"/members/{cast.ana.member_id}/suspend")
    assert send(ana, "/me", name="Ana", language="en").status_code == 403


def test_everybody_has_details_and_a_page(cast: Cast, app: Flask) -> None:
    for name in ("ana", "bea", "bryn", "dewi", "awen", "cy"):
        browser = sign_in_as(app.test_client(), name)
        assert browser.get("/me").status_code == 200
        assert browser.get(f"/members/{cast.standings[name].member_id}").status_code == 200
