"""When whom is reminded of an exchange: half-way to the last day, the day before it, and the day before they meet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from timebank.exchanges.life import terms_for
from timebank.exchanges.rules import other_than, parties_of, who_suggests
from timebank.exchanges.tables import Exchange, Stage, State
from timebank.network.tables import Policy

DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)
"""After which somebody is reminded where no last day is set."""


@dataclass(frozen=True)
class DueReminder:
    """That somebody is to be reminded now. `about` tells one occasion from the next."""

    stage: Stage
    about: datetime
    party_ids: frozenset[UUID]


def half_way(days: int | None) -> timedelta:
    """After how long somebody who does not answer is reminded first."""
    return timedelta(days=days) / 2 if days else A_WEEK


def last_day(days: int | None) -> timedelta | None:
    """After how long their silence is a day from counting as a yes; None where half-way is as late."""
    return timedelta(days=days - 1) if days and days > 2 else None  # noqa: PLR2004 - half of two days is one


def reminder_due(exchange: Exchange, policy: Policy, at: datetime) -> DueReminder | None:
    """The reminder for which it is time, sent already or not. Where two are late, the later one counts."""
    match exchange.state:
        case State.PROPOSED if at - exchange.since >= A_WEEK:
            asked = other_than(exchange, who_suggests(exchange))
            return DueReminder(Stage.UNANSWERED, exchange.since, frozenset({asked}))
        case State.REPORTED:
            return _to_confirm(exchange, terms_for(exchange, policy).auto_confirm_days, at - exchange.since)
        case State.AGREED | State.APPROVED if exchange.planned_for:
            day_before = exchange.planned_for - DAY
            if exchange.since <= day_before <= at < exchange.planned_for:  # not who agreed on it an hour ago
                return DueReminder(Stage.DAY_BEFORE, exchange.planned_for, parties_of(exchange))
    return None


def _to_confirm(exchange: Exchange, days: int | None, waited: timedelta) -> DueReminder | None:
    assert exchange.reporter_id is not None  # noqa: S101 - logged hours were logged by one of the two
    asked = frozenset({other_than(exchange, exchange.reporter_id)})
    last = last_day(days)
    if last is not None and waited >= last:
        return DueReminder(Stage.LAST_DAY, exchange.since, asked)
    return DueReminder(Stage.HALF_WAY, exchange.since, asked) if waited >= half_way(days) else None
