"""Group sessions, who takes part in them, and the entries that they led to."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from timebank.columns import choice, day, identity, key, moment, refers_to, seconds
from timebank.members.tables import Authority


class Charging(StrEnum):
    """Who pays for the givers' hours: each receiver in full, all of them in shares, or somebody for them."""

    EACH = "each"
    SHARED = "shared"
    POT = "pot"
    ORGANISATION = "organisation"
    NOBODY = "nobody"


class SessionState(StrEnum):
    """Where a group session stands."""

    ANNOUNCED = "announced"
    CREDITED = "credited"
    CANCELLED = "cancelled"


class PayerWord(StrEnum):
    """What an organisation says to paying for a session."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


class GroupSession(SQLModel, table=True):
    """An activity of several. `places` is for receivers, None: as many as come; `payer_id`: who pays for all.

    `payer_word` is what they say to that, `payer_most_seconds` up to how much, `payer_authority` how they told a broker
    so. `follows_id` is the session after which this one was announced as the same once more.
    """

    __tablename__ = "group_session"
    __table_args__ = (
        UniqueConstraint("by_member_id", "submission"),
        CheckConstraint("planned_seconds > 0", name="planned_seconds"),
        CheckConstraint("places is null or places > 0", name="places"),
        CheckConstraint("(charging = 'organisation') = (payer_id is not null)", name="payer"),
        CheckConstraint("(payer_id is null) = (payer_word is null)", name="payer_was_asked"),
        CheckConstraint("payer_most_seconds > 0", name="payer_most"),
        Index("ix_group_session_when", "timebank_id", "state", "starts_at", "id"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    host_id: UUID = refers_to("party.id")
    title: str = Field(max_length=120)
    details: str = Field(default="", max_length=2000)
    place: str = Field(default="", max_length=120)
    starts_at: datetime = moment()
    planned_seconds: int = seconds()
    places: int | None = None
    charging: Charging = choice(Charging)
    payer_id: UUID | None = refers_to("party.id", default=None, nullable=True)
    payer_word: PayerWord | None = choice(PayerWord, default=None, nullable=True)
    payer_word_at: datetime | None = moment(default=None, nullable=True)
    payer_word_by: UUID | None = refers_to("member.id", default=None, nullable=True, index=False)
    payer_authority: Authority | None = choice(Authority, called="payer_authority", default=None, nullable=True)
    payer_most_seconds: int | None = seconds(default=None, nullable=True)
    counts_preparation: bool = True
    follows_id: UUID | None = refers_to("group_session.id", default=None, nullable=True)
    state: SessionState = choice(SessionState)
    announced_at: datetime = moment()
    changed_at: datetime | None = moment(default=None, nullable=True)
    by_member_id: UUID = refers_to("member.id", index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)
    submission: UUID = key()


class Part(StrEnum):
    """What somebody does in a group session."""

    GIVER = "giver"
    RECEIVER = "receiver"


class Presence(StrEnum):
    """Whether somebody comes or came."""

    COMING = "coming"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    CAME = "came"
    ABSENT = "absent"


class Attendance(SQLModel, table=True):
    """Somebody's part in a group session. `seconds` is how long it was for them.

    `prepared_seconds` is how long a giver prepared it; `came_at` when they checked in, None where somebody put them
    down; `entry_number` the entry that counted them, None as long as none did.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("(presence = 'came') = (seconds is not null)", name="came_for_so_long"),
        CheckConstraint("seconds > 0", name="seconds"),
        CheckConstraint("entry_number is null or presence = 'came'", name="counted"),
        CheckConstraint("came_at is null or presence = 'came'", name="checked_in"),
        CheckConstraint(
            "prepared_seconds = 0 or (prepared_seconds > 0 and part = 'giver' and presence = 'came')", name="prepared"
        ),
    )

    session_id: UUID = refers_to("group_session.id", primary_key=True)
    party_id: UUID = refers_to("party.id", primary_key=True)
    part: Part = choice(Part)
    presence: Presence = choice(Presence)
    since: datetime = moment()
    prepared_seconds: int = seconds(default=0)
    seconds: int | None = seconds(default=None, nullable=True)
    came_at: datetime | None = moment(default=None, nullable=True)
    entry_number: int | None = None
    by_member_id: UUID = refers_to("member.id", index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)


class SessionCode(SQLModel, table=True):
    """A code by which people check in: its digest. It goes when the session is credited or called off."""

    __tablename__ = "session_code"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session_id: UUID = refers_to("group_session.id")
    made_at: datetime = moment()
    by_member_id: UUID = refers_to("member.id", index=False)


class SessionEntry(SQLModel, table=True):
    """One entry of a group session: the first counts who came, later ones whoever was added. Help + surplus = entry."""

    __tablename__ = "session_entry"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("surplus_seconds >= 0", name="surplus"),
    )

    session_id: UUID = refers_to("group_session.id", primary_key=True)
    number: int = Field(primary_key=True)
    entry_id: UUID = refers_to("ledger_entry.id", index=False, unique=True)
    surplus_seconds: int = seconds()
    happened_on: date = day()
    credited_at: datetime = moment()
    by_member_id: UUID = refers_to("member.id", index=False)
    reversal_entry_id: UUID | None = refers_to("ledger_entry.id", default=None, nullable=True, index=False)
    reversed_at: datetime | None = moment(default=None, nullable=True)
