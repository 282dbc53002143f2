"""Guardians: a broker lets a member act for another, within limits; each of the three, or any broker, can end it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select, update

from timebank.members.queries import member, party, party_to_change
from timebank.members.rules import (
    AlreadyOver,
    Guarded,
    GuardsNothing,
    MemberNotActive,
    NoSuchGuardianship,
    NotOneself,
    NotYourself,
    Standing,
    TooLongForGuardian,
    check_active,
    check_broker,
)
from timebank.members.tables import Evidence, Guardianship, Status


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far a guardian may go: which things, how long at once and in a month, until which day."""

    acts: frozenset[Guarded]
    most_seconds: int | None = None
    most_monthly_seconds: int | None = None
    until: date | None = None


def appoint(
    session: Session,
    ward_id: UUID,
    *,
    guardian_id: UUID,
    limits: Limits,
    evidence: Evidence,
    broker: Standing,
    at: datetime,
    today: date,
    note: str = "",
) -> Guardianship:
    """A broker without a part in it lets a member act for another. What the guardian was let do before ends with it."""
    check_broker(broker)
    if guardian_id == ward_id:
        raise NotOneself
    if broker.member_id in {guardian_id, ward_id}:
        raise NotYourself
    party_to_change(session, broker.timebank_id, ward_id)  # of two brokers at once, one waits here
    _check_take_part(session, broker, ward_id, guardian_id)
    if not limits.acts:
        raise GuardsNothing
    if limits.until is not None and limits.until < today:
        raise AlreadyOver
    _end(session, broker, at, Guardianship.guardian_id == guardian_id, Guardianship.ward_id == ward_id)
    held = Guardianship(
        timebank_id=broker.timebank_id,
        guardian_id=guardian_id,
        ward_id=ward_id,
        may_ask=Guarded.ASK in limits.acts,
        may_agree=Guarded.AGREE in limits.acts,
        may_log=Guarded.LOG in limits.acts,
        most_seconds=limits.most_seconds,
        most_monthly_seconds=limits.most_monthly_seconds,
        until=limits.until,
        evidence=evidence,
        note=note,
        since=at,
        set_by=broker.member_id,
    )
    session.add(held)
    session.flush()
    return held


def _check_take_part(session: Session, broker: Standing, *member_ids: UUID) -> None:
    """Two people of this timebank, both active; organisations have delegates instead."""
    for each in member_ids:
        member(session, broker.timebank_id, each)
        who = party(session, broker.timebank_id, each)
        if who.status is not Status.ACTIVE:
            raise MemberNotActive(name=who.name, field="guardian_id")


def end(session: Session, guardianship_id: UUID, *, by: Standing, at: datetime) -> Guardianship:
    """The ward, the guardian or a broker ends it at once; what was done stays. To end it twice is to end it once."""
    check_active(by)
    held = session.exec(select(Guardianship).where(Guardianship.id == guardianship_id).with_for_update()).one_or_none()
    if held is None or held.timebank_id != by.timebank_id:
        raise NoSuchGuardianship
    if not (by.is_broker or by.member_id in {held.guardian_id, held.ward_id}):
        raise NoSuchGuardianship
    if held.ended_at is None:
        held.ended_at, held.ended_by = at, by.member_id
        session.flush()
    return held


def end_all(session: Session, member_id: UUID, *, by: Standing, at: datetime) -> None:
    """Whoever leaves is nobody's guardian and nobody's ward any more."""
    _end(session, by, at, (col(Guardianship.guardian_id) == member_id) | (col(Guardianship.ward_id) == member_id))


def _end(session: Session, by: Standing, at: datetime, *which: object) -> None:
    session.exec(
        update(Guardianship)
        .where(*which, col(Guardianship.ended_at).is_(None))  # type: ignore[arg-type]
        .values(ended_at=at, ended_by=by.member_id)
    )


def check_length(session: Session, by: Standing, ward_id: UUID, seconds: int) -> None:
    """A guardian says yes for their ward to no more at once than a broker let them. Raises TooLongForGuardian."""
    most = session.exec(
        select(Guardianship.most_seconds).where(
            Guardianship.guardian_id == by.member_id,
            Guardianship.ward_id == ward_id,
            col(Guardianship.ended_at).is_(None),
        )
    ).one_or_none()
    if most is not None and seconds > most:
        raise TooLongForGuardian(most_seconds=most)
