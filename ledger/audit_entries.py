"""Says of an entry which laws it breaks, and how: from its rows, in words. Private to the ledger.

Nothing that the guards or the running balances say is believed: sums, balances, limits, links and digests are computed
again.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection, RowMapping
from sqlalchemy.exc import DBAPIError

from ledger import audit_rows as rows
from ledger import chain
from ledger.audit_clearing import ClearingAudit
from ledger.audit_rows import Problem
from ledger.audit_sound import Account, Reached, has_shape
from ledger.columns import EPOCH, MICROSECOND
from ledger.entries import FINISHING, REVERSIBLE, EntryKind

UNREADABLE = (ValueError, TypeError, OverflowError, DBAPIError)

Row = RowMapping
Broken = Iterator[tuple[int, str]]
"""Numbers of laws, and what is wrong."""


class EntryAudit:
    """The entries of one book, each after those before it."""

    def __init__(self, connection: Connection, book: UUID, reached: Reached, clearing: ClearingAudit) -> None:
        self.connection = connection
        self.book = book
        self.reached = reached
        self.clearing = clearing

    def some(self, after: int, until: int, problems: list[Problem]) -> list[tuple[Row, list[Row]]]:
        """The next entries with their postings. One that cannot be read ends them, and is named once it is the next."""
        try:
            return self._read(after, until)
        except UNREADABLE as error:
            readable, unreadable = after, min(until, after + rows.CHUNK)
            while unreadable - readable > 1:
                middle = (readable + unreadable) // 2
                try:
                    self._read(after, middle)
                    readable = middle
                except UNREADABLE:
                    unreadable = middle
            found = self._read(after, readable)
            if not found:
                what = f"it cannot be read, and what follows it was not: {error}"
                problems.append(Problem(7, f"entry {unreadable}", what))
            return found

    def _read(self, after: int, until: int) -> list[tuple[Row, list[Row]]]:
        asked = {"book": self.book, "after": after, "until": until}
        headers = self.connection.execute(rows.some_entries, asked).mappings().all()
        found = self.connection.execute(rows.their_postings, {"entries": [row["id"] for row in headers]}).mappings()
        postings = {entry: list(group) for entry, group in groupby(found, key=lambda posting: posting["entry"])}
        return [(row, postings.get(row["id"], [])) for row in headers]

    def problems(self, row: Row, postings: list[Row]) -> Iterator[Problem]:
        """What is wrong with an entry; what it comes to is then known, be it right or wrong."""
        where = f"entry {row['number']} ({row['id']})"
        if row["kind"] not in set(EntryKind):
            yield Problem(7, where, f"it is of a kind that does not exist: {row['kind']!r}")
            return
        for law, what in (
            *self._chain_problems(row, postings),
            *self._whole_problems(row, postings),
            *self._once_problems(row, postings),
            *self.clearing.problems(row, postings),
            *(problem for posting in postings for problem in self._posting_problems(row, posting)),
        ):
            yield Problem(law, where, what)

    def _chain_problems(self, row: Row, postings: list[Row]) -> Broken:
        before, moment = self.reached, microseconds(row["recorded_at"])
        if row["number"] != before.number + 1 or row["previous_number"] != (before.number or None):
            yield 7, f"the entry before it is number {before.number}"
        if row["previous_hash"] != before.hash:
            yield 7, "it does not link to the entry before it"
        if row["hash"] != chain.entry_hash(row, postings):
            yield 7, "the hash is not that of its rows"
        if moment < before.moment:
            yield 7, "it was recorded before the entry before it"
        if row["memo_text"] is not None and row["memo_digest"] != chain.memo_digest(row["memo_salt"], row["memo_text"]):
            yield 7, "the memo is not the one whose digest is chained"
        before.number, before.hash, before.moment = row["number"], row["hash"], moment

    def _whole_problems(self, row: Row, postings: list[Row]) -> Broken:
        if len(postings) != row["lines"] or [posting["line"] for posting in postings] != [*range(1, len(postings) + 1)]:
            yield 1, f"it says {row['lines']} postings and has {len(postings)}"
        if len(postings) < 2 or len({posting["account"] for posting in postings}) != len(postings):  # noqa: PLR2004
            yield 1, "it has fewer than two postings, or two on one account"
        if total := sum(posting["posted"] for posting in postings):
            yield 1, f"its postings sum to {total}, not to zero"
        if sum(posting["held_out"] - posting["held_in"] for posting in postings):
            yield 1, "it does not hold as much out as in"
        if row["moved"] != sum(max(posting["posted"], 0) for posting in postings):
            yield 1, f"it says that it moved {row['moved']} seconds"
        if row["overrides"] != (row["override_by"] is not None) or (row["overrides"] and row["kind"] != "reverse"):
            yield 4, "only a reversal passes limits, and names who approved that"
        for posting in postings:
            if any(posting[name] != row[name] for name in ("book", "number", "kind", "lines", "overrides")):
                yield 1, f"posting {posting['line']} does not repeat its header"
            if not has_shape(row["kind"], posting["posted"], posting["held_out"], posting["held_in"]):
                yield 1, f"posting {posting['line']} is not what a {row['kind']} may do"

    def _once_problems(self, row: Row, postings: list[Row]) -> Broken:
        if row["key_entry"] != row["id"]:
            yield 6, f"the key {row['key']!r} does not lead to it"
        kind = EntryKind(row["kind"])
        held = {posting["account"].bytes: (posting["held_out"], posting["held_in"]) for posting in postings}
        if kind is EntryKind.HOLD:
            self.reached.open[row["id"].bytes] = held
        if (kind in FINISHING) != (row["finishes"] is not None) or (kind is EntryKind.REVERSE) != (
            row["reverses"] is not None
        ):
            yield 6, f"a {kind} does not finish or reverse so"
        if row["finishes"] is not None:
            freed = {account: (-out, -in_) for account, (out, in_) in held.items()}
            if self.reached.open.pop(row["finishes"].bytes, None) != freed:
                yield 6, f"{row['finishes']} is not an open hold with the same hours on the same accounts"
        if row["reverses"] is not None:
            yield from self._reversal_problems(row, postings)

    def _reversal_problems(self, row: Row, postings: list[Row]) -> Broken:
        header = self.connection.execute(rows.header_of, {"entry": row["reverses"]}).one_or_none()
        if header is None or header.book != row["book"] or EntryKind(header.kind) not in REVERSIBLE:
            yield 6, f"{row['reverses']} is no entry of this book that could be reversed"
            return
        moved = {
            account: -posted for account, posted in self.connection.execute(rows.moved_by, {"entry": row["reverses"]})
        }
        if moved != {posting["account"]: posting["posted"] for posting in postings}:
            yield 6, f"it does not mirror {row['reverses']}"
        if row["reverses"].bytes in self.reached.reversed:
            yield 6, f"{row['reverses']} was reversed before"
        self.reached.reversed.add(row["reverses"].bytes)

    def _posting_problems(self, row: Row, posting: Row) -> Broken:
        account = self.reached.accounts.get(posting["account"].bytes)
        if account is None:
            yield 2, f"posting {posting['line']} is on an account of no or another book"
            return
        where = f"posting {posting['line']} on account {posting['account']}"
        if posting["sequence"] != account.sequence + 1 or posting["previous_sequence"] != (account.sequence or None):
            yield 2, f"{where}: the posting before it is number {account.sequence}"
        if (posting["posted_before"], posting["out_before"], posting["in_before"]) != (
            account.posted,
            account.out,
            account.in_,
        ):
            yield 2, f"{where}: it does not begin with the balance before it"
        account.sequence, account.number = posting["sequence"], row["number"]
        account.posted += posting["posted"]
        account.out += posting["held_out"]
        account.in_ += posting["held_in"]
        if (posting["posted_after"], posting["out_after"], posting["in_after"]) != (
            account.posted,
            account.out,
            account.in_,
        ):
            yield 2, f"{where}: it does not end with the balance before it and what it moves"
        if account.out < 0 or account.in_ < 0:
            yield 2, f"{where}: less than nothing is held"
        yield from self._limit_problems(posting, account, where)

    def _limit_problems(self, posting: Row, account: Account, where: str) -> Broken:
        limits = account.ranges.get(posting["limits"])
        if limits is None or limits != (posting["floor"], posting["ceiling"]):
            yield 4, f"{where}: it does not carry limits {posting['limits']}"
            return
        if posting["limits"] < account.limits:
            yield 4, f"{where}: its limits were no longer in force"
        account.limits = posting["limits"]
        if posting["overrides"]:
            return
        floor, ceiling = limits
        if floor is not None and account.posted - account.out < floor and posting["posted"] < posting["held_out"]:
            yield 4, f"{where}: it passes the floor"
        if (
            ceiling is not None
            and account.posted + account.in_ > ceiling
            and posting["posted"] + posting["held_in"] > 0
        ):
            yield 4, f"{where}: it passes the ceiling"


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND
