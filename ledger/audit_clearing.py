"""Proves again, entry by entry, that hours between two books moved in both or in neither. Private to the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, exists, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from ledger.audit_rows import Problem
from ledger.tables import AccountRow, BalanceRow, ClearingRow, EntryRow, PostingRow

_Reversed = aliased(EntryRow)
_Theirs = aliased(AccountRow)
_TheirBalance = aliased(BalanceRow)

_halves: Select[*tuple[Any, ...]] = (
    select(
        *ClearingRow.__table__.columns,  # type: ignore[attr-defined]
        col(AccountRow.partner).label("mirrors"),
        col(PostingRow.posted),
        col(_Reversed.clearing).label("reversed"),
    )
    .outerjoin(
        AccountRow, and_(col(AccountRow.id) == col(ClearingRow.account), col(AccountRow.book) == ClearingRow.book)
    )
    .outerjoin(
        EntryRow,
        and_(
            col(EntryRow.id) == col(ClearingRow.entry),
            col(EntryRow.clearing) == col(ClearingRow.id),
            col(EntryRow.book) == col(ClearingRow.book),
        ),
    )
    .outerjoin(
        PostingRow,
        and_(col(PostingRow.entry) == col(EntryRow.id), col(PostingRow.account) == col(ClearingRow.account)),
    )
    .outerjoin(_Reversed, col(_Reversed.id) == col(EntryRow.reverses))
    .where(col(ClearingRow.id) == bindparam("clearing"))
)
_strays = select(col(ClearingRow.id)).where(
    col(ClearingRow.book) == bindparam("book"),
    ~exists().where(col(EntryRow.id) == col(ClearingRow.entry), col(EntryRow.clearing) == col(ClearingRow.id)),
)
_apart: Select[*tuple[Any, ...]] = (
    select(col(AccountRow.id), (col(BalanceRow.posted) + col(_TheirBalance.posted)).label("apart"))
    .join(BalanceRow, col(BalanceRow.account) == col(AccountRow.id))
    .join(_Theirs, and_(col(_Theirs.book) == col(AccountRow.partner), col(_Theirs.partner) == col(AccountRow.book)))
    .join(_TheirBalance, col(_TheirBalance.account) == col(_Theirs.id))
    .where(col(AccountRow.book) == bindparam("book"), col(BalanceRow.posted) + col(_TheirBalance.posted) != 0)
)


class ClearingAudit:
    """The transfers of one book, each with its other half."""

    def __init__(self, connection: Connection, book: UUID, accounts: Mapping[UUID, RowMapping]) -> None:
        self.connection = connection
        self.book = book
        self.mirrors = {key: row["partner"] for key, row in accounts.items() if row["partner"] is not None}

    def problems(self, row: RowMapping, postings: Sequence[RowMapping]) -> Iterator[tuple[int, str]]:
        mirrored = [posting for posting in postings if posting["account"] in self.mirrors]
        if row["clearing"] is None:
            if mirrored:
                yield 9, "it moves hours on a clearing account in this book alone"
            return
        found = self.connection.execute(_halves, {"clearing": row["clearing"]}).mappings()
        halves = {half["book"]: half for half in found}
        ours = halves.pop(self.book, None)
        if ours is None or len(mirrored) != 1 or not self._is_half(ours, row, mirrored[0]):
            yield 9, "what is noted of this half is not what it moved"
            return
        theirs = halves.pop(ours["partner"], None)
        if theirs is None or halves or not _are_one(ours, theirs):
            yield 9, f"the other half is not as it should be, in book {ours['partner']}"

    def _is_half(self, half: RowMapping, row: RowMapping, posting: RowMapping) -> bool:
        said = (half["entry"], half["account"], half["partner"], half["seconds"], -half["counter"])
        moved = posting["posted"]
        return said == (row["id"], posting["account"], self.mirrors[posting["account"]], moved, moved)

    def at_end(self) -> Iterator[Problem]:
        for clearing in self.connection.execute(_strays.limit(10), {"book": self.book}).scalars():
            yield Problem(9, f"transfer {clearing}", "a half of it leads to no entry of its own")
        for account, apart in self.connection.execute(_apart.limit(10), {"book": self.book}):
            yield Problem(9, f"clearing account {account}", f"it and its mirror sum to {apart}, not to zero")


def _are_one(ours: RowMapping, theirs: RowMapping) -> bool:
    """Whether the other half moves as much the other way, on the account that mirrors us, and reverses as we do."""
    said = (theirs["partner"], theirs["mirrors"], theirs["seconds"], theirs["posted"], theirs["reversed"])
    return said == (ours["book"], ours["book"], -ours["seconds"], -ours["seconds"], ours["reversed"])
