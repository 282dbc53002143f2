"""Running `timebank` with settings in the environment: as a process, or within this one where that is enough."""

import os
import re
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from click.testing import CliRunner

from timebank.cli import main

TIMEBANK = Path(sysconfig.get_path("scripts")) / "timebank"
PATIENCE_SECONDS = 60
BUILDS_WITHIN_SECONDS = 240  # twenty, on a machine that has nothing else to do
SECRET_KEY = "only tests sign their cookies with this"


def environment(url: str | None, **more: str) -> dict[str, str]:
    """What this process has, with these settings and no others."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("TIMEBANK_")}
    settings = {} if url is None else {"TIMEBANK_DATABASE_URL": url, "TIMEBANK_SECRET_KEY": SECRET_KEY}
    return mine | settings | more


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    said: str
    complained: str


def run(
    *arguments: str, url: str | None, before: tuple[str, ...] = (), within: float = PATIENCE_SECONDS, **more: str
) -> Ended:
    """Run a command to its end, as a process."""
    command = [*before, str(TIMEBANK), *arguments]
    ended = subprocess.run(
        command, env=environment(url, **more), capture_output=True, text=True, timeout=within, check=False
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def ask(*arguments: str, url: str | None, **more: str) -> Ended:
    """Run a command to its end within this process: a second quicker, and the same but for its start."""
    others = dict.fromkeys(name for name in os.environ if name.startswith("TIMEBANK_"))
    result = CliRunner().invoke(main, arguments, env=others | environment(url, **more))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


class Running:
    """A command that serves until it is told to stop."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        self.address = ""

    def await_address(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if found := re.search(r"Serving on (http://\S+)", line):
                self.address = found[1]
                return
        raise AssertionError(f"it ended instead of serving: {self.said}")

    def status_of(self, path: str) -> int:
        """The status that a path is answered with; redirections are followed."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with urlopen(self.address + path, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - our own address
                    return int(answer.status)
            except HTTPError as refusal:
                return refusal.code
            except URLError:  # the socket is bound, and does not listen yet
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Stop it, and return its exit code."""
        self.process.send_signal(by)
        rest, _ = self.process.communicate(timeout=PATIENCE_SECONDS)
        self.said += rest
        return self.process.returncode


@contextmanager
def running(*arguments: str, url: str | None, **more: str) -> Iterator[Running]:
    process = subprocess.Popen(
        [str(TIMEBANK), *arguments],
        env=environment(url, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        started = Running(process)
        started.await_address()
        yield started
    finally:
        process.kill()
        process.communicate()


FOUNDING = (
    "create-timebank",
    *("--slug", "cwm-aur"),
    *("--name", "Cwm Aur Timebank"),
    *("--name-cy", "Banc Amser Cwm Aur"),
    *("--broker-name", "Bea Lewis"),
    *("--broker-email", "bea@example.org"),
)


def said_in_one_line(ended: Ended, *words: str) -> None:
    """It could not be done; standard error says why in one line."""
    assert ended.code == 1, ended
    assert ended.complained.startswith("Error: ")
    assert ended.complained.count("\n") == 1
    for word in words:
        assert word in ended.complained
