"""What moved or was promised: postings and their header, and what stands beside an entry."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from ledger.columns import Amount, Day, Key, Moment
from ledger.entries import MAX_BALANCE, MAX_SECONDS, EntryKind
from ledger.tables.shape import CLUSTERED, DEFERRED, STRICT, one_of, partly_unique, within


class EntryRow(SQLModel, table=True):
    """The header of an entry: written last, when its postings stand. `moved` is the sum of the seconds given."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("book", "number", "hash"),
        UniqueConstraint("id", "book", "number", "kind", "lines", "overrides", name="uq_ledger_entry_header"),
        partly_unique("uq_ledger_entry_finishes", "finishes"),
        partly_unique("uq_ledger_entry_reverses", "reverses"),
        partly_unique("uq_ledger_entry_clearing", "clearing", "book"),
        # the purpose first: while it knows little, PostgreSQL looks keys up in any index that begins with the book
        Index("ix_ledger_entry_volume", "purpose", "book", "effective_on", "kind", "moved"),
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
        CheckConstraint(one_of("kind", EntryKind), "kind"),
        CheckConstraint("lines >= 2", "lines"),
        CheckConstraint("moved >= 0", "moved"),
        CheckConstraint("length(purpose) BETWEEN 1 AND 60 AND length(key) BETWEEN 1 AND 200", "words"),
        CheckConstraint("length(hash) = 32 AND length(previous_hash) = 32", "hash"),
        CheckConstraint("length(request_digest) = 32", "request_digest"),
        CheckConstraint("memo_digest IS NULL OR length(memo_digest) = 32", "memo_digest"),
        CheckConstraint("(kind IN ('settle', 'release', 'expire')) = (finishes IS NOT NULL)", "finishes"),
        CheckConstraint("(kind = 'reverse') = (reverses IS NOT NULL)", "reverses"),
        CheckConstraint("expires_at IS NULL OR kind = 'hold'", "expires_at"),
        CheckConstraint("clearing IS NULL OR kind IN ('post', 'reverse')", "clearing"),
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
        CheckConstraint(within(MAX_SECONDS, "posted", "held_out", "held_in"), "amounts"),
        CheckConstraint(within(MAX_BALANCE, "posted_after", "out_after", "in_after"), "balances"),
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
