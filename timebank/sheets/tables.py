"""Sheets that were printed, and what was entered from paper or from a file. Rows are only added."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from timebank.columns import choice, day, identity, key, moment, refers_to


class PrintedSheet(SQLModel, table=True):
    """A sheet with a number of its own: for the hours of a month, or for who signs in to a session."""

    __tablename__ = "printed_sheet"
    __table_args__ = (
        UniqueConstraint("timebank_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("(session_id is null) <> (month is null)", name="one_kind"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    number: int
    session_id: UUID | None = refers_to("group_session.id", default=None, nullable=True, index=False, unique=True)
    month: date | None = day(default=None, nullable=True)
    party_id: UUID | None = refers_to("party.id", default=None, nullable=True, index=False)
    place: str = Field(default="", max_length=120)
    printed_at: datetime = moment()
    by_member_id: UUID = refers_to("member.id", index=False)


class Source(StrEnum):
    """Where lines came from."""

    GRID = "grid"
    FILE = "file"
    PROGRAM = "program"


class Signed(StrEnum):
    """Whose word a sheet carries: those who signed it."""

    BOTH = "both"
    GIVER = "giver"
    RECEIVER = "receiver"


class EnteredSheet(SQLModel, table=True):
    """One posting of a sheet's or a file's lines, all at once. `part` counts the postings of one printed sheet.

    `digest` is the SHA-256 of the file as it arrived; of a grid, of its lines.
    """

    __tablename__ = "entered_sheet"
    __table_args__ = (
        UniqueConstraint("by_member_id", "submission"),
        UniqueConstraint("printed_id", "part"),
        CheckConstraint("part > 0", name="part"),
        Index("ix_entered_sheet_when", "timebank_id", "entered_at", "id"),
        Index("ix_entered_sheet_digest", "timebank_id", "digest"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    printed_id: UUID | None = refers_to("printed_sheet.id", default=None, nullable=True, index=False)
    part: int = 1
    source: Source = choice(Source)
    signed: Signed = choice(Signed)
    file_name: str = Field(default="", max_length=120)
    digest: str = Field(max_length=64)
    entered_at: datetime = moment()
    by_member_id: UUID = refers_to("member.id", index=False)
    submission: UUID = key()


class EnteredLine(SQLModel, table=True):
    """Which exchange a line of a sheet became."""

    __tablename__ = "entered_line"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    entered_id: UUID = refers_to("entered_sheet.id", primary_key=True)
    number: int = Field(primary_key=True)
    exchange_id: UUID = refers_to("exchange.id", index=False, unique=True)
