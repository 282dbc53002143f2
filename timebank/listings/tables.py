"""Offers and requests."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from timebank.columns import choice, identity, key, moment, refers_to
from timebank.members.tables import Authority


class Side(StrEnum):
    OFFER = "offer"
    REQUEST = "request"


class ListingStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Listing(SQLModel, table=True):
    """A listed gift or need of one party.

    `times` is a set of 21 parts of the week, as bits: Monday morning, afternoon, evening, ... (0: any).
    `folded` is the title and details as they are searched. `submission` is the number of the form that made it, so
    that a form sent twice lists once.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("party_id", "submission"),
        CheckConstraint("times between 0 and 2097151", name="times"),
        Index("ix_listing_newest", "timebank_id", "status", "side", "listed_at", "id"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    party_id: UUID = refers_to("party.id")
    side: Side = choice(Side)
    title: str = Field(max_length=120)
    details: str = Field(default="", max_length=2000)
    gift_id: UUID | None = refers_to("gift.id", default=None, nullable=True)
    times: int = 0
    folded: str
    status: ListingStatus = choice(ListingStatus)
    listed_at: datetime = moment()
    closed_at: datetime | None = moment(default=None, nullable=True)
    listed_by: UUID = key()
    authority: Authority | None = choice(Authority, default=None, nullable=True)
    submission: UUID = key()
