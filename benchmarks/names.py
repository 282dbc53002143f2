"""How soon those are suggested whose name somebody begins to type, among 100,000: `python -m benchmarks.names`.

Each question is timed in turns with the bare stretch of the index that answers it, so that whatever else the machine
does meets both alike. Under 1.00 is within the limit. On SQLite, and on PostgreSQL where its programs are installed.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert, text
from sqlmodel import Session

from benchmarks.measuring import table
from benchmarks.servers import NoPostgresqlHere, database, postgresql
from ledger import AccountKind
from timebank import schema
from timebank.database import engine_for, unit_of_work
from timebank.folding import folded, name_words, sort_name
from timebank.language import Language
from timebank.members.finding import LAST_LETTER, MOST_FOUND, people_called
from timebank.members.tables import Member, NameWord, Party, PartyKind, Person, Role, RoleHeld, Status
from timebank.network.actions import found
from timebank.network.queries import book_of
from timebank.network.rules import PolicyTerms

LIMIT_SECONDS = 0.100
"""What takes no longer seems to come at once."""
MEMBERS, EACH, TIMES = 100_000, 5_000, 40
LONG_AGO = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
FIRST = ["Aled", "Bethan", "Carys", "Dewi", "Ffion", "Gareth", "Huw", "Iona", "Lowri", "Megan", "Nia", "Rhys"]
LAST = ["Bevan", "Davies", "Evans", "Hughes", "Jones", "Lewis", "Morgan", "Owen", "Price", "Rees", "Thomas"]


def called(number: int) -> str:
    """The name of a member: each first name with each last name, and with a number that nobody else has."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]} {number}"


QUESTIONS = {
    "m": "one letter",
    "meg": "three letters",
    "megan jon": "two words that many have",
    called(4711): "somebody's whole name",
    "jones zz": "a common word, and one that nobody has",
    "zzz": "what nobody is called",
}


def settle(session: Session) -> UUID:
    """A timebank with its members, written as rows: to welcome each would take far longer, and leave the same."""
    with unit_of_work(session):
        terms = PolicyTerms(floor_seconds=None)
        bank = found(session, slug="bench", name_en="Bench", name_cy="Mainc", terms=terms, at=LONG_AGO).id
        book = book_of(session, bank)
        for begin in range(0, MEMBERS, EACH):
            rows: dict[type, list[dict[str, Any]]] = {each: [] for each in (Person, Party, Member, RoleHeld, NameWord)}
            for number in range(begin, begin + EACH):
                _write_down(rows, bank, called(number), book.open_account(AccountKind.MEMBER, at=LONG_AGO))
            for kind, those in rows.items():
                session.execute(insert(kind), those)
    return bank


def _write_down(rows: dict[type, list[dict[str, Any]]], bank: UUID, name: str, account: UUID) -> None:
    person, party = uuid4(), uuid4()
    rows[Person].append({"id": person, "language": Language.WELSH, "is_operator": False, "created_at": LONG_AGO})
    rows[Party].append(
        {
            "id": party,
            "timebank_id": bank,
            "kind": PartyKind.PERSON,
            "name": name,
            "sort_name": sort_name(name),
            "folded_name": folded(name),
            "account_id": account,
            "status": Status.ACTIVE,
            "joined_on": LONG_AGO.date(),
        }
    )
    of_member = {"id": party, "person_id": person, "timebank_id": bank, "since": LONG_AGO}
    rows[Member].append(of_member | {"phone": "", "about": "", "area": "Cwm"})
    rows[RoleHeld].append({"member_id": party, "role": Role.MEMBER, "since": LONG_AGO})
    rows[NameWord] += [{"party_id": party, "word": word, "timebank_id": bank} for word in name_words(name)]


def bare(session: Session, bank: UUID, typed: str) -> Callable[[], object]:
    """The first rows of the index from the longest word on, asked of the driver itself."""
    driver: Any = session.connection().connection.driver_connection
    longest = max(sorted(name_words(typed)), key=len)
    is_sqlite = session.connection().dialect.name == "sqlite"
    mark, key = ("?", bank.bytes) if is_sqlite else ("%s", bank)
    words = (
        "SELECT party_id FROM name_word WHERE timebank_id = ? AND word >= ? AND word < ?"
        " ORDER BY word, party_id LIMIT ?"
    ).replace("?", mark)
    return lambda: driver.execute(words, (key, longest, longest + LAST_LETTER, MOST_FOUND)).fetchall()


def asked(session: Session, bank: UUID, typed: str) -> tuple[str, ...]:
    ours, others, least = [], [], bare(session, bank, typed)
    people = people_called(session, bank, typed)
    for _ in range(TIMES):
        for took, question in ((ours, lambda: people_called(session, bank, typed)), (others, least)):
            began = time.perf_counter()
            question()
            took.append(time.perf_counter() - began)
    one, other = statistics.median(ours), statistics.median(others)
    figures = f"{one * 1000:.2f} ms", f"{other * 1000:.2f} ms", f"{one / other:.1f}", f"{one / LIMIT_SECONDS:.2f}"
    return f"“{typed}”, {QUESTIONS[typed]}", str(len(people)), *figures


def engines(folder: Path) -> Iterator[tuple[str, Engine]]:
    yield "SQLite", engine_for(f"sqlite:///{folder}/names.db")
    with suppress(NoPostgresqlHere), postgresql(folder) as server:
        yield "PostgreSQL", engine_for(database(server, "names").replace("postgresql:", "postgresql+psycopg:"))


def main() -> None:
    head = ["what is typed", "found", "suggested", "bare index", "ratio", f"of {LIMIT_SECONDS * 1000:.0f} ms"]
    with tempfile.TemporaryDirectory() as folder:
        for name, engine in engines(Path(folder)):
            schema.upgrade(engine)
            with Session(engine) as session:
                bank = settle(session)
                session.execute(text("ANALYZE"))
                session.commit()
                rows = [asked(session, bank, typed) for typed in QUESTIONS]
            engine.dispose()
            print(f"Among {MEMBERS:,} members on {name}\n\n{table(head, rows)}\n")


if __name__ == "__main__":
    main()
