"""Rows, only ever added; private to the ledger. What a CHECK or a key cannot say is said by `guards/`.

ledger_book ─ ledger_head                       the chain's end; advances by one
    │
ledger_account ─ ledger_limit                   limits are added, never changed
    │        └── ledger_balance                 repeats the account's last posting and its limits in force
ledger_entry ─── ledger_posting                 postings first, their header last
    ├── ledger_key                              the idempotency key, claimed before anything else
    ├── ledger_memo                             the only rows that may be deleted
    └── ledger_open_hold                        holds not finished yet
ledger_period ── ledger_seal                    closed periods with their trial balances
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from ledger.columns import Amount, Day, Key, Moment
from ledger.entries import MAX_BALANCE, MAX_SECONDS, AccountKind, EntryKind

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

STRICT = {"sqlite_strict": True}
CLUSTERED = {"sqlite_strict": True, "sqlite_with_rowid": False}
DEFERRED: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"}


def _one_of(column: str, words: type[AccountKind | EntryKind]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


def _within(bound: int, *columns: str) -> str:
    return " AND ".join(f"{column} BETWEEN {-bound} AND {bound}" for column in columns)


def _partly_unique(name: str, *columns: str) -> Index:
    """Unique where the first column says anything."""
    some = text(f"{columns[0]} IS NOT NULL")
    return Index(name, *columns, unique=True, sqlite_where=some, postgresql_where=some)


class BookRow(SQLModel, table=True):
    """One timebank's ledger."""

    __tablename__ = "ledger_book"
    __table_args__ = (CheckConstraint("length(genesis) = 32", "genesis"), STRICT)

    id: UUID = Field(sa_type=Key, primary_key=True)
    created_at: datetime = Field(sa_type=Moment)
    genesis: bytes = Field(sa_type=LargeBinary)


class HeadRow(SQLModel, table=True):
    """The end of a book's chain, and the last closed day. `links` is the number once there is an entry to link to."""

    __tablename__ = "ledger_head"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "links", "hash"],
            ["ledger_entry.book", "ledger_entry.number", "ledger_entry.hash"],
            "fk_ledger_head_entry",
            **DEFERRED,
        ),
        CheckConstraint(
            "(number = 0 AND links IS NULL) OR (number > 0 AND links IS NOT NULL AND links = number)", "links"
        ),
        CLUSTERED,
    )

    book: UUID = Field(sa_type=Key, primary_key=True, foreign_key="ledger_book.id")
    number: int = Field(sa_type=Amount)
    links: int | None = Field(sa_type=Amount)
    hash: bytes = Field(sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=Moment)
    closed_until: date | None = Field(sa_type=Day)


class AccountRow(SQLModel, table=True):
    """An account without a name; the application knows whose it is. A clearing account mirrors its `partner` book."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("id", "book"),
        _partly_unique("uq_ledger_account_partner", "partner", "book"),
        CheckConstraint(_one_of("kind", AccountKind), "kind"),
        CheckConstraint("partner IS NULL OR (kind = 'clearing' AND partner <> book)", "partner"),
        STRICT,
    )

    id: UUID = Field(sa_type=Key, primary_key=True)
    book: UUID = Field(sa_type=Key, foreign_key="ledger_book.id", index=True)
    kind: str = Field(sa_type=Text)
    partner: UUID | None = Field(sa_type=Key, foreign_key="ledger_book.id")
    opened_at: datetime = Field(sa_type=Moment)


class LimitRow(SQLModel, table=True):
    """The limits of an account from a moment on; none means unlimited. `hash` chains the account's settings."""

    __tablename__ = "ledger_limit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account", "book"], ["ledger_account.id", "ledger_account.book"], "fk_ledger_limit_account"
        ),
        CheckConstraint("number > 0", "number"),
        CheckConstraint("floor <= ceiling", "range"),
        CheckConstraint(_within(MAX_BALANCE, "floor", "ceiling"), "bounds"),
        CheckConstraint("length(hash) = 32", "hash"),
        CLUSTERED,
    )

    account: UUID = Field(sa_type=Key, primary_key=True)
    number: int = Field(sa_type=Amount, primary_key=True)
    book: UUID = Field(sa_type=Key)
    floor: int | None = Field(sa_type=Amount)
    ceiling: int | None = Field(sa_type=Amount)
    set_at: datetime = Field(sa_type=Moment)
    set_by: UUID | None = Field(sa_type=Key)
    hash: bytes = Field(sa_type=LargeBinary)


class BalanceRow(SQLModel, table=True):
    """What an account's last posting left, and the limits in force: the one row that is locked to move its hours."""

    __tablename__ = "ledger_balance"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account", "book"], ["ledger_account.id", "ledger_account.book"], "fk_ledger_balance_account"
        ),
        ForeignKeyConstraint(
            ["account", "repeats", "posted", "held_out", "held_in"],
            [f"ledger_posting.{column}" for column in ("account", "sequence", "posted_after", "out_after", "in_after")],
            "fk_ledger_balance_posting",
            **DEFERRED,
        ),
        CheckConstraint(
            "(sequence = 0 AND repeats IS NULL AND number = 0 AND posted = 0 AND held_out = 0 AND held_in = 0)"
            " OR (sequence > 0 AND repeats IS NOT NULL AND repeats = sequence)",
            "repeats",
        ),
        CLUSTERED,
    )

    account: UUID = Field(sa_type=Key, primary_key=True)
    book: UUID = Field(sa_type=Key)
    sequence: int = Field(sa_type=Amount)
    repeats: int | None = Field(sa_type=Amount)
    number: int = Field(sa_type=Amount)
    posted: int = Field(sa_type=Amount)
    held_out: int = Field(sa_type=Amount)
    held_in: int = Field(sa_type=Amount)
    limits: int = Field(sa_type=Amount)
    floor: int | None = Field(sa_type=Amount)
    ceiling: int | None = Field(sa_type=Amount)


class EntryRow(SQLModel, table=True):
    """The header of an entry: written last, when its postings stand. `moved` is the sum of the seconds given."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("book", "number"),
        UniqueConstraint("book", "number", "hash"),
        UniqueConstraint("id", "book", "number", "kind", "lines", "overrides", name="uq_ledger_entry_header"),
        _partly_unique("uq_ledger_entry_finishes", "finishes"),
        _partly_unique("uq_ledger_entry_reverses", "reverses"),
        _partly_unique("uq_ledger_entry_clearing", "clearing", "book"),
        Index("ix_ledger_entry_volume", "book", "purpose", "effective_on", "kind", "moved"),
        ForeignKeyConstraint(
            ["book", "previous_number", "previous_hash"],
            ["ledger_entry.book", "ledger_entry.number", "ledger_entry.hash"],
            "fk_ledger_entry_previous",
        ),
        CheckConstraint(
            "(number = 1 AND previous_number IS NULL)"
            " OR (number > 1 AND previous_number IS NOT NULL AND previous_number = number - 1)",
            "previous",
        ),
        CheckConstraint(_one_of("kind", EntryKind), "kind"),
        CheckConstraint("lines >= 2", "lines"),
        CheckConstraint("moved >= 0", "moved"),
        CheckConstraint("length(purpose) BETWEEN 1 AND 60 AND length(key) BETWEEN 1 AND 200", "words"),
        CheckConstraint("length(hash) = 32 AND length(previous_hash) = 32", "hash"),
        CheckConstraint("length(request_digest) = 32", "request_digest"),
        CheckConstraint("memo_digest IS NULL OR length(memo_digest) = 32", "memo_digest"),
        CheckConstraint("(kind IN ('settle', 'release', 'expire')) = (finishes IS NOT NULL)", "finishes"),
        CheckConstraint("(kind = 'reverse') = (reverses IS NOT NULL)", "reverses"),
        CheckConstraint("expires_at IS NULL OR kind = 'hold'", "expires_at"),
        CheckConstraint(
            "(overrides = 0 AND override_by IS NULL)"
            " OR (overrides = 1 AND override_by IS NOT NULL AND kind = 'reverse')",
            "overrides",
        ),
        STRICT,
    )

    id: UUID = Field(sa_type=Key, primary_key=True)
    book: UUID = Field(sa_type=Key, foreign_key="ledger_book.id")
    number: int = Field(sa_type=Amount)
    kind: str = Field(sa_type=Text)
    purpose: str = Field(sa_type=Text)
    effective_on: date = Field(sa_type=Day)
    recorded_at: datetime = Field(sa_type=Moment)
    recorded_by: UUID | None = Field(sa_type=Key)
    recorded_for: UUID | None = Field(sa_type=Key)
    key: str = Field(sa_type=Text)
    request_digest: bytes = Field(sa_type=LargeBinary)
    memo_digest: bytes | None = Field(sa_type=LargeBinary)
    finishes: UUID | None = Field(sa_type=Key, foreign_key="ledger_entry.id")
    reverses: UUID | None = Field(sa_type=Key, foreign_key="ledger_entry.id")
    overrides: int = Field(sa_type=Amount)
    override_by: UUID | None = Field(sa_type=Key)
    expires_at: datetime | None = Field(sa_type=Moment)
    clearing: UUID | None = Field(sa_type=Key)
    moved: int = Field(sa_type=Amount)
    lines: int = Field(sa_type=Amount)
    previous_number: int | None = Field(sa_type=Amount)
    previous_hash: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class PostingRow(SQLModel, table=True):
    """What an entry does to one account, the balances before and after, and the limits that it met."""

    __tablename__ = "ledger_posting"
    __table_args__ = (
        ForeignKeyConstraint(
            ["entry", "book", "number", "kind", "lines", "overrides"],
            [f"ledger_entry.{column}" for column in ("id", "book", "number", "kind", "lines", "overrides")],
            "fk_ledger_posting_entry",
            **DEFERRED,
        ),
        ForeignKeyConstraint(
            ["account", "book"], ["ledger_account.id", "ledger_account.book"], "fk_ledger_posting_account"
        ),
        ForeignKeyConstraint(
            ["account", "limits"], ["ledger_limit.account", "ledger_limit.number"], "fk_ledger_posting_limits"
        ),
        UniqueConstraint("account", "sequence"),
        UniqueConstraint("account", "number"),
        UniqueConstraint(
            "account", "sequence", "posted_after", "out_after", "in_after", name="uq_ledger_posting_balance"
        ),
        ForeignKeyConstraint(
            ["account", "previous_sequence", "posted_before", "out_before", "in_before"],
            [f"ledger_posting.{column}" for column in ("account", "sequence", "posted_after", "out_after", "in_after")],
            "fk_ledger_posting_previous",
        ),
        CheckConstraint("line BETWEEN 1 AND lines", "line"),
        CheckConstraint(
            "(sequence = 1 AND previous_sequence IS NULL AND posted_before = 0 AND out_before = 0 AND in_before = 0)"
            " OR (sequence > 1 AND previous_sequence IS NOT NULL AND previous_sequence = sequence - 1)",
            "previous",
        ),
        CheckConstraint("posted_after = posted_before + posted", "posted"),
        CheckConstraint("out_after = out_before + held_out AND out_after >= 0", "out"),
        CheckConstraint("in_after = in_before + held_in AND in_after >= 0", "in"),
        CheckConstraint(_within(MAX_SECONDS, "posted", "held_out", "held_in"), "amounts"),
        CheckConstraint(_within(MAX_BALANCE, "posted_after", "out_after", "in_after"), "balances"),
        CheckConstraint(
            "CASE kind"
            " WHEN 'hold' THEN posted = 0 AND held_out >= 0 AND held_in >= 0"
            " WHEN 'settle' THEN held_out <= 0 AND held_in <= 0"
            " AND (held_out = 0 OR posted <= 0) AND (held_in = 0 OR posted >= 0)"
            " WHEN 'release' THEN posted = 0 AND held_out <= 0 AND held_in <= 0"
            " WHEN 'expire' THEN posted = 0 AND held_out <= 0 AND held_in <= 0"
            " ELSE posted <> 0 AND held_out = 0 AND held_in = 0 END",
            "shape",
        ),
        CheckConstraint(
            "(kind IN ('post', 'reverse')) OR ((held_out = 0) <> (held_in = 0))",
            "one_side",
        ),
        CheckConstraint(
            "floor IS NULL OR posted_after - out_after >= floor OR posted - held_out >= 0 OR overrides = 1", "floor"
        ),
        CheckConstraint(
            "ceiling IS NULL OR posted_after + in_after <= ceiling OR posted + held_in <= 0 OR overrides = 1",
            "ceiling",
        ),
        CLUSTERED,
    )

    entry: UUID = Field(sa_type=Key, primary_key=True)
    line: int = Field(sa_type=Amount, primary_key=True)
    lines: int = Field(sa_type=Amount)
    book: UUID = Field(sa_type=Key)
    number: int = Field(sa_type=Amount)
    kind: str = Field(sa_type=Text)
    overrides: int = Field(sa_type=Amount)
    account: UUID = Field(sa_type=Key)
    sequence: int = Field(sa_type=Amount)
    previous_sequence: int | None = Field(sa_type=Amount)
    posted: int = Field(sa_type=Amount)
    held_out: int = Field(sa_type=Amount)
    held_in: int = Field(sa_type=Amount)
    posted_before: int = Field(sa_type=Amount)
    out_before: int = Field(sa_type=Amount)
    in_before: int = Field(sa_type=Amount)
    posted_after: int = Field(sa_type=Amount)
    out_after: int = Field(sa_type=Amount)
    in_after: int = Field(sa_type=Amount)
    limits: int = Field(sa_type=Amount)
    floor: int | None = Field(sa_type=Amount)
    ceiling: int | None = Field(sa_type=Amount)


class KeyRow(SQLModel, table=True):
    """One request's name, and the entry that it led to."""

    __tablename__ = "ledger_key"
    __table_args__ = (
        ForeignKeyConstraint(["entry"], ["ledger_entry.id"], "fk_ledger_key_entry", **DEFERRED),
        UniqueConstraint("entry"),
        CLUSTERED,
    )

    book: UUID = Field(sa_type=Key, primary_key=True, foreign_key="ledger_book.id")
    key: str = Field(sa_type=Text, primary_key=True)
    entry: UUID = Field(sa_type=Key)


class MemoRow(SQLModel, table=True):
    """What somebody wrote beside an entry. Deleting it leaves the chain whole: only the salted digest is chained."""

    __tablename__ = "ledger_memo"
    __table_args__ = (CheckConstraint("length(salt) = 16", "salt"), STRICT)

    entry: UUID = Field(sa_type=Key, primary_key=True, foreign_key="ledger_entry.id")
    salt: bytes = Field(sa_type=LargeBinary)
    text: str = Field(sa_type=Text)


class OpenHoldRow(SQLModel, table=True):
    """A hold that waits, at each account that it touches. Written and deleted by the guards alone."""

    __tablename__ = "ledger_open_hold"
    __table_args__ = (Index(None, "hold"), Index(None, "book", "expires_at"), CLUSTERED)

    account: UUID = Field(sa_type=Key, primary_key=True, foreign_key="ledger_account.id")
    hold: UUID = Field(sa_type=Key, primary_key=True, foreign_key="ledger_entry.id")
    book: UUID = Field(sa_type=Key, foreign_key="ledger_book.id")
    expires_at: datetime | None = Field(sa_type=Moment)


class PeriodRow(SQLModel, table=True):
    """A closed period: written last, when the trial balance that it seals stands."""

    __tablename__ = "ledger_period"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "head_number", "head_hash"],
            ["ledger_entry.book", "ledger_entry.number", "ledger_entry.hash"],
            "fk_ledger_period_head",
        ),
        CheckConstraint("number > 0", "number"),
        CheckConstraint("since <= until", "days"),
        CheckConstraint("length(merkle_root) = 32 AND length(hash) = 32", "hash"),
        CLUSTERED,
    )

    book: UUID = Field(sa_type=Key, primary_key=True, foreign_key="ledger_book.id")
    number: int = Field(sa_type=Amount, primary_key=True)
    since: date = Field(sa_type=Day)
    until: date = Field(sa_type=Day)
    closed_at: datetime = Field(sa_type=Moment)
    closed_by: UUID | None = Field(sa_type=Key)
    head_number: int = Field(sa_type=Amount)
    head_hash: bytes = Field(sa_type=LargeBinary)
    merkle_root: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class SealRow(SQLModel, table=True):
    """One account's balance in the trial balance of a closed period."""

    __tablename__ = "ledger_seal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["book", "period"], ["ledger_period.book", "ledger_period.number"], "fk_ledger_seal_period", **DEFERRED
        ),
        ForeignKeyConstraint(
            ["account", "book"], ["ledger_account.id", "ledger_account.book"], "fk_ledger_seal_account"
        ),
        CLUSTERED,
    )

    book: UUID = Field(sa_type=Key, primary_key=True)
    period: int = Field(sa_type=Amount, primary_key=True)
    account: UUID = Field(sa_type=Key, primary_key=True)
    posted: int = Field(sa_type=Amount)
    held_out: int = Field(sa_type=Amount)
    held_in: int = Field(sa_type=Amount)
