"""Proves closed periods again, their seals, heads, roots and hashes, while an audit reads. Private to the ledger."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, bindparam, exists, func, select
from sqlmodel import col

from ledger import audit_rows as rows
from ledger import chain, merkle
from ledger.audit_rows import Problem
from ledger.audit_sound import Reached
from ledger.periods import DAY
from ledger.tables import HeadRow, PeriodRow, SealRow

_in_order = rows.of_book(PeriodRow).order_by(col(PeriodRow.number))
_seals = rows.of_book(SealRow).where(col(SealRow.period) == bindparam("period")).order_by(col(SealRow.account))
_closed: Select[*tuple[Any, ...]] = (
    select(col(HeadRow.number), col(HeadRow.closed_until), func.max(col(PeriodRow.until)))
    .outerjoin(PeriodRow, col(PeriodRow.book) == col(HeadRow.book))
    .where(col(HeadRow.book) == bindparam("book"))
    .group_by(col(HeadRow.number), col(HeadRow.closed_until))
)
_strays = (
    select(col(SealRow.period))
    .where(
        col(SealRow.book) == bindparam("book"),
        ~exists().where(col(PeriodRow.book) == col(SealRow.book), col(PeriodRow.number) == col(SealRow.period)),
    )
    .distinct()
    .order_by(col(SealRow.period))
    .limit(10)
)


class PeriodsAudit:
    """The closed periods of one book."""

    def __init__(self, connection: Connection, book: RowMapping) -> None:
        self.connection = connection
        self.book = book["id"]
        self.tree = merkle.Tree()
        self.read = 0
        self.periods = connection.execute(_in_order, {"book": self.book}).mappings().all()
        self.previous: dict[Any, Any] = {
            "number": 0,
            "until": None,
            "hash": book["genesis"],
            "merkle_root": b"",
        }
        self.proved: set[int] = set()
        self.until = ""
        """The last day that a proved period closed."""
        self.last = max((period["head_number"] for period in self.periods), default=0)
        """No period closes on an entry after this one."""

    def after(self, reached: Reached, entry: bytes, day: str) -> Sequence[Problem]:
        """What is wrong with the day of the entry that was reached, and with periods that close on it."""
        number = self.read = reached.number
        if number > self.last:
            return [] if day > self.until else [*self._day_problems(number, entry, day)]
        self.tree.add(reached.hash)
        problems = [] if day > self.until else [*self._day_problems(number, entry, day)]
        for period in self.periods:
            if number == period["head_number"]:
                problems += self._problems_of(period, reached)
        return problems

    def _day_problems(self, number: int, entry: bytes, day: str) -> Iterator[Problem]:
        for period in self.periods:
            if period["number"] in self.proved and day <= period["until"].isoformat():
                what = f"it is dated {day}, in a period closed before"
                yield Problem(8, f"entry {number} ({UUID(bytes=entry)})", what)

    def _problems_of(self, period: RowMapping, reached: Reached) -> Iterator[Problem]:
        where = f"period {period['number']}"
        self.proved.add(period["number"])
        self.until = max(self.until, period["until"].isoformat())
        seals = self.connection.execute(_seals, {"book": self.book, "period": period["number"]}).mappings().all()
        said = {seal["account"]: (seal["posted"], seal["held_out"], seal["held_in"]) for seal in seals}
        stood = {
            UUID(bytes=key): (account.posted, account.out, account.in_)
            for key, account in reached.accounts.items()
            if account.sequence
        }
        for account in sorted(said.keys() | stood.keys()):
            if said.get(account) != stood.get(account):
                yield Problem(8, f"seal of account {account} in {where}", "it is not the balance at the period's head")
        if period["head_hash"] != reached.hash:
            yield Problem(8, where, "it does not close on the hash of its last entry")
        if period["merkle_root"] != self.tree.root():
            yield Problem(8, where, "its root is not that of the entries up to its head")
        if period["number"] != self.previous["number"] + 1:
            yield Problem(8, where, f"the period before it is number {self.previous['number']}")
        elif self.previous["until"] is not None and period["since"] != self.previous["until"] + DAY:
            yield Problem(8, where, "it does not begin on the day after the one before it")
        if period["hash"] != chain.period_hash(self.previous["hash"], period, seals):
            yield Problem(8, where, "the hash is not that of its rows")
        self.previous = dict(period)

    def at_end(self) -> Iterator[Problem]:
        """Whether the head says what the last period does, each period closes on an entry, and no seal is left over."""
        last = self.read
        for number, closed_until, until in self.connection.execute(_closed, {"book": self.book}):
            last = max(last, number)
            if closed_until != until:
                what = f"it says closed until {closed_until}, the last period says {until}"
                yield Problem(8, "head of the chain", what)
        for period in self.periods:
            is_newer = self.read < period["head_number"] <= last  # closed since the audit began
            if period["number"] not in self.proved and not is_newer:
                yield Problem(8, f"period {period['number']}", "it closes on an entry that is not there")
        for number in self.connection.execute(_strays, {"book": self.book}).scalars():
            yield Problem(8, f"period {number}", "it is not there, and its seals are")
