"""Transfers between two books: a row for each half, and neither without the other."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from ledger.columns import Amount, Key
from ledger.tables.shape import CLUSTERED, DEFERRED


class ClearingRow(SQLModel, table=True):
    """What one half moves on the account that mirrors the other book. The other half moves as much the other way.

    The key to the other half is deferred and goes both ways: one alone is not committed.
    """

    __tablename__ = "ledger_clearing"
    __table_args__ = (
        UniqueConstraint("id", "book", "partner", "seconds", "counter", name="uq_ledger_clearing_half"),
        UniqueConstraint("entry"),
        ForeignKeyConstraint(
            ["id", "partner", "book", "counter", "seconds"],
            [f"ledger_clearing.{column}" for column in ("id", "book", "partner", "seconds", "counter")],
            "fk_ledger_clearing_half",
            **DEFERRED,
        ),
        ForeignKeyConstraint(
            ["account", "book", "partner"],
            [f"ledger_account.{column}" for column in ("id", "book", "partner")],
            "fk_ledger_clearing_mirror",
        ),
        ForeignKeyConstraint(["entry"], ["ledger_entry.id"], "fk_ledger_clearing_entry", **DEFERRED),
        CheckConstraint("seconds <> 0 AND counter = -seconds", "seconds"),
        CLUSTERED,
    )

    id: UUID = Field(sa_type=Key, primary_key=True)
    book: UUID = Field(sa_type=Key, primary_key=True)
    partner: UUID = Field(sa_type=Key)
    account: UUID = Field(sa_type=Key)
    entry: UUID = Field(sa_type=Key)
    seconds: int = Field(sa_type=Amount)
    counter: int = Field(sa_type=Amount)
