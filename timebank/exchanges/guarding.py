"""A guardian goes as far as a broker let them: on every step that they make for their ward, with the hours in it."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from timebank.exchanges.rules import GUARDED
from timebank.exchanges.tables import Exchange, State, Step, Verb
from timebank.members.rules import BeyondGuardianship, Guarded, TooLongForGuardian, TooMuchForGuardian
from timebank.members.tables import Authority, Guardianship
from timebank.network.rules import day_of
from timebank.network.tables import Policy

UNCOUNTED = (State.DECLINED, State.WITHDRAWN, State.CANCELLED, State.NOT_HAPPENED, State.REVERSED)
LOGGED = tuple(verb for verb in Verb if GUARDED[verb] is Guarded.LOG)


def check_guardian(
    session: Session,
    exchange: Exchange,
    verb: Verb,
    *,
    guardian_id: UUID,
    ward_id: UUID,
    seconds: int | None,
    policy: Policy,
    at: datetime,
) -> None:
    """What a guardian says now is within their limits. Of two steps at once, the second waits and counts the first.

    Raises BeyondGuardianship, TooLongForGuardian, TooMuchForGuardian.
    """
    held = session.exec(
        select(Guardianship)
        .where(
            Guardianship.guardian_id == guardian_id,
            Guardianship.ward_id == ward_id,
            col(Guardianship.ended_at).is_(None),
        )
        .with_for_update()
    ).one_or_none()
    today = day_of(policy, at)
    if held is None or (held.until is not None and held.until < today):
        raise BeyondGuardianship
    if seconds is None:
        return
    if held.most_seconds is not None and seconds > held.most_seconds:
        raise TooLongForGuardian(most_seconds=held.most_seconds)
    if held.most_monthly_seconds is not None and GUARDED[verb] is Guarded.LOG:
        begins = datetime.combine(today.replace(day=1), time(0), ZoneInfo(policy.time_zone))
        left = held.most_monthly_seconds - _logged_since(session, begins, held, apart_from=exchange.id)
        if seconds > left:
            raise TooMuchForGuardian(left_seconds=max(left, 0))


def _logged_since(session: Session, begins: datetime, held: Guardianship, *, apart_from: UUID) -> int:
    """The hours to which a guardian has given their ward's word in other exchanges since a moment."""
    said = select(Step.exchange_id).where(
        Step.by_member_id == held.guardian_id,
        Step.for_party_id == held.ward_id,
        Step.authority == Authority.GUARDIAN,
        col(Step.verb).in_(LOGGED),
        col(Step.at) >= begins,
    )
    total = session.exec(
        select(func.coalesce(func.sum(Exchange.reported_seconds), 0)).where(
            col(Exchange.id).in_(said),
            Exchange.id != apart_from,
            col(Exchange.state).not_in(UNCOUNTED),
            (col(Exchange.giver_id) == held.ward_id) | (col(Exchange.receiver_id) == held.ward_id),
        )
    ).one()
    return int(total or 0)
