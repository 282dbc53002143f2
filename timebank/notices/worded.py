"""A notice in words, in whatever language its reader has: for e-mails, pages and paper, with no web about it."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.support import NullTranslations, Translations

from timebank import hours
from timebank.notices.tables import Notice
from timebank.notices.wording import WORDINGS

TRANSLATIONS = Path(__file__).parent.parent / "web" / "translations"


def worded(notice: Notice, language: str) -> tuple[str, str]:
    """A notice's subject and its sentence, in a language."""
    wording, catalogue = WORDINGS[notice.kind], _catalogue(language)
    seconds = notice.values.get("seconds")
    values = {
        "other": "",
        "title": "",
        **notice.values,
        "hours": hours.written(seconds, language) if seconds else "",
        "when": _there(notice.values, language) if notice.values.get("when") else "",
    }
    return catalogue.gettext(wording.subject) % values, catalogue.gettext(wording.sentence) % values


def _there(values: dict[str, Any], language: str) -> str:
    """A day and a time as they are where the timebank is."""
    when = datetime.fromisoformat(values["when"]).astimezone(ZoneInfo(values["zone"])).replace(tzinfo=None)
    return format_datetime(when, "EEEE d MMMM, HH:mm", locale=language)


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(TRANSLATIONS, [language])
