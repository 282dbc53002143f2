"""People, the parties they are in a timebank, their roles, and whom they act for."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from timebank.columns import ByLetters, choice, day, identity, moment, refers_to, seconds
from timebank.language import Language


class Person(SQLModel, table=True):
    """Somebody who may belong to several timebanks, and what is theirs in all of them: an address, a language.

    By what name and telephone number a timebank knows them is between them and that timebank.
    """

    __tablename__ = "person"

    id: UUID = identity()
    email: str | None = Field(default=None, unique=True, max_length=254)
    language: Language = choice(Language)
    is_operator: bool = False
    created_at: datetime = moment()


class PartyKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class Status(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


class Party(SQLModel, table=True):
    """Someone who can give and receive in a timebank, a person or an organisation: the holder of one ledger account."""

    __tablename__ = "party"
    __table_args__ = (Index("ix_party_by_name", "timebank_id", "sort_name", "id"),)

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    kind: PartyKind = choice(PartyKind)
    name: str = Field(max_length=120)
    sort_name: str = Field(max_length=200)
    folded_name: str = Field(max_length=200)
    account_id: UUID = refers_to("ledger_account.id", index=False, unique=True)
    status: Status = choice(Status)
    joined_on: date = day()


class Member(SQLModel, table=True):
    """A person's belonging to a timebank, how its brokers reach them, and what they tell the others."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("person_id", "timebank_id"),)

    id: UUID = refers_to("party.id", primary_key=True)
    person_id: UUID = refers_to("person.id", index=False)
    timebank_id: UUID = refers_to("timebank.id")
    since: datetime = moment()
    phone: str = Field(default="", max_length=40)
    about: str = Field(default="", max_length=1000)
    area: str = Field(default="", max_length=80)


class NameWord(SQLModel, table=True):
    """A word of a party's name, folded, so that somebody is found by how it begins among ever so many."""

    __tablename__ = "name_word"
    __table_args__ = (Index("ix_name_word_by_beginning", "timebank_id", "word", "party_id"),)

    party_id: UUID = refers_to("party.id", primary_key=True)
    word: str = Field(primary_key=True, sa_type=ByLetters)
    timebank_id: UUID = refers_to("timebank.id", index=False)


class Role(StrEnum):
    MEMBER = "member"
    BROKER = "broker"
    AUDITOR = "auditor"


class RoleHeld(SQLModel, table=True):
    """What somebody may do in a timebank. Acting for an organisation is not a role but an ActsFor."""

    __tablename__ = "role_held"

    member_id: UUID = refers_to("member.id", primary_key=True)
    role: Role = choice(Role, primary_key=True)
    since: datetime = moment()


class ActsFor(SQLModel, table=True):
    """A member who speaks for a party other than themselves: an organisation's delegate."""

    __tablename__ = "acts_for"

    member_id: UUID = refers_to("member.id", primary_key=True)
    party_id: UUID = refers_to("party.id", primary_key=True)
    since: datetime = moment()


class Authority(StrEnum):
    """How somebody was asked to act for a party that they do not speak for: by what a broker can answer for it.

    `letter` is anything written: a letter, an e-mail, a sheet on paper.
    """

    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"
    GUARDIAN = "guardian"


class Block(SQLModel, table=True):
    """Somebody keeps away from another: known to them, and to brokers so that they do not match the two."""

    __tablename__ = "block"
    __table_args__ = (
        CheckConstraint("blocker_id <> blocked_id", name="two_parties"),
        Index("ix_block_blocked_id", "blocked_id"),
    )

    blocker_id: UUID = refers_to("party.id", primary_key=True)
    blocked_id: UUID = refers_to("party.id", primary_key=True)
    since: datetime = moment()
    by_member_id: UUID = refers_to("member.id", index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)


class Evidence(StrEnum):
    """On what a broker relied who let somebody act for another. What they saw stays with whoever showed it."""

    SAID_SO = "said_so"
    LETTER = "letter"
    DOCUMENT = "document"


class Guardianship(SQLModel, table=True):
    """A member who acts for another, the ward, within limits that a broker set. Rows are added, and ended once.

    Other limits are another row. No `most_seconds`: as long as the policy lets anybody; no `until`: until it is ended.
    """

    __tablename__ = "guardianship"
    __table_args__ = (
        CheckConstraint("guardian_id <> ward_id", name="two_people"),
        CheckConstraint("may_ask or may_agree or may_log", name="something"),
        CheckConstraint("most_seconds > 0", name="most_seconds"),
        CheckConstraint("most_monthly_seconds > 0", name="most_monthly_seconds"),
        CheckConstraint("(ended_at is null) = (ended_by is null)", name="ended"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    guardian_id: UUID = refers_to("member.id")
    ward_id: UUID = refers_to("member.id")
    may_ask: bool
    may_agree: bool
    may_log: bool
    most_seconds: int | None = seconds(default=None, nullable=True)
    most_monthly_seconds: int | None = seconds(default=None, nullable=True)
    until: date | None = day(default=None, nullable=True)
    evidence: Evidence = choice(Evidence)
    note: str = Field(default="", max_length=300)
    since: datetime = moment()
    set_by: UUID = refers_to("member.id", index=False)
    ended_at: datetime | None = moment(default=None, nullable=True)
    ended_by: UUID | None = refers_to("member.id", default=None, nullable=True, index=False)


class Gift(SQLModel, table=True):
    """A kind of help that this timebank knows by name: something a person can contribute, or would welcome."""

    __tablename__ = "gift"
    __table_args__ = (UniqueConstraint("timebank_id", "name_en"),)

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    name_en: str = Field(max_length=80)
    name_cy: str = Field(max_length=80)

    def name(self, language: str) -> str:
        return self.name_cy if language == Language.WELSH else self.name_en
