"""The approval of an exchange, as it is shown to an insurer: on a page to print, and by the API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import Session
from werkzeug.test import TestResponse

from tests.browsing import sign_in_as
from tests.cast import Cast
from tests.exchanges.stage import Stage
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges import agreeing
from timebank.network.actions import decide
from timebank.network.rules import PolicyTerms, RiskRule
from timebank.network.tables import Approval, Place

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    """Visits at home are approved beforehand; nothing else is looked at."""
    terms = PolicyTerms(approval=Approval.NONE, rules=(RiskRule(place=Place.RECEIVERS_HOME),))
    with unit_of_work(session):
        decide(session, cast.timebank_id, terms=terms, after_version=1, by=None, at=MONDAY - timedelta(days=1))
    return Stage(session, cast)


@pytest.fixture
def visit(stage: Stage) -> UUID:
    exchange_id = stage.propose(place=Place.RECEIVERS_HOME)
    stage.agree(exchange_id)
    stage.approve(exchange_id, note="Both are vetted")
    return exchange_id


def test_who_what_when_where_and_under_which_rule(app: Flask, stage: Stage, visit: UUID) -> None:
    stage.report(visit)
    stage.confirm(visit)
    wanted = ["Ana", "Ben", "Baking bread", "At the receiver’s home", "3 Mar 2026, 09:00", "1 h 30", "Bea", "Credited"]
    wanted += ["2 Mar 2026, 09:00", "Both are vetted", "Version 2, decided on 1 Mar 2026", "set aside by entry"]
    for name in ("ana", "bea"):
        browser = sign_in_as(app.test_client(), name)
        assert f"/exchanges/{visit}/approval" in browser.get(f"/exchanges/{visit}").text
        page = browser.get(f"/exchanges/{visit}/approval").text
        assert [said for said in wanted if said not in page] == []
    for name in ("ben", "awen"):  # the other of the two, and the auditor
        assert sign_in_as(app.test_client(), name).get(f"/exchanges/{visit}/approval").status_code == 200
    in_welsh = sign_in_as(app.test_client(), "bryn").get(f"/exchanges/{visit}/approval").text
    assert "Cymeradwywyd ymlaen llaw" in in_welsh and "Yng nghartref y sawl sy&#39;n derbyn" in in_welsh


def test_the_stranger_and_another_member_see_nothing_of_it(app: Flask, visit: UUID) -> None:
    for name in ("cy", "bethan", "dewi"):
        assert sign_in_as(app.test_client(), name).get(f"/exchanges/{visit}/approval").status_code == 404


def test_without_an_approval_there_is_nothing_to_print(app: Flask, stage: Stage) -> None:
    exchange_id = stage.propose()
    stage.agree(exchange_id)
    browser = sign_in_as(app.test_client(), "ana")
    assert "/approval" not in browser.get(f"/exchanges/{exchange_id}").text
    assert browser.get(f"/exchanges/{exchange_id}/approval").status_code == 404


def test_another_time_than_was_approved_is_not_approved(app: Flask, stage: Stage, visit: UUID) -> None:
    said: dict[str, Any] = {"at": MONDAY + timedelta(hours=1)}
    later = {"planned_for": MONDAY + timedelta(days=9), "planned_seconds": 3600}
    with unit_of_work(stage.session) as session:
        agreeing.suggest(session, visit, by=stage.cast.ben, **said, **later)
    browser = sign_in_as(app.test_client(), "ana")
    assert browser.get(f"/exchanges/{visit}/approval").status_code == 200
    with unit_of_work(stage.session) as session:
        agreeing.agree(session, visit, by=stage.cast.ana, **said)
    assert browser.get(f"/exchanges/{visit}/approval").status_code == 404
    stage.approve(visit, at=MONDAY + timedelta(hours=2))
    assert "2 Mar 2026, 11:00" in browser.get(f"/exchanges/{visit}/approval").text


def test_the_api_says_the_same(app: Flask, stage: Stage, visit: UUID) -> None:
    tokens = {}
    for name in ("ana", "cy"):
        with unit_of_work(stage.session):
            tokens[name] = make_token(stage.session, by=stage.cast.standings[name], name="Test", at=now())[1]
    address = f"/api/v1/exchanges/{visit}/approval"

    def asks(name: str) -> TestResponse:
        return app.test_client().get(address, headers={"Authorization": f"Bearer {tokens[name]}"})

    said = asks("ana").get_json()
    assert (said["approved_by"], said["seconds"], said["terms"]["rule"]) == ("Bea", 5400, 1)
    assert said["hold_entry"] > 0 and said["terms"]["policy_version"] == 2
    assert asks("cy").status_code == 404
