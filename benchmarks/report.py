"""docs/performance.md: the figures, when and on what machine they were measured."""

import importlib.metadata
import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

HEAD = """# How fast the ledger is

Written by `make bench`; nothing here is typed by hand. Rates are entries of two legs in a second, medians of rounds in
which all sides took turns, so that whatever else the machine did met them alike. A ratio is the median over the rounds
of one side to the other. Every commit reaches the disk (`synchronous=FULL`, `fsync=on`), and every book holds ten
thousand entries before it is written to here. A side counts only if four writers at once left it correct: no limit
passed, a key used once, all balances summing to zero, as far as the side claims to hold these. An audit or an export is
also measured by the processor time of its own process, which says what a quiet machine would do: elsewhere the clock on
the wall counts whatever else runs.

"""


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = importlib.metadata.version
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    server = ""
    if found:
        said = subprocess.run([found[-1], "--version"], check=True, capture_output=True, text=True).stdout
        server = f", PostgreSQL {said.split()[2]}"
    busy = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores (with {busy:.1f} processes running or waiting for them "
        f"at the end, this one included), {memory:.0f} GB of memory, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}{server}, "
        f"SQLAlchemy {version('sqlalchemy')}, psycopg {version('psycopg')}."
    )


def write(page: Path, sections: Sequence[str], *, is_large: bool) -> None:
    """The page anew. What was read among a million entries, which takes long, stays until that is read again."""
    stands = page.read_text(encoding="utf-8").split("\n## Reading among ")
    if is_large:
        kept, added = stands[0].rstrip(), [f"{section}\n\nMeasured on {machine()}" for section in sections]
    else:
        kept = HEAD + machine() + "\n\n" + "\n\n".join(sections)
        added = [f"## Reading among {section.strip()}" for section in stands[1:]]
    page.write_text("\n\n".join([kept, *added]) + "\n", encoding="utf-8")
    print(f"\nwritten: {page.relative_to(page.parents[1])}")
