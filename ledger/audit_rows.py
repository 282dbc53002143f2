"""The statements by which an audit reads the rows, and what it says of one. Private to the ledger."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from ledger.entries import EntryKind
from ledger.tables import BalanceRow, EntryRow, HeadRow, KeyRow, LimitRow, MemoRow, OpenHoldRow, PostingRow

CHUNK = 500

_Finish = aliased(EntryRow)


class Problem(NamedTuple):
    """A broken law: its number, the row, and what is wrong."""

    law: int
    where: str
    what: str

    def __str__(self) -> str:
        return f"law {self.law}, {self.where}: {self.what}"


def columns(table: Any) -> Sequence[Any]:
    columns: Sequence[Any] = table.__table__.columns
    return columns


def of_book(table: Any) -> Select[*tuple[Any, ...]]:
    return select(*columns(table)).where(table.__table__.c.book == bindparam("book"))


some_entries = (
    select(
        *columns(EntryRow),
        col(KeyRow.entry).label("key_entry"),
        col(MemoRow.salt).label("memo_salt"),
        col(MemoRow.text).label("memo_text"),
    )
    .outerjoin(KeyRow, (col(KeyRow.book) == col(EntryRow.book)) & (col(KeyRow.key) == col(EntryRow.key)))
    .outerjoin(MemoRow, col(MemoRow.entry) == col(EntryRow.id))
    .where(
        col(EntryRow.book) == bindparam("book"),
        col(EntryRow.number) > bindparam("after"),
        col(EntryRow.number) <= bindparam("until"),
    )
    .order_by(col(EntryRow.number))
    .limit(CHUNK)
)
their_postings = (
    select(*columns(PostingRow))
    .where(col(PostingRow.entry).in_(bindparam("entries", expanding=True)))
    .order_by(col(PostingRow.entry), col(PostingRow.line))
)
moved_by = select(col(PostingRow.account), col(PostingRow.posted)).where(
    col(PostingRow.entry) == bindparam("entry"), col(PostingRow.posted) != 0
)
header_of = select(col(EntryRow.book), col(EntryRow.kind)).where(col(EntryRow.id) == bindparam("entry"))
headless = select(col(PostingRow.entry)).where(
    col(PostingRow.book) == bindparam("book"),
    ~exists().where(col(EntryRow.id) == col(PostingRow.entry), col(EntryRow.book) == col(PostingRow.book)),
)
counts: Select[*tuple[Any, ...]] = select(
    select(func.count()).where(col(PostingRow.book) == bindparam("book")).scalar_subquery(),
    select(func.count()).where(col(KeyRow.book) == bindparam("book")).scalar_subquery(),
)
_last = select(col(HeadRow.number)).where(col(HeadRow.book) == bindparam("book")).scalar_subquery()
beyond_head = select(col(EntryRow.id)).where(col(EntryRow.book) == bindparam("book"), col(EntryRow.number) > _last)
balances_ahead = select(col(BalanceRow.account)).where(
    col(BalanceRow.book) == bindparam("book"), col(BalanceRow.number) > _last
)
memos_alone = select(col(MemoRow.entry)).where(~exists().where(col(EntryRow.id) == col(MemoRow.entry)))
keys_alone = select(col(KeyRow.key)).where(
    col(KeyRow.book) == bindparam("book"),
    ~exists().where(col(EntryRow.id) == col(KeyRow.entry), col(EntryRow.key) == col(KeyRow.key)),
)
stray_holds = select(col(OpenHoldRow.hold)).where(
    col(OpenHoldRow.book) == bindparam("book"),
    exists().where(col(EntryRow.finishes) == col(OpenHoldRow.hold))
    | ~exists().where(
        col(EntryRow.id) == col(OpenHoldRow.hold),
        col(EntryRow.kind) == EntryKind.HOLD.value,
        col(EntryRow.expires_at).is_not_distinct_from(col(OpenHoldRow.expires_at)),
    )
    | ~exists().where(
        col(PostingRow.entry) == col(OpenHoldRow.hold), col(PostingRow.account) == col(OpenHoldRow.account)
    ),
)
lost_holds = (
    select(col(PostingRow.entry))
    .join(EntryRow, col(EntryRow.id) == col(PostingRow.entry))
    .where(
        col(EntryRow.book) == bindparam("book"),
        col(EntryRow.kind) == EntryKind.HOLD.value,
        ~exists().where(
            col(OpenHoldRow.hold) == col(PostingRow.entry),
            col(OpenHoldRow.account) == col(PostingRow.account),
            col(OpenHoldRow.book) == col(PostingRow.book),
        ),
        ~exists().where(col(_Finish.finishes) == col(PostingRow.entry)),
    )
)
limits_in_order = of_book(LimitRow).order_by(col(LimitRow.account), col(LimitRow.number))
_in_force = (
    select(func.max(col(LimitRow.number)))
    .where(col(LimitRow.account) == col(BalanceRow.account), col(LimitRow.book) == col(BalanceRow.book))
    .scalar_subquery()
)
balances: Select[*tuple[Any, ...]] = select(*columns(BalanceRow), func.coalesce(_in_force, 0).label("in_force")).where(
    col(BalanceRow.book) == bindparam("book")
)
