"""How amounts and times are written on pages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale

from tests.browsing import settings_for_tests
from timebank.app import create_app
from timebank.database import engine_for
from timebank.web import filters

SUMMER_NIGHT = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
"""Already the second of July where the timebank is."""


@pytest.fixture(scope="module")
def app() -> Flask:
    """An application that no test here asks for anything of its database."""
    return create_app(settings_for_tests(), engine_for("sqlite://"))


@pytest.fixture(params=["en", "cy"])
def language(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    spoken: str = request.param
    with app.test_request_context(), force_locale(spoken):
        yield spoken


def test_days_are_written_as_in_that_language(language: str) -> None:
    day = date(2026, 11, 24)
    in_full, in_short = {
        "en": ("Tuesday 24 November 2026", "24 Nov 2026"),
        "cy": ("Dydd Mawrth, 24 Tachwedd 2026", "24 Tach 2026"),
    }[language]
    assert filters.day(day) == in_full
    assert filters.short_day(day) == in_short


def test_moments_are_where_the_timebank_is(language: str) -> None:
    written = {"en": "2 Jul 2026, 00:30", "cy": "2 Gorff 2026, 00:30"}[language]
    assert filters.moment(SUMMER_NIGHT) == written
    assert filters.short_day(SUMMER_NIGHT) == written.partition(",")[0]


def test_given_and_received_have_no_minus_sign(language: str) -> None:
    hour = {"en": "1 h", "cy": "1 awr"}[language]
    assert (filters.given(3600), filters.received(3600)) == (hour, "")
    assert (filters.given(-3600), filters.received(-3600)) == ("", hour)
    assert (filters.given(0), filters.received(0)) == ("", "")
    assert filters.hours(-3600) == f"−{hour}"


@pytest.mark.parametrize(
    ("waited", "written"),
    [
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=23), "23 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=6, hours=23), "6 days"),
    ],
)
def test_waiting_is_told_in_its_largest_unit(app: Flask, waited: timedelta, written: str) -> None:
    with app.test_request_context(), time_machine.travel(SUMMER_NIGHT, tick=False):
        assert filters.ago(SUMMER_NIGHT - waited) == written
