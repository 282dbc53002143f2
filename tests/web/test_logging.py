"""Logging hours in few presses: choices beside boxes, the same as last time, several at once, nothing typed is lost."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from ledger import Busy
from tests.browsing import fill_in, form_of, forms_of, sign_in_as
from tests.cast import LONG_AGO, Cast
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges import reporting
from timebank.exchanges.tables import Exchange
from timebank.listings import actions as listings
from timebank.listings.tables import Side
from timebank.members.actions import name_gift

TODAY = now().date()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()
LOG = {"direction": "given", "title": "Shopping in town", "party_id_name": "Ana", "hours_quick": "1 h 30"}


@pytest.fixture
def ben(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001 - who signs in must be there
    return sign_in_as(app.test_client(), "ben")


def logged(session: Session) -> list[Exchange]:
    session.rollback()
    return [*session.exec(select(Exchange).order_by(col(Exchange.begun_at), col(Exchange.id))).all()]


def test_a_choice_is_as_good_as_a_word_and_a_word_counts_more(ben: FlaskClient, session: Session) -> None:
    assert fill_in(ben, "/exchanges/log", **LOG).status_code == 303
    assert fill_in(ben, "/exchanges/log", **LOG, hours="0:45", happened_on=YESTERDAY).status_code == 303
    said = {(each.reported_seconds, f"{each.happened_on}") for each in logged(session)}
    assert said == {(5400, f"{TODAY}"), (2700, YESTERDAY)}


def test_neither_chosen_nor_typed_is_refused_and_a_choice_is_kept(ben: FlaskClient, session: Session) -> None:
    refused = fill_in(ben, "/exchanges/log", **{**LOG, "hours_quick": "", "happened_on_quick": YESTERDAY})
    assert refused.status_code == 422
    assert 'id="hours-error"' in refused.text
    assert form_of(refused, "/exchanges/log")["happened_on_quick"] == YESTERDAY
    assert logged(session) == []


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        *((words, True) for words in ["Shopping", "siopa i Mair", "shoping", "shop", "SHOPPING for bread"]),
        *((words, False) for words in ["A walk", "sho", "Shopping, and gardening", "a"]),
    ],
)
def test_words_find_the_kind_of_help_that_they_name_and_stay_words_where_it_is_not_sure(
    ben: FlaskClient, cast: Cast, session: Session, words: str, is_found: bool
) -> None:
    with unit_of_work(session) as opened:
        kind = name_gift(opened, cast.timebank_id, name_en="Shopping", name_cy="Siopa").id
        name_gift(opened, cast.timebank_id, name_en="Gardening", name_cy="Garddio")
        name_gift(opened, cast.other_timebank_id, name_en="Walk", name_cy="Cerdded")
    answer = fill_in(ben, "/exchanges/log", **{**LOG, "title": words})
    (exchange,) = logged(session)
    assert exchange.gift_id == (kind if is_found else None)
    assert ("Kind of help: Shopping." in ben.get(answer.location).text) is is_found


def test_the_same_as_last_time_is_one_press_and_the_button(ben: FlaskClient, cast: Cast, session: Session) -> None:
    fill_in(ben, "/exchanges/log", **LOG, happened_on=YESTERDAY)
    (first,) = logged(session)
    again = f"/exchanges/log?like={first.id}"
    assert again in ben.get("/exchanges/log").text
    assert again in ben.get(f"/exchanges/{first.id}").text
    assert ben.post("/exchanges/log", data=form_of(ben.get(again), "/exchanges/log")).status_code == 303
    _, second = logged(session)
    assert (second.giver_id, second.receiver_id) == (cast.ben.member_id, cast.ana.member_id)
    assert (second.title, second.reported_seconds, second.happened_on) == ("Shopping in town", 5400, TODAY)


def test_nobody_begins_with_hours_that_they_may_not_see(app: Flask, ben: FlaskClient, session: Session) -> None:
    fill_in(ben, "/exchanges/log", **LOG)
    (first,) = logged(session)
    for name in ("cy", "olwen"):
        if name == "cy":
            assert sign_in_as(app.test_client(), name).get(f"/exchanges/log?like={first.id}").status_code == 404
    assert ben.get("/exchanges/log?like=nonsense").status_code == 200


def test_a_log_begins_with_what_is_listed(ben: FlaskClient, cast: Cast, session: Session) -> None:
    with unit_of_work(session) as opened:
        listing_id = listings.post(
            opened,
            side=Side.OFFER,
            party_id=cast.ana.member_id,
            wording=listings.Wording(title="Baking bread"),
            by=cast.ana,
            at=LONG_AGO,
            submission=uuid4(),
        ).id
    drawn = form_of(ben.get(f"/exchanges/log?about={listing_id}"), "/exchanges/log")
    assert (drawn["direction"], drawn["party_id"], drawn["title"]) == (
        "received",
        str(cast.ana.member_id),
        "Baking bread",
    )


class TestSeveral:
    """Ben helped Ana, Olwen and Bea, an hour and a half each."""

    def test_each_is_an_exchange_of_its_own_and_sent_twice_they_are_logged_once(
        self, ben: FlaskClient, cast: Cast, session: Session
    ) -> None:
        typed = {**form_of(ben.get("/exchanges/log"), "/exchanges/log"), **LOG, "others_name": "Olwen, bea, ana"}
        for _ in range(2):
            answer = ben.post("/exchanges/log", data=typed)
            assert answer.location == "/exchanges", answer.text
        assert "Logged with 3 people." in ben.get(answer.location).text
        others = {cast.ana.member_id, cast.olwen.member_id, cast.bea.member_id}
        assert {each.receiver_id for each in logged(session)} == others
        assert {(each.giver_id, each.reported_seconds) for each in logged(session)} == {(cast.ben.member_id, 5400)}

    @pytest.mark.parametrize("others", ["Olwen, Zzz", "Olwen, Ben", "Cy", ", ".join(["x"] * 300)])
    def test_all_are_logged_or_none(self, ben: FlaskClient, session: Session, others: str) -> None:
        refused = fill_in(ben, "/exchanges/log", **LOG, others_name=others)
        assert refused.status_code in {409, 422}
        assert "Shopping in town" in refused.text
        assert logged(session) == []


def test_what_was_typed_stands_on_the_page_that_says_that_nothing_can_be_written_down(
    ben: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> UUID:
        raise Busy

    typed = {**form_of(ben.get("/exchanges/log"), "/exchanges/log"), **LOG, "note": "Rain\nand wind"}
    with monkeypatch.context() as for_a_while:
        for_a_while.setattr(reporting, "log", busy)
        answer = ben.post("/exchanges/log", data=typed)
    assert answer.status_code == 503
    kept = forms_of(answer)["/exchanges/log"]
    assert {name: kept[name] for name in typed} | {"csrf_token": ""} == typed | {"csrf_token": ""}
    assert ben.post("/exchanges/log", data=kept).status_code == 303
    assert ben.post("/exchanges/log", data=kept).status_code == 303
    assert len(logged(session)) == 1
