"""Periods that are closed, and the trial balances that seal them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from ledger.columns import Amount, Day, Key, Moment
from ledger.tables.shape import CLUSTERED, DEFERRED


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
