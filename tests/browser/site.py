"""A timebank that a process of its own serves, as operators do: `timebank serve` on a free port of this machine."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.cast import QUICK_KIB
from tests.commands import PATIENCE_SECONDS, TIMEBANK, environment


class Site:
    """What is served from one database. It can be killed and started again; the port stays."""

    def __init__(self, url: str, log: Path, **settings: str) -> None:
        self.url = url
        self.log = log
        self.address = ""
        self._port = "0"
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = {
            "TIMEBANK_SECURE_COOKIES": "no",
            "TIMEBANK_PASSWORD_MEMORY_KIB": str(QUICK_KIB),
            **settings,
        }

    def start(self) -> None:
        """Serve."""
        self.log.write_text("")
        with self.log.open("ab") as written:
            self._process = subprocess.Popen(
                [str(TIMEBANK), "serve", "--port", self._port],
                env=environment(self.url, **self._settings),
                stdout=written,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < deadline, f"it did not serve: {self.said}"
            time.sleep(0.05)

    def end(self, by: signal.Signals = signal.SIGTERM) -> None:
        """End that process, and no other."""
        if self._process is None:
            return
        self._process.send_signal(by)
        try:
            self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    @property
    def said(self) -> str:
        """What the process said so far."""
        return self.log.read_text()

    def _answers(self) -> bool:
        serving = re.search(r"Serving on (http://\S+:(\d+))", self.said)
        if not serving:
            return False
        self.address, self._port = serving[1], serving[2]
        try:
            with urlopen(f"{self.address}/accessibility", timeout=PATIENCE_SECONDS):  # noqa: S310 - our own address
                return True
        except HTTPError:
            return True
        except URLError:  # the socket is bound, and does not listen yet
            return False


@contextmanager
def served(url: str, log: Path, **settings: str) -> Iterator[Site]:
    site = Site(url, log, **settings)
    site.start()
    try:
        yield site
    finally:
        site.end()
