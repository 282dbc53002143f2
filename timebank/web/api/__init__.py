"""The JSON API: the same actions and schemas as the pages, for programs that show a bearer token."""

from typing import Any

from flask import Flask
from flask_smorest import Api

from timebank.web.api import (
    afterwords,
    blocks,
    calendar,
    codes,
    concerns,
    exchanges,
    group_sessions,
    guardians,
    letters,
    members,
    messages,
    policy,
    pot,
    sheets,
    statement,
)

ROOMS = (
    afterwords.api,
    blocks.api,
    calendar.api,
    codes.api,
    concerns.api,
    exchanges.api,
    group_sessions.api,
    guardians.api,
    letters.api,
    members.api,
    messages.api,
    policy.api,
    pot.api,
    sheets.api,
    statement.api,
)


def speak_json(app: Flask) -> None:
    """Set up the API and its description at /api/v1/openapi.json."""
    app.config.update(
        API_TITLE="Timebank",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api: Any = Api(
        app,
        spec_kwargs={
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    )
    for room in ROOMS:
        api.register_blueprint(room)
