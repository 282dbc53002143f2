"""Proves every law again from the rows alone, entry by entry, and names the rows that break one.

Nothing that the guards or the running balances say is believed: sums, balances, limits, links and digests are computed
again. Only what stood when the audit began is read, so others may go on writing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, select
from sqlmodel import Session, col

from ledger import audit_rows as rows
from ledger import chain
from ledger.audit_clearing import ClearingAudit
from ledger.audit_entries import UNREADABLE, EntryAudit, microseconds
from ledger.audit_periods import PeriodsAudit
from ledger.audit_rows import Problem
from ledger.audit_sound import Account, Reached
from ledger.errors import UnknownBook
from ledger.raw import DAY, ID, MOVED, NUMBER, Rows, Values
from ledger.tables import AccountRow, BookRow, HeadRow, OpenHoldRow

MOST_PROBLEMS = 100

LEFT_OVER = (
    (rows.beyond_head, 7, "an entry beyond the head of the chain"),
    (rows.balances_ahead, 3, "a balance of an account beyond the head of the chain"),
    (rows.memos_alone, 7, "a memo beside no entry"),
    (rows.stray_holds, 3, "said to be open, but finished or no hold"),
)
STANDING_ALONE = (
    (rows.headless, 1, "postings without a header"),
    (rows.keys_alone, 6, "a key that leads to no entry of its own"),
    (rows.lost_holds, 3, "an open hold that is not on the list"),
)

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


class _BookAudit:
    """One book, read from its first entry to the head that it had when the audit began."""

    def __init__(
        self, connection: Connection, book: RowMapping, report: AuditReport, progress: Progress | None
    ) -> None:
        self.connection = connection
        self.book = book
        self.report = report
        self.progress = progress
        self.entries_read = 0
        self.postings_read = 0
        self.periods = PeriodsAudit(connection, book)
        self.reached = Reached(book["id"].bytes, book["genesis"], microseconds(book["created_at"]))

    def run(self) -> None:
        head = self._rows(rows.of_book(HeadRow))
        if not head:
            self._say(7, "book", "the chain has no head")
            return
        self.head = head[0]
        self._check_start()
        self._check_entries(self.head["number"])
        if len(self.report.problems) < MOST_PROBLEMS:
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
        self.reached.accounts = {key.bytes: Account(row["partner"]) for key, row in accounts.items()}
        self.clearing = ClearingAudit(self.connection, self.book["id"], accounts)
        self.entries = EntryAudit(self.connection, self.book["id"], self.reached, self.clearing)
        before: dict[UUID, bytes] = {}
        for row in self._rows(rows.limits_in_order):
            account = accounts.get(row["account"])
            where = f"limits {row['number']} of account {row['account']}"
            if account is None:
                self._say(4, where, "there is no such account")
                continue
            ranges = self.reached.accounts[row["account"].bytes].ranges
            if row["number"] != 1 and row["number"] - 1 not in ranges:
                self._say(4, where, "the limits before them are missing")
            if chain.limit_hash(before.get(row["account"], self.book["genesis"]), account, row) != row["hash"]:
                self._say(7, where, "the hash is not that of the row")
            before[row["account"]] = row["hash"]
            ranges[row["number"]] = row["floor"], row["ceiling"]
        for unlimited in accounts.keys() - before.keys():
            self._say(4, f"account {unlimited}", "it has no limits on record")

    # The entries

    def _check_entries(self, until: int) -> None:
        """Most are sound; the rows of one that is not are read again, to say what is wrong."""
        of_book, after = Rows(self.connection, self.book["id"], for_an_audit=True), 0
        while after < until and len(self.report.problems) < MOST_PROBLEMS:
            try:
                found = of_book.read(after, until)
            except self.connection.dialect.loaded_dbapi.Error:
                found = []
            last = self._check_sound(found) if found else self._check_some(after, until)
            if last is None:
                return
            after = last
            if self.progress:
                self.progress(after, until)

    def _check_sound(self, found: Sequence[tuple[Values, list[Values]]]) -> int | None:
        """The number of the last of these; nothing where one ends the audit."""
        for header, postings in found:
            if self.reached.takes(header, postings):
                self._count(header[MOVED], len(postings))
                self.report.problems += self.periods.after(self.reached, header[ID], header[DAY])
            elif self._check_some(header[NUMBER] - 1, header[NUMBER]) is None:
                return None
        return int(found[-1][0][NUMBER])

    def _check_some(self, after: int, until: int) -> int | None:
        """Say what is wrong with the next entries. The number of the last; nothing where none can be read."""
        last = None
        for row, postings in self.entries.some(after, until, self.report.problems):
            self._count(row["moved"], len(postings))
            self.report.problems += self.entries.problems(row, postings)
            last = int(row["number"])
            if last == self.reached.number:
                day = row["effective_on"].isoformat()
                self.report.problems += self.periods.after(self.reached, row["id"].bytes, day)
            if len(self.report.problems) >= MOST_PROBLEMS:
                return None
        return last

    def _count(self, moved: int, postings: int) -> None:
        self.report.entries += 1
        self.report.postings += postings
        self.report.moved_seconds += moved
        self.entries_read += 1
        self.postings_read += postings

    # After the entries: what only repeats them

    def _check_end(self) -> None:
        reached = self.reached
        if (self.head["number"], self.head["hash"]) != (reached.number, reached.hash):
            self._say(7, "head of the chain", f"it says {self.head['number']}, the last entry is {reached.number}")
        if self.head["links"] != (reached.number or None) or microseconds(self.head["recorded_at"]) != reached.moment:
            self._say(7, "head of the chain", "it does not link to the last entry, or says another time")
        self.report.head_number, self.report.head_hash = self.head["number"], self.head["hash"]
        self._check_balances()
        self.report.problems += self.periods.at_end()
        self.report.periods += len(self.periods.proved)
        self.report.closed_until = self.periods.previous["until"]
        self.report.merkle_root = self.periods.previous["merkle_root"]
        self.report.problems += self.clearing.at_end()
        for statement, law, what in LEFT_OVER if self._is_all_told() else (*LEFT_OVER, *STANDING_ALONE):
            for found in self.connection.execute(statement.distinct().limit(10), {"book": self.book["id"]}).scalars():
                self._say(law, f"{found}", what)
        if total := sum(account.posted for account in reached.accounts.values()):
            self._say(1, "book", f"all balances sum to {total}, not to zero")

    def _is_all_told(self) -> bool:
        """Whether there are as many postings, keys and open holds as were read: then none of them stands alone."""
        if self.report.problems:
            return False
        counts = self.connection.execute(rows.counts, {"book": self.book["id"]}).one()
        listed = {(row["hold"].bytes, row["account"].bytes) for row in self._rows(rows.of_book(OpenHoldRow))}
        held = {(hold, account) for hold, legs in self.reached.open.items() for account in legs}
        return tuple(counts) == (self.postings_read, self.entries_read) and listed == held

    def _check_balances(self) -> None:
        balances = {row["account"]: row for row in self._rows(rows.balances)}
        for account_key, account in self.reached.accounts.items():
            key = UUID(bytes=account_key)
            row = balances.get(key)
            if row is None:
                self._say(3, f"account {key}", "it has no balance")
                continue
            in_force = row["floor"], row["ceiling"]
            limits = account.ranges.get(row["limits"], in_force)  # unless they were set since the audit began
            if row["limits"] != row["in_force"] or limits != in_force:
                self._say(4, f"balance of account {key}", "it does not carry the limits in force")
            if row["number"] > self.head["number"]:
                continue  # somebody wrote to it since the audit began
            said = (row["sequence"], row["number"], row["posted"], row["held_out"], row["held_in"])
            if said != (account.sequence, account.number, account.posted, account.out, account.in_):
                self._say(3, f"balance of account {key}", "it is not what the last posting left")
            if row["repeats"] != (row["sequence"] or None):
                self._say(3, f"balance of account {key}", "it does not repeat its last posting")
