"""The one path by which an exchange changes: lock it, find the move, check who asks, write the step."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from timebank.errors import NotAllowed
from timebank.exchanges.guarding import check_guardian
from timebank.exchanges.life import LIFE, Condition, Move, Who, house_move, moves_from, terms_for
from timebank.exchanges.rules import ChangedMeanwhile, MovedOn, NoSuchExchange, acting_party, may_see, out_of_time
from timebank.exchanges.tables import Exchange, Step, Verb
from timebank.members.rules import Standing, authority_for, check_active
from timebank.members.tables import Authority
from timebank.network.queries import policy_at
from timebank.network.tables import Policy, PolicyRule


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A checked move that is about to be made. `by` is None where the house itself makes it.

    `authority` is by what somebody makes it who does not speak for the party for whom it is made; `after` the turn from
    which the house goes on at once.
    """

    session: Session
    exchange: Exchange
    move: Move
    policy: Policy
    at: datetime
    by: Standing | None
    for_party: UUID | None
    authority: Authority | None = None
    after: "Turn | None" = None

    @property
    def recorded_by(self) -> UUID | None:
        """The person by whose word an entry is written; nobody, where it is by the policy's silence."""
        if self.after is not None:
            return self.after.recorded_by
        return self.by.person_id if self.by else None

    @property
    def on_behalf_of(self) -> UUID | None:
        """Whose will that person did: what the ledger notes beside it."""
        if self.after is not None:
            return self.after.on_behalf_of
        return self.for_party if self.authority else None


def locked(session: Session, exchange_id: UUID) -> Exchange:
    """The exchange's row, locked until the end: of two who act at once, the second sees what the first has done."""
    found = session.exec(select(Exchange).where(Exchange.id == exchange_id).with_for_update()).one_or_none()
    if found is None:
        raise NoSuchExchange
    return found


def check_unchanged(session: Session, exchange_id: UUID, verb: Verb, *, steps: int, by: Standing) -> None:
    """Nothing has happened since somebody looked, and nothing will before this is done. Raises ChangedMeanwhile.

    Without it, somebody who presses "Confirm" under an hour and a half could confirm the two that it was corrected to.
    Where the verb is of no use any more, `turn` says better why: it was done already, say.
    """
    exchange = locked(session, exchange_id)
    if not may_see(exchange, by):
        raise NoSuchExchange
    is_of_use = any(move.before is exchange.state and move.verb is verb for move in LIFE)
    if exchange.steps != steps and is_of_use:
        raise ChangedMeanwhile(exchange.state)


def turn(
    session: Session, exchange_id: UUID, verb: Verb, *, by: Standing, at: datetime, for_party: UUID | None = None
) -> Turn:
    """Somebody's turn to do `verb`. Raises NoSuchExchange, MovedOn, NotToldHow, or why it is not theirs or not yet."""
    exchange = locked(session, exchange_id)
    if not may_see(exchange, by):
        raise NoSuchExchange
    check_active(by)
    policy = policy_at(session, exchange.timebank_id, at)
    moves = [move for move in moves_from(exchange, policy) if move.verb is verb and move.who is not Who.HOUSE]
    if not moves:
        raise MovedOn(exchange.state)
    refusal: NotAllowed | None = None
    for move in moves:
        try:
            acting = acting_party(exchange, move, by, for_party)
        except NotAllowed as error:
            refusal = error
            continue
        if wrong_moment := out_of_time(move, exchange, at):
            raise wrong_moment
        return _turn(session, exchange, move, policy=policy, by=by, for_party=acting, at=at)
    assert refusal is not None  # noqa: S101 - there was a move, and each either returned or refused
    raise refusal


def house_turn(
    session: Session, exchange: Exchange, verb: Verb, *, because: Condition, at: datetime, after: Turn | None = None
) -> Turn | None:
    """The house's own turn to do `verb` because a condition holds, perhaps at once; None where it does not."""
    policy = policy_at(session, exchange.timebank_id, at)
    move = house_move(exchange, policy, verb, because=because)
    if move is None:
        return None
    return Turn(
        session=session, exchange=exchange, move=move, policy=policy, at=at, by=None, for_party=None, after=after
    )


def first_turn(
    session: Session, exchange: Exchange, verb: Verb, *, policy: Policy, by: Standing, for_party: UUID, at: datetime
) -> Turn:
    """The turn by which a new exchange begins."""
    move = next(move for move in LIFE if move.before is None and move.verb is verb)
    return _turn(session, exchange, move, policy=policy, by=by, for_party=for_party, at=at)


def _turn(
    session: Session,
    exchange: Exchange,
    move: Move,
    *,
    policy: Policy,
    by: Standing,
    for_party: UUID | None,
    at: datetime,
) -> Turn:
    """Somebody's turn. Raises NotToldHow where they make it for another and do not say how they were told."""
    return Turn(
        session=session,
        exchange=exchange,
        move=move,
        policy=policy,
        at=at,
        by=by,
        for_party=for_party,
        authority=authority_for(by, for_party) if for_party else None,
    )


def drop_suggestion(exchange: Exchange) -> None:
    """No suggestion waits for an answer any more."""
    exchange.suggester_id = exchange.suggested_for = exchange.suggested_seconds = None


def take(
    made: Turn,
    *,
    seconds: int | None = None,
    note: str = "",
    planned_for: datetime | None = None,
    happened_on: date | None = None,
) -> Exchange:
    """Make the move: the exchange stands in its next state, and a step says how it came there and what was said."""
    step = moved(made, seconds=seconds, note=note, planned_for=planned_for, happened_on=happened_on)
    made.session.add(made.exchange)
    made.session.flush()
    made.session.add(step)
    made.session.flush()
    return made.exchange


def moved(made: Turn, **said: Any) -> Step:
    """The same, but nothing is stored: the exchange stands in its next state, and this is the step."""
    if made.authority is Authority.GUARDIAN and made.by is not None and made.for_party is not None:
        check_guardian(
            made.session,
            made.exchange,
            made.move.verb,
            guardian_id=made.by.member_id,
            ward_id=made.for_party,
            seconds=said.get("seconds"),
            policy=made.policy,
            at=made.at,
        )
    exchange, applied = made.exchange, terms_for(made.exchange, made.policy)
    exchange.state, exchange.since, exchange.steps = made.move.after, made.at, exchange.steps + 1
    return Step(
        exchange_id=exchange.id,
        number=exchange.steps,
        verb=made.move.verb,
        before=made.move.before,
        after=made.move.after,
        at=made.at,
        by_member_id=made.by.member_id if made.by else None,
        for_party_id=made.for_party,
        authority=made.authority,
        policy_version=made.policy.version,
        policy_rule=applied.number if isinstance(applied, PolicyRule) else None,
        place=exchange.place,
        **said,
    )
