"""Tokens of programs, and what they open."""

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.browsing import app_on, fill_in, forms_of, send, sign_in_as
from tests.cast import Cast
from timebank.access.actions import end_token, make_token
from timebank.access.rules import NoSuchToken, digest_of
from timebank.access.tables import ApiToken
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.members.actions import suspend
from timebank.members.queries import standing_of
from timebank.members.rules import AccessSuspended, check_active
from timebank.members.tables import Party, Status
from timebank.web.session import action, me

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture
def app(engine: Engine) -> Flask:
    return app_on(engine, with_a_small_api)


def with_a_small_api(app: Flask) -> None:
    """As any blueprint under /api is one."""
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.get("/me")
    def who() -> dict[str, str]:
        return {"name": me().name, "timebank": me().timebank.name}

    @api.post("/acts")
    def acts() -> dict[str, str]:
        with action():
            check_active(me().standing)
        return {}

    app.register_blueprint(api)


@pytest.fixture
def token(cast: Cast, session: Session) -> str:
    with unit_of_work(session):
        return make_token(session, by=cast.ana, name="A program", at=now())[1]


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_is_shown_once_and_opens_the_api(browser: FlaskClient, session: Session) -> None:
    made = fill_in(sign_in_as(browser, "ana"), "/tokens", name="My calendar")
    secret = made.text.partition("<code>")[2].partition("</code>")[0]
    assert browser.get("/api/me", headers=bearing(secret)).json == {"name": "Ana", "timebank": "Swansea"}
    assert secret not in browser.get("/tokens").text
    assert session.exec(select(ApiToken.digest)).all() == [digest_of(secret)]


def test_a_program_needs_no_forms_token(app: Flask, token: str) -> None:
    assert app.test_client().post("/api/acts", headers=bearing(token)).status_code == 200


def test_the_cookie_counts_for_nothing_under_api(browser: FlaskClient) -> None:
    sign_in_as(browser, "ana")
    for answer in [browser.get("/api/me"), browser.post("/api/acts")]:
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_counts_for_nothing_on_a_page(app: Flask, token: str) -> None:
    assert app.test_client().get("/tokens", headers=bearing(token)).status_code == 303


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer ", "Bearer nothing", "Basic YW5hOmFuYQ==", "Bearer \xff", "nonsense"]
)
def test_a_made_up_token_opens_nothing(app: Flask, shown: str) -> None:
    assert app.test_client().get("/api/me", headers={"Authorization": shown}).status_code == 401


def test_a_token_that_was_ended_opens_nothing(browser: FlaskClient, token: str) -> None:
    sign_in_as(browser, "ana")
    ending = next(address for address in forms_of(browser.get("/tokens")) if address.endswith("/end"))
    assert send(browser, ending).status_code == 303
    assert "No tokens yet" in browser.get("/tokens").text
    assert browser.get("/api/me", headers=bearing(token)).status_code == 401


def test_a_paused_members_program_can_read_but_not_act(app: Flask, token: str, cast: Cast, session: Session) -> None:
    with unit_of_work(session):
        suspend(session, cast.ana.member_id, broker=cast.bea)
    program = app.test_client()
    assert program.get("/api/me", headers=bearing(token)).status_code == 200
    refused = program.post("/api/acts", headers=bearing(token))
    assert refused.status_code == 403
    assert refused.json is not None
    assert refused.json["reason"] == "access-suspended"
    assert refused.json["detail"] == "Your membership is paused. Please talk to your time broker."


def test_a_program_of_somebody_who_left_opens_nothing(app: Flask, token: str, cast: Cast, session: Session) -> None:
    with unit_of_work(session):
        session.get_one(Party, cast.ana.member_id).status = Status.LEFT
    assert app.test_client().get("/api/me", headers=bearing(token)).status_code == 401


@pytest.mark.usefixtures("token")
def test_nobody_ends_anothers_token(cast: Cast, session: Session) -> None:
    token_id = session.exec(select(ApiToken.id)).one()
    for stranger in [cast.ben, cast.bea, cast.cy]:
        with pytest.raises(NoSuchToken), unit_of_work(session):
            end_token(session, token_id, by=stranger, at=now())


@pytest.mark.usefixtures("token")
def test_a_paused_member_makes_no_token_but_may_end_one(cast: Cast, session: Session) -> None:
    with unit_of_work(session):
        suspend(session, cast.ana.member_id, broker=cast.bea)
    paused = standing_of(session, cast.ana.member_id)
    with pytest.raises(AccessSuspended), unit_of_work(session):
        make_token(session, by=paused, name="Another", at=now())
    with unit_of_work(session):
        end_token(session, session.exec(select(ApiToken.id)).one(), by=paused, at=now())
