"""The API of the policy: everybody reads it, and only a broker decides another."""

from typing import Any

from sqlmodel import Session

from tests.api.conftest import Call
from tests.cast import Cast
from timebank.network.queries import policies

POLICY = "/api/v1/policy"
HOME_VISITS = {"place": "receivers_home", "approval": "beforehand", "confirmation": "both", "auto_confirm_days": 7}
TERMS: dict[str, Any] = {
    "granularity_seconds": 900,
    "approval": "none",
    "confirmation": "either",
    "starting_credits": 0,
    "most_received": 36000,
    "talk_after": 18000,
    "time_zone": "Europe/London",
    "after_version": 1,
}


def test_a_broker_decides_and_everybody_reads_it(call: Call) -> None:
    sent = call("bea", "POST", POLICY, **TERMS, rules=[HOME_VISITS])
    assert sent.status_code == 200
    for name in ("ana", "dewi", "awen"):
        told = call(name, "GET", POLICY).get_json()
        assert (told["version"], told["approval"], told["floor_seconds"]) == (2, "none", -36000)
        assert told["rules"] == [HOME_VISITS | {"gift_id": None}]
    assert call("cy", "GET", POLICY).get_json()["version"] == 1


def test_rules_that_nobody_speaks_of_stay_and_an_empty_list_removes_them(call: Call) -> None:
    call("bea", "POST", POLICY, **TERMS, rules=[HOME_VISITS])
    kept = call("bea", "POST", POLICY, **TERMS | {"after_version": 2, "approval": "afterwards"}).get_json()
    assert (kept["approval"], len(kept["rules"])) == ("afterwards", 1)
    emptied = call("bea", "POST", POLICY, **TERMS | {"after_version": 3}, rules=[]).get_json()
    assert (emptied["version"], emptied["rules"]) == (4, [])


def test_what_cannot_be_and_who_may_not_is_refused(session: Session, cast: Cast, call: Call) -> None:
    nowhere = {"approval": "none", "confirmation": "both"}
    for rules, status in (([nowhere], 409), ([HOME_VISITS] * 2, 409), ("all", 422), ([7], 422), ([{"place": 1}], 422)):
        assert call("bea", "POST", POLICY, **TERMS, rules=rules).status_code == status, rules
    for name in ("ana", "dewi", "awen", "cy"):
        assert call(name, "POST", POLICY, **TERMS, rules=[]).status_code == 403
    session.rollback()
    assert len(policies(session, cast.timebank_id)) == 1
