"""The commands that prove, close and write down a ledger, as processes on real databases."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlmodel import Session

from ledger import Posting
from tests.commands import FOUNDING, ask, said_in_one_line
from tests.databases import Databases
from timebank.clock import now
from timebank.database import engine_for, unit_of_work
from timebank.network.queries import book_of, timebank_called


@pytest.fixture
def sqlite_url(databases: Databases) -> str:
    return databases.fresh("sqlite")


def test_audit_proves_a_ledger_and_names_the_first_row_that_is_wrong(sqlite_url: str) -> None:
    ask(*FOUNDING, url=sqlite_url)
    proved = ask("audit", url=sqlite_url)
    assert proved.code == 0, proved
    assert "cwm-aur: 0 entries, 0 postings, 3 accounts, 0 closed periods" in proved.said
    for word in ("hours moved", "hours of help", "chain's head", "proved"):
        assert word in proved.said

    with closing(sqlite3.connect(Path(str(make_url(sqlite_url).database)))) as connection, connection:
        for (guard,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f'drop trigger "{guard}"')
        connection.execute("update ledger_book set genesis = zeroblob(32)")
    ended = ask("audit", url=sqlite_url)
    assert ended.code == 1
    assert "law 7" in ended.complained
    assert "Traceback" not in ended.complained


def test_books_are_closed_up_to_a_day_that_is_over(database_url: str) -> None:
    ask(*FOUNDING, url=database_url)
    of_cwm_aur = ("close-books", "--timebank", "cwm-aur", "--until")
    said_in_one_line(ask(*of_cwm_aur, "2999-01-01", url=database_url), "not over yet")
    said_in_one_line(ask(*of_cwm_aur, "2026-01-31", url=database_url), "no entry yet")
    said_in_one_line(ask("close-books", "--timebank", "brecon", "--until", "2026-01-31", url=database_url), "brecon")
    assert ask(*of_cwm_aur, "yesterday", url=database_url).code == 2
    engine = engine_for(database_url)
    with Session(engine) as session, unit_of_work(session):
        bank = timebank_called(session, "cwm-aur")
        assert bank is not None
        legs = [Posting(bank.issuing_account_id, -60), Posting(bank.pot_account_id, 60)]
        book_of(session, bank.id).post(legs, key="first", purpose="grant", effective_on=date(2026, 1, 5), at=now())
    engine.dispose()
    closed = ask(*of_cwm_aur, "2026-01-31", url=database_url)
    assert closed.code == 0, closed
    assert "2026-01-05 to 2026-01-31, 1 entries" in closed.said
    said_in_one_line(ask(*of_cwm_aur, "2026-01-31", url=database_url), "closed already, until 2026-01-31")
    assert closed.said.split()[-1] in ask("audit", url=database_url).said


def test_journal_writes_the_book_of_one_timebank_to_standard_output_or_to_a_file(
    database_url: str, tmp_path: Path
) -> None:
    ask(*FOUNDING, url=database_url)
    of_cwm_aur = ("journal", "--timebank", "cwm-aur")
    said = ask(*of_cwm_aur, url=database_url)
    assert said.code == 0, said
    assert "0 entries" in said.said
    assert "account Assets:Pot:" in said.said

    file = tmp_path / "book.beancount"
    written = ask(*of_cwm_aur, "--format", "beancount", "--output", f"{file}", url=database_url)
    assert (written.code, written.said) == (0, "")
    assert "0001-01-01 open Assets:Pot:" in file.read_text()
    assert list(tmp_path.iterdir()) == [file]

    said_in_one_line(ask("journal", "--timebank", "brecon", url=database_url), "no timebank called brecon")
    nowhere = tmp_path / "nowhere" / "book"
    said_in_one_line(ask(*of_cwm_aur, "--output", f"{nowhere}", url=database_url), "is its folder there?")
    assert ask(*of_cwm_aur, "--format", "ledger", url=database_url).code == 2
