"""Savepoints and locks. Private to the ledger.

Locks are taken in one order everywhere: keys in key order, balances in account order, heads of chains in book order.
"""

import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col

from ledger.errors import BrokenLaw, UnknownBook
from ledger.mishaps import is_worth_another_try, mishap_of
from ledger.tables import AccountRow, BalanceRow, HeadRow

MOST_TRIES = 6
MOST_AT_ONCE = 5_000
"""How many values one statement asks for: both engines bound the number of parameters."""

Result = TypeVar("Result")
Value = TypeVar("Value")
Row = dict[str, Any]

_lock_balances = (
    select(*BalanceRow.__table__.columns, col(AccountRow.partner))  # type: ignore[attr-defined]
    .join(AccountRow, col(AccountRow.id) == col(BalanceRow.account))
    .where(col(BalanceRow.account).in_(bindparam("accounts", expanding=True)))
    .order_by(col(BalanceRow.account))
    .with_for_update(of=BalanceRow)
)
_lock_heads = (
    select(*HeadRow.__table__.columns)  # type: ignore[attr-defined]
    .where(col(HeadRow.book).in_(bindparam("books", expanding=True)))
    .order_by(col(HeadRow.book))
    .with_for_update()
)


def in_savepoint(connection: Connection, work: Callable[[], Result]) -> Result:
    """Do all of the work or none of it, and leave the transaction usable; retry where others are in the way."""
    for tried in range(1, MOST_TRIES + 1):
        try:
            with connection.begin_nested():
                return work()
        except OperationalError as error:
            mishap = mishap_of(error)
            if mishap is None:
                raise
            if tried == MOST_TRIES or not is_worth_another_try(error):
                raise mishap from error
            time.sleep(random.uniform(0.5, 1) * 0.01 * 2**tried)  # noqa: S311 - only keeps two from meeting again
        except IntegrityError as error:
            raise BrokenLaw(str(error.orig)) from error
    raise AssertionError("the last try returns or raises")


def lock_balances(connection: Connection, accounts: Collection[UUID]) -> dict[UUID, Row]:
    """Lock balance rows in account order, and say which book each account mirrors. What is unknown is left out."""
    return {
        row["account"]: dict(row)
        for some in in_parts(sorted(accounts))
        for row in connection.execute(_lock_balances, {"accounts": some}).mappings()
    }


def lock_heads(connection: Connection, books: Collection[UUID]) -> dict[UUID, Row]:
    """Lock the ends of chains in book order: whoever has them is alone in writing to these books."""
    found = connection.execute(_lock_heads, {"books": sorted(books)}).mappings()
    heads = {row["book"]: dict(row) for row in found}
    for book in books:
        if book not in heads:
            raise UnknownBook(book)
    return heads


def in_parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values in order, as many at once as a statement may ask for."""
    for start in range(0, len(values), MOST_AT_ONCE):
        yield values[start : start + MOST_AT_ONCE]
