"""Proves every law again from the rows alone, entry by entry, and names the rows that break one.

Nothing that the guards or the running balances say is believed: sums, balances, limits, links and digests are computed
again. Only what stood when the audit began is read, so others may go on writing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from ledger import audit_rows as rows
from ledger import chain
from ledger.audit_clearing import ClearingAudit
from ledger.audit_periods import PeriodsAudit
from ledger.audit_rows import Problem
from ledger.entries import FINISHING, REVERSIBLE, EntryKind
from ledger.errors import UnknownBook
from ledger.tables import (
    AccountRow,
    BookRow,
    HeadRow,
)

MOST_PROBLEMS = 100
UNREADABLE = (ValueError, TypeError, OverflowError, DBAPIError)

Progress = Callable[[int, int], None]
"""Called with the number of the entry that was reached, and that of the last."""


@dataclass(slots=True)
class AuditReport:
    """What was read, where the chain ends, and what is wrong: the first problem first."""

    entries: int = 0
    postings: int = 0
    accounts: int = 0
    periods: int = 0
    closed_until: date | None = None
    merkle_root: bytes = b""
    """That of the last closed period: what a member's proof must lead to."""
    moved_seconds: int = 0
    """What was given in all, reversals and what they reverse included."""
    head_number: int = 0
    head_hash: bytes = b""
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.problems


def audit(session: Session, book_id: UUID | None = None, progress: Progress | None = None) -> AuditReport:
    """Read one book, or all of them; the head is then that of the last."""
    connection = session.connection()
    report = AuditReport()
    books = select(*rows.columns(BookRow)).order_by(col(BookRow.created_at), col(BookRow.id))
    if book_id is not None:
        books = books.where(col(BookRow.id) == book_id)
    found = connection.execute(books).mappings().all()
    if book_id is not None and not found:
        raise UnknownBook(book_id)
    for book in found:
        try:
            _BookAudit(connection, book, report, progress).run()
        except UNREADABLE as error:
            report.problems.append(Problem(7, f"book {book['id']}", f"a row cannot be read: {error}"))
        if len(report.problems) >= MOST_PROBLEMS:
            break
    return report


@dataclass(slots=True)
class _Account:
    """What an account's postings came to, as far as they were read."""

    sequence: int = 0
    number: int = 0
    posted: int = 0
    out: int = 0
    in_: int = 0
    limits: int = 0


class _BookAudit:
    """One book, read from its first entry to the head that it had when the audit began."""

    def __init__(
        self, connection: Connection, book: RowMapping, report: AuditReport, progress: Progress | None
    ) -> None:
        self.connection = connection
        self.book = book
        self.report = report
        self.progress = progress
        self.accounts: dict[UUID, _Account] = {}
        self.limits: dict[tuple[UUID, int], RowMapping] = {}
        self.open: dict[UUID, dict[UUID, tuple[int, int]]] = {}
        self.reversed: set[UUID] = set()
        self.periods = PeriodsAudit(connection, book)
        self.number = 0
        self.hash = book["genesis"]
        self.recorded_at = book["created_at"]

    def run(self) -> None:
        head = self._rows(rows.of_book(HeadRow))
        if not head:
            self._say(7, "book", "the chain has no head")
            return
        self.head = head[0]
        self._check_start()
        for row, postings in self._entries(self.head["number"]):
            self._check(row, postings)
            if len(self.report.problems) >= MOST_PROBLEMS:
                return
        self._check_end()

    def _rows(self, statement: Select[*tuple[Any, ...]]) -> Sequence[RowMapping]:
        return self.connection.execute(statement, {"book": self.book["id"]}).mappings().all()

    def _say(self, law: int, where: str, what: str) -> None:
        self.report.problems.append(Problem(law, where, what))

    # Before the entries: the book, its accounts and their limits

    def _check_start(self) -> None:
        if self.book["genesis"] != chain.genesis(self.book["id"], self.book["created_at"]):
            self._say(7, "book", "its genesis is not the digest of the book")
        accounts = {row["id"]: row for row in self._rows(rows.of_book(AccountRow))}
        self.report.accounts += len(accounts)
        self.accounts = {account: _Account() for account in accounts}
        self.clearing = ClearingAudit(self.connection, self.book["id"], accounts)
        before: dict[UUID, bytes] = {}
        for row in self._rows(rows.limits_in_order):
            account = accounts.get(row["account"])
            where = f"limits {row['number']} of account {row['account']}"
            if account is None:
                self._say(4, where, "there is no such account")
                continue
            if row["number"] != 1 and (row["account"], row["number"] - 1) not in self.limits:
                self._say(4, where, "the limits before them are missing")
            if chain.limit_hash(before.get(row["account"], self.book["genesis"]), account, row) != row["hash"]:
                self._say(7, where, "the hash is not that of the row")
            before[row["account"]] = row["hash"]
            self.limits[row["account"], row["number"]] = row
        for unlimited in accounts.keys() - before.keys():
            self._say(4, f"account {unlimited}", "it has no limits on record")

    # The entries

    def _entries(self, until: int) -> Iterator[tuple[RowMapping, list[RowMapping]]]:
        after = 0
        while found := self._some_entries(after, until):
            yield from found
            after = found[-1][0]["number"]
            if self.progress:
                self.progress(after, until)

    def _some_entries(self, after: int, until: int) -> list[tuple[RowMapping, list[RowMapping]]]:
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
                self._say(7, f"entry {unreadable}", f"it cannot be read, and what follows it was not: {error}")
            return found

    def _read(self, after: int, until: int) -> list[tuple[RowMapping, list[RowMapping]]]:
        asked = {"book": self.book["id"], "after": after, "until": until}
        headers = self.connection.execute(rows.some_entries, asked).mappings().all()
        found = self.connection.execute(rows.their_postings, {"entries": [row["id"] for row in headers]}).mappings()
        postings = {entry: list(group) for entry, group in groupby(found, key=lambda posting: posting["entry"])}
        return [(row, postings.get(row["id"], [])) for row in headers]

    def _check(self, row: RowMapping, postings: list[RowMapping]) -> None:
        self.report.entries += 1
        self.report.postings += len(postings)
        self.report.moved_seconds += row["moved"]
        where = f"entry {row['number']} ({row['id']})"
        if row["kind"] not in set(EntryKind):
            self._say(7, where, f"it is of a kind that does not exist: {row['kind']!r}")
            return
        for law, what in (
            *self._chain_problems(row, postings),
            *self._whole_problems(row, postings),
            *self._once_problems(row, postings),
            *self.clearing.problems(row, postings),
            *(problem for posting in postings for problem in self._posting_problems(row, posting)),
        ):
            self._say(law, where, what)
        self.report.problems += self.periods.after(row, self.accounts)

    def _chain_problems(self, row: RowMapping, postings: list[RowMapping]) -> Iterator[tuple[int, str]]:
        if row["number"] != self.number + 1 or row["previous_number"] != (self.number or None):
            yield 7, f"the entry before it is number {self.number}"
        if row["previous_hash"] != self.hash:
            yield 7, "it does not link to the entry before it"
        if row["hash"] != chain.entry_hash(row, postings):
            yield 7, "the hash is not that of its rows"
        if row["recorded_at"] < self.recorded_at:
            yield 7, "it was recorded before the entry before it"
        if row["memo_text"] is not None and row["memo_digest"] != chain.memo_digest(row["memo_salt"], row["memo_text"]):
            yield 7, "the memo is not the one whose digest is chained"
        self.number, self.hash, self.recorded_at = row["number"], row["hash"], row["recorded_at"]

    def _whole_problems(self, row: RowMapping, postings: list[RowMapping]) -> Iterator[tuple[int, str]]:
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
            if not _is_in_shape(EntryKind(row["kind"]), posting):
                yield 1, f"posting {posting['line']} is not what a {row['kind']} may do"

    def _once_problems(self, row: RowMapping, postings: list[RowMapping]) -> Iterator[tuple[int, str]]:
        if row["key_entry"] != row["id"]:
            yield 6, f"the key {row['key']!r} does not lead to it"
        kind = EntryKind(row["kind"])
        held = {posting["account"]: (posting["held_out"], posting["held_in"]) for posting in postings}
        if kind is EntryKind.HOLD:
            self.open[row["id"]] = held
        if (kind in FINISHING) != (row["finishes"] is not None) or (kind is EntryKind.REVERSE) != (
            row["reverses"] is not None
        ):
            yield 6, f"a {kind} does not finish or reverse so"
        if row["finishes"] is not None:
            freed = {account: (-out, -in_) for account, (out, in_) in held.items()}
            if self.open.pop(row["finishes"], None) != freed:
                yield 6, f"{row['finishes']} is not an open hold with the same hours on the same accounts"
        if row["reverses"] is not None:
            yield from self._reversal_problems(row, postings)

    def _reversal_problems(self, row: RowMapping, postings: list[RowMapping]) -> Iterator[tuple[int, str]]:
        header = self.connection.execute(rows.header_of, {"entry": row["reverses"]}).one_or_none()
        if header is None or header.book != row["book"] or EntryKind(header.kind) not in REVERSIBLE:
            yield 6, f"{row['reverses']} is no entry of this book that could be reversed"
            return
        moved = {
            account: -posted for account, posted in self.connection.execute(rows.moved_by, {"entry": row["reverses"]})
        }
        if moved != {posting["account"]: posting["posted"] for posting in postings}:
            yield 6, f"it does not mirror {row['reverses']}"
        if row["reverses"] in self.reversed:
            yield 6, f"{row['reverses']} was reversed before"
        self.reversed.add(row["reverses"])

    def _posting_problems(self, row: RowMapping, posting: RowMapping) -> Iterator[tuple[int, str]]:
        account = self.accounts.get(posting["account"])
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

    def _limit_problems(self, posting: RowMapping, account: _Account, where: str) -> Iterator[tuple[int, str]]:
        limits = self.limits.get((posting["account"], posting["limits"]))
        if limits is None or (limits["floor"], limits["ceiling"]) != (posting["floor"], posting["ceiling"]):
            yield 4, f"{where}: it does not carry limits {posting['limits']}"
            return
        if posting["limits"] < account.limits:
            yield 4, f"{where}: its limits were no longer in force"
        account.limits = posting["limits"]
        if posting["overrides"]:
            return
        floor, ceiling = limits["floor"], limits["ceiling"]
        if floor is not None and account.posted - account.out < floor and posting["posted"] < posting["held_out"]:
            yield 4, f"{where}: it passes the floor"
        if (
            ceiling is not None
            and account.posted + account.in_ > ceiling
            and posting["posted"] + posting["held_in"] > 0
        ):
            yield 4, f"{where}: it passes the ceiling"

    # After the entries: what only repeats them

    def _check_end(self) -> None:
        if (self.head["number"], self.head["hash"]) != (self.number, self.hash):
            self._say(7, "head of the chain", f"it says {self.head['number']}, the last entry is {self.number}")
        if self.head["links"] != (self.number or None) or self.head["recorded_at"] != self.recorded_at:
            self._say(7, "head of the chain", "it does not link to the last entry, or says another time")
        self.report.head_number, self.report.head_hash = self.head["number"], self.head["hash"]
        self._check_balances()
        self.report.problems += self.periods.at_end()
        self.report.periods += len(self.periods.proved)
        self.report.closed_until = self.periods.previous["until"]
        self.report.merkle_root = self.periods.previous["merkle_root"]
        self.report.problems += self.clearing.at_end()
        for statement, law, what in (
            (rows.beyond_head, 7, "an entry beyond the head of the chain"),
            (rows.balances_ahead, 3, "a balance of an account beyond the head of the chain"),
            (rows.headless, 1, "postings without a header"),
            (rows.keys_alone, 6, "a key that leads to no entry of its own"),
            (rows.memos_alone, 7, "a memo beside no entry"),
            (rows.stray_holds, 3, "said to be open, but finished or no hold"),
            (rows.lost_holds, 3, "an open hold that is not on the list"),
        ):
            for found in self.connection.execute(statement.distinct().limit(10), {"book": self.book["id"]}).scalars():
                self._say(law, f"{found}", what)
        if total := sum(account.posted for account in self.accounts.values()):
            self._say(1, "book", f"all balances sum to {total}, not to zero")

    def _check_balances(self) -> None:
        balances = {row["account"]: row for row in self._rows(rows.balances)}
        for key, account in self.accounts.items():
            row = balances.get(key)
            if row is None:
                self._say(3, f"account {key}", "it has no balance")
                continue
            limits = self.limits.get((key, row["limits"]), row)  # unless they were set since the audit began
            if row["limits"] != row["in_force"] or (limits["floor"], limits["ceiling"]) != (
                row["floor"],
                row["ceiling"],
            ):
                self._say(4, f"balance of account {key}", "it does not carry the limits in force")
            if row["number"] > self.head["number"]:
                continue  # somebody wrote to it since the audit began
            said = (row["sequence"], row["number"], row["posted"], row["held_out"], row["held_in"])
            if said != (account.sequence, account.number, account.posted, account.out, account.in_):
                self._say(3, f"balance of account {key}", "it is not what the last posting left")
            if row["repeats"] != (row["sequence"] or None):
                self._say(3, f"balance of account {key}", "it does not repeat its last posting")


def _is_in_shape(kind: EntryKind, posting: RowMapping) -> bool:
    """Whether a posting does what an entry of its kind may do."""
    posted, out, in_ = posting["posted"], posting["held_out"], posting["held_in"]
    if kind in (EntryKind.POST, EntryKind.REVERSE):
        return bool(posted != 0 and out == in_ == 0)
    if (out == 0) == (in_ == 0):
        return False
    if kind is EntryKind.HOLD:
        return bool(posted == 0 and out >= 0 and in_ >= 0)
    if out > 0 or in_ > 0:
        return False
    if kind is EntryKind.SETTLE:
        return bool(posted <= 0 if out else posted >= 0)
    return bool(posted == 0)
