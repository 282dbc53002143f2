"""The pages of exchanges: the main job from asking to credit, each way of saying no, and everything that is refused."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import Cast
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges import queries
from timebank.exchanges.tables import Exchange, State, Step, Verb
from timebank.governance.actions import decide
from timebank.members.actions import suspend
from timebank.network.queries import book_of
from timebank.network.rules import PolicyTerms, RiskRule
from timebank.network.tables import Approval, Place

TODAY = now().date()
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
YESTERDAY = (TODAY - timedelta(days=1)).isoformat()


@pytest.fixture
def ana(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001 - who signs in must be there
    return sign_in_as(app.test_client(), "ana")


@pytest.fixture
def ben(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001
    return sign_in_as(app.test_client(), "ben")


@pytest.fixture
def bea(app: Flask, cast: Cast) -> FlaskClient:  # noqa: ARG001
    return sign_in_as(app.test_client(), "bea")


def only_exchange(session: Session) -> Exchange:
    session.rollback()
    return session.exec(select(Exchange)).one()


def steps_of(session: Session, exchange_id: UUID) -> list[Step]:
    session.rollback()
    return [step for step, _, _ in queries.steps(session, exchange_id)]


def test_the_main_job_from_asking_to_credit(
    session: Session, baking: UUID, ana: FlaskClient, ben: FlaskClient, bea: FlaskClient
) -> None:
    assert fill_in(ben, f"/exchanges/ask/{baking}", note="A loaf for Sunday").status_code == 303
    page = f"/exchanges/{only_exchange(session).id}"
    assert "Ben would like to exchange with you" in ana.get("/home").text
    agreed = fill_in(ana, f"{page}/agree", day=TOMORROW, clock="14:30", hours="1:30")
    assert agreed.status_code == 303
    assert "Baking bread" in bea.get("/today").text
    assert send(bea, f"{page}/approve", **{"from": "today"}).location == "/today"
    assert only_exchange(session).state is State.APPROVED
    assert fill_in(ana, f"{page}/report", hours="1 h 30", happened_on=TODAY.isoformat()).status_code == 303
    assert "Confirm 1 h 30, with Ana" in ben.get("/home").text
    assert send(ben, f"{page}/confirm").status_code == 303
    assert only_exchange(session).state is State.CREDITED
    assert "1 h 30" in ana.get("/statement").text
    assert "Baking bread" in ben.get("/statement").text
    assert "Baking bread" not in bea.get("/today").text


def test_hours_are_logged_straight_away_and_the_other_confirms(
    session: Session, cast: Cast, ana: FlaskClient, ben: FlaskClient
) -> None:
    logged = fill_in(
        ben,
        "/exchanges/log",
        direction="received",
        party_id=str(cast.ana.member_id),
        title="A lift",
        hours="45 min",
        happened_on=YESTERDAY,
    )
    assert logged.status_code == 303
    exchange = only_exchange(session)
    assert (exchange.giver_id, exchange.receiver_id) == (cast.ana.member_id, cast.ben.member_id)
    assert send(ana, f"/exchanges/{exchange.id}/confirm").status_code == 303
    assert only_exchange(session).state is State.CONFIRMED


LOG = {"direction": "given", "title": "A lift", "hours": "1", "happened_on": YESTERDAY}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(("hours", typed) for typed in ["0", "-1", "25:00", "abc", "1000000000", "1,333", ""]),
        *(("happened_on", typed) for typed in [TOMORROW, "2024-01-01", "yesterday", "0000-00-00"]),
        *(("party_id", typed) for typed in ["", "abc", "793e0137-06be-4641-932b-e5dcefb319d8"]),
        *(("title", typed) for typed in ["", "a\x00b", "x" * 1000]),
        ("direction", "sideways"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_what_was_typed_is_kept(
    session: Session, cast: Cast, ben: FlaskClient, field: str, typed: str
) -> None:
    said = {**LOG, "party_id": str(cast.ana.member_id), "note": "Kept as I typed it", field: typed}
    refused = fill_in(ben, "/exchanges/log", **said)
    assert refused.status_code in {404, 409, 422}
    if refused.status_code != 404:
        assert f'id="{field}-error"' in refused.text
        assert "Kept as I typed it" in refused.text
    session.rollback()
    assert session.exec(select(Exchange)).all() == []


@pytest.mark.parametrize(
    "title", ["Diolch 🍞🥖", "מיכל עזרה", "Gŵyl y Bont", "<script>alert(1)</script>", "100 %s %(x)s"]
)
def test_words_in_any_script_are_kept(session: Session, cast: Cast, ben: FlaskClient, title: str) -> None:
    assert (
        fill_in(ben, "/exchanges/log", **{**LOG, "party_id": str(cast.ana.member_id), "title": title}).status_code
        == 303
    )
    exchange = only_exchange(session)
    assert exchange.title == title
    assert ben.get(f"/exchanges/{exchange.id}").status_code == 200


def test_a_form_sent_twice_logs_once(session: Session, cast: Cast, ben: FlaskClient) -> None:
    drawn = form_of(ben.get("/exchanges/log"), "/exchanges/log")
    typed = {**drawn, **LOG, "party_id": str(cast.ana.member_id)}
    first, second = ben.post("/exchanges/log", data=typed), ben.post("/exchanges/log", data=typed)
    assert first.location == second.location
    assert only_exchange(session).steps == 1


def test_a_button_pressed_twice_says_so_and_changes_nothing(
    session: Session, cast: Cast, ana: FlaskClient, ben: FlaskClient
) -> None:
    fill_in(ben, "/exchanges/log", **{**LOG, "party_id": str(cast.ana.member_id)})
    page = f"/exchanges/{only_exchange(session).id}"
    send(ana, f"{page}/confirm")
    again = send(ana, f"{page}/confirm")
    assert again.location == page
    assert "confirmed already" in ana.get(page).text
    assert only_exchange(session).state is State.CONFIRMED


def test_another_timebanks_people_find_nothing(app: Flask, session: Session, baking: UUID, ben: FlaskClient) -> None:
    fill_in(ben, f"/exchanges/ask/{baking}")
    page = f"/exchanges/{only_exchange(session).id}"
    for name in ("cy", "bethan"):
        stranger = sign_in_as(app.test_client(), name)
        assert stranger.get(page).status_code == 404
        assert stranger.get(f"/exchanges/ask/{baking}").status_code == 404
        assert send(stranger, f"{page}/approve").status_code == 404
        assert send(stranger, f"{page}/withdraw").status_code == 404


def test_a_member_sees_neither_the_exchanges_nor_the_statements_of_others(
    session: Session, cast: Cast, ana: FlaskClient, ben: FlaskClient
) -> None:
    fill_in(ben, "/exchanges/log", **{**LOG, "party_id": str(cast.bea.member_id)})
    assert ana.get(f"/exchanges/{only_exchange(session).id}").status_code == 404
    assert ana.get(f"/statement?of={cast.ben.member_id}").status_code == 404
    assert ana.get("/today").status_code == 403
    assert ana.get("/report").status_code == 403


def test_brokers_pick_several_rows_and_approve_them_together(
    session: Session, cast: Cast, ana: FlaskClient, ben: FlaskClient, bea: FlaskClient
) -> None:
    for title in ("One", "Two"):
        fill_in(ben, "/exchanges/log", **{**LOG, "party_id": str(cast.ana.member_id), "title": title})
    for each in session.exec(select(Exchange.id)).all():
        send(ana, f"/exchanges/{each}/confirm")
    session.rollback()
    seen = {exchange.title: f"{exchange.id}.{exchange.steps}" for exchange in session.exec(select(Exchange))}
    assert all(f'value="{row}"' in bea.get("/today").text for row in seen.values())
    changed = seen["Two"].replace(".2", ".1")
    picked = [seen["One"], changed, "not-a-number", "1.x", *(f"{uuid4()}.1" for _ in range(80))]
    answer = send(bea, "/today/approve", exchange=picked)
    assert answer.status_code == 303
    assert len(answer.headers["Set-Cookie"]) < 1000, "eighty times the same refusal is said once"
    assert "Two: This was changed in the meantime." in bea.get("/today").text
    assert send(ben, "/today/approve", exchange=[seen["Two"]]).status_code == 403
    session.rollback()
    assert {each.title: each.state for each in session.exec(select(Exchange))} == {
        "One": State.CREDITED,
        "Two": State.CONFIRMED,
    }


def test_a_broker_logs_for_somebody_without_email(session: Session, cast: Cast, bea: FlaskClient) -> None:
    olwen = cast.olwen.member_id
    page = bea.get(f"/exchanges/log?for={olwen}")
    assert "Olwen" in page.text
    said = {**form_of(page, "/exchanges/log"), **LOG, "party_id": str(cast.ana.member_id)}
    untold = bea.post("/exchanges/log", data=said)
    assert untold.status_code == 422
    assert "Say how they told you" in untold.text
    assert bea.post("/exchanges/log", data=said | {"authority": "phone"}).status_code == 303
    exchange = only_exchange(session)
    assert exchange.giver_id == olwen
    assert "By telephone" in bea.get(f"/exchanges/{exchange.id}").text
    assert 'value="phone" checked' in bea.get(f"/exchanges/log?for={olwen}").text  # the same call
    assert 'value="phone" checked' not in bea.get(f"/exchanges/log?for={cast.ben.member_id}").text


def test_a_broker_confirms_for_somebody_who_says_so_in_person(
    session: Session, cast: Cast, ana: FlaskClient, bea: FlaskClient
) -> None:
    send(ana, "/exchanges/log", **LOG, party_id=str(cast.olwen.member_id))
    exchange_id = only_exchange(session).id
    address = f"/exchanges/{exchange_id}/confirm"
    page = bea.get(f"/exchanges/{exchange_id}")
    assert "On behalf of: Olwen" in page.text
    untold = bea.post(address, data=form_of(page, address))
    assert untold.status_code == 422
    assert "Say how they told you" in untold.text
    told = bea.post(address, data={**form_of(untold, address), "authority": "in_person"})
    assert told.status_code == 303
    assert [step.authority for step in steps_of(session, exchange_id) if step.verb is Verb.CONFIRM] == ["in_person"]


def test_a_plain_member_cannot_log_for_another(session: Session, cast: Cast, ben: FlaskClient) -> None:
    said = {**LOG, "party_id": str(cast.ana.member_id), "for_party": str(cast.olwen.member_id)}
    assert send(ben, "/exchanges/log", **said).status_code == 403
    session.rollback()
    assert session.exec(select(Exchange)).all() == []


def test_who_has_nobody_to_speak_for_logs_nothing(app: Flask, cast: Cast, baking: UUID) -> None:  # noqa: ARG001
    auditor, broker = sign_in_as(app.test_client(), "awen"), sign_in_as(app.test_client(), "bryn")
    ask = f"/exchanges/ask/{baking}"
    for address, chooses_at in (("/exchanges/log", "/members"), (ask, f"{ask}/for")):
        assert auditor.get(address).status_code == 403
        chooses = broker.get(address)
        assert (chooses.status_code, chooses.location) == (303, chooses_at)


def test_a_time_that_has_passed_is_refused_beside_the_day(
    session: Session, baking: UUID, ana: FlaskClient, ben: FlaskClient
) -> None:
    fill_in(ben, f"/exchanges/ask/{baking}")
    page = f"/exchanges/{only_exchange(session).id}"
    refused = fill_in(ana, f"{page}/agree", day=YESTERDAY, clock="14:30", hours="1")
    assert refused.status_code == 409
    assert 'id="day-error"' in refused.text
    assert only_exchange(session).state is State.PROPOSED


def test_a_paused_broker_reads_no_more_than_their_own(
    session: Session, cast: Cast, bea: FlaskClient, ben: FlaskClient
) -> None:
    fill_in(ben, "/exchanges/log", **{**LOG, "party_id": str(cast.ana.member_id)})
    page = f"/exchanges/{only_exchange(session).id}"
    assert bea.get(page).status_code == 200
    with unit_of_work(session):
        suspend(session, cast.bea.member_id, broker=cast.bryn)
    assert bea.get(page).status_code == 404
    assert bea.get(f"/statement?of={cast.ben.member_id}").status_code == 404
    assert "ben@example.org" not in bea.get(f"/members/{cast.ben.member_id}").text
    assert bea.get("/today").status_code == 403
    assert bea.get("/home").status_code == 200


def test_both_download_the_proof_of_their_hours_and_nobody_else_does(
    app: Flask, session: Session, cast: Cast, ana: FlaskClient, ben: FlaskClient, bea: FlaskClient
) -> None:
    fill_in(ben, "/exchanges/log", **{**LOG, "party_id": str(cast.ana.member_id)})
    page = f"/exchanges/{only_exchange(session).id}"
    for browser, verb in ((ana, "confirm"), (bea, "approve")):
        send(browser, f"{page}/{verb}")
    assert ana.get(f"{page}/proof").status_code == 404, "nothing is closed yet"
    assert "Proof to check at home" not in ana.get(page).text
    with unit_of_work(session):
        book_of(session, cast.timebank_id).close_period(until=TODAY, at=now(), by=None)
    assert "Proof to check at home" in ana.get(page).text
    for reader in (ana, ben):
        proof = reader.get(f"{page}/proof")
        assert "attachment" in proof.headers["Content-Disposition"]
        assert set(proof.json or {}) >= {"root", "path", "hash"}
        assert "record" not in (proof.json or {}), "it would tell the other's balance"
    assert "record" in (bea.get(f"{page}/proof").json or {})
    assert sign_in_as(app.test_client(), "cy").get(f"{page}/proof").status_code == 404


def test_the_page_says_where_it_is_and_which_rule_applies(session: Session, cast: Cast, app: Flask) -> None:
    ana = sign_in_as(app.test_client(), "ana")
    typed = {"direction": "given", "party_id": str(cast.ben.member_id), "title": "Reading aloud", "hours": "1"}
    sent = fill_in(ana, "/exchanges/log", place="remote", **typed)
    page = ana.get(sent.location).text
    assert "By telephone or online" in page and "The general rules decided on" in page
    rule = RiskRule(place=Place.REMOTE, approval=Approval.NONE)
    with unit_of_work(session):
        decide(session, terms=PolicyTerms(rules=(rule,)), after_version=1, broker=cast.bea, at=now())
    page = ana.get(sent.location).text
    assert "Rule by risk 1 of the rules decided on" in page and "A broker need not look" in page
