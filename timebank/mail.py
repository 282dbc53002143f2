"""A notice as an e-mail: worded in its reader's language, and handed to the mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from smtplib import SMTP
from ssl import create_default_context

from timebank.config import Settings
from timebank.members.tables import Person
from timebank.network.tables import Timebank
from timebank.notices.tables import Notice
from timebank.notices.worded import worded

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


@contextmanager
def mail_server(settings: Settings) -> Iterator[SMTP]:
    with SMTP(settings.mail_host, settings.mail_port, timeout=PATIENCE_SECONDS) as server:
        if settings.mail_tls:
            server.starttls(context=create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
        yield server
