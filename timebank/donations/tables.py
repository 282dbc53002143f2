"""Hours that were passed on, and what the community pot was asked for."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from timebank.columns import choice, identity, key, moment, refers_to, seconds
from timebank.members.tables import Authority


class Occasion(StrEnum):
    """Why hours were passed on: somebody gave some, a broker allocated some from the pot, or somebody left."""

    DONATION = "donation"
    ALLOCATION = "allocation"
    CLOSING = "closing"


class Donation(SQLModel, table=True):
    """Hours passed on, with the ledger entry that moved them. No giver or no receiver: the community pot."""

    __tablename__ = "donation"
    __table_args__ = (
        UniqueConstraint("by_member_id", "submission"),
        CheckConstraint("seconds > 0", name="seconds"),
        CheckConstraint("giver_id is not null or receiver_id is not null", name="somebody"),
        CheckConstraint("giver_id is null or receiver_id is null or giver_id <> receiver_id", name="two_sides"),
        Index("ix_donation_newest", "timebank_id", "at", "id"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    occasion: Occasion = choice(Occasion)
    giver_id: UUID | None = refers_to("party.id", default=None, nullable=True)
    receiver_id: UUID | None = refers_to("party.id", default=None, nullable=True)
    seconds: int = seconds()
    word: str = Field(default="", max_length=300)
    at: datetime = moment()
    by_member_id: UUID = refers_to("member.id", index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)
    entry_id: UUID = refers_to("ledger_entry.id", index=False, unique=True)
    submission: UUID = key()


class WishState(StrEnum):
    """Where something asked of the pot stands."""

    WAITING = "waiting"
    MET = "met"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Wish(SQLModel, table=True):
    """Hours that somebody asks of the community pot, and what a broker answered."""

    __tablename__ = "wish"
    __table_args__ = (
        UniqueConstraint("by_member_id", "submission"),
        CheckConstraint("seconds > 0", name="seconds"),
        CheckConstraint("(state = 'met') = (donation_id is not null)", name="met_by_a_donation"),
        Index("ix_wish_state", "timebank_id", "state", "asked_at", "id"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    party_id: UUID = refers_to("party.id")
    seconds: int = seconds()
    word: str = Field(default="", max_length=300)
    state: WishState = choice(WishState)
    asked_at: datetime = moment()
    by_member_id: UUID = refers_to("member.id", index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)
    submission: UUID = key()
    answered_at: datetime | None = moment(default=None, nullable=True)
    answered_by: UUID | None = refers_to("member.id", default=None, nullable=True, index=False)
    answer: str = Field(default="", max_length=300)
    donation_id: UUID | None = refers_to("donation.id", default=None, nullable=True, index=False, unique=True)
