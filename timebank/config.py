"""Settings, read from the environment: each is described here and nowhere else."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Self
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "TIMEBANK_"
DEMO_PASSWORD = "one hour is one hour"  # noqa: S105 - it stands on the demonstration's own sign-in page
SHORTEST_SECRET_KEY = 32


class BadSetting(Exception):
    """A setting is missing or makes no sense. The message is one line for the operator, and holds no secret."""


def _setting(says: str, **more: Any) -> Any:
    return field(metadata={"says": says}, **more)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an operator may choose. `database_url` is read from TIMEBANK_DATABASE_URL, and so on."""

    database_url: str = _setting(
        "Where the database is: sqlite:////var/lib/timebank/timebank.db or postgresql+psycopg://user@host/name.",
        repr=False,
    )
    owner_url: str = _setting(
        "For `timebank upgrade` alone: the same PostgreSQL database as the role that owns its tables.",
        default="",
        repr=False,
    )
    secret_key: str = _setting(
        "Signs cookies: 32 characters or more. Without it, one is made once and kept beside a SQLite database.",
        default="",
        repr=False,
    )
    base_url: str = _setting(
        "The address that people know, like https://timebank.example.org: for links, and other hosts are refused.",
        default="",
    )
    secure_cookies: bool = _setting(
        "Whether browsers reach this over https only. Off for the demonstration.", default=True
    )
    proxies: int = _setting("How many proxies stand in front, whose X-Forwarded-* headers are believed.", default=0)
    demo: bool = _setting("Whether this is a demonstration: anybody may sign in as anybody.", default=False)
    password_memory_kib: int = _setting("Memory that argon2 uses for a password, in KiB.", default=19_456)
    mail_host: str = _setting("The mail server. Without one no mail is sent, and notices wait.", default="")
    mail_port: int = _setting("The mail server's port.", default=587)
    mail_tls: bool = _setting("Whether the mail server is spoken to over TLS (STARTTLS).", default=True)
    mail_user: str = _setting("The name with which to sign in to the mail server, if it wants one.", default="")
    mail_password: str = _setting("The password that belongs to it.", default="", repr=False)
    mail_from: str = _setting("The address that mail comes from.", default="")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the settings. Raises BadSetting, also for a TIMEBANK_ name that is no setting."""
        known = {PREFIX + setting.name.upper(): setting for setting in fields(cls)}
        said = {name: value.strip() for name, value in environment.items() if name.startswith(PREFIX)}
        for name in said.keys() - known.keys():
            if not name.startswith(f"{PREFIX}TEST_"):
                raise BadSetting(f"{name} is no setting: is it misspelt?")
        values: dict[str, Any] = {
            known[name].name: _read(name, value, known[name].type) for name, value in said.items() if name in known
        }
        if not values.get("database_url"):
            raise BadSetting(
                "TIMEBANK_DATABASE_URL is not set: say where the database is, for example sqlite:///timebank.db"
            )
        return cls(**values)

    def __post_init__(self) -> None:
        for name, url in (("DATABASE", self.database_url), ("OWNER", self.owner_url or self.database_url)):
            try:
                make_url(url)
            except ArgumentError:
                raise BadSetting(f"TIMEBANK_{name}_URL is not a database URL") from None
        if self.secret_key and len(self.secret_key) < SHORTEST_SECRET_KEY:
            raise BadSetting(f"TIMEBANK_SECRET_KEY is too short: {SHORTEST_SECRET_KEY} characters or more")
        address = urlsplit(self.base_url)
        if self.base_url and (address.scheme not in {"http", "https"} or not address.hostname):
            raise BadSetting("TIMEBANK_BASE_URL is not an address that begins with https://")
        if self.mail_host and not self.mail_from:
            raise BadSetting("TIMEBANK_MAIL_FROM is not set: mail needs an address to come from")

    @property
    def host(self) -> str:
        """The host in `base_url`; empty if any will do."""
        return urlsplit(self.base_url).netloc

    def signing_key(self) -> str:
        """The secret key: the one that was set, or the one kept beside the database, made on first use."""
        return self.secret_key or _kept_key(self.database_url)


def _read(name: str, value: str, kind: object) -> str | int | bool:
    if kind is bool:
        if value.lower() not in {"yes", "no", "true", "false", "on", "off", "1", "0"}:
            raise BadSetting(f"{name} is yes or no")
        return value.lower() in {"yes", "true", "on", "1"}
    if kind is int:
        if not (value.isascii() and value.isdigit()):
            raise BadSetting(f"{name} is a whole number")
        return int(value)
    return value


def _kept_key(database_url: str) -> str:
    """The key in a file beside the database that its owner alone can read. Two who start at once agree on one."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise BadSetting(
            'TIMEBANK_SECRET_KEY is not set: make one with  python -c "import secrets; print(secrets.token_hex())"'
        )
    kept = Path(url.database).resolve().with_suffix(".secret-key")
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=kept.parent, prefix=".secret-key-") as written:  # made with mode 0600
            written.write(secrets.token_hex(32))
            written.flush()
            os.fsync(written.fileno())
            with suppress(FileExistsError):
                os.link(written.name, kept)  # appears whole, or not at all
    key = kept.read_text().strip()
    if len(key) < SHORTEST_SECRET_KEY:
        raise BadSetting(f"{kept} does not hold a key: remove it, and a new one is made")
    return key
