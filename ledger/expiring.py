"""Holds that nobody finished in time end when their accounts are touched, or by a sweep. Private to the ledger."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from ledger import reading
from ledger.drafting import Draft
from ledger.entries import Entry, EntryKind, Posting, Seconds
from ledger.locking import in_parts, in_savepoint, lock_heads
from ledger.plans import Plan
from ledger.request import OWN_KEYS, Request, check_day, check_moment, check_number
from ledger.tables import EntryRow, OpenHoldRow

_due = Plan(
    select(col(OpenHoldRow.hold))
    .where(
        col(OpenHoldRow.account).in_(bindparam("accounts", expanding=True)),
        col(OpenHoldRow.expires_at) <= bindparam("at"),
    )
    .distinct(),
    lists=["accounts"],
)
_all_due = Plan(
    select(col(OpenHoldRow.hold))
    .join(EntryRow, col(EntryRow.id) == col(OpenHoldRow.hold))
    .where(col(OpenHoldRow.book) == bindparam("book"), col(OpenHoldRow.expires_at) <= bindparam("at"))
    .order_by(col(OpenHoldRow.expires_at), col(EntryRow.number))
    .limit(bindparam("most"))
)
_is_open = Plan(select(col(OpenHoldRow.hold)).where(col(OpenHoldRow.hold) == bindparam("hold")).limit(1))


def due(connection: Connection, accounts: Collection[UUID], at: datetime) -> list[Entry]:
    """The holds on these accounts that have expired and that nobody finished."""
    asked = ({"accounts": some, "at": at} for some in in_parts(list(accounts)))
    found = {hold for some in asked for [hold] in _due.rows(connection, some)}
    return [*reading.entries(connection, found).values()]


def by_account(holds: Iterable[Entry]) -> dict[UUID, list[Entry]]:
    found: dict[UUID, list[Entry]] = defaultdict(list)
    for hold in holds:
        for leg in hold.postings:
            found[leg.account].append(hold)
    return found


def expire_in(draft: Draft, hold: Entry, effective_on: date, at: datetime) -> Entry:
    """Dated on the day it expired, or on that of the entry that touches it if later: such a day is not closed."""
    assert hold.expires_at is not None  # noqa: S101 - only such holds fall due
    request = Request(
        book=hold.book,
        kind=EntryKind.EXPIRE,
        key=f"{OWN_KEYS}expire:{hold.id}",
        at=at,
        effective_on=max(hold.expires_at.date(), effective_on),
        purpose=hold.purpose,
        legs=tuple(let_go(leg, 0) for leg in hold.postings),
        subject=hold.id,
    )
    return draft.append(request, request.digest())


def let_go(held: Posting, seconds: Seconds) -> Posting:
    """The whole hold ends, however much of it is settled: the payer's hours go out, the payee's come in."""
    return Posting(held.account, -seconds if held.out else seconds, -held.out, -held.in_)


def expire(connection: Connection, book: UUID, effective_on: date, at: datetime, most: int) -> list[Entry]:
    """Release what has expired, the longest expired first and those of one moment in the order of their making.

    Each in a savepoint of its own. The book is locked until the caller's transaction ends: `most` keeps that short.
    """
    check_day(effective_on)
    check_moment(at)
    check_number(most)
    found = [hold for [hold] in _all_due.rows(connection, {"book": book, "at": at, "most": 2 * most})]

    def work(hold: Entry) -> list[Entry]:
        heads = lock_heads(connection, [book])
        if not _is_open.rows(connection, {"hold": hold.id}):  # somebody has finished it meanwhile
            return []
        draft = Draft(heads, reading.balance_rows(connection, {leg.account for leg in hold.postings}))
        expiry = expire_in(draft, hold, effective_on, at)
        draft.insert(connection)
        return [expiry]

    holds = [reading.known_entry(connection, book, hold) for hold in [*dict.fromkeys(found)][:most]]
    return [entry for hold in holds for entry in in_savepoint(connection, partial(work, hold))]
