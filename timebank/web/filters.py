"""How amounts and times are written for people, in the language of the page and the timebank's own zone."""

from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date, format_datetime
from flask import Flask
from flask_babel import ngettext

from timebank.clock import now
from timebank.hours import written
from timebank.language import Language
from timebank.web.language import language
from timebank.web.session import zone

DAY = "EEEE d MMMM y"
SHORT_DAY = "d MMM y"
MINUTE = 60
HOUR = 60 * MINUTE
A_DAY = 24 * HOUR


def hours(seconds: int) -> str:
    """An amount: "1 h 30". Below zero with a minus sign, which belongs in statements and nowhere else."""
    return written(seconds, language())


def given(seconds: int) -> str:
    """What somebody gave, out of a signed amount; nothing if they received."""
    return hours(seconds) if seconds > 0 else ""


def received(seconds: int) -> str:
    """What somebody received, out of a signed amount; nothing if they gave."""
    return hours(-seconds) if seconds < 0 else ""


def day(when: date) -> str:
    """A date in full: "Tuesday 24 November 2026". A moment is first brought to where the timebank is."""
    if language() is Language.WELSH:
        return format_date(_there(when), "full", locale="cy")
    return format_date(_there(when), DAY, locale="en")


def short_day(when: date) -> str:
    """A date in short: "24 Nov 2026"."""
    return format_date(_there(when), SHORT_DAY, locale=language())


def moment(when: datetime) -> str:
    """A date and the time where the timebank is: "24 Nov 2026, 14:30"."""
    return format_datetime(when.astimezone(zone()).replace(tzinfo=None), f"{SHORT_DAY}, HH:mm", locale=language())


def clock(when: datetime) -> str:
    """The time where the timebank is: "14:30"."""
    return when.astimezone(zone()).strftime("%H:%M")


def as_written(values: Mapping[str, object]) -> dict[str, object]:
    """What goes into a sentence: days, moments and, by names that end in "seconds", amounts in the reader's words."""
    return {name: _written(name, value) for name, value in values.items()}


def _written(name: str, value: object) -> object:
    match value:
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case int() if name.endswith("seconds"):
            return hours(value)
    return value


def ago(when: datetime) -> str:
    """How long something has waited, in its largest unit: "6 days"."""
    seconds = max(0, int((now() - when).total_seconds()))
    if seconds < HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", seconds // MINUTE)
    if seconds < A_DAY:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // HOUR)
    return ngettext("%(num)s day", "%(num)s days", seconds // A_DAY)


def _there(when: date) -> date:
    return when.astimezone(zone()).date() if isinstance(when, datetime) else when


def teach(app: Flask) -> None:
    """Templates say {{ seconds | hours }}."""
    for written_as in (hours, given, received, day, short_day, moment, clock, ago):
        app.add_template_filter(written_as)
