"""Entries written past the Python, row by row: sound unless a test bends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, insert, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from ledger import audit, chain
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast

Row = dict[str, Any]


def table(name: str) -> Table:
    return SQLModel.metadata.tables[f"ledger_{name}"]


def row_of(session: Session, name: str, **where: object) -> Row:
    asked = select(table(name)).where(*(table(name).c[column] == value for column, value in where.items()))
    return dict(session.connection().execute(asked).mappings().one())


@dataclass
class Forged:
    """The rows of one entry; `write` inserts them in the only order that the guards take."""

    session: Session
    key: Row
    postings: list[Row]
    entry: Row

    def seal(self) -> "Forged":
        """Give the header the hash of what stands here now."""
        self.entry["hash"] = chain.entry_hash(self.entry, self.postings)
        return self

    def claim(self) -> "Forged":
        self.session.connection().execute(insert(table("key")), self.key)
        return self

    def post(self) -> "Forged":
        for posting in self.postings:
            self.session.connection().execute(insert(table("posting")), posting)
        return self

    def head(self) -> "Forged":
        self.session.connection().execute(insert(table("entry")), self.entry)
        return self

    def write(self) -> None:
        self.seal().claim().post().head()
        self.session.commit()


def forged(
    cast: Cast, kind: str = "post", legs: dict[UUID, tuple[int, int, int]] | None = None, **header: Any
) -> Forged:
    """An entry that gives ben an hour of ana's time, or what the legs say: account -> (posted, out, in)."""
    legs = legs or {cast.ana: (HOUR, 0, 0), cast.ben: (-HOUR, 0, 0)}
    head = row_of(cast.session, "head", book=cast.book.id)
    key = f"forged {uuid4()}"
    entry = {
        "id": uuid4(),
        "book": cast.book.id,
        "number": head["number"] + 1,
        "kind": kind,
        "purpose": "service",
        "effective_on": TODAY,
        "recorded_at": max(MORNING, head["recorded_at"]),
        "recorded_by": None,
        "recorded_for": None,
        "key": key,
        "request_digest": bytes(32),
        "memo_digest": None,
        "finishes": None,
        "reverses": None,
        "overrides": 0,
        "override_by": None,
        "expires_at": None,
        "clearing": None,
        "moved": sum(max(posted, 0) for posted, _, _ in legs.values()),
        "lines": len(legs),
        "previous_number": head["number"] or None,
        "previous_hash": head["hash"],
        "hash": bytes(32),
        **header,
    }
    postings = [_posting(cast, entry, line, *leg) for line, leg in enumerate(legs.items(), start=1)]
    return Forged(cast.session, {"book": cast.book.id, "key": key, "entry": entry["id"]}, postings, entry).seal()


def _posting(cast: Cast, entry: Row, line: int, account: UUID, layers: tuple[int, int, int]) -> Row:
    balance = row_of(cast.session, "balance", account=account)
    row = {name: entry[name] for name in ("lines", "book", "number", "kind", "overrides")}
    row |= {
        "entry": entry["id"],
        "line": line,
        "account": account,
        "sequence": balance["sequence"] + 1,
        "previous_sequence": balance["sequence"] or None,
        "limits": balance["limits"],
        "floor": balance["floor"],
        "ceiling": balance["ceiling"],
    }
    names = (("posted", "posted", "posted"), ("held_out", "out", "held_out"), ("held_in", "in", "held_in"))
    for (moved, layer, had), amount in zip(names, layers, strict=True):
        row |= {moved: amount, f"{layer}_before": balance[had], f"{layer}_after": balance[had] + amount}
    return row


@contextmanager
def refused(cast: Cast, *because: str) -> Iterator[None]:
    """The attack fails at the latest when it commits, for one of these reasons, and leaves no trace."""
    before = cast.book.head()
    cast.session.rollback()
    with pytest.raises(DBAPIError) as caught:  # noqa: PT012 - what is deferred speaks at the commit
        yield
        cast.session.commit()
    said = str(caught.value.orig).lower()
    assert any(reason.lower() in said for reason in because), said
    cast.session.rollback()
    assert cast.book.head() == before
    assert audit(cast.session, cast.book.id).problems == []


def bend(cast: Cast, line: int, **changes: object) -> Forged:
    """An entry whose posting on that line is not what it should be."""
    entry = forged(cast)
    cast.session.rollback()
    entry.postings[line - 1] |= changes
    return entry
