"""A notice as an e-mail: worded in its reader's language, and handed to the mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from functools import cache
from pathlib import Path
from smtplib import SMTP
from ssl import create_default_context
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as format_moment
from babel.support import NullTranslations, Translations

from timebank import hours
from timebank.config import Settings
from timebank.members.tables import Person
from timebank.network.tables import Timebank
from timebank.notices.tables import Notice
from timebank.notices.wording import WORDINGS

PATIENCE_SECONDS = 20


def letter(notice: Notice, person: Person, timebank: Timebank, *, settings: Settings, at: datetime) -> EmailMessage:
    """The e-mail that tells a person of a notice. Sent twice it has one Message-ID, so that it is shown once."""
    subject, sentence = worded(notice, person.language)
    name = timebank.name(person.language)
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = formataddr((name, settings.mail_from))
    message["To"] = person.email
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{notice.id}@{settings.mail_from.rpartition('@')[2]}>"
    message["Content-Language"] = person.language
    message["Auto-Submitted"] = "auto-generated"
    note, link = notice.values.get("note"), settings.base_url + notice.path if notice.path else ""
    message.set_content(
        "\n\n".join(part for part in (sentence, note, link, f"{name}\n{timebank.phone}".strip()) if part)
    )
    return message


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
    return format_moment(when, "EEEE d MMMM, HH:mm", locale=language)


@contextmanager
def mail_server(settings: Settings) -> Iterator[SMTP]:
    with SMTP(settings.mail_host, settings.mail_port, timeout=PATIENCE_SECONDS) as server:
        if settings.mail_tls:
            server.starttls(context=create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(Path(__file__).parent / "web" / "translations", [language])
