"""The one path by which an entry is written: claim the key, lock, look, append. Private to the ledger.

Locks are taken in one order everywhere: the key, balances in account order (one statement), the head of the chain.
"""

import random
import secrets
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col

from ledger import chain, reading
from ledger.entries import (
    FINISHING,
    MAX_BALANCE,
    REVERSIBLE,
    Entry,
    EntryKind,
    Posting,
    Seconds,
)
from ledger.errors import (
    AlreadyReversed,
    AmountOutOfRange,
    BrokenLaw,
    Busy,
    ClosedPeriod,
    HoldFinished,
    KeyReused,
    LimitExceeded,
    NotAHold,
    NotReversible,
    UnknownAccount,
)
from ledger.request import OWN_KEYS, Request, check
from ledger.tables import BalanceRow, EntryRow, HeadRow, KeyRow, MemoRow, OpenHoldRow, PostingRow

MOST_TRIES = 6
RETRIED = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available

Result = TypeVar("Result")

_find_key = select(col(KeyRow.entry)).where(col(KeyRow.book) == bindparam("book"), col(KeyRow.key) == bindparam("key"))
_claim_key = insert(KeyRow)
_claim_key_or_wait = postgresql.insert(KeyRow).on_conflict_do_nothing().returning(col(KeyRow.entry))
_lock_balances = (
    select(*BalanceRow.__table__.columns)  # type: ignore[attr-defined]
    .where(
        col(BalanceRow.account).in_(bindparam("accounts", expanding=True)), col(BalanceRow.book) == bindparam("book")
    )
    .order_by(col(BalanceRow.account))
    .with_for_update()
)
_lock_head = select(*HeadRow.__table__.columns).where(col(HeadRow.book) == bindparam("book")).with_for_update()  # type: ignore[attr-defined]
_holds_due = (
    select(col(OpenHoldRow.hold))
    .where(
        col(OpenHoldRow.account).in_(bindparam("accounts", expanding=True)),
        col(OpenHoldRow.book) == bindparam("book"),
        col(OpenHoldRow.expires_at) <= bindparam("at"),
    )
    .distinct()
)
_all_due = (
    select(col(OpenHoldRow.hold))
    .where(col(OpenHoldRow.book) == bindparam("book"), col(OpenHoldRow.expires_at) <= bindparam("at"))
    .order_by(col(OpenHoldRow.expires_at), col(OpenHoldRow.hold))
    .limit(bindparam("most"))
)
_still_open = (
    select(col(OpenHoldRow.hold)).where(col(OpenHoldRow.hold).in_(bindparam("holds", expanding=True))).distinct()
)
_finish_of = select(col(EntryRow.id)).where(col(EntryRow.finishes) == bindparam("entry"))
_reversal_of = select(col(EntryRow.id)).where(col(EntryRow.reverses) == bindparam("entry"))
_insert_postings = insert(PostingRow)
_insert_entry = insert(EntryRow)
_insert_memo = insert(MemoRow)


@dataclass(slots=True)
class State:
    """The rows that are locked, as they will stand after what was appended so far."""

    head: dict[str, Any]
    balances: dict[UUID, dict[str, Any]] = field(default_factory=dict)


def write(connection: Connection, book: UUID, request: Request) -> Entry:
    """Append what is asked for, or give back what the same request led to before."""
    check(request)
    return in_savepoint(connection, lambda: _write(connection, book, request))


def in_savepoint(connection: Connection, work: Callable[[], Result]) -> Result:
    """Do all of the work or none of it, and leave the transaction usable; retry where others are in the way."""
    for tried in range(1, MOST_TRIES + 1):
        try:
            with connection.begin_nested():
                return work()
        except OperationalError as error:
            state = getattr(error.orig, "sqlstate", None)
            if state not in RETRIED and "locked" not in str(error.orig):
                raise
            if state not in RETRIED or tried == MOST_TRIES:
                raise Busy("others are writing to the same accounts: try again") from error
            time.sleep(random.uniform(0.5, 1) * 0.01 * 2**tried)  # noqa: S311 - only keeps two from meeting again
        except IntegrityError as error:
            raise BrokenLaw(str(error.orig)) from error
    raise AssertionError("the last try returns or raises")


def _write(connection: Connection, book: UUID, request: Request) -> Entry:
    entry_id = _new_id(request.at)
    if first := _claim(connection, book, request, entry_id):
        return first
    meant = _with_legs(connection, book, request)

    accounts = {leg.account for leg in meant.legs}
    due = _due(connection, book, accounts, meant)
    accounts |= {leg.account for hold in due for leg in hold.postings}
    state = lock(connection, book, accounts)

    for hold in _still_due(connection, due):
        _append(connection, state, _expiry(hold, meant.effective_on, meant.at), _claim_own(connection, hold, meant.at))
    _refuse_twice(connection, meant)
    return _append(connection, state, meant, entry_id, request.digest())


def _new_id(at: datetime) -> UUID:
    """A random key that sorts by time (UUID version 7): neighbours in time are neighbours in every index."""
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    return UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62))


def _claim(connection: Connection, book: UUID, request: Request, entry: UUID) -> Entry | None:
    """Take the key for this entry; or give back the entry that took it before, if that was the same request."""
    row = {"book": book, "key": request.key, "entry": entry}
    if connection.dialect.name == "postgresql":
        # to look first would let two with one key past; the second waits here until the first has ended
        if connection.execute(_claim_key_or_wait, row).first():
            return None
        first: UUID | None = connection.execute(_find_key, row).scalar_one()
    else:
        first = connection.execute(_find_key, row).scalar_one_or_none()
        if first is None:
            connection.execute(_claim_key, row)
            return None
    assert first is not None  # noqa: S101 - scalar_one has seen to it
    said = reading.request_of(connection, first)
    if said.request_digest != request.digest() or not said.is_memo(request.memo):
        raise KeyReused(f"the key {request.key!r} stands for another request")
    return reading.entry(connection, book, first)


def _claim_own(connection: Connection, hold: Entry, at: datetime) -> UUID:
    entry = _new_id(at)
    connection.execute(_claim_key, {"book": hold.book, "key": _expiry_key(hold), "entry": entry})
    return entry


def _expiry_key(hold: Entry) -> str:
    return f"{OWN_KEYS}expire:{hold.id}"


def _with_legs(connection: Connection, book: UUID, request: Request) -> Request:
    """The request with the legs and the purpose that follow from the entry which it finishes or reverses."""
    if request.subject is None:
        return request
    subject = reading.known_entry(connection, book, request.subject)
    if request.kind in FINISHING:
        if subject.kind is not EntryKind.HOLD:
            raise NotAHold(f"entry {subject.id} is no hold but a {subject.kind}")
        legs = tuple(_let_go(leg, request.seconds or 0) for leg in subject.postings)
    else:
        if subject.kind not in REVERSIBLE:
            raise NotReversible(f"entry {subject.id} moved no hours that could be reversed: it is a {subject.kind}")
        legs = tuple(Posting(leg.account, -leg.seconds) for leg in subject.postings if leg.seconds)
    return replace(request, legs=legs, purpose=request.purpose or subject.purpose)


def _let_go(held: Posting, seconds: Seconds) -> Posting:
    """The whole hold ends, however much of it is settled: the payer's hours go out, the payee's come in."""
    return Posting(held.account, -seconds if held.out else seconds, -held.out, -held.in_)


def _due(connection: Connection, book: UUID, accounts: Collection[UUID], request: Request) -> list[Entry]:
    """The holds on these accounts that have expired. To release one is never too late."""
    found = connection.execute(_holds_due, {"book": book, "accounts": accounts, "at": request.at}).scalars()
    spared = request.subject if request.kind is EntryKind.RELEASE else None
    return [reading.known_entry(connection, book, hold) for hold in sorted(found) if hold != spared]


def _still_due(connection: Connection, due: list[Entry]) -> Iterable[Entry]:
    """Those that nobody finished before their accounts were locked."""
    if not due:
        return []
    still = set(connection.execute(_still_open, {"holds": [hold.id for hold in due]}).scalars())
    return [hold for hold in due if hold.id in still]


def _expiry(hold: Entry, effective_on: date, at: datetime) -> Request:
    """Dated on the day it expired, or on that of the entry that touches it if later: such a day is not closed."""
    assert hold.expires_at is not None  # noqa: S101 - only such holds fall due
    return Request(
        kind=EntryKind.EXPIRE,
        key=_expiry_key(hold),
        at=at,
        effective_on=max(hold.expires_at.date(), effective_on),
        purpose=hold.purpose,
        legs=tuple(_let_go(leg, 0) for leg in hold.postings),
        subject=hold.id,
    )


def expire(connection: Connection, book: UUID, effective_on: date, at: datetime, most: int) -> list[Entry]:
    """Release what has expired, one hold after another; each by itself, so that a lock is never held for long."""
    found = connection.execute(_all_due, {"book": book, "at": at, "most": 2 * most}).scalars()

    def work(hold: Entry) -> list[Entry]:
        state = lock(connection, book, {leg.account for leg in hold.postings})
        return [
            _append(connection, state, _expiry(due, effective_on, at), _claim_own(connection, due, at))
            for due in _still_due(connection, [hold])
        ]

    holds = [reading.known_entry(connection, book, hold) for hold in [*dict.fromkeys(found)][:most]]
    return [entry for hold in holds for entry in in_savepoint(connection, partial(work, hold))]


def _refuse_twice(connection: Connection, request: Request) -> None:
    """Asked under the accounts' locks: nobody else can finish or reverse the same entry now."""
    if request.subject is None:
        return
    if request.kind in FINISHING:
        if connection.execute(_finish_of, {"entry": request.subject}).first():
            raise HoldFinished(f"hold {request.subject} is finished already")
    elif connection.execute(_reversal_of, {"entry": request.subject}).first():
        raise AlreadyReversed(f"entry {request.subject} is reversed already")


def lock(connection: Connection, book: UUID, accounts: Collection[UUID]) -> State:
    """Lock the balances, then the head of the chain."""
    balances = lock_balances(connection, book, accounts)
    return State(dict(connection.execute(_lock_head, {"book": book}).mappings().one()), balances)


def lock_balances(connection: Connection, book: UUID, accounts: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Lock balance rows in account order, in one statement."""
    rows = connection.execute(_lock_balances, {"accounts": sorted(accounts), "book": book}).mappings()
    balances = {row["account"]: dict(row) for row in rows}
    for account in accounts:
        if account not in balances:
            raise UnknownAccount(f"no account {account} in this book")
    return balances


def _append(
    connection: Connection, state: State, request: Request, entry_id: UUID, request_digest: bytes | None = None
) -> Entry:
    """Write postings, header and memo, and bring the state up to date."""
    if state.head["closed_until"] is not None and request.effective_on <= state.head["closed_until"]:
        raise ClosedPeriod(request.effective_on, state.head["closed_until"])
    salt = secrets.token_bytes(16)
    row = _entry_row(state.head, request, entry_id, request_digest or request.digest(), salt)
    postings = [
        _posting_row(row, line, leg, state.balances[leg.account]) for line, leg in enumerate(request.legs, start=1)
    ]
    row["hash"] = chain.entry_hash(row, postings)

    connection.execute(_insert_postings, postings)
    connection.execute(_insert_entry, row)
    if request.memo is not None:
        connection.execute(_insert_memo, {"entry": entry_id, "salt": salt, "text": request.memo})

    _advance(state, row, postings)
    return reading.entry_from(row, request.legs)


def _entry_row(
    head: dict[str, Any], request: Request, entry_id: UUID, request_digest: bytes, salt: bytes
) -> dict[str, Any]:
    number = head["number"]
    return {
        "id": entry_id,
        "book": head["book"],
        "number": number + 1,
        "kind": request.kind.value,
        "purpose": request.purpose,
        "effective_on": request.effective_on,
        "recorded_at": max(request.at.astimezone(UTC), head["recorded_at"]),
        "recorded_by": request.by,
        "recorded_for": request.on_behalf_of,
        "key": request.key,
        "request_digest": request_digest,
        "memo_digest": None if request.memo is None else chain.memo_digest(salt, request.memo),
        "finishes": request.subject if request.kind in FINISHING else None,
        "reverses": request.subject if request.kind is EntryKind.REVERSE else None,
        "overrides": int(request.override_by is not None),
        "override_by": request.override_by,
        "expires_at": request.expires_at,
        "clearing": None,
        "moved": sum(leg.seconds for leg in request.legs if leg.seconds > 0),
        "lines": len(request.legs),
        "previous_number": number or None,
        "previous_hash": head["hash"],
    }


def _posting_row(entry: dict[str, Any], line: int, leg: Posting, balance: dict[str, Any]) -> dict[str, Any]:
    row = {
        "entry": entry["id"],
        "line": line,
        "lines": entry["lines"],
        "book": entry["book"],
        "number": entry["number"],
        "kind": entry["kind"],
        "overrides": entry["overrides"],
        "account": leg.account,
        "sequence": balance["sequence"] + 1,
        "previous_sequence": balance["sequence"] or None,
        "posted": leg.seconds,
        "held_out": leg.out,
        "held_in": leg.in_,
        "posted_before": balance["posted"],
        "out_before": balance["held_out"],
        "in_before": balance["held_in"],
        "posted_after": balance["posted"] + leg.seconds,
        "out_after": balance["held_out"] + leg.out,
        "in_after": balance["held_in"] + leg.in_,
        "limits": balance["limits"],
        "floor": balance["floor"],
        "ceiling": balance["ceiling"],
    }
    _check_limits(row)
    return row


def _check_limits(row: dict[str, Any]) -> None:
    """A movement is refused if it leaves the range and moves further out; what was held before is no movement."""
    if max(abs(row["posted_after"]), row["out_after"], row["in_after"]) > MAX_BALANCE:
        raise AmountOutOfRange(f"a balance stays within {MAX_BALANCE} seconds")
    if row["overrides"]:
        return
    floor, least = row["floor"], row["posted_after"] - row["out_after"]
    if floor is not None and least < floor and row["posted"] - row["held_out"] < 0:
        raise LimitExceeded(row["account"], "floor", floor - least)
    ceiling, most = row["ceiling"], row["posted_after"] + row["in_after"]
    if ceiling is not None and most > ceiling and row["posted"] + row["held_in"] > 0:
        raise LimitExceeded(row["account"], "ceiling", most - ceiling)


def _advance(state: State, row: dict[str, Any], postings: list[dict[str, Any]]) -> None:
    """What the guards have just done to the locked rows, done to our copies of them."""
    state.head |= {name: row[name] for name in ("number", "hash", "recorded_at")}
    for posting in postings:
        state.balances[posting["account"]] |= {
            "sequence": posting["sequence"],
            "number": posting["number"],
            "posted": posting["posted_after"],
            "held_out": posting["out_after"],
            "held_in": posting["in_after"],
        }
