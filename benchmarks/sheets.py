"""How long an import takes, from a file's bytes to the commit, as a ratio to its limit: `python -m benchmarks.sheets`.

A timebank of 400 members, a workbook of 500 lines SQLite in a file. With
`--url` on another, migrated and empty database. Under 1.00 is within the limit.
"""

import argparse
import io
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

from openpyxl import Workbook
from sqlalchemy import Engine
from sqlmodel import Session

from timebank import hours, schema
from timebank.database import engine_for, unit_of_work
from timebank.language import Language
from timebank.members.actions import welcome
from timebank.members.queries import standing_of
from timebank.members.rules import Standing
from timebank.members.tables import Role
from timebank.network.actions import found
from timebank.network.rules import PolicyTerms
from timebank.sheets import entering, naming
from timebank.sheets.reading import rows_in
from timebank.sheets.rules import Line, Repeats, Sheet

LIMIT_SECONDS = 5.0
LINES, MEMBERS, TIMES = 500, 400, 5
LONG_AGO = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


def settle(session: Session) -> tuple[Standing, list[str]]:
    """A timebank with its members; its broker, and the others' names."""
    with unit_of_work(session):
        bank = found(
            session,
            slug="bench",
            name_en="Bench",
            name_cy="Mainc",
            terms=PolicyTerms(floor_seconds=None),
            at=LONG_AGO,
        )
        names = [f"Member {number:03}" for number in range(MEMBERS)]
        for name in names:
            welcome(
                session,
                broker=None,
                timebank_id=bank.id,
                name=name,
                email=f"{name.replace(' ', '')}@example.org",
                language=Language.WELSH,
                roles=[Role.MEMBER],
                at=LONG_AGO,
            )
        broker = welcome(
            session,
            broker=None,
            timebank_id=bank.id,
            name="Broker",
            email="broker@example.org",
            language=Language.WELSH,
            roles=[Role.BROKER],
            at=LONG_AGO,
        )
    return standing_of(session, broker.id), names


def workbook(names: list[str], drawn: Random) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["Dyddiad", "Pwy a roddodd", "Pwy a dderbyniodd", "Beth", "Pa mor hir"])
    for number in range(LINES):
        giver, receiver = drawn.sample(names, 2)
        sheet.append([(NOW - timedelta(days=drawn.randrange(1, 28))).date(), giver, receiver, f"Help {number}", "1:30"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def enter(session: Session, content: bytes, by: Standing) -> None:
    """The whole way of a file but for the page around it."""
    rows = rows_in(content)
    names = {row.cells[side] for row in rows for side in ("giver", "receiver")}
    with unit_of_work(session):
        meant = naming.meant_by(session, by.timebank_id, names)
        lines = []
        for row in rows:
            giver, receiver = meant[row.cells["giver"]].only, meant[row.cells["receiver"]].only
            if giver is None or receiver is None:
                raise LookupError(row)
            lines.append(
                Line(
                    number=row.number,
                    happened_on=date.fromisoformat(row.cells["happened_on"]),
                    giver_id=giver.id,
                    receiver_id=receiver.id,
                    title=row.cells["title"],
                    seconds=hours.parse(row.cells["hours"]),
                )
            )
        sheet = Sheet(approves=True, repeats=Repeats.COUNT)
        entering.enter(session, lines, sheet=sheet, by=by, at=NOW, submission=uuid4())


@contextmanager
def database(url: str) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        made = engine_for(url or f"sqlite:///{Path(folder) / 'bench.db'}")
        try:
            if not url:
                schema.upgrade(made)
            yield made
        finally:
            made.dispose()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="")
    drawn = Random(5)  # noqa: S311 - the same lines at each run
    with database(parser.parse_args().url) as engine, Session(engine) as session:
        by, names = settle(session)
        took = []
        for _ in range(TIMES):
            content = workbook(names, drawn)
            began = time.perf_counter()
            enter(session, content, by)
            took.append(time.perf_counter() - began)
    median = statistics.median(took)
    print(f"{'what':36} {'limit':>8} {'median':>8} {'ratio':>6}")
    print(f"{f'a file of {LINES} lines':36} {LIMIT_SECONDS:7.3f}s {median:7.3f}s {median / LIMIT_SECONDS:6.2f}")


if __name__ == "__main__":
    main()
