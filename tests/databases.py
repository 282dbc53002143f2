"""Where tests get their databases: a migrated template, copied for each test.

PostgreSQL comes from `TIMEBANK_TEST_PG_URL` (a server where databases and roles may be made); without it, a server of
our own is started for this run.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import Session

from tests.cluster import Cluster, NoServer

if TYPE_CHECKING:
    from tests.cast import Cast
    from timebank.network.rules import PolicyTerms

SERVING = "timebank_serving"
"""The PostgreSQL role that serves people: it owns nothing. Tests run as it, unless they are marked `owner`."""

MAKE_SERVING = f"""
DO $$ BEGIN
    CREATE ROLE {SERVING} LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another process was quicker
END $$
"""

ENOUGH_MEMORY = 2 * 2**30
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def in_memory() -> str | None:
    """A folder in memory where there is room: what is written need not reach a disk, which costs tests a fifth."""
    memory = Path("/dev/shm")  # noqa: S108 - what is put there gets a name of its own
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ENOUGH_MEMORY else None


class PostgresqlForTests:
    """One server for the whole run; the processes of pytest-xdist learn its URL from the environment."""

    def __init__(self) -> None:
        self.why_not = ""
        self._cluster: Cluster | None = None

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
        folder = Path(tempfile.mkdtemp(prefix="timebank-pg-", dir=in_memory()))
        try:
            cluster = Cluster(folder, QUICK)
            cluster.make(durable=False)
            cluster.start()
        except (OSError, NoServer) as error:
            self.why_not = f"{error}"
            shutil.rmtree(folder)
            return
        self._cluster = cluster
        os.environ |= {"TIMEBANK_TEST_PG_URL": cluster.url(), "TIMEBANK_TEST_PG_IS_OURS": "yes"}

    def stop(self, config: pytest.Config) -> None:
        if hasattr(config, "workerinput") or self._cluster is None:
            return
        self._cluster.stop("immediate")
        del os.environ["TIMEBANK_TEST_PG_URL"], os.environ["TIMEBANK_TEST_PG_IS_OURS"]
        shutil.rmtree(self._cluster.folder, ignore_errors=True)
        self._cluster = None


postgresql_for_tests = PostgresqlForTests()


class Databases:
    """Fresh databases copied from migrated templates, empty or with the cast in them, made on first use."""

    def __init__(self, folder: Path, server: str | None = None) -> None:
        self.folder = folder
        self._server = server
        self._templates: dict[str, str] = {}
        self._with_cast: dict[tuple[str, PolicyTerms], tuple[str, Cast]] = {}
        self._made: list[str] = []

    @staticmethod
    def new_name() -> str:
        return f"test_{uuid4().hex}"

    def empty(self, engine_name: str) -> str:
        """The URL of a database without any table."""
        name = self.new_name()
        if engine_name == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        self.on_server(f'CREATE DATABASE "{name}"')
        return self._remember(name)

    def fresh(self, engine_name: str) -> str:
        """The URL of a migrated database without any row of a timebank, as the role that serves people."""
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
        name = self.new_name()
        if engine_name == "sqlite":
            copy = self.folder / f"{name}.db"
            shutil.copyfile(template, copy)
            return f"sqlite:///{copy}"
        # its files copied, not written page by page through the log: half the time
        self.on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return make_url(self._remember(name)).set(username=SERVING).render_as_string(hide_password=False)

    def as_owner(self, url: str) -> str:
        """The same database as the role that owns its tables; a SQLite file has no roles."""
        if url.startswith("sqlite"):
            return url
        database = make_url(url).database
        return make_url(self.server).set(database=database).render_as_string(hide_password=False)

    def drop_one(self, url: str) -> None:
        """Give back the room of a test's own database."""
        name = make_url(url).database
        assert name is not None
        if url.startswith("sqlite"):
            for ending in ("", "-wal", "-shm"):
                Path(name + ending).unlink(missing_ok=True)
        else:
            self.on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._made.remove(name)

    def drop(self) -> None:
        if postgresql_for_tests.is_ours:
            return  # they go with the server; to drop a hundred one by one takes half a minute
        for name in self._made:
            self.on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _migrated(self, engine_name: str) -> str:
        from timebank.database import engine_for  # noqa: PLC0415
        from timebank.schema import upgrade  # noqa: PLC0415 - Alembic loads every table

        url = self.empty(engine_name)
        if engine_name == "postgresql":
            self.on_server(MAKE_SERVING)
        engine = engine_for(url)
        upgrade(engine, serving_role=SERVING if engine_name == "postgresql" else None)
        engine.dispose()
        return url

    def _remember(self, name: str) -> str:
        self._made.append(name)
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    @property
    def server(self) -> str:
        """The server's URL, as a superuser."""
        found = self._server or postgresql_for_tests.url
        assert found is not None
        return found

    def on_server(self, statement: str) -> None:
        """Run a statement beside all databases, as a superuser."""
        plain = make_url(self.server).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]  # names are made above, from hexadecimal digits
