"""How an exchange went for each of the two, and their thanks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from timebank.columns import choice, moment, refers_to
from timebank.members.tables import Authority


class Feeling(StrEnum):
    """How it went. No number stands behind these, and none is ever made of them."""

    WELL = "well"
    SO_SO = "so_so"
    NOT_WELL = "not_well"


class Afterword(SQLModel, table=True):
    """How it went for one side. Where it did not go well, brokers see it until one of them has noted it.

    `authority` is how somebody without e-mail told the broker who said it for them; with thanks likewise.
    """

    __tablename__ = "afterword"
    __table_args__ = (Index("ix_afterword_to_note", "timebank_id", "noted_at", "at"),)

    exchange_id: UUID = refers_to("exchange.id", primary_key=True)
    party_id: UUID = refers_to("party.id", primary_key=True)
    timebank_id: UUID = refers_to("timebank.id", index=False)
    feeling: Feeling = choice(Feeling)
    at: datetime = moment()
    by_member_id: UUID = refers_to("member.id", index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)
    noted_at: datetime | None = moment(default=None, nullable=True)
    noted_by: UUID | None = refers_to("member.id", default=None, nullable=True, index=False)


class Thanks(SQLModel, table=True):
    """One side thanked the other."""

    __tablename__ = "thanks"

    exchange_id: UUID = refers_to("exchange.id", primary_key=True)
    party_id: UUID = refers_to("party.id", primary_key=True)
    at: datetime = moment()
    by_member_id: UUID = refers_to("member.id", index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)


class ThanksWords(SQLModel, table=True):
    """In which words, if they chose some. Erased, this row goes and the thanks stay."""

    __tablename__ = "thanks_words"

    exchange_id: UUID = refers_to("exchange.id", primary_key=True)
    party_id: UUID = refers_to("party.id", primary_key=True)
    words: str = Field(max_length=500)
