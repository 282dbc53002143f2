"""One audit or export in a process of its own, so that its memory and its time can be told from everybody else's."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from ledger import audit, beancount_lines, hledger_lines
from timebank.database import engine_for


def audited(session: Session, book: UUID) -> bool:
    return audit(session, book).is_clean


def in_hledger(session: Session, book: UUID) -> bool:
    return sum(len(line) for line in hledger_lines(session, book)) > 0


def in_beancount(session: Session, book: UUID) -> bool:
    return sum(len(line) for line in beancount_lines(session, book)) > 0


WAYS: dict[str, Callable[[Session, UUID], bool]] = {
    "audit": audited,
    "export to hledger": in_hledger,
    "export to beancount": in_beancount,
}

if __name__ == "__main__":
    way, url, key = sys.argv[1:]
    with Session(engine_for(url)) as asking:
        began, ran = time.perf_counter(), time.process_time()
        if not WAYS[way](asking, UUID(key)):
            sys.exit(f"{way}: not right")
        took, used = time.perf_counter() - began, time.process_time() - ran
    status = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage counts in who started this process
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"seconds": took, "processor": used, "megabytes": peak}))
