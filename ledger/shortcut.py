"""The short way to a plain entry: hours moved now between two accounts of one book, where nothing falls due. Private.

Most entries are plain. The short way asks once for what they continue, writes in one statement, and leaves every law to
the guards. What is not plain after all, or is refused, leaves no trace here; the whole way of `writing` is then walked,
which knows why, and gives back what the same request led to before. Tests walk both ways side by side.

On SQLite the statement is a row into a view beside the guards, on PostgreSQL a function that asks by itself.
"""

import secrets
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from ledger import chain
from ledger.columns import EPOCH, MICROSECOND
from ledger.drafting import new_id
from ledger.entries import Entry, EntryKind
from ledger.mishaps import mishap_of
from ledger.plans import run
from ledger.request import Request

NOT_IN_A_PLAIN_ONE = (None,) * 5
"""What it finishes or reverses, who overrides, when it expires, and what clears it."""

_STANDING = """
SELECT head.number, head.hash, head.recorded_at,
       first.sequence, first.posted, first.held_out, first.held_in, first.limits, first.floor, first.ceiling,
       second.sequence, second.posted, second.held_out, second.held_in, second.limits, second.floor, second.ceiling
  FROM ledger_head AS head, ledger_balance AS first, ledger_balance AS second
 WHERE head.book = ? AND first.account = ? AND second.account = ?
   AND NOT EXISTS (
    SELECT 1 FROM ledger_open_hold WHERE account IN (first.account, second.account) AND expires_at <= ?
   )"""
_PLAIN = "INSERT INTO ledger_plain VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_CALL = """
SELECT number, recorded_at, hash
  FROM ledger_post(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


def post(connection: Connection, request: Request) -> Entry | None:
    """The entry that a checked request leads to; nothing where it takes the whole way."""
    if request.kind is not EntryKind.POST or request.clearing is not None or len(request.legs) != 2:  # noqa: PLR2004
        return None
    write = _by_function if connection.dialect.name == "postgresql" else _by_view
    try:
        return write(connection, request, request.digest())
    except IntegrityError:
        return None
    except OperationalError as error:
        raise mishap_of(error) or error from error


def _by_function(connection: Connection, request: Request, digest: bytes) -> Entry | None:
    first, second = request.legs
    entry_id, (salt, memo_digest) = new_id(request.at), _memo(request)
    said = (request.purpose, request.effective_on, request.at, request.by, request.on_behalf_of)
    moved = (first.account, second.account, first.seconds)
    given = (request.book, request.key, entry_id, *said, digest, memo_digest, salt, request.memo, *moved)
    number, recorded_at, link = run(connection, _CALL, given).fetchone()
    return None if number is None else _entry(request, entry_id, number, recorded_at.astimezone(UTC), link)


def _by_view(connection: Connection, request: Request, digest: bytes) -> Entry | None:
    first, second = request.legs
    book, at, seconds = request.book.bytes, (request.at - EPOCH) // MICROSECOND, first.seconds
    one, other = first.account.bytes, second.account.bytes
    found = run(connection, _STANDING, (book, one, other, at)).fetchone()
    if found is None:
        return None
    last, previous_hash, last_at, sequence, posted, *rest = found
    out, in_, limits, floor, ceiling, sequence_2, posted_2, *rest_2 = rest
    number, recorded_at = last + 1, max(at, last_at)
    moment, day = EPOCH + recorded_at * MICROSECOND, request.effective_on
    entry_id, (salt, memo_digest) = new_id(request.at), _memo(request)
    by, principal = request.by, request.on_behalf_of
    said = (request.purpose, day, moment, by, principal, request.key, digest, memo_digest)
    link = chain.link(
        previous_hash,
        (request.book, number, entry_id, "post", *said, *NOT_IN_A_PLAIN_ONE, abs(seconds), 2),
        (
            (1, first.account, sequence + 1, seconds, 0, 0, posted + seconds, out, in_, limits, floor, ceiling),
            (2, second.account, sequence_2 + 1, -seconds, 0, 0, posted_2 - seconds, *rest_2),
        ),
    )
    whose = (by and by.bytes, principal and principal.bytes)
    header = (book, request.key, entry_id.bytes, request.purpose, day.isoformat(), recorded_at, *whose)
    digests, moved = (digest, memo_digest, salt, request.memo), (one, other, seconds)
    run(connection, _PLAIN, (*header, *digests, *moved, number, previous_hash, link))
    return _entry(request, entry_id, number, moment, link)


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
