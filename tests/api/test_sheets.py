"""Sheets that programs enter."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlmodel import Session
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.sheets.desk import Desk
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work


@pytest.fixture
def desk(session: Session, cast: Cast) -> Desk:
    return Desk(session, cast)


def program(app: Flask, desk: Desk, name: str) -> Any:
    """What somebody's program sends, and what it is answered."""
    with unit_of_work(desk.session):
        secret = make_token(desk.session, by=desk.cast.standings[name], name="Test", at=now())[1]
    client, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def enter_lines(*lines: dict[str, Any], **said: Any) -> TestResponse:
        return client.post("/api/v1/sheets", json={"lines": lines, **said}, headers=headers)

    return enter_lines


def test_programs_enter_lines_by_the_same_checks(app: Flask, desk: Desk) -> None:
    bea, ana, bethan = (program(app, desk, name) for name in ("bea", "ana", "bethan"))
    yesterday = (now() - timedelta(days=1)).date().isoformat()
    ben = str(desk.cast.ben.member_id)
    line = {"happened_on": yesterday, "giver": "Ana", "receiver_id": ben, "title": "Tea", "hours": 3600}
    tried = bea(line, line | {"giver": "Nobody"}, dry_run=True, approves=True)
    assert tried.status_code == 200
    assert [each["state"] for each in tried.json["lines"] if not each["errors"]] == ["credited"]
    refused = tried.json["lines"][1]["errors"]
    assert [*refused] == ["giver"]
    assert "Nobody called “Nobody” takes part here." in refused["giver"]
    for wrong, field in (
        ({"giver": "Nobody"}, "giver"),
        ({"hours": 60}, "hours"),
        ({"receiver_id": str(desk.cast.cy.member_id)}, "receiver"),
        ({"happened_on": "soon"}, "happened_on"),
        ({"signed": "nobody"}, "signed"),
    ):
        refused = bea(line, line | {"title": "Lift"} | wrong)
        assert refused.status_code == 422
        assert refused.content_type == "application/problem+json"
        assert [*refused.json["errors"]["json"]["lines"]["1"]] == [field], wrong
    assert desk.exchanges() == []
    submission = str(uuid4())
    entered_now = [bea(line, approves=True, submission=submission) for _ in range(2)]
    assert [each.status_code for each in entered_now] == [201, 201]
    assert entered_now[0].json == entered_now[1].json
    assert entered_now[0].json["lines"][0]["state"] == "credited"
    assert bea(line).status_code == 409
    tried = bea(line, line | {"title": "Lift", "hours": 7200, "signed": "giver"}, dry_run=True, repeats="leave_out")
    left_out, new = tried.json["lines"]
    assert (left_out["is_left_out"], left_out["errors"], new["state"]) == (True, {}, "reported")
    assert left_out["exchange_id"] == str(desk.exchanges()[0].id)
    assert ana(line).status_code == 403
    assert bethan(line).status_code == 422, "there is nobody called so"
    assert bea().status_code == 422
    assert bea(line | {"title": "Lift"}, sheet_number="seven").status_code == 409
    assert len(desk.exchanges()) == 1
