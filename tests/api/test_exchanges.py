"""The API of exchanges: the same verbs and refusals as on the pages, as JSON."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.api.conftest import Call
from tests.cast import Cast
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.governance.actions import decide
from timebank.network.rules import PolicyTerms, RiskRule
from timebank.network.tables import Approval, Confirmation, Place

EXCHANGES = "/api/v1/exchanges"
YESTERDAY = (now().date() - timedelta(days=1)).isoformat()
TOMORROW = (now().date() + timedelta(days=1)).isoformat()


def log_body(cast: Cast, **changed: Any) -> dict[str, Any]:
    return {
        "direction": "given",
        "party_id": str(cast.ben.member_id),
        "title": "A lift",
        "hours": "1:30",
        "happened_on": YESTERDAY,
    } | changed


def test_an_exchange_goes_from_question_to_credit(baking: UUID, call: Call) -> None:
    begun = call("ben", "POST", EXCHANGES, listing_id=str(baking), note="A loaf?")
    assert begun.status_code == 201, begun.text
    assert begun.json["state"] == "proposed"
    one = EXCHANGES + "/" + begun.json["id"]
    assert [each["verb"] for each in call("ana", "GET", one).json["verbs"]] == ["agree", "suggest", "decline"]
    assert call("ana", "POST", f"{one}/agree", day=TOMORROW, clock="14:30", hours=5400).json["state"] == "agreed"
    assert call("bea", "POST", f"{one}/approve").json["state"] == "approved"
    assert call("ana", "POST", f"{one}/report", hours="1.5", happened_on=YESTERDAY).json["reported_seconds"] == 5400
    assert call("ben", "POST", f"{one}/confirm").json["state"] == "credited"
    statement = call("ana", "GET", "/api/v1/statement").json
    assert statement["balance_seconds"] == 5400
    assert [(line["seconds"], line["other"], line["title"]) for line in statement["lines"]] == [
        (5400, "Ben", "Baking bread")
    ]
    assert [each["id"] for each in call("ben", "GET", f"{EXCHANGES}?is_open=no").json["items"]] == [begun.json["id"]]
    reversed_ = call("bea", "POST", f"{one}/reverse", note="Logged twice")
    assert reversed_.json["state"] == "reversed"
    assert call("ana", "GET", "/api/v1/statement").json["balance_seconds"] == 0


def test_hours_with_several_are_logged_once_with_each_or_with_nobody(cast: Cast, call: Call) -> None:
    address, others = f"{EXCHANGES}/log-several", [str(cast.olwen.member_id), str(cast.bea.member_id)]
    body = log_body(cast, others=others, submission=str(uuid4()))
    refused = call("ana", "POST", address, **body | {"others": [*others, str(cast.ana.member_id)]})
    assert (refused.status_code, refused.json["reason"]) == (409, "with-themselves")
    elsewhere = call("ana", "POST", address, **body | {"others": [str(cast.cy.member_id)]})
    assert (elsewhere.status_code, elsewhere.json["reason"]) == (404, "no-such-member")
    assert call("cy", "POST", address, **body).status_code == 404
    assert call("ana", "POST", address, **body | {"others": ["nobody"]}).status_code == 422
    assert call("ana", "GET", EXCHANGES).json["items"] == []
    for _ in range(2):
        made = call("ana", "POST", address, **body)
        assert made.status_code == 201
        assert {each["receiver_id"] for each in made.json["items"]} == {str(cast.ben.member_id), *others}
    assert len(call("ana", "GET", EXCHANGES).json["items"]) == 3


def test_the_same_submission_logs_once(cast: Cast, call: Call) -> None:
    body = log_body(cast, submission=str(uuid4()))
    first, second = call("ana", "POST", f"{EXCHANGES}/log", **body), call("ana", "POST", f"{EXCHANGES}/log", **body)
    assert first.status_code == second.status_code == 201
    assert first.json["id"] == second.json["id"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("hours", "abc"), ("hours", 0), ("hours", 1.5), ("happened_on", "soon"), ("title", ""), ("title", 3)],
)
def test_what_cannot_be_is_a_problem_that_names_its_field(cast: Cast, call: Call, field: str, value: object) -> None:
    refused = call("ana", "POST", f"{EXCHANGES}/log", **log_body(cast, **{field: value}))
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"
    assert field in str(refused.json["errors"])


@pytest.mark.parametrize("body", ["[" * 200_000, '{"seconds": ' + "9" * 6_000 + "}", "{", "\udcff", "\0", "NaN"])
def test_what_is_no_json_is_a_problem(browser: FlaskClient, session: Session, cast: Cast, body: str) -> None:
    with unit_of_work(session):
        _, secret = make_token(session, by=cast.ana, name="program", at=now())
    answer = browser.post(
        "/api/v1/exchanges/log",
        data=body.encode(errors="surrogateescape"),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


def test_a_refusal_is_a_problem_with_its_reason(cast: Cast, call: Call) -> None:
    made = call("ana", "POST", f"{EXCHANGES}/log", **log_body(cast)).json["id"]
    refused = call("ana", "POST", f"{EXCHANGES}/{made}/confirm")
    assert (refused.status_code, refused.json["reason"]) == (403, "for-the-other")
    call("ben", "POST", f"{EXCHANGES}/{made}/confirm")
    again = call("ben", "POST", f"{EXCHANGES}/{made}/confirm")
    assert (again.status_code, again.json["reason"]) == (409, "moved-on")


def test_a_broker_says_how_they_were_told(cast: Cast, call: Call) -> None:
    olwen = str(cast.olwen.member_id)
    made = call("ana", "POST", f"{EXCHANGES}/log", **log_body(cast, party_id=olwen)).json["id"]
    untold = call("bea", "POST", f"{EXCHANGES}/{made}/confirm", for_party=olwen)
    assert (untold.status_code, untold.json["field"], untold.json["reason"]) == (422, "authority", "not-told-how")
    assert [*untold.json["errors"]["json"]] == ["authority"]
    for wrong in ("guardian", "rumour", 1):
        refused = call("bea", "POST", f"{EXCHANGES}/{made}/confirm", for_party=olwen, authority=wrong)
        assert (refused.status_code, [*refused.json["errors"]["json"]]) == (422, ["authority"])
    for name in ("ben", "cy"):
        assert call(name, "POST", f"{EXCHANGES}/{made}/confirm", authority="phone").status_code == 404
    told = call("bea", "POST", f"{EXCHANGES}/{made}/confirm", for_party=olwen, authority="letter").json
    assert [step["authority"] for step in told["life"]][:2] == [None, "letter"]
    assert told["life"][1]["for_party_id"] == olwen


def test_other_answers_than_yes_and_hours_put_right(cast: Cast, call: Call) -> None:
    one = EXCHANGES + "/" + call("ana", "POST", f"{EXCHANGES}/log", **log_body(cast)).json["id"]
    assert [each["verb"] for each in call("ben", "GET", one).json["verbs"]] == ["confirm", "correct", "dispute"]
    corrected = call("ben", "POST", f"{one}/correct", hours=7200, happened_on=YESTERDAY, seen=1)
    assert (corrected.json["state"], corrected.json["reported_seconds"], corrected.json["steps"]) == (
        "reported",
        7200,
        2,
    )
    stale = call("ana", "POST", f"{one}/confirm", seen=1)
    assert (stale.status_code, stale.json["reason"]) == (409, "changed-meanwhile")
    assert call("ana", "POST", f"{one}/confirm", seen=2).json["state"] == "confirmed"
    call("bea", "POST", f"{one}/approve")
    assert call("ana", "POST", f"{one}/adjust", hours=3600, note="Less").status_code == 403
    adjusted = call("bea", "POST", f"{one}/adjust", hours=3600, happened_on=YESTERDAY, note="Less")
    assert (adjusted.json["state"], adjusted.json["credited_seconds"]) == ("credited", 3600)
    assert [line["seconds"] for line in call("ana", "GET", "/api/v1/statement").json["lines"]] == [3600, -7200, 7200]
    for name in ("cy", "bethan"):
        for verb in ("suggest", "keep", "correct", "adjust"):
            said = {"hours": 3600, "happened_on": YESTERDAY, "day": TOMORROW, "clock": "9:00", "note": "x"}
            schema = {"suggest": ("day", "clock", "hours"), "correct": ("hours", "happened_on")}.get(verb, ("note",))
            body = {field: said[field] for field in schema} | ({"hours": 1800} if verb == "adjust" else {})
            assert call(name, "POST", f"{one}/{verb}", **body).status_code == 404


def test_another_time_is_suggested_and_agreed_to(cast: Cast, call: Call, baking: UUID) -> None:
    one = EXCHANGES + "/" + call("ben", "POST", EXCHANGES, listing_id=str(baking)).json["id"]
    nothing = call("ana", "POST", f"{one}/agree")
    assert (nothing.status_code, nothing.json["reason"]) == (409, "no-time-yet")
    suggested = call("ana", "POST", f"{one}/suggest", day=TOMORROW, clock="14:30", hours=5400)
    assert (suggested.json["state"], suggested.json["suggester_id"]) == ("proposed", str(cast.ana.member_id))
    assert call("ana", "POST", f"{one}/agree").status_code == 403
    agreed = call("ben", "POST", f"{one}/agree")
    assert (agreed.json["state"], agreed.json["planned_seconds"]) == ("agreed", 5400)


def test_another_timebanks_programs_find_nothing(cast: Cast, call: Call) -> None:
    made = call("ana", "POST", f"{EXCHANGES}/log", **log_body(cast)).json["id"]
    for name in ("cy", "bethan"):
        assert call(name, "GET", EXCHANGES + "/" + made).status_code == 404
        assert call(name, "POST", f"{EXCHANGES}/{made}/approve").status_code == 404
        assert call(name, "GET", f"/api/v1/statement?of={cast.ana.member_id}").status_code == 404


def test_nobody_calls_without_a_token(browser: FlaskClient, cast: Cast) -> None:  # noqa: ARG001
    for address in (EXCHANGES, "/api/v1/statement"):
        assert browser.get(address).status_code == 401
    assert browser.post(f"{EXCHANGES}/log", json={}).status_code == 401


def test_the_description_names_every_verb(app: Flask, call: Call) -> None:
    described = call("ana", "GET", "/api/v1/openapi.json").json
    assert described["openapi"].startswith("3.1")
    for verb in (
        "agree",
        "suggest",
        "approve",
        "report",
        "correct",
        "confirm",
        "dispute",
        "settle",
        "adjust",
        "reverse",
    ):
        assert f"/api/v1/exchanges/{{exchange_id}}/{verb}" in described["paths"]
    assert (
        len(described["paths"])
        == len({rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}) - 1
    )


def test_an_exchange_says_where_it_is_and_which_rule_applies(session: Session, cast: Cast, call: Call) -> None:
    terms = PolicyTerms(rules=(RiskRule(place=Place.REMOTE, approval=Approval.NONE, confirmation=Confirmation.GIVER),))
    with unit_of_work(session):
        decide(session, terms=terms, after_version=1, broker=cast.bea, at=now())
    general = call("ana", "POST", f"{EXCHANGES}/log", **log_body(cast)).json
    by_risk = call("ana", "POST", f"{EXCHANGES}/log", **log_body(cast, place="remote")).json
    assert (general["place"], general["state"], general["terms"]["rule"]) == (None, "reported", None)
    assert (by_risk["place"], by_risk["state"], by_risk["terms"]["rule"]) == ("remote", "credited", 1)
    assert by_risk["terms"]["policy_version"] == 2 and by_risk["terms"]["confirmation"] == "giver"
    assert call("ana", "POST", f"{EXCHANGES}/log", **log_body(cast, place="the moon")).status_code == 422


def test_a_program_finds_people_by_the_beginning_of_their_names(cast: Cast, call: Call) -> None:
    found = call("ben", "GET", "/api/v1/members?q=olw").json
    assert found == {"items": [{"id": str(cast.olwen.member_id), "name": "Olwen", "area": ""}]}
    assert (
        call("cy", "GET", "/api/v1/members?q=olw").json == call("ben", "GET", "/api/v1/members").json == {"items": []}
    )
