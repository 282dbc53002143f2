"""What happened in a period, as sums: who helped whom, members, requests, late entries, and the ledger's own word."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, distinct, func
from sqlmodel import Session, col, select

from ledger import Volume
from timebank.exchanges.rules import SERVICE
from timebank.exchanges.tables import Credit, Exchange, Help, State
from timebank.group_sessions.crediting import PURPOSE as SESSION
from timebank.group_sessions.tables import GroupSession, SessionEntry
from timebank.listings.tables import Listing, Side
from timebank.members.tables import Party, PartyKind, Role, RoleHeld, Status
from timebank.network.queries import book_of, policy_at
from timebank.reports.periods import Period


def _happened_in(timebank_id: UUID, period: Period) -> list[ColumnElement[bool]]:
    return [
        col(Help.timebank_id) == timebank_id,
        col(Help.happened_on) >= period.since,
        col(Help.happened_on) < period.until,
    ]


def pairs(
    session: Session, timebank_id: UUID, period: Period, *, is_reversed: bool = False
) -> dict[tuple[UUID, UUID], int]:
    """Seconds of help in a period, by giver and receiver: what counts, or what was reversed since."""
    found = session.exec(
        select(Help.giver_id, Help.receiver_id, func.sum(Help.seconds))
        .where(*_happened_in(timebank_id, period), col(Help.reversed_at).is_not(None) == is_reversed)
        .group_by(col(Help.giver_id), col(Help.receiver_id))
    ).all()
    return {(giver, receiver): int(seconds) for giver, receiver, seconds in found}


def organisation_ids(session: Session, timebank_id: UUID) -> frozenset[UUID]:
    """The parties here that are not people."""
    return frozenset(
        session.exec(
            select(Party.id).where(Party.timebank_id == timebank_id, Party.kind == PartyKind.ORGANISATION)
        ).all()
    )


def quiet_members(session: Session, timebank_id: UUID, period: Period) -> int:
    """How many members had joined by the end of a period and took no part in it. Those who left since do not count."""
    took_part = select(Help.entry_id).where(*_happened_in(timebank_id, period), col(Help.reversed_at).is_(None))
    is_member = select(RoleHeld.member_id).where(RoleHeld.member_id == Party.id, RoleHeld.role == Role.MEMBER)
    return session.exec(
        select(func.count())
        .select_from(Party)
        .where(
            Party.timebank_id == timebank_id,
            Party.kind == PartyKind.PERSON,
            Party.status != Status.LEFT,
            Party.joined_on < period.until,
            is_member.exists(),
            ~took_part.where(Help.giver_id == Party.id).exists(),
            ~took_part.where(Help.receiver_id == Party.id).exists(),
        )
    ).one()


@dataclass(frozen=True)
class Requests:
    """How many requests were listed, and how many of them have led to a credited exchange by now."""

    listed: int
    met: int


def requests(session: Session, timebank_id: UUID, period: Period, zone: ZoneInfo) -> Requests:
    """The requests that were listed in a period."""
    led_to_credit = select(Exchange.id).where(Exchange.listing_id == Listing.id, Exchange.state == State.CREDITED)
    listed, met = session.exec(
        select(func.count(), func.sum(case((led_to_credit.exists(), 1), else_=0)))
        .select_from(Listing)
        .where(
            Listing.timebank_id == timebank_id,
            Listing.side == Side.REQUEST,
            Listing.listed_at >= midnight(period.since, zone),
            Listing.listed_at < midnight(period.until, zone),
        )
    ).one()
    return Requests(listed, int(met or 0))


def late_entries(session: Session, timebank_id: UUID, period: Period, zone: ZoneInfo) -> int:
    """How many entries count in a period that were only credited after its end, and so restated it."""
    ended = midnight(period.until, zone)
    credited_in_time = select(Credit.number).where(Credit.entry_id == Help.entry_id, Credit.credited_at < ended)
    session_in_time = select(SessionEntry.number).where(
        SessionEntry.entry_id == Help.entry_id, SessionEntry.credited_at < ended
    )
    return session.exec(
        select(func.count(distinct(col(Help.entry_id)))).where(
            *_happened_in(timebank_id, period),
            col(Help.reversed_at).is_(None),
            ~credited_in_time.exists(),
            ~session_in_time.exists(),
        )
    ).one()


@dataclass(frozen=True)
class Reconciliation:
    """Help and ledger side by side: that of exchanges, and that of group sessions with what went to the pot."""

    help: Volume
    ledger: Volume
    sessions: Volume
    sessions_in_ledger: Volume

    @property
    def reconciles(self) -> bool:
        """To the second, and entry by entry; what was reversed too."""
        return (self.help, self.sessions) == (self.ledger, self.sessions_in_ledger)


def reconciliation(session: Session, timebank_id: UUID, period: Period) -> Reconciliation:
    """The help of a period, and what the ledger moved for it on the same days."""
    book = book_of(session, timebank_id)
    help_, of_sessions = (_help(session, timebank_id, period, in_sessions=which) for which in (False, True))
    surplus = _surplus(session, timebank_id, period)
    return Reconciliation(
        help=help_,
        ledger=book.volume(purpose=SERVICE, since=period.since, until=period.last_day),
        sessions=Volume(
            entries=surplus.entries,
            seconds=of_sessions.seconds + surplus.seconds,
            reversed_entries=surplus.reversed_entries,
            reversed_seconds=of_sessions.reversed_seconds + surplus.reversed_seconds,
        ),
        sessions_in_ledger=book.volume(purpose=SESSION, since=period.since, until=period.last_day),
    )


def _help(session: Session, timebank_id: UUID, period: Period, *, in_sessions: bool) -> Volume:
    """Help as rows tell it, and by how many entries; given in exchanges, or in group sessions."""
    is_reversed = col(Help.reversed_at).is_not(None)
    counted, taken_back = (
        (func.count(distinct(case((which, Help.entry_id)))), func.sum(case((which, Help.seconds), else_=0)))
        for which in (~is_reversed, is_reversed)
    )
    found = session.exec(
        select(*counted, *taken_back).where(
            *_happened_in(timebank_id, period), col(Help.exchange_id).is_(None) == in_sessions
        )
    ).one()
    return Volume(*(int(figure or 0) for figure in found))


def _surplus(session: Session, timebank_id: UUID, period: Period) -> Volume:
    """The entries of group sessions, and what was paid in them beyond the givers' hours."""
    is_reversed = col(SessionEntry.reversed_at).is_not(None)
    counted, taken_back = (
        (func.sum(case((which, 1), else_=0)), func.sum(case((which, SessionEntry.surplus_seconds), else_=0)))
        for which in (~is_reversed, is_reversed)
    )
    found = session.exec(
        select(*counted, *taken_back)
        .select_from(SessionEntry)
        .join(GroupSession, col(GroupSession.id) == col(SessionEntry.session_id))
        .where(
            GroupSession.timebank_id == timebank_id,
            SessionEntry.happened_on >= period.since,
            SessionEntry.happened_on < period.until,
        )
    ).one()
    return Volume(*(int(figure or 0) for figure in found))


def zone_of(session: Session, timebank_id: UUID, at: datetime) -> ZoneInfo:
    return ZoneInfo(policy_at(session, timebank_id, at).time_zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins where the timebank is."""
    return datetime.combine(day, time(), zone)
