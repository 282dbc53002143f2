"""A timebank's ledger, and the end of its chain."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from ledger.columns import Amount, Day, Key, Moment
from ledger.tables.shape import CLUSTERED, DEFERRED, STRICT


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
