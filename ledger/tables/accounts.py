"""Accounts, their limits, and what they have: the balance that their last posting left."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from ledger.columns import Amount, Key, Moment
from ledger.entries import MAX_BALANCE, AccountKind
from ledger.tables.shape import CLUSTERED, DEFERRED, STRICT, one_of, partly_unique, within


class AccountRow(SQLModel, table=True):
    """An account without a name; the application knows whose it is. A clearing account mirrors its `partner` book."""

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("id", "book"),
        UniqueConstraint("id", "book", "partner"),
        partly_unique("uq_ledger_account_partner", "partner", "book"),
        CheckConstraint(one_of("kind", AccountKind), "kind"),
        CheckConstraint("(kind = 'clearing') = (partner IS NOT NULL)", "clearing"),
        CheckConstraint("partner <> book", "partner"),
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
        CheckConstraint(within(MAX_BALANCE, "floor", "ceiling"), "bounds"),
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
