"""How long the commands take as whole processes, each as a ratio to its limit: `python benchmarks/commands.py`.

Under 1.00 is within the limit. The demonstration is built once, in a temporary folder, and is not timed here.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

TIMEBANK = Path(sys.executable).with_name("timebank")
TIMES = 5


def median_seconds(run: Callable[[], None]) -> float:
    run()  # once, so that files are in memory
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def ask_for_help() -> None:
    subprocess.run([TIMEBANK, "--help"], check=True, capture_output=True)


def second_demo(file: Path) -> None:
    """From the command to the first answered page."""
    process = subprocess.Popen(
        [TIMEBANK, "demo", "--port", "0", "--file", file], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        address = next(line.split()[2] for line in process.stdout or () if "Serving on" in line)
        with urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
            answer.read()
    finally:
        process.terminate()
        process.communicate()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "demo.db"
        subprocess.run([TIMEBANK, "demo", "--build-only", "--file", file], check=True, capture_output=True)
        measured = [
            ("timebank --help", 0.150, median_seconds(ask_for_help)),
            ("a second demo, to its first page", 3.0, median_seconds(lambda: second_demo(file))),
        ]
    print(f"{'what':36} {'limit':>8} {'median':>8} {'ratio':>6}")
    for what, limit, took in measured:
        print(f"{what:36} {limit:7.3f}s {took:7.3f}s {took / limit:6.2f}")


if __name__ == "__main__":
    main()
