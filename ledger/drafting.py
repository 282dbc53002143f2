"""Entries as they will be written: computed from what was read under the book's lock. Private to the ledger.

A draft holds the heads and balances as they will stand after its entries, and the rows to insert. Nothing in it is
changed in place, so that a copy of a draft can be tried and thrown away.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert

from ledger import chain
from ledger.entries import FINISHING, Entry, EntryKind, Posting, check_balance
from ledger.errors import BetweenBooks, ClosedPeriod, LimitExceeded, UnknownAccount
from ledger.plans import Additions, Row
from ledger.reading import entry_from
from ledger.request import Request
from ledger.tables import ClearingRow, EntryRow, KeyRow, MemoRow, PostingRow

_keys = Additions(insert(KeyRow))
_postings = Additions(insert(PostingRow))
_entries = Additions(insert(EntryRow))
_clearings = Additions(insert(ClearingRow))
_memos = Additions(insert(MemoRow))


@dataclass(slots=True)
class Draft:
    """Heads and balances as they will stand, what was finished and reversed by whom, and the rows to insert."""

    heads: dict[UUID, Row]
    balances: dict[UUID, Row]
    finished: dict[UUID, UUID] = field(default_factory=dict)
    reversed: dict[UUID, UUID] = field(default_factory=dict)
    keys: list[Row] = field(default_factory=list)
    postings: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    clearings: list[Row] = field(default_factory=list)
    memos: list[Row] = field(default_factory=list)

    def copy(self) -> "Draft":
        return Draft(
            heads=dict(self.heads),
            balances=dict(self.balances),
            finished=dict(self.finished),
            reversed=dict(self.reversed),
            keys=list(self.keys),
            postings=list(self.postings),
            entries=list(self.entries),
            clearings=list(self.clearings),
            memos=list(self.memos),
        )

    def append(self, request: Request, digest: bytes) -> Entry:
        """Add one entry, or refuse it and stay as it was."""
        head = self.heads[request.book]
        if head["closed_until"] is not None and request.effective_on <= head["closed_until"]:
            raise ClosedPeriod(request.effective_on, head["closed_until"])
        entry_id, salt = new_id(request.at), secrets.token_bytes(16)
        row = _entry_row(head, request, entry_id, digest, salt)
        postings = [
            _posting_row(row, line, leg, self._balance(request, leg.account))
            for line, leg in enumerate(request.legs, start=1)
        ]
        row["hash"] = chain.entry_hash(row, postings)

        self.keys.append({"book": request.book, "key": request.key, "entry": entry_id})
        self.postings += postings
        self.clearings += [_clearing_row(request, row, posting) for posting in postings if self._is_mirror(posting)]
        self.entries.append(row)
        if request.memo is not None:
            self.memos.append({"entry": entry_id, "salt": salt, "text": request.memo})
        self._advance(row, postings)
        return entry_from(row, request.legs)

    def _balance(self, request: Request, account: UUID) -> Row:
        balance = self.balances.get(account)
        if balance is None or balance["book"] != request.book:
            raise UnknownAccount(account, request.book)
        if balance["partner"] not in (None, request.partner):
            raise BetweenBooks(account, balance["partner"])
        return balance

    def _is_mirror(self, posting: Row) -> bool:
        return self.balances[posting["account"]]["partner"] is not None

    def _advance(self, row: Row, postings: list[Row]) -> None:
        """What the guards will do to heads and balances, done to our copies of them."""
        self.heads[row["book"]] = self.heads[row["book"]] | {
            name: row[name] for name in ("number", "hash", "recorded_at")
        }
        for posting in postings:
            self.balances[posting["account"]] = self.balances[posting["account"]] | {
                "sequence": posting["sequence"],
                "number": posting["number"],
                "posted": posting["posted_after"],
                "held_out": posting["out_after"],
                "held_in": posting["in_after"],
            }
        if row["finishes"] is not None:
            self.finished[row["finishes"]] = row["id"]
        if row["reverses"] is not None:
            self.reversed[row["reverses"]] = row["id"]

    def insert(self, connection: Connection) -> None:
        """Keys and postings first, headers last, each kind of row in one statement and in the order of the chain."""
        _keys.write(connection, self.keys)
        _postings.write(connection, self.postings)
        _clearings.write(connection, self.clearings)
        _entries.write(connection, self.entries)
        _memos.write(connection, self.memos)


def new_id(at: datetime) -> UUID:
    """A random key that sorts by time (UUID version 7): neighbours in time are neighbours in every index."""
    milliseconds, drawn = int(at.timestamp() * 1000) & (1 << 48) - 1, int.from_bytes(secrets.token_bytes(10))
    return UUID(int=milliseconds << 80 | 7 << 76 | drawn >> 68 << 64 | 0b10 << 62 | drawn & (1 << 62) - 1)


def _entry_row(head: Row, request: Request, entry_id: UUID, request_digest: bytes, salt: bytes) -> Row:
    number = head["number"]
    return {
        "id": entry_id,
        "book": request.book,
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
        "clearing": request.clearing,
        "moved": sum(leg.seconds for leg in request.legs if leg.seconds > 0),
        "lines": len(request.legs),
        "previous_number": number or None,
        "previous_hash": head["hash"],
    }


def _posting_row(entry: dict[str, Any], line: int, leg: Posting, balance: Row) -> Row:
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


def _clearing_row(request: Request, entry: Row, posting: Row) -> Row:
    """The half of a transfer that this posting on a clearing account is."""
    return {
        "id": request.clearing,
        "book": request.book,
        "partner": request.partner,
        "account": posting["account"],
        "entry": entry["id"],
        "seconds": posting["posted"],
        "counter": -posting["posted"],
    }


def _check_limits(row: Row) -> None:
    """A movement is refused if it leaves the range and moves further out; what was held before is no movement."""
    for after in (row["posted_after"], row["out_after"], row["in_after"]):
        check_balance(after)
    if row["overrides"]:
        return
    floor, least = row["floor"], row["posted_after"] - row["out_after"]
    if floor is not None and least < floor and row["posted"] - row["held_out"] < 0:
        raise LimitExceeded(row["account"], "floor", floor - least)
    ceiling, most = row["ceiling"], row["posted_after"] + row["in_after"]
    if ceiling is not None and most > ceiling and row["posted"] + row["held_in"] > 0:
        raise LimitExceeded(row["account"], "ceiling", most - ceiling)
