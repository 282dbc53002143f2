"""What a broker decides: approval, the settling of a disagreement, a reversal."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.exchanges import crediting
from timebank.exchanges.steps import take, turn
from timebank.exchanges.tables import Exchange, State, Verb
from timebank.exchanges.telling import tell_parties
from timebank.members.rules import Standing, check_take_part
from timebank.members.tables import Party
from timebank.network.rules import check_hours


def approve(session: Session, exchange_id: UUID, *, broker: Standing, at: datetime, note: str = "") -> Exchange:
    """A broker approves: beforehand, and the hours are held; or afterwards, and they are credited."""
    made = turn(session, exchange_id, Verb.APPROVE, by=broker, at=at)
    exchange = made.exchange
    if made.move.after is State.APPROVED:
        check_take_part(*(session.get_one(Party, each) for each in (exchange.giver_id, exchange.receiver_id)))
        crediting.promise(made)
        take(made, seconds=exchange.planned_seconds, note=note)
        tell_parties(made, "approved", note=note)
    else:
        assert exchange.reported_seconds is not None  # noqa: S101 - confirmed hours were reported
        crediting.credit(made, seconds=exchange.reported_seconds)
        take(made, seconds=exchange.reported_seconds, note=note)
        tell_parties(made, "credited", note=note)
    return exchange


def settle(session: Session, exchange_id: UUID, *, seconds: int, note: str, broker: Standing, at: datetime) -> Exchange:
    """A broker decides how many hours count where two disagree, and says why; those are credited."""
    made = turn(session, exchange_id, Verb.SETTLE, by=broker, at=at)
    check_hours(made.policy, seconds)
    crediting.credit(made, seconds=seconds)
    take(made, seconds=seconds, note=note)
    tell_parties(made, "settled", note=note)
    return made.exchange


def reverse(session: Session, exchange_id: UUID, *, note: str, broker: Standing, at: datetime) -> Exchange:
    """A broker takes credited hours back, and says why; nothing is deleted, a second entry mirrors the first."""
    made = turn(session, exchange_id, Verb.REVERSE, by=broker, at=at)
    crediting.take_back(made, reason=note)
    take(made, note=note)
    tell_parties(made, "reversed", note=note)
    return made.exchange
