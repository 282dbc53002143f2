"""Reading and proving: questions against the bare statement on the same connection, audits as whole processes."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from benchmarks.answering import ROOT
from benchmarks.measuring import table
from benchmarks.peers import ours
from benchmarks.servers import NoPostgresqlHere, database, postgresql
from benchmarks.whole_books import WAYS
from ledger import Book, Post, Posting
from timebank.database import engine_for, unit_of_work

LARGE, SMALL, LEAST = 1_000_000, 30_000, 10_000
EACH = 100
BETWEEN = timedelta(seconds=30)
"""How far apart entries are recorded: keys sort by their moment, as in a book that people write."""
LEAST_PER_SECOND = {"SQLite": 50_000, "PostgreSQL": 25_000}


def sections(folder: Path, *, engine: str | None, is_large: bool) -> list[str]:
    most, found = LARGE if is_large else SMALL, []
    if engine != "postgresql":
        found.append(_section("SQLite", f"sqlite:///{folder}/reads.db", most))
    if engine != "sqlite":
        try:
            with postgresql(folder) as server:
                url = database(server, "reads").replace("postgresql:", "postgresql+psycopg:")
                found.append(_section("PostgreSQL", url, most))
        except NoPostgresqlHere:
            pass
    return found


def _section(engine: str, url: str, most: int) -> str:
    setting = ours.lay_out(url, books=1)
    book, *accounts, _purse = (UUID(key) for key in setting["books"][0])
    with Session(engine_for(url)) as session:
        _fill(session, book, accounts, range(LEAST))
        before, first = _size(session), _whole_books(url, book)
        _fill(session, book, accounts, range(LEAST, most))
        each = (_size(session) - before) / (most - LEAST)
        if engine == "PostgreSQL":
            _analyze(session)
        return told(session, url, book, pot=accounts[-1], most=most, first=first, each=each)


def told(
    session: Session, url: str, book: UUID, *, pot: UUID, most: int, first: dict[str, dict[str, float]], each: float
) -> str:
    """What is measured of a book of so many entries: questions, audits and exports, and bytes for each entry."""
    engine = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    last, asked = _whole_books(url, book), _questions(session, book, pot, most)
    among = "among a million entries " if most == LARGE else ""
    said = (
        f"## Reading {among}on {engine}\n\n{most:,} entries, {most // 10:,} of them on the account that is asked "
        "about; pages of 50.\n\n"
        + table(["question", "ledger", "bare statement", "ratio", "at most 3"], asked)
        + "\n\n"
        + table(
            ["whole book", "entries", "by processor time", "at least", "memory", f"memory for {LEAST:,}"],
            [_whole_book(way, engine, most, first[way], last[way]) for way in WAYS],
        )
        + f"\n\nAn entry with two legs takes {each:,.0f} bytes on disk, indexes included (aim: 1,200)."
    )
    print("\n" + said, flush=True)
    return said


def _whole_book(way: str, engine: str, most: int, first: dict[str, float], last: dict[str, float]) -> tuple[str, ...]:
    rates = (f"{most / last[clock]:,.0f}/s" for clock in ("seconds", "processor"))
    memory = (f"{one['megabytes']:.0f} MB" for one in (last, first))
    return way, *rates, f"{LEAST_PER_SECOND[engine]:,}/s", *memory


def _fill(session: Session, book: UUID, accounts: Sequence[UUID], turns: range) -> None:
    """Entries between members; each tenth gives to the pot."""
    *members, pot = accounts
    for begin in turns[::EACH]:
        posts = []
        for turn in range(begin, begin + EACH):
            giver = members[turn % len(members)]
            receiver = pot if turn % 10 == 0 else members[(turn + 1 + turn % 40) % len(members)]
            legs = [Posting(giver, 60), Posting(receiver, -60)]
            posts.append(Post(legs, f"fill {turn}", "service", ours.AT.date()))
        with unit_of_work(session):
            Book(session, book).post_many(posts, at=ours.AT + begin * BETWEEN)


def _size(session: Session) -> int:
    """The bytes that the database takes on disk, without its log."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        asked = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    else:
        asked = "SELECT pg_database_size(current_database())"
    size = int(connection.execute(text(asked)).scalar_one())
    session.rollback()
    return size


def _analyze(session: Session) -> None:
    engine = session.get_bind().engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _whole_books(url: str, book: UUID) -> dict[str, dict[str, float]]:
    """An audit and the exports, each in a process of its own: what they took, and the most memory."""
    found = {}
    for way in WAYS:
        program = [sys.executable, "-m", "benchmarks.whole_books", way, url, str(book)]
        said = subprocess.run(program, check=True, capture_output=True, cwd=ROOT).stdout
        found[way] = json.loads(said)
    return found


def _questions(session: Session, book: UUID, pot: UUID, most: int) -> list[tuple[str, ...]]:
    asked = Book(session, book)
    driver: Any = session.connection().connection.driver_connection
    sqlite = session.connection().dialect.name == "sqlite"
    mark, key, inside = ("?", pot.bytes, book.bytes) if sqlite else ("%s", pot, book)

    def bare(words: str, *values: object) -> Callable[[], object]:
        words = words.replace("?", mark)
        return lambda: driver.execute(words, (key, *values)).fetchall()

    balance = "SELECT posted, held_out, held_in FROM ledger_balance WHERE account = ? AND book = ?"
    as_of = (
        "SELECT posted_after, out_after, in_after FROM ledger_posting"
        " WHERE account = ? AND book = ? AND number <= ? ORDER BY number DESC LIMIT 1"
    )
    page = (
        "SELECT p.sequence, p.number, p.entry, p.kind, e.purpose, e.effective_on, e.recorded_at, p.posted,"
        " p.held_out, p.held_in, p.posted_after, p.out_after, p.in_after FROM ledger_posting p"
        " JOIN ledger_entry e ON e.id = p.entry"
        " WHERE p.account = ? AND p.sequence < ? ORDER BY p.sequence DESC LIMIT 51"
    )
    half, top, deep = most // 2, most // 10 + 1, max(most // 10 - 50_000, most // 100)
    return [
        _asked("balance", lambda: asked.balance(pot), bare(balance, inside)),
        _asked("balance as of", lambda: asked.balance_as_of(pot, number=half), bare(as_of, inside, half)),
        _asked("first page of a statement", lambda: asked.statement(pot), bare(page, top)),
        _asked("a deep page of it", lambda: asked.statement(pot, before=deep), bare(page, deep)),
    ]


def _asked(what: str, ledger: Callable[[], object], bare: Callable[[], object]) -> tuple[str, ...]:
    ours_took, bare_took = [], []
    for _ in range(300):
        for took, question in ((ours_took, ledger), (bare_took, bare)):
            began = time.perf_counter()
            question()
            took.append(time.perf_counter() - began)
    one, other = (statistics.median(took[50:]) for took in (ours_took, bare_took))
    reached = "yes" if one <= 3 * other else "**no**"
    return what, f"{one * 1000:.3f} ms", f"{other * 1000:.3f} ms", f"{one / other:.1f}", reached
