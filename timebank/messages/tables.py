"""Messages, their words, and how far each side has read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from timebank.columns import choice, key, moment, refers_to
from timebank.members.tables import Authority


class Message(SQLModel, table=True):
    """One of the two wrote to the other: a fact that stays. What it said is in its words, which can go.

    `authority` is how somebody without e-mail told the broker who wrote it for them.
    """

    __tablename__ = "message"
    __table_args__ = (UniqueConstraint("by_member_id", "submission"),)

    exchange_id: UUID = refers_to("exchange.id", primary_key=True)
    number: int = Field(primary_key=True)
    from_party_id: UUID = refers_to("party.id", index=False)
    by_member_id: UUID = refers_to("member.id", index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)
    at: datetime = moment()
    submission: UUID = key()


class MessageWords(SQLModel, table=True):
    """What a message says. Taken back or erased, this row goes and nothing else does."""

    __tablename__ = "message_words"

    exchange_id: UUID = refers_to("exchange.id", primary_key=True)
    number: int = Field(primary_key=True)
    words: str = Field(max_length=2000)


class ConversationSide(SQLModel, table=True):
    """A conversation as one side has it: when it last moved, how far it has been read, whether brokers may read it.

    Both sides have a row as soon as the first message is written. Whoever speaks for a party shares its row.
    """

    __tablename__ = "conversation_side"
    __table_args__ = (Index("ix_conversation_side_newest", "party_id", "last_at", "exchange_id"),)

    exchange_id: UUID = refers_to("exchange.id", primary_key=True)
    party_id: UUID = refers_to("party.id", primary_key=True)
    last_at: datetime = moment()
    last_number: int = 0
    read_number: int = 0
    shown_at: datetime | None = moment(default=None, nullable=True)
