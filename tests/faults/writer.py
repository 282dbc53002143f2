"""A writer as a process of its own: `python -m tests.faults.writer URL BOOK ACCOUNTS LONGEST SEED FIRST...`.

For each SEED a thread carries out one unit of its plan after another, from the FIRST on. When a unit is committed it
says so in one line: the plan's place, the unit's number, then id and hash of each entry; a unit that was refused has
none. `!` and a word is what kept it waiting.
"""

import os
import sys
import time
import traceback
from functools import partial
from itertools import islice
from threading import Thread
from uuid import UUID

from tests.faults.plan import carry_out, insist, units
from timebank.database import engine_for

PAUSE_SECONDS = 0.02


def main(url: str, book: str, accounts: str, longest: str, *plans: str) -> None:
    engine = engine_for(url)
    known = [UUID(account) for account in accounts.split(",")]

    def follow(place: int, seed: str, first: str) -> None:
        try:
            for unit in islice(units(seed, int(longest)), int(first), None):
                entries = insist(partial(carry_out, engine, UUID(book), known, unit), partial(_wait, place))
                _say(place, str(unit.number), *(f"{entry.id}:{entry.hash.hex()}" for entry in entries))
        except BaseException:  # noqa: BLE001 - whatever it is, all of it ends, not this thread alone
            traceback.print_exc()
            os._exit(1)

    for place, (seed, first) in enumerate(zip(plans[::2], plans[1::2], strict=True)):
        Thread(target=follow, args=(place, seed, first)).start()


def _say(place: int, *words: str) -> None:
    """In one piece, whoever else speaks."""
    os.write(sys.stdout.fileno(), f"{place} {' '.join(words)}\n".encode())


def _wait(place: int, why: str) -> None:
    _say(place, "!", why)
    time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main(*sys.argv[1:])
