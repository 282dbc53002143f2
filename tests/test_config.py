"""Settings from the environment."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from timebank.config import BadSetting, Settings

HERE = {"TIMEBANK_DATABASE_URL": "sqlite:///timebank.db"}


def test_what_is_not_said_has_a_safe_default() -> None:
    settings = Settings.from_environment(HERE)
    assert settings.secure_cookies
    assert not settings.demo
    assert settings.proxies == 0


def test_settings_are_read_by_their_kind() -> None:
    settings = Settings.from_environment({
        **HERE, "TIMEBANK_DEMO": "yes", "TIMEBANK_SECURE_COOKIES": "False", "TIMEBANK_MAIL_PORT": " 25 ",
        "TIMEBANK_BASE_URL": "https://timebank.example.org:8443/", "HOME": "/", "TIMEBANK_TEST_PG_URL": "for the tests",
    })  # fmt: skip
    assert (settings.demo, settings.secure_cookies, settings.mail_port) == (True, False, 25)
    assert settings.host == "timebank.example.org:8443"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "a secret place"),
        ("OWNER_URL", "a secret place"),
        ("DEMO", "perhaps"),
        ("MAIL_PORT", "²"),
        ("MAIL_PORT", "-1"),
        ("PROXIES", "one"),
        ("SECRET_KEY", "a secret"),
        ("BASE_URL", "timebank.example.org"),
        ("BASE_URL", "ftp://timebank.example.org"),
        ("MAIL_HOST", "mail.example.org"),
        ("SECRETKEY", "a secret"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_in_one_line_without_its_value(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as refused:
        Settings.from_environment({**HERE, f"TIMEBANK_{name}": value})
    line = str(refused.value)
    assert "TIMEBANK_" in line
    assert "\n" not in line
    assert "secret" not in line


def test_a_database_must_be_named() -> None:
    with pytest.raises(BadSetting, match="TIMEBANK_DATABASE_URL is not set"):
        Settings.from_environment({})


def test_every_setting_says_what_it_is() -> None:
    assert all(setting.metadata["says"].endswith(".") for setting in fields(Settings))


def test_settings_shown_hold_no_secret() -> None:
    settings = Settings(
        database_url="postgresql+psycopg://user:pa55word@host/name", secret_key="k" * 32, mail_password="m" * 32
    )
    for secret in ["pa55word", "k" * 32, "m" * 32]:
        assert secret not in repr(settings)


def test_a_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/var/timebank.db")
    with ThreadPoolExecutor(8) as pool:
        (key,) = set(pool.map(lambda _: settings.signing_key(), range(8)))
    (kept,) = (tmp_path / "var").iterdir()
    assert kept.name == "timebank.secret-key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text() == key
    assert len(key) == 64


def test_a_key_that_was_given_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/timebank.db", secret_key="k" * 32)
    assert settings.signing_key() == "k" * 32
    assert [*tmp_path.iterdir()] == []


def test_an_empty_key_file_is_not_taken_for_a_key(tmp_path: Path) -> None:
    (tmp_path / "timebank.secret-key").write_text("")
    with pytest.raises(BadSetting, match="does not hold a key"):
        Settings(database_url=f"sqlite:///{tmp_path}/timebank.db").signing_key()


def test_a_server_database_needs_a_key_that_all_processes_share() -> None:
    with pytest.raises(BadSetting, match="TIMEBANK_SECRET_KEY is not set"):
        Settings(database_url="postgresql+psycopg://host/name").signing_key()
