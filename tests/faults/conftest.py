"""What these tests kill is theirs: a PostgreSQL server of their own, that keeps every promise about the disk."""

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.cluster import Cluster, NoServer
from tests.conftest import ENGINES
from tests.databases import Databases

HERE = Path(__file__).parent
SEED = "TIMEBANK_TEST_SEED"
CANNOT_MOUNT = "a small file system cannot be mounted here (root can)"
MEASURED = "measured"
Measured = Callable[[str], None]
DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c deadlock_timeout=50ms -c max_connections=50"
SYNCS_AT_ONCE = "-c recovery_init_sync_method=syncfs"  # file by file takes seconds, at every start after a crash


def pytest_configure() -> None:
    """One seed for all processes of pytest-xdist."""
    os.environ.setdefault(SEED, str(random.SystemRandom().randrange(10**6)))


def pytest_report_header() -> str:
    return f"faults: {SEED}={os.environ[SEED]} draws the same again"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    measured = [said for report in reports for name, said in report.user_properties if name == MEASURED]
    if measured:
        terminalreporter.section(f"Measured with {SEED}={os.environ[SEED]}")
    for said in measured:
        terminalreporter.write_line(f"{said}")
    if any(CANNOT_MOUNT in str(report.longrepr) for report in terminalreporter.getreports("skipped")):
        terminalreporter.section("Full disks were left out", sep="!", red=True)
        terminalreporter.write_line(f"Only SQLite's own limit was tried: {CANNOT_MOUNT}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture
def drawn(request: pytest.FixtureRequest) -> Random:
    """This test's own chances, from the seed."""
    return Random(f"{os.environ[SEED]} {request.node.nodeid}")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="timebank-faults-"))
    try:
        made = Cluster(folder, f"{DURABLE} {SYNCS_AT_ONCE}")
        made.make(durable=True)
        made.start()
    except NoServer as error:
        shutil.rmtree(folder)
        if os.environ.get("CI"):
            pytest.fail(f"In CI there must be a PostgreSQL server: {error}")
        pytest.skip(f"no PostgreSQL: {error}")
    yield made
    made.stop("immediate")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def on_cluster(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Databases on that server; they go with it."""
    return Databases(tmp_path_factory.mktemp("on_cluster"), cluster.url())


@pytest.fixture(scope="session")
def in_files(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("in_files"))


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def databases(request: pytest.FixtureRequest, engine_name: str) -> Databases:
    found: Databases = request.getfixturevalue("on_cluster" if engine_name == "postgresql" else "in_files")
    return found


@pytest.fixture
def measured(record_property: Callable[[str, object], None], request: pytest.FixtureRequest) -> Measured:
    """Says at the end of the run what a test has counted."""

    def say(what: str) -> None:
        record_property(MEASURED, f"{request.node.name}: {what}")

    return say
