"""What accounts had at a point of the chain, or through a day of service. Private to the ledger; reads only.

A point of the chain is one seek for each account, by its last posting until then. A day of service is a sum, because
what was done on a day may be recorded on a later one.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from ledger import reading
from ledger.entries import Balance
from ledger.request import check_day, check_number
from ledger.tables import AccountRow, BalanceRow, EntryRow, PostingRow

_Last = aliased(PostingRow)

_now: Select[*tuple[Any, ...]] = (
    select(col(BalanceRow.account), col(BalanceRow.posted), col(BalanceRow.held_out), col(BalanceRow.held_in))
    .join(AccountRow, col(AccountRow.id) == col(BalanceRow.account))
    .where(col(AccountRow.book) == bindparam("book"), col(BalanceRow.sequence) > 0)
    .order_by(col(BalanceRow.account))
)
_last_number = (
    select(func.max(col(_Last.number)))
    .where(col(_Last.account) == col(AccountRow.id), col(_Last.number) <= bindparam("number"))
    .correlate(AccountRow)
    .scalar_subquery()
)
_at_number: Select[*tuple[Any, ...]] = (
    select(col(AccountRow.id), col(PostingRow.posted_after), col(PostingRow.out_after), col(PostingRow.in_after))
    .join(PostingRow, and_(col(PostingRow.account) == col(AccountRow.id), col(PostingRow.number) == _last_number))
    .where(col(AccountRow.book) == bindparam("book"))
    .order_by(col(AccountRow.id))
)
_sums = [func.coalesce(func.sum(layer), 0) for layer in (PostingRow.posted, PostingRow.held_out, PostingRow.held_in)]
_through: Select[*tuple[Any, ...]] = (
    select(col(PostingRow.account), *_sums)
    .join(EntryRow, col(EntryRow.id) == col(PostingRow.entry))
    .where(col(EntryRow.book) == bindparam("book"), col(EntryRow.effective_on) <= bindparam("day"))
    .group_by(col(PostingRow.account))
    .order_by(col(PostingRow.account))
)
_of_account_through = (
    select(*_sums)
    .join(EntryRow, col(EntryRow.id) == col(PostingRow.entry))
    .where(col(PostingRow.account) == bindparam("account"), col(EntryRow.effective_on) <= bindparam("day"))
)


def now(connection: Connection, book: UUID) -> dict[UUID, Balance]:
    return _balances(connection, _now, {"book": book})


def at_number(connection: Connection, book: UUID, number: int) -> dict[UUID, Balance]:
    check_number(number)
    return _balances(connection, _at_number, {"book": book, "number": number})


def through(connection: Connection, book: UUID, day: date) -> dict[UUID, Balance]:
    check_day(day)
    return _balances(connection, _through, {"book": book, "day": day})


def balance_on(connection: Connection, book: UUID, account: UUID, day: date) -> Balance:
    check_day(day)
    reading.check_account(connection, book, account)
    layers = connection.execute(_of_account_through, {"account": account, "day": day}).one()
    return Balance(*(int(layer) for layer in layers))


def _balances(
    connection: Connection, statement: Select[*tuple[Any, ...]], asked: dict[str, Any]
) -> dict[UUID, Balance]:
    rows = connection.execute(statement, asked)
    return {account: Balance(*(int(layer) for layer in layers)) for account, *layers in rows}
