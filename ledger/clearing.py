"""Hours between two books: one entry in each, and neither without the other. Private to the ledger, but for its verbs.

Each of a pair keeps a clearing account that mirrors the other. What a member of one book gives to a member of the other
goes to the mirror here and comes from the mirror there, under one clearing id and in one transaction: the two mirrors
always sum to zero. Their limits say how far one side may be ahead of the other.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, select
from sqlmodel import Session, col

from ledger import reading
from ledger.drafting import new_id
from ledger.entries import AccountKind, Entry, EntryKind, Posting, Seconds, check_positive
from ledger.errors import BetweenBooks, MirrorOpen, NoMirror, UnknownTransfer
from ledger.locking import in_savepoint, lock_heads
from ledger.opening import Limits, open_account
from ledger.request import Request, check, check_moment, check_reference
from ledger.tables import AccountRow, ClearingRow
from ledger.writing import write_all

_mirror = select(col(AccountRow.id)).where(
    col(AccountRow.partner) == bindparam("partner"), col(AccountRow.book) == bindparam("book")
)
_halves: Select[*tuple[Any, ...]] = (
    select(col(ClearingRow.entry), col(ClearingRow.partner))
    .where(col(ClearingRow.id) == bindparam("clearing"))
    .order_by(col(ClearingRow.seconds))  # the giver's mirror is the one that goes down
)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Two entries with one clearing id: in the book of the giver, and in that of the receiver."""

    clearing: UUID
    given: Entry
    received: Entry


def open_mirrors(
    session: Session,
    one: UUID,
    other: UUID,
    *,
    floor: Seconds | None,
    ceiling: Seconds | None,
    at: datetime,
    by: UUID | None,
) -> tuple[UUID, UUID]:
    """A clearing account in each of two books for the other; its balance is what the other side's members gave us.

    The limits are those of the account in `one`; the account in `other` gets the same turned round. Each side may
    narrow its own with `set_limits`.
    """
    if one == other:
        raise NoMirror(one, other)
    ours = Limits(floor, ceiling, at, by)
    theirs = Limits(None if ceiling is None else -ceiling, None if floor is None else -floor, at, by)
    connection = session.connection()

    def work() -> tuple[UUID, UUID]:
        lock_heads(connection, {one, other})
        if account := _mirror_of(connection, one, other):
            raise MirrorOpen(one, other, account)
        return (
            open_account(connection, one, AccountKind.CLEARING, ours, partner=other),
            open_account(connection, other, AccountKind.CLEARING, theirs, partner=one),
        )

    return in_savepoint(connection, work)


def mirror(connection: Connection, book: UUID, partner: UUID) -> UUID:
    """The account in a book that mirrors another."""
    found = _mirror_of(connection, book, partner)
    if found is None:
        raise NoMirror(book, partner)
    return found


def _mirror_of(connection: Connection, book: UUID, partner: UUID) -> UUID | None:
    return connection.execute(_mirror, {"book": book, "partner": partner}).scalar_one_or_none()


def transfer_between(
    session: Session,
    *,
    giver: UUID,
    giving_book: UUID,
    receiver: UUID,
    receiving_book: UUID,
    seconds: Seconds,
    key: str,
    purpose: str,
    effective_on: date,
    at: datetime,
    by: UUID | None = None,
    on_behalf_of: UUID | None = None,
    memo: str | None = None,
) -> Transfer:
    """Move hours from a giver's book to a receiver's. The same key stands in both, and sent again gives the same."""
    check_positive(seconds)
    check_moment(at)
    here = Request(
        book=giving_book,
        kind=EntryKind.POST,
        key=key,
        at=at,
        effective_on=effective_on,
        purpose=purpose,
        by=by,
        on_behalf_of=on_behalf_of,
        memo=memo,
        clearing=new_id(at),
        partner=receiving_book,
    )
    there = replace(here, book=receiving_book, partner=giving_book)
    connection = session.connection()
    given, received = _half(connection, here, giver, seconds), _half(connection, there, receiver, -seconds)
    return _transferred(connection, given, received)


def _half(connection: Connection, request: Request, member: UUID, seconds: Seconds) -> Request:
    """What a member gives comes from the mirror; what a member gets goes to it."""
    assert request.partner is not None  # noqa: S101 - our callers have named it
    for reference in (request.book, request.partner, member):
        check_reference(reference)
    account = mirror(connection, request.book, request.partner)
    if member == account:
        raise BetweenBooks(account, request.partner)
    return replace(request, legs=(Posting(member, seconds), Posting(account, -seconds)))


def reverse_between(
    session: Session,
    clearing: UUID,
    *,
    key: str,
    effective_on: date,
    at: datetime,
    by: UUID | None = None,
    on_behalf_of: UUID | None = None,
    override_by: UUID | None = None,
    memo: str | None = None,
) -> Transfer:
    """Give back in both books what a transfer moved; what was given stands first again."""
    check_moment(at)
    check_reference(clearing)
    connection = session.connection()
    found = connection.execute(_halves, {"clearing": clearing}).all()
    if not found:
        raise UnknownTransfer(clearing)
    entries = reading.entries(connection, [entry for entry, _ in found])
    again = new_id(at)
    halves = [
        Request(
            book=entries[entry].book,
            kind=EntryKind.REVERSE,
            key=key,
            at=at,
            effective_on=effective_on,
            subject=entry,
            by=by,
            on_behalf_of=on_behalf_of,
            override_by=override_by,
            memo=memo,
            clearing=again,
            partner=partner,
        )
        for entry, partner in found
    ]
    return _transferred(connection, *halves)


def _transferred(connection: Connection, *halves: Request) -> Transfer:
    for request in halves:
        check(request)
    given, received = write_all(connection, halves)
    assert given.clearing is not None  # noqa: S101 - the database has seen to it
    return Transfer(given.clearing, given, received)
