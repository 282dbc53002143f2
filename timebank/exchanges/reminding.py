"""Reminding those who are waited for, once for each stage."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.exchanges.reminders import reminder_due
from timebank.exchanges.rules import other_than
from timebank.exchanges.steps import locked
from timebank.exchanges.tables import Reminder, Stage
from timebank.exchanges.telling import ANSWERS
from timebank.members.queries import names
from timebank.network.queries import policy_at
from timebank.notices.actions import tell

KINDS: dict[Stage, str] = {
    Stage.UNANSWERED: "remind_unanswered",
    Stage.HALF_WAY: "remind_half_way",
    Stage.LAST_DAY: "remind_last_day",
    Stage.DAY_BEFORE: "remind_day_before",
}


def remind(session: Session, exchange_id: UUID, *, at: datetime) -> Reminder | None:
    """Whoever is waited for is reminded, if it is time and they were not yet. None if they moved on or were."""
    exchange = locked(session, exchange_id)
    policy = policy_at(session, exchange.timebank_id, at)
    due = reminder_due(exchange, policy, at)
    if due is None or session.get(Reminder, (exchange_id, due.stage, due.about)) is not None:
        return None
    kind, called = KINDS[due.stage], names(session, {exchange.giver_id, exchange.receiver_id})
    act = f"/{ANSWERS[kind].value}" if kind in ANSWERS else ""
    for party_id in sorted(due.party_ids):
        tell(
            session,
            timebank_id=exchange.timebank_id,
            party_id=party_id,
            kind=kind,
            path=f"/exchanges/{exchange.id}{act}",
            at=at,
            other=called[other_than(exchange, party_id)],
            title=exchange.title,
            seconds=exchange.reported_seconds or exchange.planned_seconds,
            when=exchange.planned_for.isoformat() if exchange.planned_for else "",
            zone=policy.time_zone,
        )
    reminder = Reminder(exchange_id=exchange_id, stage=due.stage, about=due.about, at=at)
    session.add(reminder)
    session.flush()
    return reminder
