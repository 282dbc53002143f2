"""The pages and the API of blocks."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.browsing import fill_in, send, sign_in_as
from tests.cast import Cast
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work


@pytest.fixture
def ana(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001 - who signs in must be there
    return sign_in_as(app.test_client(), "ana")


def test_somebody_is_blocked_quietly_and_it_is_undone(app: Flask, baking: UUID, cast: Cast, ana: FlaskClient) -> None:
    page_of_ben, page_of_ana = f"/members/{cast.ben.member_id}", f"/members/{cast.ana.member_id}"
    assert fill_in(ana, f"{page_of_ben}/block").status_code == 303
    assert "You have blocked Ben. They do not know." in ana.get(page_of_ben).text
    assert page_of_ben in ana.get("/me").text
    ben = sign_in_as(app.test_client(), "ben")
    refused = fill_in(ben, f"/exchanges/ask/{baking}", note="A loaf?")
    assert refused.status_code == 409
    assert "That cannot be arranged with Ana here." in refused.text
    assert "A loaf?" in refused.text
    for reader in (ben, sign_in_as(app.test_client(), "awen")):
        for address in (page_of_ana, page_of_ben, "/members"):
            text = reader.get(address).text
            assert "You have blocked" not in text
            assert "Not to be matched" not in text
    bryn = sign_in_as(app.test_client(), "bryn")
    assert fill_in(bryn, "/language", language="en").status_code == 303
    assert "Not to be matched with: Ben." in bryn.get(page_of_ana).text
    assert send(ana, f"{page_of_ben}/unblock").status_code == 303
    assert "You have blocked" not in ana.get(page_of_ben).text
    assert fill_in(ben, f"/exchanges/ask/{baking}", note="A loaf?").status_code == 303


@pytest.mark.parametrize("verb", ["block", "unblock"])
def test_nobody_blocks_a_stranger_or_for_a_stranger(app: Flask, cast: Cast, ana: FlaskClient, verb: str) -> None:
    assert send(ana, f"/members/{cast.cy.member_id}/{verb}").status_code == 404
    cy = sign_in_as(app.test_client(), "cy")
    assert send(cy, f"/members/{cast.ana.member_id}/{verb}").status_code == 404
    for_olwen = {"for_party": str(cast.olwen.member_id)}
    assert send(ana, f"/members/{cast.ben.member_id}/{verb}", **for_olwen).status_code == 403


def test_who_speaks_for_nobody_has_nobody_to_block(app: Flask, cast: Cast) -> None:
    awen = sign_in_as(app.test_client(), "awen")
    page_of_ana = f"/members/{cast.ana.member_id}"
    assert f"{page_of_ana}/block" not in awen.get(page_of_ana).text
    assert send(awen, f"{page_of_ana}/block").status_code == 403


def test_a_program_blocks_and_unblocks(session: Session, cast: Cast, browser: FlaskClient) -> None:
    def headers(who: Any) -> dict[str, str]:
        with unit_of_work(session):
            _, secret = make_token(session, by=who, name="program", at=now())
        return {"Authorization": f"Bearer {secret}"}

    ana, cy, address = headers(cast.ana), headers(cast.cy), f"/api/v1/members/{cast.ben.member_id}"
    assert browser.post(f"{address}/block", headers=ana).status_code == 204
    assert browser.get("/api/v1/blocks", headers=ana).json == {
        "items": [{"party_id": str(cast.ben.member_id), "name": "Ben"}]
    }
    assert browser.get("/api/v1/blocks", headers=headers(cast.ben)).json == {"items": []}
    assert browser.post(f"{address}/block", headers=cy).status_code == 404
    refused = browser.post(
        "/api/v1/exchanges/log",
        headers=headers(cast.ben),
        json={
            "direction": "given",
            "party_id": str(cast.ana.member_id),
            "title": "A lift",
            "hours": "1",
            "happened_on": now().date().isoformat(),
        },
    )
    assert (refused.status_code, refused.json["reason"]) == (409, "cannot-be-arranged")
    assert browser.post(f"{address}/unblock", headers=ana).status_code == 204
    assert browser.get("/api/v1/blocks", headers=ana).json == {"items": []}
