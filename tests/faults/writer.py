"""A writer as a process of its own: `python -m tests.faults.writer URL BOOK ACCOUNTS SEED LONGEST FIRST`.

It carries out one unit of its plan after another, from the FIRST on. When a unit is committed it says so in one line:
the unit's number, then id and hash of each entry; a unit that was refused has none. `!` and a word is what kept it
waiting.
"""

import sys
import time
from functools import partial
from itertools import islice
from uuid import UUID

from tests.faults.plan import carry_out, insist, units
from timebank.database import engine_for

PAUSE_SECONDS = 0.02


def main(url: str, book: str, accounts: str, seed: str, longest: str, first: str) -> None:
    engine = engine_for(url)
    known = [UUID(account) for account in accounts.split(",")]
    for unit in islice(units(seed, int(longest)), int(first), None):
        entries = insist(partial(carry_out, engine, UUID(book), known, unit), _wait)
        say(str(unit.number), *(f"{entry.id}:{entry.hash.hex()}" for entry in entries))


def say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def _wait(why: str) -> None:
    say("!", why)
    time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
