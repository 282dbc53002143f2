"""The book as text: hledger and beancount, who know nothing of this program, find the same balances in it."""

import re
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlmodel import Session

from ledger import Book, EntryKind, TooLong, UnknownBook, audit, beancount_lines, hledger_lines
from tests.databases import Databases
from tests.ledger.a_long_life import HOSTILE, Village, live_long
from tests.ledger.conftest import MORNING, Cast
from tests.ledger.forging import table
from tests.ledger.other_tools import Beancount, Hledger
from tests.ledger.unguarded import take_guards_down
from timebank.database import engine_for

Tool: TypeAlias = Hledger | Beancount
POSTING = re.compile(r"^ +(?:Assets|Equity):\S+  -?\d+ SEC", re.MULTILINE)


@pytest.fixture(params=[Hledger, Beancount])
def tool(request: pytest.FixtureRequest, tmp_path: Path) -> Tool:
    made: Tool = request.param(tmp_path)
    return made


def lived(databases: Databases, entries: int) -> Iterator[Village]:
    engine = engine_for(databases.fresh("sqlite"))
    with Session(engine) as session:
        yield live_long(session, entries=entries)
    engine.dispose()


@pytest.fixture(scope="module")
def long_life(databases: Databases) -> Iterator[Village]:
    """Ten thousand entries."""
    yield from lived(databases, 10_000)


@pytest.fixture(scope="module")
def short_life(databases: Databases) -> Iterator[Village]:
    """Three hundred."""
    yield from lived(databases, 300)


def session_of(village: Village) -> Session:
    return village.book._session  # noqa: SLF001 - the one that it was written in


def written(village: Village, tool: Tool) -> str:
    return "".join(tool.lines(session_of(village), village.book.id))


def test_other_tools_find_the_same_balances_in_ten_thousand_entries(long_life: Village, tool: Tool) -> None:
    journal = written(long_life, tool)
    assert tool.complaint(journal) == ""
    found = {name.rpartition(":")[2].lower(): seconds for name, seconds in tool.balances(journal).items()}
    ours = long_life.book.balances(long_life.accounts)
    assert found == {f"{account}": balance.posted for account, balance in ours.items()}
    assert any(found.values())


def test_what_other_tools_read_is_what_was_recorded(short_life: Village, tool: Tool) -> None:
    read = tool.entries(written(short_life, tool))
    recorded = [short_life.book.find(entry.said["key"]) for entry in read]
    assert len(read) > 100
    for found, entry in zip(read, recorded, strict=True):
        assert entry is not None
        assert (found.number, found.effective, found.purpose) == (entry.number, f"{entry.effective_on}", entry.purpose)
        assert (found.said["hash"], found.said["entry"]) == (entry.hash.hex(), f"{entry.id}")
        assert found.said.get("reverses") == (f"{entry.reverses}" if entry.reverses else None)
    assert {entry.said["key"].partition(" ")[2] for entry in read} == set(HOSTILE)
    assert {EntryKind(entry.said["kind"]) for entry in read} == {EntryKind.POST, EntryKind.SETTLE, EntryKind.REVERSE}


def test_every_number_of_the_chain_is_there_also_of_what_moved_nothing(short_life: Village, tool: Tool) -> None:
    journal = written(short_life, tool)
    in_comments = {int(number) for number in re.findall(r"^; (\d+) ", journal, re.MULTILINE)}
    moved = {entry.number for entry in tool.entries(journal)}
    assert in_comments.isdisjoint(moved)
    assert in_comments | moved == set(range(1, 301))


# Tampering


def pair(journal: str) -> tuple[str, str]:
    """Two entries of two postings, one after the other, on an account that both move."""
    paragraphs = [one for one in journal.split("\n\n") if len(POSTING.findall(one)) == 2 and "every balance" not in one]
    for one, next_one in pairwise(paragraphs[20:]):
        accounts = [{line.split()[0] for line in POSTING.findall(entry)} for entry in (one, next_one)]
        if len(accounts[0] & accounts[1]) == 1 and "settle" not in one + next_one:
            return one, next_one
    raise AssertionError("no two entries share an account")


def change_an_amount(journal: str) -> str:
    """A minute more on both sides, so that the entry still sums to zero."""
    entry, _ = pair(journal)

    def more(found: re.Match[str]) -> str:
        head, seconds, commodity = found[0].rsplit(" ", 2)
        return f"{head} {int(seconds) + (60 if int(seconds) > 0 else -60)} {commodity}"

    return journal.replace(entry, POSTING.sub(more, entry))


def remove_a_line(journal: str) -> str:
    entry, _ = pair(journal)
    first, *_ = POSTING.findall(entry)
    return journal.replace(entry, "\n".join(line for line in entry.split("\n") if not line.startswith(first)))


def remove_an_entry(journal: str) -> str:
    return journal.replace(pair(journal)[0], "; nothing to see here")


def remove_the_last_entry(journal: str) -> str:
    last = [one for one in journal.split("\n\n") if "kind" in one and len(POSTING.findall(one)) > 1][-1]
    return journal.replace(last, "; nothing to see here")


def swap_two(journal: str) -> str:
    """What the one moved under the name of the other."""
    one, other = pair(journal)

    def with_moves_of(header: str, moves: str) -> str:
        kept = [line for line in header.split("\n") if not POSTING.match(line) and " balance " not in line]
        return "\n".join(kept + [line for line in moves.split("\n") if POSTING.match(line) or " balance " in line])

    swapped = journal.replace(one, "\0").replace(other, with_moves_of(other, one))
    return swapped.replace("\0", with_moves_of(one, other))


@pytest.mark.parametrize("tamper", [change_an_amount, remove_a_line, remove_an_entry, remove_the_last_entry, swap_two])
def test_other_tools_reject_a_tampered_journal(short_life: Village, tool: Tool, tamper: Callable[[str], str]) -> None:
    journal = written(short_life, tool)
    assert tool.complaint(journal) == ""
    assert re.search(r"balance", tool.complaint(tamper(journal)), re.IGNORECASE)


# How it is written


def copied(engine: Engine, source: Session, book: Book) -> None:
    """The same rows on another engine, in the only order that its guards take."""
    with engine.begin() as there:
        for name in ("book", "account", "limit"):
            there.execute(insert(table(name)), [dict(row) for row in source.execute(select(table(name))).mappings()])
        for number in range(1, book.head().number + 1):
            for name in ("key", "posting", "entry"):
                entry = table("entry")
                named = table(name).c["id" if name == "entry" else "entry"]
                rows = select(table(name)).join(entry, entry.c.id == named) if name != "entry" else select(entry)
                found = source.execute(rows.where(entry.c.number == number)).mappings()
                there.execute(insert(table(name)), [dict(row) for row in found])


def test_one_book_is_written_alike_from_both_engines(short_life: Village, engine: Engine, tool: Tool) -> None:
    copied(engine, session_of(short_life), short_life.book)
    with Session(engine) as session:
        assert audit(session, short_life.book.id).problems == []
        assert "".join(tool.lines(session, short_life.book.id)) == written(short_life, tool)


@pytest.mark.parametrize("lines", [hledger_lines, beancount_lines])
def test_a_long_book_is_written_without_holding_it_in_memory(
    long_life: Village, short_life: Village, lines: Callable[..., Iterator[str]]
) -> None:
    def most_memory(village: Village) -> int:
        tracemalloc.start()
        for _ in lines(session_of(village), village.book.id):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert most_memory(long_life) < 5 * most_memory(short_life)  # 33 times as many entries, read by 500


def test_a_book_without_entries_is_a_sound_journal(cast: Cast, tool: Tool) -> None:
    journal = "".join(tool.lines(cast.session, cast.book.id))
    assert tool.complaint(journal) == ""
    assert f"{cast.ana}".upper() in journal


def test_a_book_that_is_not_there_is_not_written(cast: Cast, tool: Tool) -> None:
    with pytest.raises(UnknownBook):
        next(iter(tool.lines(cast.session, cast.ana)))


@pytest.mark.owner  # who alone can take the guards down
def test_a_book_of_more_entries_than_there_are_days_says_so(cast: Cast) -> None:
    connection = take_guards_down(cast.session)
    connection.execute(text("UPDATE ledger_head SET number = 3652059, links = 3652059"))
    with pytest.raises(TooLong, match="no days for 3652059"):
        next(iter(beancount_lines(cast.session, cast.book.id)))
    cast.session.rollback()


def test_a_book_is_written_as_it_stood_when_that_began(cast: Cast, tool: Tool) -> None:
    cast.give(cast.ana, cast.ben)
    lines = tool.lines(cast.session, cast.book.id)
    journal = next(iter(lines))
    cast.give(cast.ana, cast.ben, at=MORNING)
    journal += "".join(lines)
    assert tool.complaint(journal) == ""
    assert set(tool.balances(journal).values()) <= {3600, -3600, 0}
