"""Opening accounts and setting their limits, one or thousands in a few statements. Private to the ledger.

A setting of limits is a row of its own, chained to the one before it. It is written under the book's lock, which every
movement takes too: so each movement meets the limits that are in force.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Select, and_, bindparam, insert, select
from sqlmodel import col

from ledger import chain, reading
from ledger.entries import MAX_BALANCE, AccountKind, Seconds, check_balance
from ledger.errors import Malformed, UnknownAccount
from ledger.locking import in_parts, in_savepoint, lock_heads
from ledger.plans import Row
from ledger.request import check_moment, check_reference, in_utc
from ledger.tables import AccountRow, BalanceRow, BookRow, LimitRow

_in_force: Select[*tuple[Any, ...]] = (
    select(*AccountRow.__table__.columns, col(LimitRow.hash), col(BookRow.genesis))  # type: ignore[attr-defined]
    .join(BookRow, col(BookRow.id) == col(AccountRow.book))
    .join(BalanceRow, col(BalanceRow.account) == col(AccountRow.id))
    .outerjoin(
        LimitRow, and_(col(LimitRow.account) == col(AccountRow.id), col(LimitRow.number) == col(BalanceRow.limits))
    )
    .where(col(AccountRow.id).in_(bindparam("accounts", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Limits:
    """A setting of limits to be: what may be said, by whom and when."""

    floor: Seconds | None
    ceiling: Seconds | None
    at: datetime
    by: UUID | None

    def __post_init__(self) -> None:
        if self.ceiling is not None:
            check_balance(self.ceiling)
        if self.floor is not None:
            check_balance(self.floor, MAX_BALANCE if self.ceiling is None else self.ceiling)
        check_moment(self.at)
        if self.by is not None:
            check_reference(self.by)

    def row(self) -> Row:
        return {"floor": self.floor, "ceiling": self.ceiling, "set_at": in_utc(self.at), "set_by": self.by}


def open_account(
    connection: Connection, book: UUID, kind: AccountKind, limits: Limits, partner: UUID | None = None
) -> UUID:
    """A new account with its first limits; a clearing account, and no other, has a partner."""
    if not isinstance(kind, AccountKind) or (kind is AccountKind.CLEARING) != (partner is not None):
        raise Malformed("kind", kind)
    account = uuid4()
    row = {"id": account, "book": book, "kind": kind.value, "partner": partner, "opened_at": in_utc(limits.at)}

    def work() -> UUID:
        lock_heads(connection, [book])
        connection.execute(insert(AccountRow), row)
        _add_limits(connection, book, [account], limits)
        return account

    return in_savepoint(connection, work)


def range_of(connection: Connection, book: UUID, account: UUID) -> tuple[Seconds | None, Seconds | None]:
    """Floor and ceiling in force; none: unlimited."""
    check_reference(account)
    in_force = (
        select(col(LimitRow.floor), col(LimitRow.ceiling))
        .join(
            BalanceRow,
            and_(col(BalanceRow.account) == col(LimitRow.account), col(BalanceRow.limits) == col(LimitRow.number)),
        )
        .where(col(LimitRow.account) == account, col(LimitRow.book) == book)
    )
    found = connection.execute(in_force).one_or_none()
    if found is None:
        raise UnknownAccount(account, book)
    return found.floor, found.ceiling


def set_limits(connection: Connection, book: UUID, accounts: Iterable[UUID], limits: Limits) -> None:
    """The same limits for all of these accounts, or for none of them."""
    once = list(dict.fromkeys(accounts))

    def work() -> None:
        lock_heads(connection, [book])
        _add_limits(connection, book, once, limits)

    in_savepoint(connection, work)


def _add_limits(connection: Connection, book: UUID, accounts: Sequence[UUID], limits: Limits) -> None:
    for account in accounts:
        check_reference(account)
    balances = reading.balance_rows(connection, accounts)
    for account in accounts:
        if account not in balances or balances[account]["book"] != book:
            raise UnknownAccount(account, book)
    rows = []
    for some in in_parts(accounts):
        for before in connection.execute(_in_force, {"accounts": some}).mappings():
            number = balances[before["id"]]["limits"] + 1
            row = {"account": before["id"], "number": number, "book": book, **limits.row()}
            row["hash"] = chain.limit_hash(before["genesis"] if number == 1 else before["hash"], before, row)
            rows.append(row)
    if rows:
        connection.execute(insert(LimitRow), rows)
