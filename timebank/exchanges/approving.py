"""What a broker decides: approval, the settling of a disagreement, hours put right or taken back."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from timebank.exchanges import crediting
from timebank.exchanges.rules import NothingNew, check_happened_on
from timebank.exchanges.steps import Turn, take, turn
from timebank.exchanges.tables import Exchange, State, Verb
from timebank.exchanges.telling import tell_parties
from timebank.members.rules import Standing, check_take_part
from timebank.network.rules import check_hours, day_of
from timebank.network.tables import Place


def approve(session: Session, exchange_id: UUID, *, broker: Standing, at: datetime, note: str = "") -> Exchange:
    """A broker approves: beforehand, and the hours are held; or afterwards, and they are credited."""
    made = turn(session, exchange_id, Verb.APPROVE, by=broker, at=at)
    exchange = made.exchange
    if made.move.after is State.APPROVED:
        check_take_part(*crediting.both(made))
        crediting.promise(made)
        take(made, planned_for=exchange.planned_for, seconds=exchange.planned_seconds, note=note)
        tell_parties(made, "approved", note=note)
    else:
        assert exchange.reported_seconds is not None  # noqa: S101 - confirmed hours were reported
        crediting.credit(made, seconds=exchange.reported_seconds)
        take(made, seconds=exchange.reported_seconds, note=note)
        tell_parties(made, "credited", note=note)
    return exchange


def settle(
    session: Session,
    exchange_id: UUID,
    *,
    seconds: int,
    note: str,
    broker: Standing,
    at: datetime,
    happened_on: date | None = None,
    place: Place | None = None,
) -> Exchange:
    """A broker decides how many hours count where two disagree, when and where, and says why; those are credited."""
    made = turn(session, exchange_id, Verb.SETTLE, by=broker, at=at)
    _decide_hours(made, seconds, happened_on, place)
    crediting.credit(made, seconds=seconds)
    take(made, seconds=seconds, happened_on=happened_on, note=note)
    tell_parties(made, "settled", note=note)
    return made.exchange


def adjust(
    session: Session,
    exchange_id: UUID,
    *,
    seconds: int,
    note: str,
    broker: Standing,
    at: datetime,
    happened_on: date | None = None,
    place: Place | None = None,
) -> Exchange:
    """A broker puts credited hours right, when or where, and says why: one entry is taken back, the right one made.

    More hours than stood there meet the limits; fewer do not.
    """
    made = turn(session, exchange_id, Verb.ADJUST, by=broker, at=at)
    exchange = made.exchange
    is_same_day, is_same_place = happened_on in {None, exchange.happened_on}, place in {None, exchange.place}
    if seconds == exchange.credited_seconds and is_same_day and is_same_place:
        raise NothingNew
    _decide_hours(made, seconds, happened_on, place)
    stood_there = exchange.credited_seconds or 0
    crediting.take_back(made, reason=note)
    if seconds <= stood_there:
        crediting.credit_fewer(made, seconds=seconds)
    else:
        crediting.credit(made, seconds=seconds)
    take(made, seconds=seconds, happened_on=happened_on, note=note)
    tell_parties(made, "adjusted", note=note)
    return exchange


def reverse(session: Session, exchange_id: UUID, *, note: str, broker: Standing, at: datetime) -> Exchange:
    """A broker takes credited hours back, and says why; nothing is deleted, a second entry mirrors the first."""
    made = turn(session, exchange_id, Verb.REVERSE, by=broker, at=at)
    crediting.take_back(made, reason=note)
    take(made, note=note)
    tell_parties(made, "reversed", note=note)
    return made.exchange


def _decide_hours(made: Turn, seconds: int, happened_on: date | None, place: Place | None) -> None:
    """The hours that a broker decides on, and the day and the place, if they are others than the two said."""
    check_hours(made.policy, seconds)
    made.exchange.place = place or made.exchange.place
    if happened_on is not None:
        check_happened_on(happened_on, today=day_of(made.policy, made.at), both=crediting.both(made))
        made.exchange.happened_on = happened_on
