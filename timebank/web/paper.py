"""The words on printed sheets, in both languages beside one another: whoever picks one up can read it."""

from datetime import date
from typing import NamedTuple

from babel.dates import format_date
from flask_babel import force_locale, gettext

from timebank.language import N_, Language

WORDS: dict[str, str] = {
    "hours_sheet": N_("Hours sheet"),
    "sign_in_sheet": N_("Sign-in sheet"),
    "number": N_("Sheet"),
    "month": N_("Month"),
    "for_whom": N_("For"),
    "place": N_("Place or group"),
    "date": N_("Date"),
    "giver": N_("Who gave"),
    "receiver": N_("Who received"),
    "what": N_("What"),
    "how_long": N_("How long"),
    "initials": N_("Initials of both"),
    "name": N_("Name"),
    "part": N_("Gives or receives"),
    "from": N_("From"),
    "until": N_("Until"),
    "signature": N_("Signature"),
    "host": N_("Host"),
    "hours_note": N_(
        "One line for each time that somebody helped. Both put their initials: that is their word for it."
    ),
    "sign_in_note": N_("Please sign when you come, and write when you leave."),
}
HOURS_LINES, SIGN_IN_LINES = 16, 15


class Both(NamedTuple):
    """The same in Welsh and in English."""

    cy: str
    en: str


def words_in_both() -> dict[str, Both]:
    """Every word on paper."""
    with force_locale(Language.WELSH):
        welsh = {name: gettext(words) for name, words in WORDS.items()}
    with force_locale(Language.ENGLISH):
        return {name: Both(welsh[name], gettext(words)) for name, words in WORDS.items()}


def month_in_both(month: date) -> Both:
    """Such as "Tachwedd 2026" and "November 2026"."""
    return Both(*(format_date(month, "MMMM y", locale=language) for language in (Language.WELSH, Language.ENGLISH)))


def day_in_both(day: date) -> Both:
    """A date in full."""
    return Both(format_date(day, "full", locale="cy"), format_date(day, "EEEE d MMMM y", locale="en"))
