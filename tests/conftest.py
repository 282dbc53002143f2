"""Real databases for every test: an empty, migrated one each, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.databases import Databases, in_memory, postgresql_for_tests

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.cast import Cast
    from timebank.network.rules import PolicyTerms

ENGINES = ("sqlite", "postgresql")
BUILD_ONCE = {  # what takes long to build, and is then only looked at
    "tests/demo/test_build.py",
    "tests/ledger/test_byte_flips.py",
    "tests/ledger/test_guards.py",
    "tests/ledger/test_journal.py",
}
WITHOUT_CHROMIUM = "no Chromium was found on this machine"
WITHOUT_HLEDGER = "no hledger was found on this machine"


def pytest_configure(config: pytest.Config) -> None:
    postgresql_for_tests.start(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    postgresql_for_tests.stop(config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Some files are tested by one process. The marks that xdist 3.8 has for it are lost on pytest 9.2."""
    from xdist.scheduler import LoadGroupScheduling  # noqa: PLC0415 - not everybody tests in several processes

    class OneBuilding(LoadGroupScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file, _, _ = nodeid.partition("::")
            return file if file in BUILD_ONCE else nodeid

    return OneBuilding(config, log) if config.getoption("dist") == "loadgroup" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if postgresql_for_tests.url is None:
        terminalreporter.section("PostgreSQL was left out", sep="!", red=True)
        terminalreporter.write_line(f"These tests ran on SQLite only: {postgresql_for_tests.why_not}")
    skipped = terminalreporter.getreports("skipped")
    for why, whose, package in (
        (WITHOUT_CHROMIUM, "The browser's", "chromium"),
        (WITHOUT_HLEDGER, "hledger's", "hledger"),
    ):
        if without := [report for report in skipped if why in str(report.longrepr)]:
            terminalreporter.section(f"{whose} tests were left out", sep="!", red=True)
            terminalreporter.write_line(f"{len(without)} tests did not run: {why} (install {package})")


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with TemporaryDirectory(prefix="timebank-tests-", dir=in_memory()) as folder:
        made = Databases(Path(folder))
        yield made
        made.drop()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name == "postgresql" and postgresql_for_tests.url is None:
        pytest.skip("no PostgreSQL")
    return name


@pytest.fixture
def database_url(request: pytest.FixtureRequest, engine_name: str, databases: Databases) -> Iterator[str]:
    """The URL of a migrated database of this test's own: empty, or with the cast in it for a test that names them.

    On PostgreSQL as the role that serves people; for a test marked `owner`, as the one that owns the tables.
    """
    if "gathered" in request.fixturenames:
        url = databases.peopled(engine_name, request.getfixturevalue("terms"))
    else:
        url = databases.fresh(engine_name)
    yield databases.as_owner(url) if request.node.get_closest_marker("owner") else url
    databases.drop_one(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    from timebank.database import engine_for  # noqa: PLC0415 - the whole application takes half a second to load

    made = engine_for(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


@pytest.fixture
def here() -> Path:
    """The checkout."""
    return Path(__file__).parent.parent


@pytest.fixture
def terms() -> "PolicyTerms":
    """The policy of the cast's timebanks: approval beforehand, and both give their word."""
    from timebank.network.rules import PolicyTerms  # noqa: PLC0415 - as above

    return PolicyTerms()


@pytest.fixture
def gathered(databases: Databases, engine_name: str, terms: "PolicyTerms") -> "Cast":
    """That the cast is there before the test begins; `database_url` looks for this name."""
    return databases.cast(engine_name, terms)


@pytest.fixture
def cast(gathered: "Cast", session: Session) -> "Cast":  # noqa: ARG001 - they are in this test's database
    """Ana, Ben, Bea and the others, in two timebanks."""
    return gathered


@pytest.fixture
def baking(cast: "Cast", session: Session) -> UUID:
    """Ana offers to bake."""
    from timebank.clock import now  # noqa: PLC0415 - as above
    from timebank.database import unit_of_work  # noqa: PLC0415
    from timebank.listings.actions import Wording, post  # noqa: PLC0415
    from timebank.listings.tables import Side  # noqa: PLC0415

    ana, bread = cast.ana, Wording(title="Baking bread")
    with unit_of_work(session):
        posted = post(
            session, side=Side.OFFER, party_id=ana.member_id, wording=bread, by=ana, at=now(), submission=uuid4()
        )
    return posted.id


@pytest.fixture
def app(engine: Engine) -> "Flask":
    """The web application on this test's database."""
    from tests.browsing import app_on  # noqa: PLC0415 - as above

    return app_on(engine)


@pytest.fixture
def browser(app: "Flask") -> "FlaskClient":
    """A browser with a cookie jar of its own."""
    return app.test_client()
