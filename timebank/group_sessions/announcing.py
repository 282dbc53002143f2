"""Announcing a group session, changing it, signing up for it, and calling it off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.group_sessions import queries
from timebank.group_sessions.checking_in import close_check_in
from timebank.group_sessions.paying import choose_payer, tell_payer
from timebank.group_sessions.rules import (
    BegunAlready,
    CreditedAlready,
    NoSuchSession,
    OtherPart,
    SessionIsOver,
    TookPlace,
    check_announced,
    check_may_host,
    has_taken_place,
)
from timebank.group_sessions.tables import Attendance, Charging, GroupSession, Part, Presence, SessionState
from timebank.group_sessions.telling import tell_again, tell_all, tell_one
from timebank.members.guarding import check_length
from timebank.members.queries import party, party_to_change
from timebank.members.rules import Guarded, MemberNotActive, Standing, authority_for, check_active, check_speaks_for
from timebank.members.tables import Party, PartyKind, Status
from timebank.network.queries import policy_at
from timebank.network.rules import check_hours


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What is announced: what, where, when, for how long and how many, and who pays for what.

    `follows_id` is the session that it is the same as, some while later: whoever came to that one is told.
    """

    title: str
    starts_at: datetime
    planned_seconds: int
    charging: Charging
    details: str = ""
    place: str = ""
    places: int | None = None
    payer_id: UUID | None = None
    counts_preparation: bool = True
    follows_id: UUID | None = None


def announce(
    session: Session, host_id: UUID, *, what: Announcement, by: Standing, at: datetime, submission: UUID
) -> GroupSession:
    """Somebody announces a group session, or a broker does it for them; the host is its first giver.

    An organisation that is to pay is asked first, unless one of its delegates announces it. A form sent twice announces
    once. Raises BegunAlready, NeedsAPayer, MemberNotActive, NoSuchSession.
    """
    check_speaks_for(by, host_id)
    host = party_to_change(session, by.timebank_id, host_id)
    if sent := queries.sent_before(session, by, submission):
        return sent
    if host.status is not Status.ACTIVE:
        raise MemberNotActive(name=host.name)
    check_hours(policy_at(session, by.timebank_id, at), what.planned_seconds)
    if what.starts_at < at:
        raise BegunAlready
    followed = queries.group_session(session, by.timebank_id, what.follows_id).session if what.follows_id else None
    announced = GroupSession(
        timebank_id=by.timebank_id,
        host_id=host_id,
        title=what.title,
        details=what.details,
        place=what.place,
        starts_at=what.starts_at,
        planned_seconds=what.planned_seconds,
        places=what.places,
        charging=what.charging,
        counts_preparation=what.counts_preparation,
        follows_id=what.follows_id,
        state=SessionState.ANNOUNCED,
        announced_at=at,
        by_member_id=by.member_id,
        authority=authority_for(by, host_id),
        submission=submission,
    )
    choose_payer(session, announced, what.charging, what.payer_id, by=by, at=at)
    session.add(announced)
    session.flush()
    tell_payer(session, announced, at=at)
    if host.kind is PartyKind.PERSON:
        _put_down(session, announced, host, Part.GIVER, Presence.COMING, by=by, at=at)
    if followed is not None:
        tell_again(session, followed, announced, at=at)
    return announced


def change(session: Session, session_id: UUID, *, what: Announcement, by: Standing, at: datetime) -> GroupSession:
    """The host or a broker changes what was announced, as long as no hours are credited; whoever is coming is told.

    Who was waiting moves up where there are more places; where there are fewer, nobody loses theirs. An organisation
    that is to pay instead, or more, is asked. Raises SessionIsOver, CreditedAlready, BegunAlready, NeedsAPayer.
    """
    check_active(by)
    held = queries.session_to_change(session, by.timebank_id, session_id)
    check_may_host(held, by)
    if held.state is SessionState.CANCELLED:
        raise SessionIsOver
    if any(entry.reversed_at is None for entry in queries.entries_of(session, session_id)):
        raise CreditedAlready
    check_hours(policy_at(session, by.timebank_id, at), what.planned_seconds)
    if what.starts_at != held.starts_at and what.starts_at < at:
        raise BegunAlready
    rule, before, costs_more = held.charging, held.payer_id, _costs_more(held, what)
    choose_payer(session, held, what.charging, what.payer_id, by=by, at=at, is_new=costs_more)
    for name in ("title", "details", "place", "starts_at", "planned_seconds", "places", "counts_preparation"):
        setattr(held, name, getattr(what, name))
    held.changed_at = at
    if held.charging is not rule:
        for each in queries.attendances(session, session_id):
            each.attendance.entry_number = None  # no entry stands: who came under another rule is counted by this one
    session.flush()
    if costs_more or held.payer_id != before:
        tell_payer(session, held, at=at)
    while not queries.is_full(session, held) and _move_up(session, held, at=at):
        pass
    tell_all(session, held, "session_changed", at=at)
    return held


def _costs_more(held: GroupSession, what: Announcement) -> bool:
    """Whether more would be paid for than the organisation that pays knew of."""
    prepares = what.counts_preparation and not held.counts_preparation
    return prepares or what.planned_seconds > held.planned_seconds


def sign_up(
    session: Session,
    session_id: UUID,
    *,
    party_id: UUID,
    by: Standing,
    at: datetime,
    part: Part = Part.RECEIVER,
) -> Attendance:
    """Somebody signs up, or their guardian or a broker does it. Receivers beyond the places wait for one to come free.

    To sign up twice is to sign up once. Raises SessionIsOver, TookPlace, OtherPart.
    """
    check_speaks_for(by, party_id, Guarded.ASK)
    held = queries.session_to_change(session, by.timebank_id, session_id)
    check_announced(held)
    who = party(session, by.timebank_id, party_id)
    if who.status is not Status.ACTIVE:
        raise MemberNotActive(name=who.name)
    known = session.get(Attendance, (session_id, party_id))
    if known is not None and known.presence is not Presence.WITHDRAWN:
        if known.part is not part:
            raise OtherPart(name=who.name)
        return known
    if has_taken_place(held, at):
        raise TookPlace
    if party_id in by.wards and part is Part.RECEIVER:
        check_length(session, by, party_id, held.planned_seconds)
    is_full = part is Part.RECEIVER and queries.is_full(session, held)
    return _put_down(session, held, who, part, Presence.WAITING if is_full else Presence.COMING, by=by, at=at)


def drop_out(session: Session, session_id: UUID, *, party_id: UUID, by: Standing, at: datetime) -> None:
    """Somebody cannot come after all; whoever has waited longest gets the place, and is told."""
    check_speaks_for(by, party_id, Guarded.ASK)
    held = queries.session_to_change(session, by.timebank_id, session_id)
    check_announced(held)
    known = session.get(Attendance, (session_id, party_id))
    if known is None:
        raise NoSuchSession
    if known.presence in {Presence.COMING, Presence.WAITING}:
        known.authority = authority_for(by, party_id)
        _give_place_up(session, held, known, by=by, at=at)


def drop_out_of_all(session: Session, party_id: UUID, *, by: Standing, at: datetime) -> None:
    """Whoever leaves the timebank comes to nothing any more; those who waited get their places."""
    for session_id in queries.coming_up(session, party_id):
        held = queries.session_to_change(session, by.timebank_id, session_id)
        known = session.get_one(Attendance, (session_id, party_id))
        known.authority = by.authority
        _give_place_up(session, held, known, by=by, at=at)


def cancel(session: Session, session_id: UUID, *, by: Standing, at: datetime, note: str = "") -> GroupSession:
    """The host or a broker calls it off; whoever was coming is told."""
    check_active(by)
    held = queries.session_to_change(session, by.timebank_id, session_id)
    check_may_host(held, by)
    check_announced(held)
    held.state, held.changed_at = SessionState.CANCELLED, at
    close_check_in(session, held)
    session.flush()
    tell_all(session, held, "session_cancelled", at=at, note=note)
    return held


def _give_place_up(session: Session, held: GroupSession, known: Attendance, *, by: Standing, at: datetime) -> None:
    known.presence, known.since, known.by_member_id = Presence.WITHDRAWN, at, by.member_id
    session.flush()
    if known.part is Part.RECEIVER and not queries.is_full(session, held):
        _move_up(session, held, at=at)


def _put_down(
    session: Session, held: GroupSession, who: Party, part: Part, presence: Presence, *, by: Standing, at: datetime
) -> Attendance:
    attendance = session.merge(
        Attendance(
            session_id=held.id,
            party_id=who.id,
            part=part,
            presence=presence,
            since=at,
            by_member_id=by.member_id,
            authority=authority_for(by, who.id),
        )
    )
    session.flush()
    return attendance


def _move_up(session: Session, held: GroupSession, *, at: datetime) -> bool:
    """Whoever has waited longest is coming now. Returns whether anybody was waiting."""
    following = queries.first_waiting(session, held.id)
    if following is None:
        return False
    following.presence = Presence.COMING
    session.flush()
    tell_one(session, held, following.party_id, "session_place", at=at)
    return True
