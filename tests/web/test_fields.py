"""What the fields of schemas let in, and what they say of the rest."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date, time
from enum import StrEnum
from typing import Any
from uuid import UUID

import marshmallow
import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.browsing import settings_for_tests
from timebank import hours
from timebank.app import create_app
from timebank.database import engine_for
from timebank.web import schemas
from timebank.web.schemas import Schema, Sentence, fields

AN_ID = "6f1c0f0e-3a44-4d7e-9d4f-0d4f4b1f2a10"


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Everything(Schema):
    name = fields.Text(required=True, most=10)
    story = fields.Text(most=50, multiline=True)
    email = fields.Email()
    secret = fields.Password()
    seconds = fields.Hours()
    on = fields.Day()
    at = fields.Clock()
    colour = fields.Choice(Colour)
    other_id = fields.Id()
    agrees = fields.YesNo()
    count = fields.Whole(least=1, most=9)
    people = fields.Many(fields.Id())


@pytest.fixture(scope="module")
def app() -> Flask:
    """An application that no test here asks for anything of its database."""
    return create_app(settings_for_tests(), engine_for("sqlite://"))


@pytest.fixture(autouse=True)
def in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def load(**said: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = Everything().load({"name": "Ana", **said})
    return loaded


def why_not(**said: Any) -> dict[str, Any]:
    with pytest.raises(marshmallow.ValidationError) as refused:
        load(**said)
    assert isinstance(refused.value.messages, dict)
    return refused.value.messages


def test_what_is_not_said_is_nothing() -> None:
    nothing: dict[str, object] = {
        "story": "", "email": None, "secret": None, "seconds": None, "on": None, "at": None, "colour": None,
        "other_id": None, "agrees": False, "count": None, "people": [],
    }  # fmt: skip
    assert load() == {"name": "Ana", **nothing}
    assert load(**dict.fromkeys(nothing, "")) == load()
    assert load(**dict.fromkeys(nothing, None)) == load()
    assert load(**dict.fromkeys(nothing, " \u200b\n ")) == load()


def test_what_is_said_is_read() -> None:
    assert load(
        story="One\r\ntwo ", email=" ana@example.org ", secret=" a b ", seconds="awr a hanner", on="2026-11-24",
        at="9:05", colour="red", other_id=AN_ID, agrees="yes", count="3", people=[AN_ID, ""],
    ) == {
        "name": "Ana", "story": "One\ntwo", "email": "ana@example.org", "secret": " a b ", "seconds": 5400,
        "on": date(2026, 11, 24), "at": time(9, 5), "colour": Colour.RED, "other_id": UUID(AN_ID), "agrees": True,
        "count": 3, "people": [UUID(AN_ID)],
    }  # fmt: skip


def test_json_says_numbers_and_truth_by_themselves() -> None:
    assert load(seconds=5400, agrees=True, count=3)["seconds"] == 5400
    for wrong in [0, -1, 86401, 1.5, True, [], {}]:
        assert "seconds" in why_not(seconds=wrong)
    assert why_not(count=True)
    assert why_not(agrees=1)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("  Ana\t Lewis ", "Ana Lewis"),
        ("A\nna", "A na"),
        ("Siân", "Siân"),
        ("Sia\u0302n", "Siân"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("<b>", "<b>"),
        ("=1+1", "=1+1"),
    ],
)
def test_text_is_tidied_but_not_changed(said: str, read: str) -> None:
    assert load(name=said)["name"] == read


@pytest.mark.parametrize(
    ("field", "said", "why"),
    [
        ("name", "", fields.REQUIRED),
        ("name", "\u200b", fields.REQUIRED),
        ("name", None, fields.REQUIRED),
        ("name", 5, fields.NOT_TEXT),
        ("name", ["Ana"], fields.NOT_TEXT),
        ("name", "A\0na", fields.NOT_READABLE),
        ("name", "A\x1bna", fields.NOT_READABLE),
        ("name", "A\ud800na", fields.NOT_READABLE),
        ("name", "A\u202ena", fields.NOT_READABLE),
        ("name", "A\uffffna", fields.NOT_READABLE),
        ("name", "Anastasia Lewis", "Use 10 characters at most."),
        ("story", "x" * 1_000_000, "Use 50 characters at most."),
        ("email", "ana", fields.NOT_EMAIL),
        ("email", "ana@example.org\nBcc: ben@example.org", fields.NOT_EMAIL),
        ("email", "Ana <ana@example.org>", fields.NOT_EMAIL),
        ("email", "ana@example.org,ben@example.org", fields.NOT_EMAIL),
        ("email", "@example.org", fields.NOT_EMAIL),
        ("secret", "x" * 300, "Use 256 characters at most."),
        ("seconds", "soon", hours.NotHours.sentence),
        ("seconds", "0", hours.NotEnough.sentence),
        ("seconds", "25:00", "That is too long: 24 h at most."),
        ("on", "24/11/2026", fields.NOT_DAY),
        ("on", "2026-02-30", fields.NOT_DAY),
        ("on", "2026-W48-2", fields.NOT_DAY),
        ("on", "٢٠٢٦-١١-٢٤", fields.NOT_DAY),
        ("on", "1999-12-31", fields.DAY_OUT_OF_RANGE),
        ("on", "9999-12-31", fields.DAY_OUT_OF_RANGE),
        ("at", "25:00", fields.NOT_CLOCK),
        ("at", "noon", fields.NOT_CLOCK),
        ("colour", "green", fields.NOT_CHOICE),
        ("colour", ["red"], fields.NOT_CHOICE),
        ("other_id", "5", fields.NOT_ID),
        ("other_id", "x" * 36, fields.NOT_ID),
        ("agrees", "perhaps", fields.NOT_YES_OR_NO),
        ("count", "1e3", fields.NOT_WHOLE),
        ("count", "9" * 5000, fields.NOT_WHOLE),
        ("count", "10", "Give a number from 1 to 9."),
        ("people", "ana", fields.NOT_LIST),
        ("people", [AN_ID] * 201, "Choose 200 at most."),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(field: str, said: Any, why: str) -> None:
    assert why_not(**{field: said}) == {field: [why]}


def test_a_list_says_which_of_it_was_wrong() -> None:
    assert why_not(people=[AN_ID, "ben"]) == {"people": {1: [fields.NOT_ID]}}


def test_json_with_unknown_fields_is_refused() -> None:
    assert why_not(colur="red") == {"colur": ["There is no field by this name."]}
    for no_object in [[], "text", 5, None]:
        with pytest.raises(marshmallow.ValidationError) as refused:
            Everything().load(no_object)  # type: ignore[arg-type]  # nor is it to marshmallow
        assert refused.value.messages == {"_schema": ["This is not what was expected here."]}


@settings(deadline=None)
@given(some.text(max_size=60))
def test_any_text_is_storable_or_refused(said: str) -> None:
    try:
        text = load(story=said)["story"]
    except marshmallow.ValidationError:
        return
    assert "\0" not in text
    assert text.encode().decode() == text


@settings(deadline=None)
@given(
    some.recursive(
        some.none() | some.booleans() | some.integers() | some.floats() | some.text(), some.lists, max_leaves=5
    )
)
def test_any_json_is_read_or_refused_with_sentences(said: Any) -> None:
    for field in Everything._declared_fields:  # noqa: SLF001 - marshmallow's list of them
        try:
            load(**{field: said})
        except marshmallow.ValidationError as error:
            for sentence in sentences_of(error.messages):
                assert sentence.endswith(".")


def sentences_of(messages: Any) -> list[str]:
    if isinstance(messages, dict):
        return [sentence for inside in messages.values() for sentence in sentences_of(inside)]
    return [str(message) for message in messages]


def test_sentences_are_translated_when_they_are_told_and_no_sooner(app: Flask) -> None:
    assert Sentence("Use %(most)s characters at most.", most=5).values == {"most": 5}
    with app.test_request_context(), force_locale("cy"):
        assert why_not(name="Anastasia Lewis")["name"][0].count("10") == 1


def test_every_field_of_every_schema_is_one_of_ours() -> None:
    """Marshmallow's own fields speak English alone, and let through what PostgreSQL cannot hold."""
    for module in pkgutil.iter_modules(schemas.__path__):
        importlib.import_module(f"timebank.web.schemas.{module.name}")
    foreign = [
        f"{schema.__module__}.{schema.__name__}.{name}"
        for schema in every_schema(Schema)
        for name, field in schema._declared_fields.items()  # noqa: SLF001 - as above
        if not (isinstance(field, fields.Said) or schema.__name__.startswith("Shown"))  # those are only written
    ]
    assert foreign == []


def every_schema(base: type[marshmallow.Schema]) -> list[type[marshmallow.Schema]]:
    return [base, *(below for schema in base.__subclasses__() for below in every_schema(schema))]
