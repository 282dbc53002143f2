"""A broker's import as a process of its own: `python -m tests.faults.importer URL BROKER SUBMISSION LINES`.

It says `ready` when it is about to begin, and `done` once everything is committed.
"""

import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from timebank.database import engine_for, unit_of_work
from timebank.members.queries import directory, standing_of
from timebank.sheets import entering
from timebank.sheets.rules import Line, Repeats, Sheet

AT = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
HOUR = 3600


def main(url: str, broker: str, submission: str, count: str) -> None:
    with Session(engine_for(url)) as session:
        by = standing_of(session, UUID(broker))
        others = [
            each.id for each in directory(session, by.timebank_id, limit=100).parties if each.id not in by.parties
        ]
        lines = [
            Line(
                number=number,
                happened_on=(AT - timedelta(days=number % 20)).date(),
                giver_id=others[number % len(others)],
                receiver_id=others[(number + 1) % len(others)],
                title=f"{submission}, {number}",
                seconds=HOUR,
            )
            for number in range(1, int(count) + 1)
        ]
        sheet = Sheet(approves=True, repeats=Repeats.COUNT, file_name="killed.csv")
        say("ready")
        with unit_of_work(session):
            entering.enter(session, lines, sheet=sheet, by=by, at=AT, submission=UUID(submission))
        say("done")


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
