"""The commands, as processes on real databases: what they do, what they refuse, and in which words."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import Session, col, select

from tests.commands import (
    BUILDS_WITHIN_SECONDS,
    FOUNDING,
    TIMEBANK,
    Ended,
    ask,
    environment,
    run,
    running,
    said_in_one_line,
)
from tests.databases import Databases
from timebank.cli import main
from timebank.database import engine_for
from timebank.members.tables import Role, RoleHeld
from timebank.network.tables import Timebank

WITHOUT_ROOTS_POWERS = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search")


@pytest.fixture
def empty_url(engine_name: str, databases: Databases) -> str:
    return databases.empty(engine_name)


@pytest.fixture
def sqlite_url(databases: Databases) -> str:
    return databases.fresh("sqlite")


def file_of(url: str) -> Path:
    return Path(str(make_url(url).database))


def execute(url: str, *statements: str) -> None:
    """Change a database past everything that guards it, as another program might."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url))) as connection, connection:
            for statement in statements:
                connection.execute(statement)
    else:
        with psycopg.connect(
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        ) as server:
            for statement in statements:
                server.execute(statement)  # type: ignore[call-overload]


# --- Help -------------------------------------------------------------------------------------------------------------


def test_help_names_every_command() -> None:
    ended = run("--help", url=None)
    assert ended.code == 0
    assert set(main.commands) == {
        *(
            "serve",
            "demo",
            "upgrade",
            "create-timebank",
            "invite",
            "make-operator",
            "work",
            "audit",
            "close-books",
            "journal",
        ),
    }
    for name in main.commands:
        assert f"\n  {name} " in ended.said
    assert "...\n" not in ended.said.partition("Commands:")[2]


def test_help_loads_nothing_that_it_does_not_need() -> None:
    asks = "import sys; from timebank.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True).stdout.split()
    assert {"click", "timebank.cli"} <= set(loaded)
    assert not {"sqlalchemy", "sqlmodel", "alembic", "flask", "marshmallow", "babel", "psycopg"} & set(loaded)


def test_what_is_not_understood_has_an_exit_code_of_its_own() -> None:
    assert ask("frobnicate", url=None).code == 2
    assert ask("serve", "--port", "seventy", url=None).code == 2
    assert ask("create-timebank", "--slug", "Cwm Aur!", *FOUNDING[3:], url="sqlite:///cwm.db").code == 2


# --- What an operator can mend ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param(None, "TIMEBANK_DATABASE_URL is not set", id="none"),
        pytest.param("timebank.db", "is not a database URL", id="no URL"),
        pytest.param("mysql://me:secret@host/timebank", "mysql://me:***@host/timebank is neither", id="another kind"),
        pytest.param("sqlite:///nowhere.db", "nowhere.db does not exist", id="no file"),
        pytest.param("sqlite://", "in memory would be lost", id="in memory"),
        pytest.param("postgresql+psycopg://me:secret@127.0.0.1:1/timebank", "cannot be reached", id="nobody answers"),
    ],
)
def test_a_database_that_is_not_there_is_told_in_one_line(url: str | None, words: str) -> None:
    ended = ask("audit", url=url)
    said_in_one_line(ended, words)
    assert "secret" not in ended.complained


def test_a_process_says_so_too(tmp_path: Path) -> None:
    said_in_one_line(run("audit", url=f"sqlite:///{tmp_path}/nowhere.db"), "nowhere.db does not exist")


def test_a_misspelt_setting_is_told_in_one_line(sqlite_url: str) -> None:
    said_in_one_line(ask("audit", url=sqlite_url, TIMEBANK_BASE_ULR="https://example.org"), "TIMEBANK_BASE_ULR")


def test_another_programs_database_is_left_alone(empty_url: str) -> None:
    execute(empty_url, "create table recipe (name text)")
    before = file_of(empty_url).read_bytes() if empty_url.startswith("sqlite") else b""
    for command in ("upgrade", "audit", "serve"):
        said_in_one_line(ask(command, url=empty_url), "is not a timebank database")
    if before:
        assert file_of(empty_url).read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Dear Ana, thank you for the bread. " * 100)
    said_in_one_line(ask("upgrade", url=f"sqlite:///{letter}"), "letter.db is not a timebank database")
    assert letter.read_text().startswith("Dear Ana")


def test_an_older_schema_waits_for_upgrade(database_url: str, databases: Databases) -> None:
    execute(databases.as_owner(database_url), "update alembic_version set version_num = '0001'")
    for command in ("audit", "serve", "work"):
        said_in_one_line(ask(command, url=database_url), "older timebank", "Run: timebank upgrade")


def test_a_newer_schema_is_not_touched(database_url: str, databases: Databases) -> None:
    execute(databases.as_owner(database_url), "update alembic_version set version_num = '9999'")
    for command in ("audit", "serve", "upgrade"):
        said_in_one_line(ask(command, url=database_url), "newer timebank")


def test_a_folder_that_may_not_be_written_is_told_in_one_line(sqlite_url: str, tmp_path: Path) -> None:
    is_root = os.geteuid() == 0
    if is_root and not shutil.which("setpriv"):
        pytest.skip("root may write everywhere")
    before = WITHOUT_ROOTS_POWERS if is_root else ()
    file = shutil.copy(file_of(sqlite_url), tmp_path / "kept.db")
    tmp_path.chmod(0o555)
    try:
        for command in ("upgrade", "audit", "serve"):
            said_in_one_line(run(command, url=f"sqlite:///{file}", before=before), "you may not write there")
    finally:
        tmp_path.chmod(0o755)


# --- Setting up -------------------------------------------------------------------------------------------------------


def test_upgrade_sets_up_an_empty_database_once(empty_url: str) -> None:
    first, second = ask("upgrade", url=empty_url), ask("upgrade", url=empty_url)
    assert (first.code, second.code) == (0, 0), (first, second)
    assert "Setting up" in first.said
    assert "Setting up" not in second.said
    assert "is up to date" in second.said


@dataclass(frozen=True)
class TwoRoles:
    """An empty database on a server, made as operators are told to."""

    name: str
    serving_url: str
    owner_url: str

    def upgrade(self) -> Ended:
        return ask("upgrade", url=self.serving_url, TIMEBANK_OWNER_URL=self.owner_url)


@pytest.fixture
def two_roles(databases: Databases, engine_name: str, here: Path) -> Iterator[TwoRoles]:
    if engine_name == "sqlite":
        pytest.skip("SQLite has no roles")
    told = (here / "docs/operating.md").read_text(encoding="utf-8").partition("```sql\n")[2].partition("```")[0]
    name = databases.new_name()
    for statement in told.replace("timebank", name).strip().split("\n"):
        databases.on_server(statement)
    server = make_url(databases.server).set(database=name)
    serving, owner = (server.set(username=role, password="...") for role in (name, f"{name}_owner"))
    yield TwoRoles(name, *(url.render_as_string(hide_password=False) for url in (serving, owner)))
    for what in (f"DATABASE {name} WITH (FORCE)", f"ROLE {name}", f"ROLE {name}_owner"):
        databases.on_server(f"DROP {what}")


def test_upgrade_works_as_the_owner_and_lets_another_role_serve(two_roles: TwoRoles) -> None:
    first, second = two_roles.upgrade(), two_roles.upgrade()
    assert (first.code, second.code) == (0, 0), (first, second)
    assert f"{two_roles.name} may serve people with it, and owns nothing." in first.said
    assert ask(*FOUNDING, url=two_roles.serving_url).code == 0
    assert ask("audit", url=two_roles.serving_url).code == 0
    with running("serve", "--port", "0", url=two_roles.serving_url) as server:
        assert server.status_of("/") == 200
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        execute(two_roles.serving_url, "alter table ledger_posting disable trigger all")


def test_upgrade_takes_away_what_the_serving_role_was_given_beyond_that(two_roles: TwoRoles) -> None:
    two_roles.upgrade()
    execute(
        two_roles.owner_url,
        f"grant all on all tables in schema public to {two_roles.name}",
        f"grant create on schema public to {two_roles.name}",
    )
    assert two_roles.upgrade().code == 0
    for attack in ("delete from ledger_entry", "truncate party cascade", "create table recipe (name text)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            execute(two_roles.serving_url, attack)


def test_the_serving_role_alone_can_set_up_nothing(two_roles: TwoRoles) -> None:
    said_in_one_line(ask("upgrade", url=two_roles.serving_url), "permission denied")


def test_a_serving_role_that_could_become_the_owner_is_refused(two_roles: TwoRoles, databases: Databases) -> None:
    databases.on_server(f"GRANT {two_roles.name}_owner TO {two_roles.name}")
    said_in_one_line(two_roles.upgrade(), "may become")


def test_an_owner_of_another_database_is_refused(two_roles: TwoRoles, databases: Databases) -> None:
    other = databases.empty("postgresql")
    ended = ask("upgrade", url=two_roles.serving_url, TIMEBANK_OWNER_URL=other)
    said_in_one_line(ended, "leads to the database test_", two_roles.name)
    said_in_one_line(ask("upgrade", url="sqlite:///cwm.db", TIMEBANK_OWNER_URL=other), "not the same database")


def test_a_timebank_is_founded_and_its_broker_invited(database_url: str) -> None:
    founded = ask(*FOUNDING, url=database_url, TIMEBANK_BASE_URL="https://timebank.example.org")
    assert founded.code == 0, founded
    assert "https://timebank.example.org/" in founded.said
    engine = engine_for(database_url)
    with Session(engine) as session:
        timebank = session.exec(select(Timebank)).one()
        assert (timebank.name_en, timebank.name_cy) == ("Cwm Aur Timebank", "Banc Amser Cwm Aur")
        assert set(session.exec(select(col(RoleHeld.role))).all()) == {Role.MEMBER, Role.BROKER}
    engine.dispose()

    again = ask("invite", "Bea@example.org", "--timebank", "cwm-aur", url=database_url)
    assert again.code == 0
    assert "/invitation" in again.said
    said_in_one_line(ask(*FOUNDING, url=database_url), "called cwm-aur here already")
    said_in_one_line(ask("invite", "cy@example.org", "--timebank", "cwm-aur", url=database_url), "cy@example.org")
    said_in_one_line(ask("invite", "bea@example.org", "--timebank", "brecon", url=database_url), "brecon")


# --- Serving ----------------------------------------------------------------------------------------------------------


def test_serve_sets_up_an_empty_file_answers_and_ends_cleanly(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'timebank.db'}"
    with running("serve", "--port", "0", url=url) as server:
        assert "Setting up" in server.said
        assert server.status_of("/") == 200
        assert server.end() == 0
        assert server.said.endswith("Stopped.\n")


def test_serve_ends_cleanly_on_the_keyboard(sqlite_url: str) -> None:
    with running("serve", "--port", "0", url=sqlite_url) as server:
        assert server.status_of("/") == 200
        assert server.end(signal.SIGINT) == 0


def test_a_sqlite_file_has_one_server(sqlite_url: str) -> None:
    with running("serve", "--port", "0", url=sqlite_url) as server:
        for command in (("serve", "--port", "0"), ("work", "--once"), ("upgrade",)):
            said_in_one_line(ask(*command, url=sqlite_url), "in use", server.address)
        assert ask(*FOUNDING, url=sqlite_url).code == 0  # short commands may write beside it
        assert ask("audit", url=sqlite_url).code == 0


def test_a_killed_server_leaves_its_file_to_the_next(sqlite_url: str) -> None:
    with running("serve", "--port", "0", url=sqlite_url) as server:
        assert ask(*FOUNDING, url=sqlite_url).code == 0
        server.end(signal.SIGKILL)
    with running("serve", "--port", "0", url=sqlite_url) as server:
        assert server.status_of("/") == 200
        assert "cwm-aur" in ask("audit", url=sqlite_url).said


def test_a_port_that_is_taken_is_told_in_one_line(sqlite_url: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        said_in_one_line(ask("serve", "--port", f"{port}", url=sqlite_url), f"Port {port}", "--port")


def test_serve_asks_for_upgrade_on_an_empty_server(databases: Databases, engine_name: str) -> None:
    if engine_name == "sqlite":
        pytest.skip("an empty SQLite file is set up")
    url = databases.empty("postgresql")
    said_in_one_line(ask("serve", "--port", "0", url=url), "is empty", "Run: timebank upgrade")
    ask("upgrade", url=url)
    with running("serve", "--port", "0", url=url) as server:
        assert server.status_of("/") == 200
        assert server.end() == 0


# --- Working ----------------------------------------------------------------------------------------------------------


def test_work_does_what_is_due_and_stops(database_url: str) -> None:
    ended = run("work", "--once", url=database_url)
    assert ended.code == 0, ended
    assert "Confirmed 0, sent 0, failed 0." in ended.said


def test_work_goes_on_until_it_is_told_to_stop(database_url: str) -> None:
    with subprocess.Popen(
        [TIMEBANK, "work"], env=environment(database_url), stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout
        assert "Working" in worker.stdout.readline()
        worker.terminate()
        assert worker.wait(timeout=10) == 0


# --- The demonstration ------------------------------------------------------------------------------------------------


@contextmanager
def a_build(file: Path) -> Iterator[subprocess.Popen[str]]:
    arguments = [TIMEBANK, "demo", "--build-only", "--file", file]
    with subprocess.Popen(arguments, env=environment(None), stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_a_demonstration_is_built_whole_or_not_at_all_and_then_kept(tmp_path: Path) -> None:
    file = tmp_path / "var" / "demo.db"
    with a_build(file) as process:
        while not list(file.parent.glob("*.building")):
            assert process.poll() is None
            time.sleep(0.02)
        time.sleep(0.5)
    assert not file.exists()

    built = run("demo", "--build-only", "--file", f"{file}", url=None, within=BUILDS_WITHIN_SECONDS)
    assert built.code == 0, built
    assert "one hour is one hour" in built.said
    assert sorted(path.name for path in file.parent.iterdir()) == ["demo.db", "demo.db.served"]
    assert run("audit", url=f"sqlite:///{file}").code == 0

    kept = file.stat().st_ino
    with running("demo", "--port", "0", "--file", f"{file}", url=None) as server:
        assert server.status_of("/") == 200
        assert file.stat().st_ino == kept
