"""One audit in a process of its own, so that its memory can be told from everybody else's."""

import json
import resource
import sys
import time
from uuid import UUID

from sqlmodel import Session

from ledger import audit
from timebank.database import engine_for

if __name__ == "__main__":
    url, book = sys.argv[1:]
    with Session(engine_for(url)) as session:
        began = time.perf_counter()
        report = audit(session, UUID(book))
        took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"entries": report.entries if report.is_clean else 0, "seconds": took, "megabytes": peak}))
