"""Closing a book up to a day, and proving that an entry stood in it then. Private to the ledger.

A closed period keeps its trial balance, the head of the chain, and the root of a Merkle tree over the hashes of every
entry up to that head. Periods are chained to one another, from the book's genesis.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, insert, select
from sqlmodel import col

from ledger import chain, merkle, reading, trial
from ledger.entries import Balance, Head
from ledger.errors import ClosedPeriod, Malformed, NothingToClose, NotSealed
from ledger.locking import in_savepoint, lock_heads
from ledger.plans import Row
from ledger.request import check_day, check_number, check_reference, in_utc
from ledger.tables import BookRow, EntryRow, PeriodRow, PostingRow, SealRow

DAY = timedelta(days=1)
EARLIEST_ZONE = timedelta(hours=14)
"""How far a clock on earth may be ahead of UTC."""

_genesis = select(col(BookRow.genesis)).where(col(BookRow.id) == bindparam("book"))
_first_day = select(func.min(col(EntryRow.effective_on))).where(col(EntryRow.book) == bindparam("book"))
_periods = (
    select(*PeriodRow.__table__.columns)  # type: ignore[attr-defined]
    .where(col(PeriodRow.book) == bindparam("book"))
    .order_by(col(PeriodRow.number))
)
_seals: Select[*tuple[Any, ...]] = (
    select(col(SealRow.account), col(SealRow.posted), col(SealRow.held_out), col(SealRow.held_in))
    .where(col(SealRow.book) == bindparam("book"), col(SealRow.period) == bindparam("period"))
    .order_by(col(SealRow.account))
)
_hashes = (
    select(col(EntryRow.hash))
    .where(col(EntryRow.book) == bindparam("book"), col(EntryRow.number) <= bindparam("number"))
    .order_by(col(EntryRow.number))
)
_entry = select(*EntryRow.__table__.columns).where(col(EntryRow.id) == bindparam("entry"))  # type: ignore[attr-defined]
_postings = (
    select(*PostingRow.__table__.columns)  # type: ignore[attr-defined]
    .where(col(PostingRow.entry) == bindparam("entry"))
    .order_by(col(PostingRow.line))
)


@dataclass(frozen=True, slots=True)
class Period:
    """A closed period: its days, both included, and what it was sealed with."""

    number: int
    since: date
    until: date
    closed_at: datetime
    closed_by: UUID | None
    head: Head
    merkle_root: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That an entry is one of those under a closed period's root.

    The record is the entry in canonical bytes, with the accounts of both sides and their balances after it: whoever is
    not meant to see these gets the proof without it, which then proves the hash that stands on their statement.
    """

    book: UUID
    period: int
    until: date
    number: int
    entries: int
    hash: bytes
    path: tuple[bytes, ...]
    root: bytes
    record: bytes

    def as_json(self, *, with_record: bool = True) -> dict[str, Any]:
        """What `json.dumps` takes; bytes as hexadecimal digits."""
        said = {
            "book": f"{self.book}",
            "period": self.period,
            "until": self.until.isoformat(),
            "number": self.number,
            "entries": self.entries,
            "hash": self.hash.hex(),
            "path": [step.hex() for step in self.path],
            "root": self.root.hex(),
        }
        return said | {"record": self.record.hex()} if with_record else said


def close(connection: Connection, book: UUID, until: date, at: datetime, by: UUID | None) -> Period:
    """Seal what stands at the head, under the head's lock: nobody writes to the book meanwhile."""
    check_day(until)
    at = in_utc(at)
    if until > (at + EARLIEST_ZONE).date():
        raise Malformed("day", until)  # it has not begun anywhere: closing it would stop the book
    if by is not None:
        check_reference(by)

    def work() -> Period:
        head = lock_heads(connection, [book])[book]
        if head["number"] == 0:
            raise NothingToClose(book)
        if head["closed_until"] is not None and until <= head["closed_until"]:
            raise ClosedPeriod(until, head["closed_until"])
        row, seals = _sealed_rows(connection, head, until)
        row |= {"closed_at": at, "closed_by": by}
        before = closed(connection, book)
        previous = before[-1].hash if before else connection.execute(_genesis, {"book": book}).scalar_one()
        row |= {"number": len(before) + 1, "hash": b""}
        row["hash"] = chain.period_hash(previous, row, seals)
        connection.execute(insert(SealRow), [seal | {"book": book, "period": row["number"]} for seal in seals])
        connection.execute(insert(PeriodRow), row)
        return _period(row)

    return in_savepoint(connection, work)


def _sealed_rows(connection: Connection, head: Row, until: date) -> tuple[Row, list[Row]]:
    """The period up to this head, as far as it follows from what stands, and its trial balance."""
    book = head["book"]
    if head["closed_until"] is None:
        since = min(connection.execute(_first_day, {"book": book}).scalar_one() or until, until)
    else:
        since = head["closed_until"] + DAY
    row = {
        "book": book,
        "since": since,
        "until": until,
        "head_number": head["number"],
        "head_hash": head["hash"],
        "merkle_root": merkle.Tree(_hashes_until(connection, book, head["number"])).root(),
    }
    seals = [
        {"account": account, "posted": balance.posted, "held_out": balance.out, "held_in": balance.in_}
        for account, balance in trial.now(connection, book).items()
    ]
    return row, seals


def closed(connection: Connection, book: UUID) -> list[Period]:
    reading.head(connection, book)
    return [_period(row) for row in connection.execute(_periods, {"book": book}).mappings()]


def sealed(connection: Connection, book: UUID, period: int) -> dict[UUID, Balance]:
    check_number(period)
    rows = connection.execute(_seals, {"book": book, "period": period})
    return {account: Balance(*layers) for account, *layers in rows}


def inclusion_proof(connection: Connection, book: UUID, entry_id: UUID) -> InclusionProof:
    """From the earliest closed period that reaches to the entry."""
    entry = reading.known_entry(connection, book, entry_id)
    periods = closed(connection, book)
    period = next((period for period in periods if period.head.number >= entry.number), None)
    if period is None:
        raise NotSealed(entry.number, periods[-1].head.number if periods else 0)
    row = connection.execute(_entry, {"entry": entry_id}).mappings().one()
    postings = connection.execute(_postings, {"entry": entry_id}).mappings().all()
    hashes = _hashes_until(connection, book, period.head.number)
    return InclusionProof(
        book=book,
        period=period.number,
        until=period.until,
        number=entry.number,
        entries=period.head.number,
        hash=entry.hash,
        path=tuple(merkle.path(hashes, entry.number - 1)),
        root=period.merkle_root,
        record=chain.entry_record(row, postings),
    )


def _hashes_until(connection: Connection, book: UUID, number: int) -> list[bytes]:
    hashes: Iterable[bytes] = connection.execute(_hashes, {"book": book, "number": number}).scalars()
    return list(hashes)


def _period(row: RowMapping | Row) -> Period:
    return Period(
        number=row["number"],
        since=row["since"],
        until=row["until"],
        closed_at=row["closed_at"],
        closed_by=row["closed_by"],
        head=Head(row["head_number"], row["head_hash"]),
        merkle_root=row["merkle_root"],
        hash=row["hash"],
    )
