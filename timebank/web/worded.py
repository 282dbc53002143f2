"""A notice in words, in whatever language its reader has: for pages and for paper."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import force_locale, gettext

from timebank.hours import written
from timebank.language import Language
from timebank.notices.tables import Notice
from timebank.notices.wording import WORDINGS


def worded(notice: Notice, language: Language) -> tuple[str, str]:
    """A notice's subject and its sentence."""
    wording, seconds = WORDINGS[notice.kind], notice.values.get("seconds")
    values = {
        "other": "",
        "title": "",
        **notice.values,
        "hours": written(seconds, language) if seconds else "",
        "when": _there(notice.values, language) if notice.values.get("when") else "",
    }
    with force_locale(language):
        return gettext(wording.subject) % values, gettext(wording.sentence) % values


def _there(values: dict[str, Any], language: Language) -> str:
    """A day and a time as they are where the timebank is."""
    when = datetime.fromisoformat(values["when"]).astimezone(ZoneInfo(values["zone"])).replace(tzinfo=None)
    return format_datetime(when, "EEEE d MMMM, HH:mm", locale=language)
