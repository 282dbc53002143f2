"""Forms: drawn, sent, drawn again with what was typed, and sent twice."""

from uuid import UUID

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine

from tests.browsing import app_on, form_of, forms_of, send, sign_in_as
from timebank.access.actions import count_attempt, forget_attempts
from timebank.access.queries import attempts_until
from timebank.clock import now
from timebank.errors import NotFound, RuleBroken
from timebank.web.forms import Form, asked
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Hours, Id, Many, Text, Whole
from timebank.web.session import action, database, done

pytestmark = pytest.mark.usefixtures("cast")


class Tune(Schema):
    title = Text(required=True, most=20)
    seconds = Hours(required=True)
    tags = Many(Text(most=10))
    verses = Whole(least=1, most=99)


class Wanted(Schema):
    after = Id()


class AlreadySung(RuleBroken):
    sentence = "Somebody sang %(title)s."
    field = "title"


class Hoarse(RuleBroken):
    sentence = "Nobody can sing now."


class NoSuchSinger(NotFound):
    sentence = "There is no such singer."
    field = "singer_id"


REFUSED = {"Again": AlreadySung(title="it"), "Hoarse": Hoarse(), "Stranger": NoSuchSinger()}

PAGE = """{% extends "layout.html" %}{% import "parts/forms.html" as forms %}{% block title %}Sing{% endblock %}
{% block main %}{{ forms.errors(errors) }}{% call forms.form("/sing", fields={"submission": form.submission}) %}
{{ forms.text("title", "Title", form.values.title, error=form.errors.title) }}
{{ forms.hours("seconds", value=form.values.seconds, error=form.errors.seconds) }}
{{ forms.text("verses", "Verses", form.values.verses, error=form.errors.verses) }}
{{ forms.checkboxes("tags", "Tags", [("slow", "Slow"), ("sad", "Sad")], values=form.values.tags) }}
{{ forms.buttons("Sing") }}{% endcall %}{% endblock %}"""


@pytest.fixture
def app(engine: Engine) -> Flask:
    return app_on(engine, with_songs)


def with_songs(app: Flask) -> None:
    """A form that stores nothing but a count."""
    app.jinja_env.from_string(PAGE)

    @app.route("/sing", methods=["GET", "POST"])
    def sing() -> ResponseReturnValue:
        form = Form(Tune, {"verses": "4"})
        if (said := form.read()) is not None:
            with form.action() as session:
                count_attempt(session, "songs", lasting=now() - now().replace(year=2000), at=now())
                if said["title"] in REFUSED:
                    raise REFUSED[said["title"]]
            if form.is_done:
                return done(f"Sung: {said} as {form.submission}", "/tokens")
        return render_template_string(PAGE, form=form, errors=form.errors), form.status

    @app.get("/songs")
    def songs() -> str:
        return f"{attempts_until(database(), 'songs', now())[0]} after {asked(Wanted)['after']}"


@pytest.fixture
def singing(browser: FlaskClient) -> FlaskClient:
    return sign_in_as(browser, "ana")


def test_a_form_is_drawn_with_what_is_known_already(singing: FlaskClient) -> None:
    drawn = form_of(singing.get("/sing"), "/sing")
    assert drawn["verses"] == "4"
    assert drawn["title"] == ""
    assert UUID(drawn["submission"])


def test_a_form_that_is_sent_well_is_done_once_and_says_so(singing: FlaskClient) -> None:
    answer = send(singing, "/sing", title=" Ar  Lan y Môr", seconds="3 min", tags=["slow", "sad"], verses="")
    assert (answer.status_code, answer.location) == (303, "/tokens")
    said = singing.get("/tokens").text
    assert "Ar Lan y Môr" in said
    assert "180" in said
    assert "slow" in said
    assert singing.get("/songs").text == "1 after None"


def test_a_form_with_errors_is_drawn_again_with_all_that_was_typed(singing: FlaskClient) -> None:
    answer = send(singing, "/sing", title="x" * 21, seconds="soon", tags=["sad"], verses="many")
    assert answer.status_code == 422
    drawn = form_of(answer, "/sing")
    assert (drawn["title"], drawn["seconds"], drawn["verses"], drawn["tags"]) == ("x" * 21, "soon", "many", "sad")
    page = answer.text
    assert "<title>Error: Sing" in page
    assert page.index("Use 20 characters at most.") < page.index("Say how long") < page.index("Give a whole number.")
    assert singing.get("/songs").text == "0 after None"


def test_a_form_keeps_its_number_however_often_it_is_drawn(singing: FlaskClient) -> None:
    number = "6f1c0f0e-3a44-4d7e-9d4f-0d4f4b1f2a10"
    assert form_of(send(singing, "/sing", title="", submission=number), "/sing")["submission"] == number
    for nonsense in ["", "nonsense", "x" * 10_000, "\0"]:
        drawn = form_of(send(singing, "/sing", title="", submission=nonsense), "/sing")["submission"]
        assert UUID(drawn)
        assert drawn != nonsense


def test_a_refusal_stands_beside_its_field_and_leaves_no_trace(singing: FlaskClient) -> None:
    answer = send(singing, "/sing", title="Again", seconds="1")
    assert answer.status_code == 409
    assert "Somebody sang it." in answer.text
    assert 'href="#title"' in answer.text
    assert form_of(answer, "/sing")["title"] == "Again"
    assert singing.get("/songs").text == "0 after None"


def test_a_refusal_about_no_field_stands_on_top(singing: FlaskClient) -> None:
    answer = send(singing, "/sing", title="Hoarse", seconds="1")
    assert answer.status_code == 409
    assert 'href="#main"' in answer.text
    assert "Nobody can sing now." in answer.text


def test_what_is_not_there_is_not_there_for_a_form_either(singing: FlaskClient) -> None:
    answer = send(singing, "/sing", title="Stranger", seconds="1")
    assert answer.status_code == 404
    assert "There is no such singer." in answer.text


@pytest.mark.parametrize("after", ["5", "x", "%00", "%ed%a0%80", "x" * 5000])
def test_an_address_that_asks_for_nonsense_is_answered(singing: FlaskClient, after: str) -> None:
    assert singing.get(f"/songs?after={after}").status_code == 400


def test_an_address_may_ask_for_nothing_or_more_than_is_known(singing: FlaskClient) -> None:
    assert singing.get("/songs?after=&utm_source=letter").status_code == 200


def test_who_asks_is_looked_up_again_inside_an_action(singing: FlaskClient, app: Flask) -> None:
    with app.test_request_context(), action() as session:
        forget_attempts(session, "songs")
    assert "/sing" in forms_of(singing.get("/sing"))
