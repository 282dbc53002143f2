"""A PostgreSQL cluster of the benchmark's own, as durable as an installation's, and an environment for a peer."""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


class NoPostgresqlHere(Exception):
    pass


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The server's URL, without a database; it listens on a socket in this folder, and commits reach the disk."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoPostgresqlHere
    programs, place = found[-1].parent, Path(tempfile.mkdtemp(prefix="postgresql-", dir=folder))
    as_user: list[str | Path] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        as_user = ["runuser", "-u", "postgres", "--"]
        folder.chmod(0o755)  # or it could not reach its own place in there
        shutil.chown(place, "postgres")
    control = [*as_user, programs / "pg_ctl", "-D", place / "data"]
    _quietly([*control, "-o", "-U postgres -A trust -E UTF8", "initdb"], place)
    options = f"-c listen_addresses='' -c unix_socket_directories={place}"
    _quietly([*control, "-w", "-l", place / "log", "-o", options, "start"], place)
    try:
        yield f"postgresql://postgres@/postgres?host={place}"
    finally:
        _quietly([*control, "-m", "immediate", "stop"], place)


def _quietly(command: list[str | Path], place: Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=place)


def database(server: str, name: str) -> str:
    """A new database; its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]  # the name is written here
    return server.replace("@/postgres?", f"@/{name}?")


def settle(server: str, name: str) -> None:
    """What autovacuum would have done by the time that a database is in use: plans follow what stands."""
    with psycopg.connect(server.replace("@/postgres?", f"@/{name}?"), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def environment_for(package: str, folder: Path) -> Path | None:
    """A Python in a throw-away environment with this package, or nothing where it cannot be installed."""
    place = folder / "environment"
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    said = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package, "psycopg[binary]"],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if said.returncode:
        print(f"\n!!! {package} could not be installed here: its rows are left out.\n", file=sys.stderr)
        return None
    return python
