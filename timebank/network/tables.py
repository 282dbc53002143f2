"""Timebanks and their policies."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from timebank.columns import choice, identity, key, moment, refers_to, seconds
from timebank.language import Language


class Timebank(SQLModel, table=True):
    """A membership scheme with a ledger of its own."""

    __tablename__ = "timebank"

    id: UUID = identity()
    slug: str = Field(unique=True, max_length=60)
    name_en: str = Field(max_length=120)
    name_cy: str = Field(max_length=120)
    phone: str = Field(default="", max_length=40)
    book_id: UUID = refers_to("ledger_book.id")
    issuing_account_id: UUID = refers_to("ledger_account.id", index=False)
    pot_account_id: UUID = refers_to("ledger_account.id", index=False)
    created_at: datetime = moment()

    def name(self, language: str) -> str:
        return self.name_cy if language == Language.WELSH else self.name_en


class Approval(StrEnum):
    """When a broker looks at an exchange."""

    NONE = "none"
    BEFOREHAND = "beforehand"
    AFTERWARDS = "afterwards"


class Confirmation(StrEnum):
    """Whose word makes the hours count."""

    GIVER = "giver"
    RECEIVER = "receiver"
    EITHER = "either"
    BOTH = "both"


class Policy(SQLModel, table=True):
    """A timebank's rules from a moment on; a change is a new row, and the old one stays in force for its own time."""

    __tablename__ = "policy"
    __table_args__ = (
        UniqueConstraint("timebank_id", "version"),
        UniqueConstraint("timebank_id", "in_force_from"),
        CheckConstraint("granularity_seconds between 1 and 86400", name="granularity"),
        CheckConstraint("starting_credits_seconds between 0 and 3600000", name="starting_credits"),
        CheckConstraint("floor_seconds is null or floor_seconds <= 0", name="floor"),
        CheckConstraint("auto_confirm_days is null or auto_confirm_days between 1 and 365", name="auto_confirm"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    version: int
    in_force_from: datetime = moment()
    decided_by: UUID | None = key(default=None)
    granularity_seconds: int
    approval: Approval = choice(Approval)
    confirmation: Confirmation = choice(Confirmation)
    auto_confirm_days: int | None
    starting_credits_seconds: int = seconds()
    floor_seconds: int | None = seconds(nullable=True)
    conversation_threshold_seconds: int = seconds()
    time_zone: str = Field(max_length=60)
