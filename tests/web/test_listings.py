"""The pages of offers and requests."""

from urllib.parse import quote_plus
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.listings.actions import Wording, post
from timebank.listings.rules import times_from
from timebank.listings.tables import Listing, ListingStatus, Side
from timebank.members.rules import Standing
from timebank.web.paging import name_in, place_in, token_of

pytestmark = pytest.mark.usefixtures("cast")

NEW = "/listings/new?side=request"
NOBODY = "00000000-0000-4000-8000-000000000000"


def listed(session: Session, by: Standing, title: str, side: Side = Side.REQUEST, times: int = 0) -> UUID:
    wording = Wording(title=title, times=times)
    with unit_of_work(session):
        return post(
            session, side=side, party_id=by.member_id, wording=wording, by=by, at=LONG_AGO, submission=uuid4()
        ).id


def all_listings(session: Session) -> list[Listing]:
    session.rollback()
    return [*session.exec(select(Listing)).all()]


def test_somebody_asks_and_it_stands_on_the_list(session: Session, cast: Cast, browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    sent = fill_in(browser, NEW, title="A lift to the clinic", details="Half past ten", times=["0", "20"])
    assert sent.status_code == 303
    (listing,) = all_listings(session)
    assert (listing.side, listing.party_id, listing.times) == (Side.REQUEST, cast.ana.member_id, times_from([0, 20]))
    assert "A lift to the clinic" in browser.get("/listings?side=request&q=CLINIC").text
    assert "A lift to the clinic" not in browser.get("/listings?side=offer").text


def test_a_form_sent_twice_lists_once(session: Session, browser: FlaskClient) -> None:
    drawn = form_of(sign_in_as(browser, "ana").get("/listings/new?side=offer"), "/listings/new")
    sent = [browser.post("/listings/new", data={**drawn, "title": "Bread"}) for _ in range(2)]
    assert sent[0].location == sent[1].location
    assert [listing.side for listing in all_listings(session)] == [Side.OFFER]


def test_a_listing_without_a_title_is_drawn_again_with_what_was_typed(browser: FlaskClient) -> None:
    answer = fill_in(sign_in_as(browser, "ana"), NEW, details="Half past ten", times=["4"])
    assert answer.status_code == 422
    assert "Half past ten" in answer.text and 'value="4" checked' in answer.text
    assert 'href="#title"' in answer.text


def test_any_text_is_kept_or_refused(session: Session, browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    for refused in ("a\u202eb", "a\0b", "x" * 121, "x" * 1_000_000):
        assert fill_in(browser, NEW, title=refused).status_code == 422
    for kept in ("Pobi 🍞 🏳️‍🌈", "خبز"):
        assert fill_in(browser, NEW, title=kept).status_code == 303
    assert {listing.title for listing in all_listings(session)} == {"Pobi 🍞 🏳️‍🌈", "خبز"}


def test_half_a_character_and_too_much_are_no_accident(browser: FlaskClient) -> None:
    drawn = form_of(sign_in_as(browser, "ana").get(NEW), "/listings/new")
    half = f"csrf_token={quote_plus(drawn['csrf_token'])}&title=%ED%A0%80"
    sent = browser.post("/listings/new", data=half, content_type="application/x-www-form-urlencoded")
    assert sent.status_code in {303, 422}
    assert browser.post("/listings/new", data={**drawn, "title": "x" * 2_000_000}).status_code == 413


def test_what_no_page_offers_is_refused_beside_its_field(session: Session, browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    for typed in ({"gift_id": "x"}, {"times": ["21"]}, {"times": ["one"]}):
        assert fill_in(browser, NEW, title="Bread", **typed).status_code == 422
    assert "Choose one of the kinds of help" in fill_in(browser, NEW, title="Bread", gift_id=NOBODY).text
    assert all_listings(session) == []


def test_a_broker_asks_for_somebody_who_rang(session: Session, cast: Cast, browser: FlaskClient) -> None:
    address = f"/listings/new?side=request&for={cast.olwen.member_id}"
    page = sign_in_as(browser, "bea").get(address)
    assert "on behalf of: Olwen" in page.text
    assert fill_in(browser, address, title="Company").status_code == 422
    assert fill_in(browser, address, title="Company", authority="phone").status_code == 303
    assert [listing.party_id for listing in all_listings(session)] == [cast.olwen.member_id]


def test_nobody_speaks_for_whom_they_may_not(session: Session, cast: Cast, browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    assert browser.get(f"/listings/new?for={cast.ben.member_id}").status_code == 403
    assert browser.get(f"/listings/new?for={cast.cy.member_id}").status_code == 404
    assert browser.get("/listings/new?for=nonsense").status_code == 404
    assert fill_in(browser, NEW, title="Bread", for_party=str(cast.ben.member_id)).status_code == 403
    assert fill_in(browser, NEW, title="Bread", for_party=str(cast.cy.member_id)).status_code in {403, 404}
    assert all_listings(session) == []


def test_a_delegate_speaks_for_their_organisation_and_an_auditor_for_nobody(
    session: Session, cast: Cast, app: Flask
) -> None:
    assert fill_in(sign_in_as(app.test_client(), "dewi"), NEW, title="A hall").status_code == 303
    assert [listing.party_id for listing in all_listings(session)] == [cast.gwalia]
    assert sign_in_as(app.test_client(), "awen").get(NEW).status_code == 403
    assert sign_in_as(app.test_client(), "bryn").get(NEW).location == "/members"


def test_a_request_shows_its_own_people_and_brokers_who_could_help(session: Session, cast: Cast, app: Flask) -> None:
    offer = listed(session, cast.ben, "Lifts to the clinic", Side.OFFER, times_from([0]))
    request = listed(session, cast.ana, "To the clinic and back", times=times_from([0]))
    for name, sees in {"ana": True, "bea": True, "olwen": None, "ben": False}.items():
        if sees is not None:
            page = sign_in_as(app.test_client(), name).get(f"/listings/{request}").text
            assert ("Both mention: clinic" in page) is sees
            assert (f"/exchanges/ask/{offer}?for={cast.ana.member_id}" in page) is sees


def test_who_reads_anothers_offer_can_ask_and_nothing_else(session: Session, cast: Cast, browser: FlaskClient) -> None:
    offer = listed(session, cast.ben, "Bread", Side.OFFER)
    page = sign_in_as(browser, "ana").get(f"/listings/{offer}").text
    assert f"/exchanges/ask/{offer}" in page and "Ask Ben" in page
    assert "Take it off the list" not in page
    assert browser.get(f"/listings/{offer}/edit").status_code == 403
    assert send(browser, f"/listings/{offer}/close").status_code == 403


def test_a_listing_is_reworded_taken_off_and_put_back(session: Session, cast: Cast, browser: FlaskClient) -> None:
    offer = listed(session, cast.ana, "Bread", Side.OFFER)
    sign_in_as(browser, "ana")
    assert fill_in(browser, f"/listings/{offer}/edit", title="Bara").status_code == 303
    assert send(browser, f"/listings/{offer}/close").status_code == 303
    assert fill_in(browser, f"/listings/{offer}/edit", title="Bread").status_code == 409
    assert [(each.title, each.status) for each in all_listings(session)] == [("Bara", ListingStatus.CLOSED)]
    assert send(browser, f"/listings/{offer}/put-back").status_code == 303
    assert [each.status for each in all_listings(session)] == [ListingStatus.OPEN]


def test_to_another_timebank_none_of_it_exists(session: Session, cast: Cast, browser: FlaskClient) -> None:
    offer = listed(session, cast.ana, "Bread", Side.OFFER)
    sign_in_as(browser, "cy")
    assert "Bread" not in browser.get("/listings").text
    assert browser.get(f"/listings/{offer}").status_code == 404
    assert browser.get(f"/listings/{offer}/edit").status_code == 404
    for verb in ("edit", "close", "put-back"):
        assert send(browser, f"/listings/{offer}/{verb}", title="Mine").status_code == 404


def test_the_list_goes_on_with_more(session: Session, cast: Cast, browser: FlaskClient) -> None:
    for number in range(31):
        listed(session, cast.ana, f"Request-{number:02}")
    sign_in_as(browser, "ben")
    first = browser.get("/listings").text
    onward = next(part for part in first.split('"') if "after=" in part).replace("&amp;", "&")
    second = browser.get(onward).text
    seen = [f"Request-{number:02}" for number in range(31)]
    assert [(title in first) + (title in second) for title in seen] == [1] * 31


def test_a_place_that_makes_no_sense_is_the_first_page(browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    for token in ("nonsense", "ä", "W10", "x" * 5000, "WyIiLDFd", "bnVsbA", "WzEsMl0"):
        assert place_in(token) is None and name_in(token) is None
        assert browser.get("/listings", query_string={"after": token}).status_code == 200
        assert browser.get("/members", query_string={"after": token}).status_code == 200


def test_a_place_survives_its_address() -> None:
    number = uuid4()
    assert place_in(token_of((LONG_AGO, number))) == (LONG_AGO, number)
    assert name_in(token_of(("siân ✿", number))) == ("siân ✿", number)
    assert name_in(token_of(("a\0b", number))) is None
    assert place_in(token_of(("0001-01-01T00:00:00+14:00", number))) is None
    assert token_of(None) == "" and place_in("") is None


def test_an_address_that_no_page_leads_to_is_refused(browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    for asked in ("side=gift", "gift=x", "q=%00", f"q={'x' * 5000}"):
        assert browser.get(f"/listings?{asked}").status_code == 400


def test_an_empty_list_says_what_to_do_first(browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    assert "The list is empty" in browser.get("/listings").text
    assert "Nothing like that is listed" in browser.get("/listings?q=trombone").text
