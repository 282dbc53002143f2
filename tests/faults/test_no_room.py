"""No room to write: a clear error, nothing half done, and when there is room again the same request goes through."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url
from sqlmodel import Session

from ledger import StorageFull, audit
from tests.cluster import Cluster
from tests.databases import Databases
from tests.faults.conftest import CANNOT_MOUNT
from tests.ledger.conftest import Cast, open_cast
from tests.room import no_room_in
from timebank.database import engine_for, unit_of_work

SIZE_MIB = 32
LEFT_KIB = 256
WORDS = "A hedge as long as the lane. " * 60


def fill_up(cast: Cast) -> tuple[str, int]:
    """Give hours, with long memos, until there is no room; the key that was refused, and how many entries stand."""
    for number in count():
        key = f"given {number}"
        head = cast.book.head()
        try:
            with unit_of_work(cast.session):
                cast.give(cast.ana, cast.ben, 1 + number % 7, key=key, memo=WORDS)
                cast.give(cast.ben, cast.ana, 1 + number % 7, key=f"{key}, back", memo=WORDS)
        except StorageFull:
            assert cast.book.head() == head, "half of it was written"
            assert cast.book.find(key) is None
            return key, head.number
    raise AssertionError("endless")


def weigh_after(cast: Cast, make_room: Callable[[], object]) -> None:
    """Fill it up, look at what stands, make room and go on."""
    refused, stood = fill_up(cast)
    assert cast.book.balance(cast.ana).posted == 0, "what is there can still be read"
    assert audit(cast.session, cast.book.id).problems == []
    cast.session.rollback()
    make_room()
    with unit_of_work(cast.session):
        again = cast.give(cast.ana, cast.ben, 60, key=refused)
    assert again.number == stood + 1
    report = audit(cast.session, cast.book.id)
    assert (report.entries, report.problems) == (stood + 1, [])


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_sqlite_file_that_may_not_grow(engine: Engine, session: Session) -> None:
    cast = open_cast(session)
    with ExitStack() as full:
        full.enter_context(no_room_in(engine))
        weigh_after(cast, full.close)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system in memory of a few MiB, where somebody may mount one."""
    disk = folder / "small"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}M", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip(CANNOT_MOUNT)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill_disk(disk: Path) -> Path:
    """Leave a little room beside what is there."""
    ballast = disk / "ballast"
    free = shutil.disk_usage(disk).free - LEFT_KIB * 1024
    ballast.write_bytes(bytes(free))
    return ballast


def test_a_sqlite_file_on_a_full_disk(tmp_path: Path, in_files: Databases) -> None:
    with small_disk(tmp_path) as disk:
        file = disk / "timebank.db"
        shutil.copyfile(str(make_url(in_files.fresh("sqlite")).database), file)
        engine = engine_for(f"sqlite:///{file}")
        with Session(engine) as session:
            cast = open_cast(session)
            ballast = fill_disk(disk)
            weigh_after(cast, ballast.unlink)
        engine.dispose()


def test_a_postgresql_tablespace_on_a_full_disk(cluster: Cluster, on_cluster: Databases) -> None:
    with small_disk(cluster.folder) as disk:
        space = disk / "space"
        space.mkdir()
        cluster.own(space)
        url = on_cluster.fresh("postgresql")
        name = make_url(url).database
        on_cluster.on_server(f"CREATE TABLESPACE small LOCATION '{space}'")
        on_cluster.on_server(f'ALTER DATABASE "{name}" SET TABLESPACE small')
        engine = engine_for(url)
        try:
            with Session(engine) as session:
                cast = open_cast(session)
                ballast = fill_disk(disk)
                weigh_after(cast, ballast.unlink)
        finally:
            engine.dispose()
            on_cluster.drop_one(url)
            on_cluster.on_server("DROP TABLESPACE small")
