"""Passwords, sign-ins, invitations, API tokens, and how often something was tried. Secrets are kept as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from timebank.columns import identity, moment, refers_to


class Password(SQLModel, table=True):
    """A person's password, as an argon2 hash."""

    __tablename__ = "password"

    person_id: UUID = refers_to("person.id", primary_key=True)
    hash: str = Field(max_length=255)
    changed_at: datetime = moment()


class SignIn(SQLModel, table=True):
    """One signed-in browser: its cookie holds a secret, the row its SHA-256 digest. Removing the row signs it out."""

    __tablename__ = "sign_in"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    person_id: UUID = refers_to("person.id")
    member_id: UUID = refers_to("member.id", index=False)
    began_at: datetime = moment()
    ends_at: datetime = moment(index=True)


class Invitation(SQLModel, table=True):
    """A link by which somebody chooses a password: used once, for a limited time."""

    __tablename__ = "invitation"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    member_id: UUID = refers_to("member.id")
    made_at: datetime = moment()
    ends_at: datetime = moment()
    used_at: datetime | None = moment(default=None, nullable=True)


class ApiToken(SQLModel, table=True):
    """A bearer token that acts as one member; shown once, kept as a digest."""

    __tablename__ = "api_token"

    id: UUID = identity()
    digest: bytes = Field(unique=True, sa_type=LargeBinary)
    member_id: UUID = refers_to("member.id")
    name: str = Field(max_length=80)
    made_at: datetime = moment()
    ended_at: datetime | None = moment(default=None, nullable=True)


class CalendarFeed(SQLModel, table=True):
    """The secret address at which a calendar reads when a member has something to do; kept as a digest."""

    __tablename__ = "calendar_feed"

    member_id: UUID = refers_to("member.id", primary_key=True)
    digest: bytes = Field(unique=True, sa_type=LargeBinary)
    made_at: datetime = moment()


class Attempts(SQLModel, table=True):
    """How often something was tried in a while, for rate limits. The digest is of who tried what, and says neither."""

    __tablename__ = "attempts"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    count: int
    ends_at: datetime = moment(index=True)
