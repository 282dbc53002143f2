"""What every measured side has in common: a program that is told, line by line, what to do how often.

Each side runs in processes of its own, one for each client, so that all share the machine in the same way.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def answer(commands: dict[str, Callable[[int], Any]]) -> None:
    """The program's side: one JSON line for each line that comes in."""
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, times = line.split()
        began = time.perf_counter()
        said = commands[name](int(times))
        print(json.dumps({"seconds": time.perf_counter() - began, "said": said}), flush=True)


class Clients:
    """Some processes of one side, which do the same at the same time."""

    def __init__(self, program: list[str | Path], count: int, setting: dict[str, Any]) -> None:
        first = setting.get("first", 0)
        told = [{**setting, "client": client} for client in range(first, first + count)]
        self._processes = [
            subprocess.Popen(
                [*program, json.dumps(one)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for one in told
        ]
        for process in self._processes:
            self._heard(process)

    def do(self, command: str, times: int) -> tuple[float, list[Any]]:
        """Until the last is done: the seconds, and what each of them says."""
        began = time.perf_counter()
        for process in self._processes:
            if process.stdin:
                process.stdin.write(f"{command} {times}\n")
                process.stdin.flush()
        said = [self._heard(process) for process in self._processes]
        return time.perf_counter() - began, [one["said"] for one in said]

    def end(self) -> None:
        for process in self._processes:
            process.communicate()

    @staticmethod
    def _heard(process: "subprocess.Popen[str]") -> Any:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise SystemExit(f"a measured program ended: {process.args!r:.200}")
        return json.loads(line)
