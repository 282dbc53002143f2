"""Exchanges, the steps of their life, and the help that came of them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from timebank.columns import choice, day, identity, key, moment, refers_to, seconds
from timebank.members.tables import Authority
from timebank.network.tables import Place


class State(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    APPROVED = "approved"
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    CREDITED = "credited"
    DISPUTED = "disputed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    NOT_HAPPENED = "not_happened"
    REVERSED = "reversed"


class Verb(StrEnum):
    PROPOSE = "propose"
    AGREE = "agree"
    SUGGEST = "suggest"
    KEEP = "keep"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    CANCEL = "cancel"
    DID_NOT_HAPPEN = "did_not_happen"
    REPORT = "report"
    CORRECT = "correct"
    CONFIRM = "confirm"
    CREDIT = "credit"
    DISPUTE = "dispute"
    SETTLE = "settle"
    ADJUST = "adjust"
    REVERSE = "reverse"


class Exchange(SQLModel, table=True):
    """One exchange as it stands now; how it came to stand so is in its steps.

    `suggester_id` is whose suggestion of a time waits for the other's answer: of a proposal, or, beside what is agreed,
    of another time, `suggested_for`. `corrections` counts how often logged hours were corrected.
    `awaited_id` is whose word is waited for whatever the policy says: they disagreed, or the other said that it was
    where another rule applies. It is nobody's once they have logged it themselves.
    `is_unapproved` marks hours that were logged without the approval that the policy wanted beforehand, or that were
    moved to another rule than they were approved under.
    `is_one_handed` marks hours that were logged by somebody who speaks for both sides.
    `waits_for_limit` marks confirmed hours that the ledger refused because of somebody's limit.
    `reported_seconds` is what counts of the help and of travel and preparation; where there were any, its parts stand
    beside it as they were said.
    """

    __tablename__ = "exchange"
    __table_args__ = (
        UniqueConstraint("proposer_id", "submission"),
        CheckConstraint("giver_id <> receiver_id", name="two_parties"),
        CheckConstraint("(state = 'credited') <= (entry_id is not null)", name="credited_has_entry"),
        CheckConstraint("(entry_id is null) = (credited_seconds is null)", name="entry_has_hours"),
        CheckConstraint("suggested_for is null or state in ('agreed', 'approved')", name="suggested_beside_agreed"),
        CheckConstraint("(suggested_for is null) = (suggested_seconds is null)", name="suggested_whole"),
        CheckConstraint(
            "(service_seconds is null) = (travel_seconds is null) and "
            "(service_seconds is null) = (preparation_seconds is null)",
            name="parts_whole",
        ),
        CheckConstraint("(state = 'reversed') <= (reversal_entry_id is not null)", name="reversed_has_entry"),
        Index("ix_exchange_state", "timebank_id", "state", "since", "id"),
        Index("ix_exchange_giver", "giver_id", "since", "id"),
        Index("ix_exchange_receiver", "receiver_id", "since", "id"),
    )

    id: UUID = identity()
    timebank_id: UUID = refers_to("timebank.id", index=False)
    giver_id: UUID = refers_to("party.id", index=False)
    receiver_id: UUID = refers_to("party.id", index=False)
    proposer_id: UUID = refers_to("party.id", index=False)
    listing_id: UUID | None = refers_to("listing.id", default=None, nullable=True)
    gift_id: UUID | None = refers_to("gift.id", default=None, nullable=True, index=False)
    title: str = Field(max_length=120)
    place: Place | None = choice(Place, default=None, nullable=True)
    state: State = choice(State)
    since: datetime = moment()
    steps: int = 0
    begun_at: datetime = moment()
    planned_for: datetime | None = moment(default=None, nullable=True)
    planned_seconds: int | None = seconds(default=None, nullable=True)
    suggester_id: UUID | None = refers_to("party.id", default=None, nullable=True, index=False)
    suggested_for: datetime | None = moment(default=None, nullable=True)
    suggested_seconds: int | None = seconds(default=None, nullable=True)
    happened_on: date | None = day(default=None, nullable=True)
    reported_seconds: int | None = seconds(default=None, nullable=True)
    service_seconds: int | None = seconds(default=None, nullable=True)
    travel_seconds: int | None = seconds(default=None, nullable=True)
    preparation_seconds: int | None = seconds(default=None, nullable=True)
    reporter_id: UUID | None = refers_to("party.id", default=None, nullable=True, index=False)
    awaited_id: UUID | None = refers_to("party.id", default=None, nullable=True, index=False)
    corrections: int = 0
    has_giver_word: bool = False
    has_receiver_word: bool = False
    is_unapproved: bool = False
    is_one_handed: bool = False
    waits_for_limit: bool = False
    hold_id: UUID | None = refers_to("ledger_entry.id", default=None, nullable=True, index=False)
    credited_seconds: int | None = seconds(default=None, nullable=True)
    entry_id: UUID | None = refers_to("ledger_entry.id", default=None, nullable=True, index=False, unique=True)
    reversal_entry_id: UUID | None = refers_to("ledger_entry.id", default=None, nullable=True, index=False)
    submission: UUID = key()


class Step(SQLModel, table=True):
    """One thing that happened to an exchange: who did what, for whom, told how, and in whose words. Only ever added.

    `planned_for`, `happened_on` and `seconds` are what was said with it, where it says such a thing; `place` is where
    it was to be, or was, by then. `policy_version` is that of the policy then in force, `policy_rule` the number of its
    rule by risk that applied, if one did.
    """

    __tablename__ = "exchange_step"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    exchange_id: UUID = refers_to("exchange.id", primary_key=True)
    number: int = Field(primary_key=True)
    verb: Verb = choice(Verb)
    before: State | None = choice(State, called="before", default=None, nullable=True)
    after: State = choice(State, called="after")
    at: datetime = moment()
    by_member_id: UUID | None = refers_to("member.id", default=None, nullable=True, index=False)
    for_party_id: UUID | None = refers_to("party.id", default=None, nullable=True, index=False)
    authority: Authority | None = choice(Authority, default=None, nullable=True)
    planned_for: datetime | None = moment(default=None, nullable=True)
    happened_on: date | None = day(default=None, nullable=True)
    seconds: int | None = seconds(default=None, nullable=True)
    place: Place | None = choice(Place, default=None, nullable=True)
    note: str = Field(default="", max_length=1000)
    policy_version: int
    policy_rule: int | None = None


class Credit(SQLModel, table=True):
    """An entry by which an exchange was credited, and the one that took it back; the last is the exchange's own."""

    __tablename__ = "exchange_credit"
    __table_args__ = (CheckConstraint("number > 0", name="number"),)

    exchange_id: UUID = refers_to("exchange.id", primary_key=True)
    number: int = Field(primary_key=True)
    entry_id: UUID = refers_to("ledger_entry.id", index=False, unique=True)
    credited_at: datetime = moment()
    reversal_entry_id: UUID | None = refers_to("ledger_entry.id", default=None, nullable=True, index=False, unique=True)


class Stage(StrEnum):
    """At which stage of their waiting people are reminded."""

    UNANSWERED = "unanswered"
    HALF_WAY = "half_way"
    LAST_DAY = "last_day"
    DAY_BEFORE = "day_before"


class Reminder(SQLModel, table=True):
    """That people were reminded of an exchange, once for each stage of each thing that they wait for.

    `about` is the moment that it is about: since when somebody waits, or for when it is planned.
    """

    __tablename__ = "exchange_reminder"

    exchange_id: UUID = refers_to("exchange.id", primary_key=True)
    stage: Stage = choice(Stage, primary_key=True)
    about: datetime = moment(primary_key=True)
    at: datetime = moment()


class ExchangeCode(SQLModel, table=True):
    """A code by which the other side finds logged hours to confirm: its digest, and until when it leads there."""

    __tablename__ = "exchange_code"

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    exchange_id: UUID = refers_to("exchange.id")
    made_at: datetime = moment()
    ends_at: datetime = moment(index=True)


class Help(SQLModel, table=True):
    """Hours of help from one party to another: what reports are made of. Reversed help keeps its row and its mark.

    Without an exchange it was given in a group session.
    """

    __tablename__ = "help"
    __table_args__ = (
        CheckConstraint("seconds > 0", name="seconds"),
        CheckConstraint("giver_id <> receiver_id", name="two_parties"),
        Index("ix_help_period", "timebank_id", "happened_on"),
        Index("ix_help_giver", "giver_id"),
        Index("ix_help_receiver", "receiver_id"),
    )

    entry_id: UUID = refers_to("ledger_entry.id", primary_key=True)
    line: int = Field(default=1, primary_key=True)
    exchange_id: UUID | None = refers_to("exchange.id", default=None, nullable=True)
    timebank_id: UUID = refers_to("timebank.id", index=False)
    giver_id: UUID = refers_to("party.id", index=False)
    receiver_id: UUID = refers_to("party.id", index=False)
    seconds: int = seconds()
    happened_on: date = day()
    reversed_at: datetime | None = moment(default=None, nullable=True)
