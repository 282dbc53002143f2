"""Savepoints, and the one lock of a book. Private to the ledger.

Who writes to a book takes the end of its chain first, of several books in their order. Whoever has it is alone in the
book until their transaction ends: what they read then, keys, holds and balances, stays so until they have written.
"""

import random
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import col

from ledger.errors import BrokenLaw, UnknownBook
from ledger.mishaps import is_worth_another_try, mishap_of
from ledger.plans import Plan, Row, run
from ledger.tables import HeadRow

MOST_TRIES = 6
MOST_AT_ONCE = 5_000
"""How many values one statement asks for: both engines bound the number of parameters."""

Result = TypeVar("Result")
Value = TypeVar("Value")

_lock_heads = Plan(
    select(*HeadRow.__table__.columns)  # type: ignore[attr-defined]
    .where(col(HeadRow.book).in_(bindparam("books", expanding=True)))
    .order_by(col(HeadRow.book))
    .with_for_update(),
    lists=["books"],
)


def in_savepoint(connection: Connection, work: Callable[[], Result]) -> Result:
    """Do all of the work or none of it, and leave the transaction usable; retry where others are in the way."""
    for tried in range(1, MOST_TRIES + 1):
        try:
            with savepoint(connection):
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


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Between two plain statements: SQLAlchemy's own savepoints take as long as an entry."""
    try:
        run(connection, "SAVEPOINT ledger")
        yield
        run(connection, "RELEASE SAVEPOINT ledger")
    except BaseException:
        if not connection.invalidated:
            try:
                run(connection, "ROLLBACK TO SAVEPOINT ledger")
                run(connection, "RELEASE SAVEPOINT ledger")
            except DBAPIError:  # where the whole transaction is gone, so is the savepoint
                if connection.invalidated:
                    raise  # a refusal would leave the caller to go on without a connection
        raise


def lock_heads(connection: Connection, books: Collection[UUID]) -> dict[UUID, Row]:
    """Lock the ends of chains in book order; UnknownBook for a book without one."""
    heads = {row["book"]: row for row in _lock_heads.mappings(connection, {"books": sorted(books)})}
    for book in books:
        if book not in heads:
            raise UnknownBook(book)
    return heads


def in_parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values in order, as many at once as a statement may ask for."""
    for start in range(0, len(values), MOST_AT_ONCE):
        yield values[start : start + MOST_AT_ONCE]
