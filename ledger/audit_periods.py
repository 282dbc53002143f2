"""Proves closed periods again, their seals, heads, roots and hashes, while an audit reads. Private to the ledger."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, select
from sqlmodel import col

from ledger import audit_rows as rows
from ledger import chain, merkle
from ledger.audit_rows import Problem
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


class Reached(Protocol):
    """What an account's postings came to, as far as they were read."""

    sequence: int
    posted: int
    out: int
    in_: int


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

    def after(self, entry: RowMapping, accounts: Mapping[UUID, Reached]) -> Iterator[Problem]:
        """What is wrong with this entry's day, and with periods that close on this entry."""
        self.tree.add(entry["hash"])
        self.read = entry["number"]
        for period in self.periods:
            if period["number"] in self.proved and entry["effective_on"] <= period["until"]:
                what = f"it is dated {entry['effective_on']}, in a period closed before"
                yield Problem(8, f"entry {entry['number']} ({entry['id']})", what)
            if entry["number"] == period["head_number"]:
                yield from self._problems_of(period, entry, accounts)

    def _problems_of(
        self, period: RowMapping, entry: RowMapping, accounts: Mapping[UUID, Reached]
    ) -> Iterator[Problem]:
        where = f"period {period['number']}"
        self.proved.add(period["number"])
        seals = self.connection.execute(_seals, {"book": self.book, "period": period["number"]}).mappings().all()
        said = {seal["account"]: (seal["posted"], seal["held_out"], seal["held_in"]) for seal in seals}
        stood = {
            key: (account.posted, account.out, account.in_) for key, account in accounts.items() if account.sequence
        }
        for account in sorted(said.keys() | stood.keys()):
            if said.get(account) != stood.get(account):
                yield Problem(8, f"seal of account {account} in {where}", "it is not the balance at the period's head")
        if period["head_hash"] != entry["hash"]:
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
        """Whether the head says what the last period does, and every period closes on an entry."""
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
