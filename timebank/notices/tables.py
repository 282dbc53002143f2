"""The outbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from timebank.columns import choice, identity, moment, refers_to


class Channel(StrEnum):
    """How a notice reaches somebody; those without an e-mail address are printed for or rung by their broker."""

    EMAIL = "email"
    BROKER = "broker"


class Means(StrEnum):
    """How a broker told somebody who has no e-mail address."""

    LETTER = "letter"
    PHONE = "phone"


def _where(law: str) -> dict[str, Any]:
    """An index over some rows only, on either engine: of all that was ever told, little waits."""
    return {"sqlite_where": text(law), "postgresql_where": text(law)}


class Notice(SQLModel, table=True):
    """One thing that one person is told: which sentence, and what goes into it. It is worded when read or sent.

    `due_at` is when it is sent, or tried again: ever later after each of its `tries`. `told_by` is the broker who told
    somebody of it, in a letter or by telephone.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("(told_by is null) = (told_how is null)", name="told"),
        CheckConstraint("told_by is null or sent_at is not null", name="told_is_sent"),
        Index("ix_notice_to", "person_id", "made_at"),
        Index("ix_notice_unsent", "sent_at", "due_at"),
        Index("ix_notice_waiting", "timebank_id", "channel", "person_id", "made_at", **_where("sent_at is null")),
        Index("ix_notice_told", "timebank_id", "sent_at", **_where("told_by is not null")),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id")
    person_id: UUID = refers_to("person.id", index=False)
    channel: Channel = choice(Channel)
    kind: str = Field(max_length=40)
    values: dict[str, Any] = Field(sa_type=JSON)
    path: str = Field(default="", max_length=200)
    made_at: datetime = moment()
    due_at: datetime = moment()
    tries: int = 0
    sent_at: datetime | None = moment(default=None, nullable=True)
    told_by: UUID | None = refers_to("member.id", default=None, nullable=True, index=False)
    told_how: Means | None = choice(Means, called="told_how", default=None, nullable=True)
