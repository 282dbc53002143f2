"""A program that acts as somebody of the cast."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from tests.cast import Cast
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work

Call = Callable[..., TestResponse]


@pytest.fixture
def call(app: Flask, session: Session, cast: Cast) -> Call:
    """`call("ana", "POST", address, **body)`: a program that acts as somebody."""
    tokens: dict[str, str] = {}
    browser: FlaskClient = app.test_client()

    def calls(name: str, method: str, address: str, **body: Any) -> TestResponse:
        if name not in tokens:
            with unit_of_work(session):
                tokens[name] = make_token(session, by=cast.standings[name], name="Test", at=now())[1]
        headers = {"Authorization": f"Bearer {tokens[name]}"}
        return browser.open(address, method=method, headers=headers, json=body if method == "POST" else None)

    return calls
