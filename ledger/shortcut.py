"""The short way to a plain entry: hours moved now, in one book, where nothing falls due. Private to the ledger.

Most entries are plain. The short way asks once for what they continue, and leaves every law to the guards. What is not
plain after all, or is refused, leaves no trace here; the whole way of `writing` is then walked, which knows why, waits
for others, and gives back what the same request led to before. Tests walk both ways side by side.

On SQLite these are four statements. On PostgreSQL it is one, a function beside the guards that does the same.
"""

import secrets
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from ledger import chain
from ledger.columns import EPOCH, MICROSECOND
from ledger.drafting import new_id
from ledger.entries import Entry, EntryKind
from ledger.errors import BrokenLaw
from ledger.locking import in_savepoint
from ledger.mishaps import mishap_of
from ledger.plans import as_told, run, speaker
from ledger.request import Request

MOST_LEGS = 8
NOT_IN_A_PLAIN_ONE = (None,) * 5
"""What it finishes or reverses, who overrides, when it expires, and what clears it."""

_KEY = "INSERT INTO ledger_key (book, key, entry) VALUES (?, ?, ?)"
_POSTING = """
INSERT INTO ledger_posting (entry, lines, book, number, kind, overrides, held_out, held_in,
    line, account, sequence, previous_sequence, posted, posted_before, out_before, in_before,
    posted_after, out_after, in_after, limits, floor, ceiling)
VALUES (?, ?, ?, ?, 'post', 0, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_ENTRY = """
INSERT INTO ledger_entry (book, number, id, kind, purpose, effective_on, recorded_at, recorded_by, recorded_for, key,
    request_digest, memo_digest, moved, lines, previous_number, previous_hash, hash, overrides)
VALUES (?, ?, ?, 'post', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"""
_MEMO = "INSERT INTO ledger_memo (entry, salt, text) VALUES (?, ?, ?)"
_CALL = """
SELECT number, recorded_at, hash
  FROM ledger_post(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


def post(connection: Connection, request: Request) -> Entry | None:
    """The entry that a checked request leads to; nothing where it takes the whole way."""
    if request.kind is not EntryKind.POST or request.clearing is not None or len(request.legs) > MOST_LEGS:
        return None
    if connection.dialect.name == "postgresql":
        return _in_one_call(connection, request)
    try:
        return in_savepoint(connection, lambda: _in_few_statements(connection, request))
    except BrokenLaw:
        return None


def _in_one_call(connection: Connection, request: Request) -> Entry | None:
    entry_id = new_id(request.at)
    salt, memo_digest = _memo(request)
    accounts, seconds = [leg.account for leg in request.legs], [leg.seconds for leg in request.legs]
    said = (request.purpose, request.effective_on, request.at, request.by, request.on_behalf_of)
    digests = (request.digest(), memo_digest, salt)
    given = (request.book, request.key, entry_id, *said, *digests, request.memo, accounts, seconds)
    try:
        number, recorded_at, link = run(connection, _CALL, given).fetchone()
    except OperationalError as error:
        raise mishap_of(error) or error from error
    return None if number is None else _entry(request, entry_id, number, recorded_at.astimezone(UTC), link)


def _in_few_statements(connection: Connection, request: Request) -> Entry | None:
    say = speaker(connection)
    try:
        return _said(say, request)
    except sqlite3.Error as error:
        raise as_told(connection, _ENTRY, (), error) from error


def _said(say: Callable[..., Any], request: Request) -> Entry | None:
    legs, book, at = request.legs, request.book.bytes, (request.at - EPOCH) // MICROSECOND
    accounts = [leg.account.bytes for leg in legs]
    found = say(_standing(len(legs)), (book, *accounts, at)).fetchall()
    if len(found) != len(legs):
        return None
    *_, last, previous_hash, last_at = found[0]
    number, recorded_at = last + 1, max(at, last_at)
    moment = EPOCH + recorded_at * MICROSECOND
    entry_id, digest, (salt, memo_digest) = new_id(request.at), request.digest(), _memo(request)
    key, count, moved = entry_id.bytes, len(legs), sum([leg.seconds for leg in legs if leg.seconds > 0])

    balances = {row[0]: row for row in found}
    postings, fields = [], []
    for line, leg in enumerate(legs, start=1):
        account, sequence, posted, out, in_, limits, floor, ceiling, *_ = balances[accounts[line - 1]]
        seconds, after = leg.seconds, posted + leg.seconds
        row = (key, count, book, number, line, account, sequence + 1, sequence or None)
        postings.append((*row, seconds, posted, out, in_, after, out, in_, limits, floor, ceiling))
        fields.append((line, leg.account, sequence + 1, seconds, 0, 0, after, out, in_, limits, floor, ceiling))
    by, principal, day = request.by, request.on_behalf_of, request.effective_on
    said = (request.purpose, day, moment, by, principal, request.key, digest, memo_digest)
    link = chain.link(
        previous_hash, (request.book, number, entry_id, "post", *said, *NOT_IN_A_PLAIN_ONE, moved, count), fields
    )

    say(_KEY, (book, request.key, key))
    for posting in postings:
        say(_POSTING, posting)
    whose = (by and by.bytes, principal and principal.bytes)
    place = (book, number, key, request.purpose, day.isoformat(), recorded_at, *whose, request.key, digest)
    say(_ENTRY, (*place, memo_digest, moved, count, last or None, previous_hash, link))
    if salt is not None:
        say(_MEMO, (key, salt, request.memo))
    return _entry(request, entry_id, number, moment, link)


@cache
def _standing(count: int) -> str:
    """What an entry on so many accounts continues: their balances, as far as nothing falls due, and the head."""
    return f"""
        SELECT balance.account, balance.sequence, balance.posted, balance.held_out, balance.held_in, balance.limits,
               balance.floor, balance.ceiling, head.number, head.hash, head.recorded_at
          FROM ledger_head AS head JOIN ledger_balance AS balance ON balance.book = head.book
         WHERE head.book = ? AND balance.account IN ({", ".join("?" * count)})
           AND NOT EXISTS (
            SELECT 1 FROM ledger_open_hold AS hold WHERE hold.account = balance.account AND hold.expires_at <= ?
        )"""  # noqa: S608 - marks only


def _memo(request: Request) -> tuple[bytes | None, bytes | None]:
    """The salt and the digest of what is written beside an entry, if anything is."""
    if request.memo is None:
        return None, None
    salt = secrets.token_bytes(16)
    return salt, chain.memo_digest(salt, request.memo)


def _entry(request: Request, entry_id: UUID, number: int, recorded_at: datetime, link: bytes) -> Entry:
    return Entry(
        id=entry_id,
        book=request.book,
        number=number,
        kind=request.kind,
        purpose=request.purpose or "",
        effective_on=request.effective_on,
        recorded_at=recorded_at,
        recorded_by=request.by,
        recorded_for=request.on_behalf_of,
        key=request.key,
        finishes=None,
        reverses=None,
        hash=link,
        postings=request.legs,
    )
