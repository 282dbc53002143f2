"""Group sessions to come and past, who takes part, and the entry that they would lead to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from timebank.access.codes import NoSuchCode, code_digest
from timebank.exchanges.tables import Help
from timebank.group_sessions.charging import Came, Leg, Plan, Turnout, plan
from timebank.group_sessions.rules import NobodyToCharge, NoSuchSession, counted_seconds
from timebank.group_sessions.tables import (
    Attendance,
    GroupSession,
    Part,
    PayerWord,
    Presence,
    SessionCode,
    SessionEntry,
    SessionState,
)
from timebank.keyset import comes_after
from timebank.members.rules import Standing
from timebank.members.tables import Party, Status
from timebank.network.queries import book_of

Place = tuple[datetime, UUID]


@dataclass(frozen=True)
class Hosted:
    """A group session with the name of its host."""

    session: GroupSession
    host: str


@dataclass(frozen=True)
class SessionPage:
    """Some of the list; `after` is the place from which the next page goes on, None at the end."""

    items: list[Hosted]
    after: Place | None


@dataclass(frozen=True)
class Attending:
    """Somebody's part, with their name."""

    attendance: Attendance
    name: str


def sent_before(session: Session, by: Standing, submission: UUID) -> GroupSession | None:
    """What this very form has announced already."""
    return session.exec(
        select(GroupSession).where(GroupSession.by_member_id == by.member_id, GroupSession.submission == submission)
    ).one_or_none()


def group_session(session: Session, timebank_id: UUID, session_id: UUID) -> Hosted:
    """A group session of this timebank. Raises NoSuchSession."""
    found = session.exec(
        select(GroupSession, Party.name)
        .join(Party, col(Party.id) == col(GroupSession.host_id))
        .where(GroupSession.id == session_id, GroupSession.timebank_id == timebank_id)
    ).one_or_none()
    if found is None:
        raise NoSuchSession
    return Hosted(*found)


def session_to_change(session: Session, timebank_id: UUID, session_id: UUID) -> GroupSession:
    """The same, locked until the end: of two who press at once, the second sees what the first has done."""
    locked = (
        select(GroupSession)
        .where(GroupSession.id == session_id, GroupSession.timebank_id == timebank_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.exec(locked).one_or_none()
    if found is None:
        raise NoSuchSession
    return found


def sessions(
    session: Session, timebank_id: UUID, *, is_open: bool = True, after: Place | None = None, limit: int = 30
) -> SessionPage:
    """Announced ones by when they begin; or past ones, the latest first. One page from a place on."""
    begins = col(GroupSession.starts_at) if is_open else col(GroupSession.starts_at).desc()
    then = col(GroupSession.id) if is_open else col(GroupSession.id).desc()
    announced = col(GroupSession.state) == SessionState.ANNOUNCED
    rows = (
        select(GroupSession, Party.name)
        .join(Party, col(Party.id) == col(GroupSession.host_id))
        .where(GroupSession.timebank_id == timebank_id, announced if is_open else ~announced)
        .order_by(begins, then)
        .limit(limit + 1)
    )
    if after is not None:
        rows = rows.where(comes_after(after, GroupSession.starts_at, GroupSession.id, newest_first=not is_open))
    found = [Hosted(*row) for row in session.exec(rows).all()]
    page = found[:limit]
    last = page[-1].session if page else None
    return SessionPage(page, (last.starts_at, last.id) if last and len(found) > limit else None)


def attendances(session: Session, session_id: UUID) -> list[Attending]:
    """Everybody with a part, givers first, then in the order of signing up."""
    found = session.exec(
        select(Attendance, Party.name)
        .join(Party, col(Party.id) == col(Attendance.party_id))
        .where(Attendance.session_id == session_id)
        .order_by(col(Attendance.part), col(Attendance.since), col(Attendance.party_id))
    ).all()
    return [Attending(*row) for row in found]


def parts_of(
    session: Session, parties: Iterable[UUID], *, since: datetime, limit: int = 200
) -> Sequence[tuple[GroupSession, Attendance]]:
    """Where these parties have a part or had one, from a moment on, soonest first. To wait for a place is none yet."""
    return session.exec(
        select(GroupSession, Attendance)
        .join(Attendance, col(Attendance.session_id) == col(GroupSession.id))
        .where(
            col(Attendance.party_id).in_(set(parties)),
            col(Attendance.presence) != Presence.WAITING,
            GroupSession.starts_at >= since,
        )
        .order_by(col(GroupSession.starts_at), col(GroupSession.id))
        .limit(limit)
    ).all()


def coming(session: Session, session_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many receivers are coming to each of these sessions, or came."""
    found = session.exec(
        select(Attendance.session_id, func.count())
        .where(
            col(Attendance.session_id).in_(set(session_ids)),
            Attendance.part == Part.RECEIVER,
            col(Attendance.presence).in_([Presence.COMING, Presence.CAME]),
        )
        .group_by(col(Attendance.session_id))
    ).all()
    return dict(found)


def is_full(session: Session, held: GroupSession) -> bool:
    """Whether every place is taken by a receiver who is coming, or came."""
    return held.places is not None and coming(session, [held.id]).get(held.id, 0) >= held.places


def checked_in(session: Session, session_id: UUID) -> list[Attending]:
    """Everybody who came, whoever checked in last first."""
    came = [each for each in attendances(session, session_id) if each.attendance.presence is Presence.CAME]
    return sorted(came, key=lambda each: each.attendance.came_at or each.attendance.since, reverse=True)


def behind_code(session: Session, code: str) -> GroupSession:
    """The session to which a code checks in. Raises NoSuchCode."""
    found = session.exec(
        select(GroupSession)
        .join(SessionCode, col(SessionCode.session_id) == col(GroupSession.id))
        .where(SessionCode.digest == code_digest(code))
    ).one_or_none()
    if found is None:
        raise NoSuchCode
    return found


def first_waiting(session: Session, session_id: UUID) -> Attendance | None:
    """Who has waited longest for a place."""
    return session.exec(
        select(Attendance)
        .where(Attendance.session_id == session_id, Attendance.presence == Presence.WAITING)
        .order_by(col(Attendance.since), col(Attendance.party_id))
        .limit(1)
    ).first()


def turnout(held: GroupSession, attending: Iterable[Attendance]) -> Turnout:
    """Who came, as the charging rules see it."""
    came = [each for each in attending if each.presence is Presence.CAME]
    receivers = [each for each in came if each.part is Part.RECEIVER]
    fresh = [each for each in came if each.entry_number is None]
    return Turnout(
        givers=[_came(held, each) for each in fresh if each.part is Part.GIVER],
        receivers=[_came(held, each) for each in fresh if each.part is Part.RECEIVER],
        all_receivers=[_came(held, each) for each in receivers],
    )


def _came(held: GroupSession, attendance: Attendance) -> Came:
    return Came(attendance.party_id, counted_seconds(held, attendance))


def planned(held: GroupSession, attending: Sequence[Attending]) -> Plan | None:
    """The entry that crediting would post now; None where nothing can be credited yet."""
    fresh = turnout(held, (each.attendance for each in attending))
    if not fresh.givers and not fresh.receivers:
        return None
    try:
        return plan(held.charging, fresh, payer_id=held.payer_id)
    except NobodyToCharge:
        return None


def entries_of(session: Session, session_id: UUID) -> Sequence[SessionEntry]:
    """The entries of a group session, in order."""
    return session.exec(
        select(SessionEntry).where(SessionEntry.session_id == session_id).order_by(col(SessionEntry.number))
    ).all()


def posted(session: Session, timebank_id: UUID, entries: Iterable[SessionEntry]) -> dict[UUID, list[Leg]]:
    """By ledger entry: what it did to each account, in the order in which it was planned."""
    found = book_of(session, timebank_id).entries(entry.entry_id for entry in entries)
    accounts = {leg.account for entry in found.values() for leg in entry.postings}
    whose = dict(session.exec(select(Party.account_id, Party.id).where(col(Party.account_id).in_(accounts))).all())
    return {
        entry.id: sorted(((whose.get(leg.account), leg.seconds) for leg in entry.postings), key=_givers_first)
        for entry in found.values()
    }


def _givers_first(leg: Leg) -> tuple[bool, bool, int]:
    party_id, seconds = leg
    return party_id is None, seconds < 0, -abs(seconds)


def paid_by_payer(session: Session, held: GroupSession) -> int:
    """How much an organisation has paid for a session so far: the help that stands."""
    return session.exec(
        select(func.coalesce(func.sum(col(Help.seconds)), 0))
        .join(SessionEntry, col(SessionEntry.entry_id) == col(Help.entry_id))
        .where(SessionEntry.session_id == held.id, col(Help.reversed_at).is_(None))
    ).one()


def unfinished(session: Session, party_id: UUID) -> int:
    """How many sessions that are not credited yet somebody hosts, or came to."""
    came = select(Attendance.session_id).where(
        Attendance.party_id == party_id, Attendance.presence == Presence.CAME, col(Attendance.entry_number).is_(None)
    )
    return session.exec(
        select(func.count()).where(
            GroupSession.state == SessionState.ANNOUNCED,
            (col(GroupSession.host_id) == party_id) | col(GroupSession.id).in_(came),
        )
    ).one()


def coming_up(session: Session, party_id: UUID) -> Sequence[UUID]:
    """The sessions to which somebody is coming, or for whose places they wait."""
    return session.exec(
        select(GroupSession.id)
        .join(Attendance, col(Attendance.session_id) == col(GroupSession.id))
        .where(
            Attendance.party_id == party_id,
            col(Attendance.presence).in_([Presence.COMING, Presence.WAITING]),
            GroupSession.state == SessionState.ANNOUNCED,
        )
        .order_by(col(GroupSession.id))
    ).all()


def asked_to_pay(session: Session, timebank_id: UUID, parties: Iterable[UUID]) -> Sequence[GroupSession]:
    """Sessions that one of these parties is asked to pay for and has not answered, the next one first."""
    return session.exec(
        select(GroupSession)
        .where(
            GroupSession.timebank_id == timebank_id,
            col(GroupSession.payer_id).in_(set(parties)),
            GroupSession.payer_word == PayerWord.ASKED,
            GroupSession.state == SessionState.ANNOUNCED,
        )
        .order_by(col(GroupSession.starts_at), col(GroupSession.id))
    ).all()


def behind(session: Session, entries: Iterable[UUID]) -> dict[UUID, tuple[GroupSession, bool]]:
    """By ledger entry: which group session it was of, and whether it is the reversal."""
    ids = set(entries)
    found = session.exec(
        select(SessionEntry, GroupSession)
        .join(GroupSession, col(GroupSession.id) == col(SessionEntry.session_id))
        .where(col(SessionEntry.entry_id).in_(ids) | col(SessionEntry.reversal_entry_id).in_(ids))
    ).all()
    told = {entry.entry_id: (held, False) for entry, held in found}
    return told | {entry.reversal_entry_id: (held, True) for entry, held in found if entry.reversal_entry_id}


def to_credit(session: Session, timebank_id: UUID, at: datetime, *, limit: int = 50) -> Sequence[Hosted]:
    """Sessions that have begun and wait to be credited, oldest first."""
    rows = (
        select(GroupSession, Party.name)
        .join(Party, col(Party.id) == col(GroupSession.host_id))
        .where(
            GroupSession.timebank_id == timebank_id,
            GroupSession.state == SessionState.ANNOUNCED,
            col(GroupSession.starts_at) <= at,
        )
        .order_by(col(GroupSession.starts_at), col(GroupSession.id))
        .limit(limit)
    )
    return [Hosted(*row) for row in session.exec(rows).all()]


def active_organisations(session: Session, timebank_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Which organisations could pay, by name."""
    return session.exec(
        select(Party.id, Party.name)
        .where(Party.timebank_id == timebank_id, Party.kind == "organisation", Party.status == Status.ACTIVE)
        .order_by(col(Party.sort_name))
    ).all()
