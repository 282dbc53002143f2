"""Timebanks and their policies."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

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


class Place(StrEnum):
    """Where help is given, as far as it makes a difference to the risk."""

    GIVERS_HOME = "givers_home"
    RECEIVERS_HOME = "receivers_home"
    PUBLIC = "public"
    REMOTE = "remote"


class Policy(SQLModel, table=True):
    """A timebank's rules from a moment on; a change is a new row, and the old one stays in force for its own time.

    Its own approval and confirmation hold for every exchange that none of its `rules` by risk fits. Travel counts
    beyond `travel_beyond_seconds` (0: all, None: none), and of travel and preparation together `extra_most_seconds`.
    """

    __tablename__ = "policy"
    __table_args__ = (
        UniqueConstraint("timebank_id", "version"),
        UniqueConstraint("timebank_id", "in_force_from"),
        CheckConstraint("granularity_seconds between 1 and 86400", name="granularity"),
        CheckConstraint("starting_credits_seconds between 0 and 3600000", name="starting_credits"),
        CheckConstraint("floor_seconds is null or floor_seconds <= 0", name="floor"),
        CheckConstraint("auto_confirm_days is null or auto_confirm_days between 1 and 365", name="auto_confirm"),
        CheckConstraint("travel_beyond_seconds is null or travel_beyond_seconds >= 0", name="travel_beyond"),
        CheckConstraint("extra_most_seconds is null or extra_most_seconds > 0", name="extra_most"),
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
    travel_beyond_seconds: int | None = seconds(default=None, nullable=True)
    preparation_counts: bool = False
    extra_most_seconds: int | None = seconds(default=None, nullable=True)
    starting_credits_seconds: int = seconds()
    floor_seconds: int | None = seconds(nullable=True)
    conversation_threshold_seconds: int = seconds()
    time_zone: str = Field(max_length=60)
    rules: list["PolicyRule"] = Relationship(
        sa_relationship_kwargs={"order_by": "PolicyRule.number", "lazy": "selectin"}
    )


class PolicyRule(SQLModel, table=True):
    """A policy's approval and confirmation for one kind of risk: a kind of help, a place, or one in the other.

    Of the rules of a policy the first that fits an exchange applies. They belong to their version, and never change.
    """

    __tablename__ = "policy_rule"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("gift_id is not null or place is not null", name="some_risk"),
        CheckConstraint("auto_confirm_days is null or auto_confirm_days between 1 and 365", name="auto_confirm"),
    )

    policy_id: UUID = refers_to("policy.id", primary_key=True)
    number: int = Field(primary_key=True)
    gift_id: UUID | None = refers_to("gift.id", default=None, nullable=True, index=False)
    place: Place | None = choice(Place, default=None, nullable=True)
    approval: Approval = choice(Approval)
    confirmation: Confirmation = choice(Confirmation)
    auto_confirm_days: int | None
