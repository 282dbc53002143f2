"""How fast the ledger is, as ratios to its limit and to peers in the same run: `python benchmarks/ledger.py`.

Every side runs in processes of its own, in turns; what is said is the median of the rounds. A row counts only where
four writers at once left the side correct. `--quick` takes a fraction of the time, `--large` reads among a million
entries, which takes far longer; either whole run writes its part of docs/performance.md.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[0] = str(ROOT)  # this folder would hide the ledger behind a file of the same name

from benchmarks import postings, reads, report  # noqa: E402 - the path comes first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer entries and rounds; writes no page")
    parser.add_argument("--large", action="store_true", help="only read, among a million entries")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="measure only this one")
    parser.add_argument("--folder", type=Path, help="where the databases stand while they are measured")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ledger-bench-", dir=asked.folder) as folder:
        sections = [] if asked.large else postings.sections(Path(folder), engine=asked.engine, is_quick=asked.quick)
        sections += reads.sections(Path(folder), engine=asked.engine, is_large=asked.large)
    if not (asked.quick or asked.engine):
        report.write(ROOT / "docs" / "performance.md", sections, is_large=asked.large)


if __name__ == "__main__":
    main()
