"""The pages of sheets."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from tests.browsing import send, sign_in_as
from tests.cast import Cast
from tests.sheets.desk import HOUR, Desk
from timebank.clock import now
from timebank.exchanges.tables import State
from timebank.sheets.tables import EnteredSheet

YESTERDAY = (now() - timedelta(days=1)).strftime("%d/%m/%Y")
COLUMNS = ("happened_on", "giver", "giver_id", "receiver", "receiver_id", "title", "hours")
SHOPPING = (YESTERDAY, "Ana", "", "ben", "", "Shopping", "1:30")


@pytest.fixture
def desk(session: Session, cast: Cast) -> Desk:
    return Desk(session, cast)


@pytest.fixture
def bryn(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001 - who signs in must be there
    return sign_in_as(app.test_client(), "bryn")


def enter(broker: FlaskClient, *lines: tuple[str, ...], act: str = "look", **sheet: Any) -> TestResponse:
    columns: dict[str, Any] = dict(zip(COLUMNS, map(list, zip(*lines, strict=True)), strict=True))
    send(broker, "/language", language="en")
    return send(broker, "/sheets/enter", act=act, **columns, **sheet)


def entered(desk: Desk) -> list[EnteredSheet]:
    desk.session.rollback()
    return [*desk.session.exec(select(EnteredSheet))]


def test_a_sheet_is_typed_in_looked_at_and_posted(desk: Desk, bryn: FlaskClient) -> None:
    lines = [SHOPPING, ("", "Olwen", "", "Ana", "", "Lift to the clinic", "awr a hanner"), ("", "", "", "", "", "", "")]
    looked_at = enter(bryn, *lines)
    assert looked_at.status_code == 200
    assert looked_at.text.count("it was not approved beforehand") == 2
    assert "Post 2 lines" in looked_at.text
    assert desk.exchanges() == [], "a look changes nothing"
    submission = str(uuid4())
    posted = enter(bryn, *lines, act="post", approves="yes", submission=submission)
    assert posted.status_code == 303
    assert (
        enter(bryn, *lines, act="post", approves="yes", submission=submission).headers["Location"]
        == posted.headers["Location"]
    )
    assert [each.state for each in desk.exchanges()] == [State.CREDITED] * 2, "sent twice, posted once"
    assert (desk.hours(desk.cast.ana), desk.hours(desk.cast.ben), desk.hours(desk.cast.olwen)) == (0, -1.5, 1.5)
    receipt = bryn.get(posted.headers["Location"]).text
    assert entered(desk)[0].digest in receipt
    assert "Lift to the clinic" in receipt
    assert "Bryn" in receipt
    desk.prove()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ((YESTERDAY, "Anna Who", "", "ben", "", "Shopping", "1"), "Nobody who takes part is called so."),
        ((YESTERDAY, "be", "", "Ana", "", "Shopping", "1"), "Choose who is meant."),
        ((YESTERDAY, "", "", "Ana", "", "Shopping", "1"), "Say who gave."),
        ((YESTERDAY, "Cy", "", "Ana", "", "Shopping", "1"), "Nobody who takes part is called so."),
        ((YESTERDAY, "Ana", "", "Ana", "", "Shopping", "1"), "Choose somebody else"),
        (("31/02/2026", "Ana", "", "Ben", "", "Shopping", "1"), "Give a day, like 24/11/2026"),
        ((YESTERDAY, "Ana", "", "Ben", "", "", "1"), "Say in a few words what it was."),
        ((YESTERDAY, "Ana", "", "Ben", "", "Shopping", "long"), "Say how long in hours or minutes"),
        ((YESTERDAY, "Ana", "", "Ben", "", "Shopping", "0:20"), "in steps of 15 minutes"),
        ((YESTERDAY, "Ana", "", "Ben", "", "Shop\u202eping", "1"), "Leave out the characters that cannot be shown."),
    ],
)
def test_a_refusal_stands_beside_its_line_and_what_was_typed_is_kept(
    desk: Desk, bryn: FlaskClient, line: tuple[str, ...], why: str
) -> None:
    answer = enter(bryn, SHOPPING, line, act="post")
    assert answer.status_code in {409, 422}
    assert "Line 2: " in answer.text
    assert why in answer.text
    assert 'value="1:30"' in answer.text
    assert desk.exchanges() == []


def test_of_several_who_may_be_meant_one_is_chosen(desk: Desk, bryn: FlaskClient) -> None:
    unclear = (YESTERDAY, "B", "", "Ana", "", "Shopping", "1")
    assert str(desk.cast.ben.member_id) in enter(bryn, unclear).text
    chosen = (YESTERDAY, "B", str(desk.cast.ben.member_id), "Ana", "", "Shopping", "1")
    assert enter(bryn, chosen, act="post").status_code == 303
    assert desk.exchanges()[0].giver_id == desk.cast.ben.member_id
    astray = (YESTERDAY, "B", str(desk.cast.cy.member_id), "Ana", "", "Mending", "2")
    assert enter(bryn, astray, act="post").status_code == 422


def test_hours_logged_already_and_a_sheet_entered_before_are_told_with_their_links(
    desk: Desk, bryn: FlaskClient
) -> None:
    enter(bryn, SHOPPING, act="post")
    again = enter(bryn, SHOPPING)
    assert "are logged already: Shopping" in again.text
    assert f"/exchanges/{desk.exchanges()[0].id}" in again.text
    assert "Bryn entered this already" in again.text
    assert f"/sheets/{entered(desk)[0].id}" in again.text
    assert enter(bryn, SHOPPING, act="post", repeats="count").status_code == 409
    assert enter(bryn, SHOPPING, act="post", repeats="count", is_more="yes").status_code == 303
    assert len(desk.exchanges()) == 2


@pytest.mark.parametrize(("name", "status"), [("ana", 403), ("dewi", 403), ("awen", 403), ("cy", 403), ("bethan", 404)])
def test_only_brokers_of_this_timebank_have_anything_to_do_with_sheets(
    app: Flask, desk: Desk, bryn: FlaskClient, name: str, status: int
) -> None:
    enter(bryn, SHOPPING, act="post")
    stranger = sign_in_as(app.test_client(), name)
    assert stranger.get(f"/sheets/{entered(desk)[0].id}").status_code == status
    if status == 403:
        assert stranger.get("/sheets").status_code == stranger.get("/sheets/enter").status_code == 403
        assert enter(stranger, SHOPPING, act="post").status_code == 403
    else:
        assert enter(stranger, SHOPPING, act="post").status_code == 422, "nobody here is called so"
        assert "Bryn" not in stranger.get("/sheets").text
    assert [each.reported_seconds for each in desk.exchanges()] == [5400]


def test_the_first_line_needs_a_day(bryn: FlaskClient) -> None:
    assert "Line 1: Give a day, like 24/11/2026" in enter(bryn, ("", "Ana", "", "Ben", "", "Shopping", "1")).text


def test_more_lines_give_room_and_keep_what_was_typed(desk: Desk, bryn: FlaskClient) -> None:
    answer = enter(bryn, (YESTERDAY, "Nobody", "", "Ben", "", "Shopping", "1"), act="more")
    assert answer.status_code == 200
    assert 'value="Nobody"' in answer.text
    assert answer.text.count('name="hours"') == 13
    assert desk.helped() == [] != [HOUR]
