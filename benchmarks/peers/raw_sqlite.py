"""The limit on SQLite: the same rows into the same tables with the same unique indexes, by bare driver statements.

It reads the balances and the head that it continues, and leaves out everything else: no trigger, no foreign key, no
digests, no looking at what came before under a key. What the tables say by themselves, their CHECKs, stands; foreign
keys are off, as sqlite3 has them. Otherwise the connection is settled as ours are.
"""

import json
import secrets
import sqlite3
import sys
import time
from contextlib import closing
from itertools import count
from typing import Any
from uuid import UUID

from benchmarks.answering import answer
from timebank.database import PRAGMAS

KEY = "INSERT INTO ledger_key (book, key, entry) VALUES (?, ?, ?)"
BALANCE = "SELECT sequence, posted, limits, floor, ceiling FROM ledger_balance WHERE account = ?"
HEAD = "SELECT number, hash, recorded_at FROM ledger_head WHERE book = ?"
POSTING = """
INSERT INTO ledger_posting (entry, line, lines, book, number, kind, overrides, account, sequence, previous_sequence,
 posted, held_out, held_in, posted_before, out_before, in_before, posted_after, out_after, in_after, limits, floor,
 ceiling)
VALUES (?, ?, 2, ?, ?, 'post', 0, ?, ?, ?, ?, 0, 0, ?, 0, 0, ?, 0, 0, ?, ?, ?)"""
ENTRY = """
INSERT INTO ledger_entry (id, book, number, kind, purpose, effective_on, recorded_at, key, request_digest, overrides,
 moved, lines, previous_number, previous_hash, hash)
VALUES (?, ?, ?, 'post', 'service', '2026-05-04', ?, ?, ?, 0, 60, 2, ?, ?, ?)"""
ADVANCE = "UPDATE ledger_balance SET sequence = ?, repeats = ?, number = ?, posted = ? WHERE account = ?"
MOVE_HEAD = "UPDATE ledger_head SET number = ?, links = ?, hash = ? WHERE book = ?"


def strip(file: str) -> None:
    """Take away the guards, and the indexes that are not unique."""
    with closing(sqlite3.connect(file)) as connection:
        names = "SELECT name FROM sqlite_master WHERE name LIKE '%ledger%' AND "
        for (trigger,) in connection.execute(names + "type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for (index,) in connection.execute(
            names + "type = 'index' AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%'"
        ).fetchall():
            connection.execute(f"DROP INDEX {index}")


class Raw:
    def __init__(self, setting: dict[str, Any]) -> None:
        self.client = setting["client"]
        self.book, *self.members, _pot, self.purse = (UUID(key).bytes for key in setting["books"][0])
        self.connection = sqlite3.connect(setting["file"], isolation_level=None, timeout=30)
        for name, value in {**PRAGMAS, "foreign_keys": "OFF"}.items():
            self.connection.execute(f"PRAGMA {name}={value}")
        self.turns = count()

    def post(self, times: int, each: int = 1) -> None:
        execute = self.connection.execute
        for _ in range(times // each):
            execute("BEGIN IMMEDIATE")
            for _ in range(each):
                turn = next(self.turns)
                self._one(turn, f"{self.client}/{turn}")
            execute("COMMIT")

    def batch(self, times: int) -> None:
        self.post(times, each=100)

    def spend(self, times: int) -> int:
        """Out of the one purse, as often as it goes; and once under a key that every client uses."""
        self._alone(0, "the same for all", self.members[1])
        turns = [next(self.turns) for _ in range(times)]
        return sum(self._alone(turn, f"{self.client}/{turn}", self.purse) for turn in turns)

    def _alone(self, turn: int, key: str, receiver: bytes) -> bool:
        """One entry in a transaction of its own; whether it was allowed to stand."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            self._one(turn, key, receiver)
        except sqlite3.IntegrityError:
            self.connection.execute("ROLLBACK")
            return False
        self.connection.execute("COMMIT")
        return True

    def check(self, _times: int) -> dict[str, Any]:
        asked = "SELECT (SELECT sum(posted) FROM ledger_balance), (SELECT count(*) FROM ledger_entry)"
        total, entries = self.connection.execute(asked).fetchone()
        _, posted, *_ = self.connection.execute(BALANCE, (self.purse,)).fetchone()
        return {"sum": total, "purse": posted // 60, "entries": entries, "keys": True}

    def _one(self, turn: int, key: str, receiver: bytes | None = None) -> None:
        execute, book, members = self.connection.execute, self.book, self.members
        entry = (time.time_ns() // 1_000_000).to_bytes(6, "big") + secrets.token_bytes(10)
        execute(KEY, (book, key, entry))
        giver = (turn * 7 + self.client * 13) % len(members)
        receiver = receiver or members[(giver + 1 + turn % (len(members) - 1)) % len(members)]
        number, before, recorded_at = execute(HEAD, (book,)).fetchone()
        for line, (account, seconds) in enumerate(((members[giver], 60), (receiver, -60)), start=1):
            sequence, posted, *limits = execute(BALANCE, (account,)).fetchone()
            place = (entry, line, book, number + 1, account, sequence + 1, sequence or None)
            execute(POSTING, (*place, seconds, posted, posted + seconds, *limits))
            execute(ADVANCE, (sequence + 1, sequence + 1, number + 1, posted + seconds, account))
        after, digest = secrets.token_bytes(32), secrets.token_bytes(32)
        execute(ENTRY, (entry, book, number + 1, recorded_at, key, digest, number or None, before, after))
        execute(MOVE_HEAD, (number + 1, number + 1, after, book))


def main() -> None:
    raw = Raw(json.loads(sys.argv[1]))
    answer({"post": raw.post, "batch": raw.batch, "spend": raw.spend, "check": raw.check})


if __name__ == "__main__":
    main()
