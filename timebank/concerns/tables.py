"""Concerns, and their words."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from timebank.columns import choice, identity, key, moment, refers_to
from timebank.members.tables import Authority


class Concern(SQLModel, table=True):
    """Somebody has a concern about another, perhaps from an exchange of theirs: a fact. Its words stand apart.

    `authority` is how they told the broker who wrote it down for them.
    """

    __tablename__ = "concern"
    __table_args__ = (
        UniqueConstraint("by_member_id", "submission"),
        CheckConstraint("for_party_id <> about_id", name="two_parties"),
        CheckConstraint("(closed_at is null) = (closed_by is null)", name="closed_by_somebody"),
        Index("ix_concern_newest", "timebank_id", "raised_at", "id"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    for_party_id: UUID = refers_to("party.id", index=False)
    about_id: UUID = refers_to("party.id", index=False)
    exchange_id: UUID | None = refers_to("exchange.id", default=None, nullable=True, index=False)
    by_member_id: UUID = refers_to("member.id", index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)
    raised_at: datetime = moment()
    submission: UUID = key()
    closed_at: datetime | None = moment(default=None, nullable=True)
    closed_by: UUID | None = refers_to("member.id", default=None, nullable=True, index=False)


class ConcernWords(SQLModel, table=True):
    """What a concern says, and what the broker noted who closed it. Erased, this row goes and nothing else does."""

    __tablename__ = "concern_words"

    concern_id: UUID = refers_to("concern.id", primary_key=True)
    words: str = Field(max_length=2000)
    note: str = Field(default="", max_length=1000)
