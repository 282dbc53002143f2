"""The pages of sheets."""

import io
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from tests.browsing import form_of, send, sign_in_as
from tests.cast import Cast
from tests.group_sessions.hall import Hall
from tests.sheets.desk import HOUR, Desk
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges.tables import State
from timebank.group_sessions.tables import Presence
from timebank.network.actions import decide
from timebank.network.rules import PolicyTerms, RiskRule
from timebank.network.tables import Approval, Place
from timebank.sheets.reading import rows_in
from timebank.sheets.tables import EnteredSheet

YESTERDAY = (now() - timedelta(days=1)).strftime("%d/%m/%Y")
COLUMNS = ("happened_on", "giver", "giver_id", "receiver", "receiver_id", "title", "hours")
OTHERWISE = ("line_signed", "line_place", "line_repeats")
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
        ((YESTERDAY, "Anna Who", "", "ben", "", "Shopping", "1"), "Nobody called “Anna Who” takes part here."),
        ((YESTERDAY, "be", "", "Ana", "", "Shopping", "1"), "“be” could be more than one person."),
        ((YESTERDAY, "", "", "Ana", "", "Shopping", "1"), "Say who gave."),
        ((YESTERDAY, "Cy", "", "Ana", "", "Shopping", "1"), "Nobody called “Cy” takes part here."),
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


def sent_file(broker: FlaskClient, content: bytes, act: str = "look", **said: Any) -> TestResponse:
    send(broker, "/language", language="en")
    return send(broker, "/sheets/file", act=act, file=(io.BytesIO(content), "C:/hours/March.csv"), **said)


def csv_of(*lines: tuple[str, ...]) -> bytes:
    head = "Dyddiad;Pwy a roddodd;Pwy a dderbyniodd;Beth;Pa mor hir"
    return "\r\n".join([head, *(";".join(line) for line in lines)]).encode("utf-8-sig")


def test_a_file_is_looked_at_and_posted_from_the_same_bytes(desk: Desk, bryn: FlaskClient) -> None:
    content = csv_of((YESTERDAY, "Ana", "Ben", "=Tea", "1,5"), ("", "Olwen", "Ana", "Lift", "2"))
    looked_at = sent_file(bryn, content)
    assert looked_at.status_code == 200
    assert "Post 2 lines" in looked_at.text
    assert desk.exchanges() == []
    fields = form_of(looked_at, "/sheets/file")
    posted = bryn.post("/sheets/file", data={**fields, "act": "post", "approves": "yes"})
    assert posted.status_code == 303
    (sheet,) = entered(desk)
    assert (sheet.file_name, sheet.digest) == ("March.csv", sha256(content).hexdigest())
    assert [each.state for each in desk.exchanges()] == [State.CREDITED] * 2
    again = sent_file(bryn, content, act="post", repeats="leave_out")
    assert again.status_code == 409
    assert "Bryn entered this already" in again.text
    address = posted.headers["Location"]
    as_csv = bryn.get(f"{address}/receipt.csv").data.decode("utf-8-sig")
    assert sheet.digest in as_csv
    assert "'=Tea" in as_csv, "a spreadsheet must not reckon with it"
    book = load_workbook(io.BytesIO(bryn.get(f"{address}/receipt.xlsx").data))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert {sheet.digest, "1:30", "2:00", "Olwen", "'=Tea"} <= set(cells)


def test_what_is_wrong_in_a_file_is_told_by_line_and_column_and_corrected_in_the_grid(
    desk: Desk, bryn: FlaskClient
) -> None:
    content = csv_of((YESTERDAY, "Ana", "Ben", "Tea", "1"), (YESTERDAY, "Ana", "Nobody", "Te\0a", "long"))
    answer = sent_file(bryn, content, act="post")
    assert answer.status_code == 422
    for said in (
        "Who received: Nobody called “Nobody” takes part",
        "What: Leave out the characters",
        "How long: Say how long",
    ):
        assert said in answer.text
    assert desk.exchanges() == []
    grid = bryn.post("/sheets/file", data={**form_of(answer, "/sheets/file"), "act": "correct"})
    assert 'value="Nobody"' in grid.text
    assert 'action="/sheets/enter"' in grid.text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The first line must name the columns."),
        (b"Dyddiad,Beth", "The first line must name the columns."),
        (b"PK\x03\x04", "This file cannot be read."),
        (b"x" * 450_000, "This file is too large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(bryn: FlaskClient, content: bytes, why: str) -> None:
    answer = sent_file(bryn, content)
    assert answer.status_code == 422
    assert why in answer.text
    assert send(bryn, "/sheets/file", act="post", content="no base64").status_code == 422
    assert "Choose a file." in send(bryn, "/sheets/file").text


def test_files_to_fill_in_are_recognised_when_they_come_back(bryn: FlaskClient) -> None:
    for in_language, first in (("cy", "Dyddiad"), ("en", "Date")):
        for kind in ("csv", "xlsx"):
            content = bryn.get(f"/sheets/template.{in_language}.{kind}").data
            assert rows_in(content) == []
        assert first in bryn.get(f"/sheets/template.{in_language}.csv").text


def test_a_printed_sheet_is_known_by_its_number_and_its_second_entry_needs_saying_so(
    app: Flask, desk: Desk, bryn: FlaskClient
) -> None:
    printed = send(bryn, "/sheets/print", month="2026-11", copies="2", place="Clwb cinio")
    page = bryn.get(printed.headers["Location"]).text
    for said in ("1-B", "2-C", "Tachwedd 2026", "November 2026", "Clwb cinio", "Pwy a roddodd", "Who gave"):
        assert said in page
    assert enter(bryn, SHOPPING, act="post", sheet_number="1b").status_code == 303
    other = (YESTERDAY, "Olwen", "", "Ben", "", "Reading aloud", "1")
    bea = sign_in_as(app.test_client(), "bea")
    assert "Bryn entered this already" in enter(bea, other, sheet_number="1-B").text
    assert enter(bea, other, act="post", sheet_number="1-B").status_code == 409
    assert enter(bea, other, act="post", sheet_number="1-B", is_more="yes").status_code == 303
    assert sorted(each.part for each in entered(desk)) == [1, 2]
    for misread in ("1-C", "3-D", "seven", "0"):
        answer = enter(bea, other, act="post", sheet_number=misread)
        assert answer.status_code == 409
        assert "No sheet was printed here with this number." in answer.text
    stranger = sign_in_as(app.test_client(), "bethan")
    assert stranger.get(printed.headers["Location"]).status_code == 404
    assert sign_in_as(app.test_client(), "ana").get("/sheets/print").status_code == 403


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"month": ""}, "Choose a month."),
        ({"copies": "99"}, "Give a number from 1 to 20."),
        ({"month": "2026-13"}, "Give a day"),
    ],
)
def test_sheets_that_cannot_be_printed_are_refused(bryn: FlaskClient, said: dict[str, str], why: str) -> None:
    send(bryn, "/language", language="en")
    answer = send(bryn, "/sheets/print", **({"month": "2026-11", "copies": "1"} | said))
    assert answer.status_code == 422
    assert why in answer.text


def test_the_sheet_on_which_people_sign_in_is_printed_and_its_register_entered_at_once(
    app: Flask, desk: Desk, session: Session
) -> None:
    hall, cast = Hall(session, desk.cast), desk.cast
    held = hall.announce(starts_at=now() - timedelta(hours=3), at=now() - timedelta(days=2))
    hall.sign_up(held, cast.ben, cast.bea, at=now() - timedelta(days=1))
    ana, ben, bethan = (sign_in_as(app.test_client(), name) for name in ("ana", "ben", "bethan"))
    printed = send(ana, f"/sheets/session/{held}/paper")
    assert send(ana, f"/sheets/session/{held}/paper").headers["Location"] == printed.headers["Location"]
    paper = ana.get(printed.headers["Location"]).text
    assert "1-B" in paper
    assert "Taflen lofnodi" in paper
    bryn = sign_in_as(app.test_client(), "bryn")
    assert "This is the sign-in sheet of a group session." in enter(bryn, SHOPPING, sheet_number="1-B").text
    address = f"/sheets/session/{held}"
    assert 'value="Ben"' in ana.get(address).text, "whoever signed up stands there already"
    assert ben.get(address).status_code == send(ben, f"{address}/paper").status_code == 403
    assert bethan.get(address).status_code == bethan.get(f"{address}/paper").status_code == 404
    lines = {"who": ["Ana", "Ben", "Olwen", "Bea"], "who_id": [""] * 4, "part": ["giver", *["receiver"] * 3]}
    wrong = send(ana, address, act="post", **lines, hours=["2", "0:20", "2", ""])
    assert wrong.status_code == 409
    assert "Line 2: This timebank counts hours in steps of 15 minutes." in wrong.text
    assert hall.presences(held)["Olwen" if "Olwen" in hall.presences(held) else "Ben"] is Presence.COMING
    assert send(ana, address, act="post", **lines, hours=["2", "1:30", "2", ""], others_absent="yes").status_code == 303
    assert hall.presences(held) == {
        "Ana": Presence.CAME,
        "Ben": Presence.CAME,
        "Olwen": Presence.CAME,
        "Bea": Presence.ABSENT,
    }


def test_a_name_on_a_register_that_no_database_could_hold_is_refused_beside_its_line(
    app: Flask, desk: Desk, session: Session
) -> None:
    held = Hall(session, desk.cast).announce(starts_at=now() - timedelta(hours=3), at=now() - timedelta(days=2))
    ana = sign_in_as(app.test_client(), "ana")
    lines = {"who": ["A\0na", "Ben"], "who_id": ["", ""], "part": ["giver", "receiver"], "hours": ["2", "2"]}
    answer = send(ana, f"/sheets/session/{held}", act="post", **lines)
    assert answer.status_code == 422
    assert "Line 1: Leave out the characters that cannot be shown." in answer.text


def test_more_lines_give_room_and_keep_what_was_typed(desk: Desk, bryn: FlaskClient) -> None:
    answer = enter(bryn, (YESTERDAY, "Nobody", "", "Ben", "", "Shopping", "1"), act="more")
    assert answer.status_code == 200
    assert 'value="Nobody"' in answer.text
    assert answer.text.count('name="hours"') == 13
    assert desk.helped() == [] != [HOUR]


def test_the_beginning_of_a_name_is_enough_where_one_person_begins_so(bryn: FlaskClient) -> None:
    looked_at = enter(bryn, (YESTERDAY, "ANA", "", "olw", "", "Shopping", "1"))
    assert looked_at.status_code == 200
    assert "Ana to Olwen" in looked_at.text
    assert enter(bryn, (YESTERDAY, "na", "", "olw", "", "Shopping", "1")).status_code == 422, "Ana has it further on"
    vague = enter(bryn, (YESTERDAY, "ana", "", "olw", "", "Shopping", "1"), (YESTERDAY, "b", "", "olw", "", "Tea", "1"))
    assert vague.text.count("could be more than one person") == 2, "in the list and beside the line"
    assert "Nobody called" not in vague.text


def test_columns_that_are_missing_are_called_as_on_the_page(bryn: FlaskClient) -> None:
    refused = sent_file(bryn, b"Dyddiad,Beth\n1,2\n")
    assert "These are missing: Who gave, Who received, How long." in refused.text


def test_where_it_was_is_said_for_the_whole_sheet_and_the_rule_for_that_place_applies(
    desk: Desk, bryn: FlaskClient
) -> None:
    with unit_of_work(desk.session) as session:
        rules = (RiskRule(place=Place.RECEIVERS_HOME, approval=Approval.AFTERWARDS),)
        terms = PolicyTerms(approval=Approval.NONE, rules=rules)
        decide(session, desk.cast.timebank_id, terms=terms, after_version=1, by=None, at=now() - timedelta(hours=1))
    assert "Waits for a broker to approve it" in enter(bryn, SHOPPING, place="receivers_home").text
    assert enter(bryn, SHOPPING, act="post", place="public").status_code == 303
    (exchange,) = desk.exchanges()
    assert (exchange.place, exchange.state) == (Place.PUBLIC, State.CREDITED)


def test_a_line_says_who_signed_and_where_it_was_if_that_is_otherwise_than_its_sheet(
    desk: Desk, bryn: FlaskClient
) -> None:
    with unit_of_work(desk.session) as session:
        rules = (RiskRule(place=Place.RECEIVERS_HOME, approval=Approval.AFTERWARDS),)
        terms = PolicyTerms(approval=Approval.NONE, rules=rules)
        decide(session, desk.cast.timebank_id, terms=terms, after_version=1, by=None, at=now() - timedelta(hours=1))
    lines = [(*SHOPPING[:6], hours) for hours in ("1", "2", "3")]
    otherwise = dict(zip(OTHERWISE, (["", "giver", ""], ["", "", "receivers_home"], [""] * 3), strict=True))
    looked_at = enter(bryn, *lines, place="public", **otherwise)
    assert looked_at.text.count('<details class="grid__otherwise" open>') == 2
    assert enter(bryn, *lines, act="post", place="public", **otherwise).status_code == 303
    assert [(each.state, each.place) for each in desk.exchanges()] == [
        (State.CREDITED, Place.PUBLIC),
        (State.REPORTED, Place.PUBLIC),
        (State.CONFIRMED, Place.RECEIVERS_HOME),
    ]
    wrong = enter(bryn, *lines, act="post", line_signed=["", "nobody", ""])
    assert (wrong.status_code, "Line 2: " in wrong.text) == (422, True)


def test_of_lines_logged_already_one_is_counted_and_one_left_out(desk: Desk, bryn: FlaskClient) -> None:
    lines = [SHOPPING, (*SHOPPING[:6], "2")]
    enter(bryn, *lines, act="post")
    again = [*lines, (*SHOPPING[:6], "3")]
    assert enter(bryn, *again).text.count("are logged already: Shopping") == 4, "in the list and beside the line"
    looked_at = enter(bryn, *again, line_repeats=["count", "leave_out", ""])
    assert looked_at.status_code == 200
    assert "Left out, as it is logged already." in looked_at.text
    assert "Post 2 lines" in looked_at.text
    assert enter(bryn, *again, act="post", line_repeats=["count", "leave_out", ""]).status_code == 303
    assert [each.reported_seconds for each in desk.exchanges()] == [5400, 5400, 7200, 3 * HOUR]
    whole = enter(bryn, *again, repeats="leave_out")
    assert whole.text.count("Left out, as it is logged already.") == 3
    in_file = sent_file(
        bryn,
        csv_of(*((day, giver, receiver, *rest) for day, giver, _, receiver, _, *rest in again)),
        repeats="leave_out",
    )
    for page in (whole, in_file):
        assert page.status_code == 200
        assert "All lines are logged already: nothing is left to post." in page.text
        assert 'value="post"' not in page.text
    assert "nothing is left to post" not in looked_at.text


def test_of_two_names_on_a_line_a_refusal_says_which_it_means(bryn: FlaskClient) -> None:
    answer = enter(bryn, (YESTERDAY, "B", "", "B", "", "Shopping", "1"))
    for side in ("Who gave", "Who received"):
        assert f"Line 1: {side}: “B” could be more than one person." in answer.text
        assert f'aria-label="Line 1: {side}: Who is meant?"' in answer.text
