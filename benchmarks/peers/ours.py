"""The ledger as anybody would use it: `Book.post` in a session of the caller's, which commits."""

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import Session

from benchmarks.answering import answer
from ledger import AccountKind, Book, LimitExceeded, Post, Posting, audit, create_book
from timebank.database import engine_for, unit_of_work
from timebank.schema import upgrade

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
FAR = 10**9
WORDS: Any = {"purpose": "service", "effective_on": AT.date()}
PURSE = 100
"""How many minutes may be spent from the purse."""


def lay_out(url: str, books: int, members: int = 50) -> dict[str, Any]:
    """A migrated database with some books: in each of them members, a pot, and a purse that may be spent from."""
    engine = engine_for(url)
    upgrade(engine)
    made = []
    with Session(engine) as session:
        for _ in range(books):
            with unit_of_work(session):
                book = Book(session, create_book(session, at=AT))
                floors = [-FAR] * (members + 1) + [-PURSE * 60]
                kinds = [AccountKind.MEMBER] * members + [AccountKind.POT] * 2
                accounts = [
                    book.open_account(kind, floor=floor, ceiling=FAR, at=AT)
                    for kind, floor in zip(kinds, floors, strict=True)
                ]
                made.append([str(key) for key in (book.id, *accounts)])
    engine.dispose()
    return {"url": url, "books": made}


class Ours:
    """One client; it keeps to the books that are its own where there are several clients, and several books."""

    def __init__(self, setting: dict[str, Any]) -> None:
        self.client = setting["client"]
        self.books = [[UUID(key) for key in book] for book in setting["books"]]
        self.session = Session(engine_for(setting["url"]))
        self.turns = count()
        self.pool = ThreadPoolExecutor(16)  # threads that stay, as a serving process has them

    def post(self, times: int) -> None:
        self._post(times, self.books[:1])

    def spread(self, times: int) -> None:
        self._post(times, self.books)

    def hot(self, times: int) -> None:
        """Every entry moves hours into the pot of the first book."""
        book, *members, pot, _purse = self.books[0]
        for turn in self._turns(times):
            self._one(book, members[turn % len(members)], pot, f"{self.client}/{turn}")

    def batch(self, times: int) -> None:
        """Entries in batches of a hundred."""
        book, *members, _pot, _purse = self.books[0]
        for _ in range(times // 100):
            posts = []
            for turn in self._turns(100):
                giver, receiver = self._pair(members, turn)
                posts.append(Post(_minute(giver, receiver), f"{self.client}/{turn}", "service", AT.date()))
            with unit_of_work(self.session):
                Book(self.session, book).post_many(posts, at=datetime.now(UTC))

    def threads(self, times: int) -> dict[str, float]:
        """Sixteen threads of one process, each with its own session; the longest that any of them waited for a post."""
        engine = self.session.get_bind()
        book, *members, _pot, _purse = self.books[0]
        turns = self._turns(times)

        def work(thread: int) -> float:
            longest = 0.0
            with Session(engine) as session:
                for turn in turns[thread::16]:
                    began = time.perf_counter()
                    with unit_of_work(session):
                        Book(session, book).post(
                            _minute(*self._pair(members, turn)),
                            key=f"{self.client}/{turn}",
                            at=datetime.now(UTC),
                            **WORDS,
                        )
                    longest = max(longest, time.perf_counter() - began)
            return longest

        return {"longest_ms": max(self.pool.map(work, range(16))) * 1000}

    def spend(self, times: int) -> int:
        """Out of the one purse, as often as it goes; and once under a key that every client uses."""
        book, *members, _pot, purse = self.books[0]
        self._one(book, members[0], members[1], "the same for all")
        went = 0
        for turn in self._turns(times):
            try:
                self._one(book, members[turn % len(members)], purse, f"{self.client}/{turn}")
                went += 1
            except LimitExceeded:
                pass
        return went

    def check(self, _times: int) -> dict[str, Any]:
        book, *_members, purse = self.books[0]
        report = audit(self.session, book)
        balances = Book(self.session, book).trial_balance()
        self.session.rollback()
        return {
            "sum": sum(balance.posted for balance in balances.values()),
            "purse": balances[purse].posted // 60 if purse in balances else 0,
            "entries": report.entries,
            "keys": True,
            "problems": len(report.problems),
        }

    def _post(self, times: int, books: list[list[UUID]]) -> None:
        for turn in self._turns(times):
            book, *members, _pot, _purse = books[(turn * 5 + self.client * 2) % len(books)]
            self._one(book, *self._pair(members, turn), f"{self.client}/{turn}")

    def _one(self, book: UUID, giver: UUID, receiver: UUID, key: str) -> None:
        with unit_of_work(self.session):
            Book(self.session, book).post(_minute(giver, receiver), key=key, at=datetime.now(UTC), **WORDS)

    def _turns(self, times: int) -> list[int]:
        return [next(self.turns) for _ in range(times)]

    def _pair(self, members: list[UUID], turn: int) -> tuple[UUID, UUID]:
        giver = (turn * 7 + self.client * 13) % len(members)
        return members[giver], members[(giver + 1 + turn % (len(members) - 1)) % len(members)]


def _minute(giver: UUID, receiver: UUID) -> list[Posting]:
    return [Posting(giver, 60), Posting(receiver, -60)]


def main() -> None:
    ours = Ours(json.loads(sys.argv[1]))
    commands: list[Callable[[int], Any]] = [
        ours.post,
        ours.spread,
        ours.hot,
        ours.batch,
        ours.threads,
        ours.spend,
        ours.check,
    ]
    answer({command.__name__: command for command in commands})


if __name__ == "__main__":
    main()
