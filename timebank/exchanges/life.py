"""The life of an exchange as one table: who may do which verb from which state, under which policy, and what follows.

Everything that asks whether something may be done asks `LIFE`: the actions, the buttons on the page, the API, and the
diagram in `docs/exchanges.md`, which is drawn from it. What depends on the hour is asked of `rules.out_of_time`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from timebank.exchanges.tables import Exchange, State, Verb
from timebank.network.tables import Approval, Confirmation, Policy, PolicyRule

MOST_CORRECTIONS = 4
"""After so many, to talk helps more than to write: the other confirms, or a broker is asked."""


class Who(StrEnum):
    """The part that somebody has in an exchange, as far as it decides what they may do."""

    EITHER = "either"
    PROPOSER = "proposer"
    ASKED = "asked"
    REPORTER = "reporter"
    OTHER = "other"
    BROKER = "broker"
    HOUSE = "house"


def terms_for(exchange: Exchange, policy: Policy) -> Policy | PolicyRule:
    """What a policy says of an exchange: its first rule by risk that fits, otherwise the policy's own terms.

    A kind of help or a place that nobody named fits no rule that asks for one.
    """
    for rule in policy.rules:
        if rule.gift_id in {None, exchange.gift_id} and rule.place in {None, exchange.place}:
            return rule
    return policy


Condition = Callable[[Exchange, Policy], bool]


def always(_exchange: Exchange, _policy: Policy) -> bool:
    """Under every policy."""
    return True


def approval_is_beforehand(exchange: Exchange, policy: Policy) -> bool:
    """Where a broker approves beforehand."""
    return terms_for(exchange, policy).approval is Approval.BEFOREHAND


def words_suffice(exchange: Exchange, policy: Policy) -> bool:
    """Once those have given their word whose word the policy asks for."""
    giver, receiver = exchange.has_giver_word, exchange.has_receiver_word
    return {
        Confirmation.GIVER: giver,
        Confirmation.RECEIVER: receiver,
        Confirmation.EITHER: giver or receiver,
        Confirmation.BOTH: giver and receiver,
    }[terms_for(exchange, policy).confirmation]


def another_time_is_suggested(exchange: Exchange, _policy: Policy) -> bool:
    """Where another time was suggested beside the one agreed."""
    return exchange.suggested_for is not None


def may_be_corrected(exchange: Exchange, _policy: Policy) -> bool:
    """Until the hours have been corrected so often that to talk helps more."""
    return exchange.corrections < MOST_CORRECTIONS


def time_has_run_out(exchange: Exchange, policy: Policy) -> bool:
    """Where the policy takes silence for consent after some days."""
    return terms_for(exchange, policy).auto_confirm_days is not None


def waits_for_broker(exchange: Exchange, policy: Policy) -> bool:
    """Where a broker approves afterwards or was not asked beforehand, one person spoke for both, or a limit is met."""
    has_to_look = exchange.is_unapproved or exchange.is_one_handed or exchange.waits_for_limit
    return has_to_look or terms_for(exchange, policy).approval is Approval.AFTERWARDS


def waits_for_nobody(exchange: Exchange, policy: Policy) -> bool:
    """Where no broker has to look."""
    return not waits_for_broker(exchange, policy)


@dataclass(frozen=True)
class Move:
    """From `before` (None: from nothing) somebody may do `verb` under a condition, which leads to `after`."""

    before: State | None
    verb: Verb
    who: Who
    after: State
    when: Condition = always


def _moves() -> Iterator[Move]:
    yield Move(None, Verb.PROPOSE, Who.EITHER, State.PROPOSED)
    yield Move(State.PROPOSED, Verb.AGREE, Who.ASKED, State.AGREED)
    yield Move(State.PROPOSED, Verb.SUGGEST, Who.EITHER, State.PROPOSED)
    yield Move(State.PROPOSED, Verb.DECLINE, Who.ASKED, State.DECLINED)
    yield Move(State.PROPOSED, Verb.WITHDRAW, Who.PROPOSER, State.WITHDRAWN)

    yield Move(State.AGREED, Verb.APPROVE, Who.BROKER, State.APPROVED, approval_is_beforehand)
    yield Move(State.AGREED, Verb.DECLINE, Who.BROKER, State.DECLINED, approval_is_beforehand)

    for ready in (State.AGREED, State.APPROVED):
        yield Move(ready, Verb.AGREE, Who.ASKED, State.AGREED, another_time_is_suggested)
        yield Move(ready, Verb.SUGGEST, Who.EITHER, ready)
        yield Move(ready, Verb.KEEP, Who.EITHER, ready, another_time_is_suggested)
        yield Move(ready, Verb.REPORT, Who.EITHER, State.REPORTED)
        yield Move(ready, Verb.CANCEL, Who.EITHER, State.CANCELLED)
        yield Move(ready, Verb.DID_NOT_HAPPEN, Who.EITHER, State.NOT_HAPPENED)

    yield Move(None, Verb.REPORT, Who.EITHER, State.REPORTED)
    yield Move(State.REPORTED, Verb.CONFIRM, Who.HOUSE, State.CONFIRMED, words_suffice)
    yield Move(State.REPORTED, Verb.CONFIRM, Who.OTHER, State.CONFIRMED)
    yield Move(State.REPORTED, Verb.CONFIRM, Who.HOUSE, State.CONFIRMED, time_has_run_out)
    yield Move(State.REPORTED, Verb.CORRECT, Who.OTHER, State.REPORTED, may_be_corrected)
    yield Move(State.REPORTED, Verb.CORRECT, Who.REPORTER, State.REPORTED, may_be_corrected)
    yield Move(State.REPORTED, Verb.DISPUTE, Who.OTHER, State.DISPUTED)
    yield Move(State.REPORTED, Verb.WITHDRAW, Who.REPORTER, State.WITHDRAWN)

    yield Move(State.CONFIRMED, Verb.CREDIT, Who.HOUSE, State.CREDITED, waits_for_nobody)
    yield Move(State.CONFIRMED, Verb.APPROVE, Who.BROKER, State.CREDITED)
    yield Move(State.CONFIRMED, Verb.DECLINE, Who.BROKER, State.DECLINED)

    yield Move(State.DISPUTED, Verb.CORRECT, Who.REPORTER, State.REPORTED, may_be_corrected)
    yield Move(State.DISPUTED, Verb.WITHDRAW, Who.REPORTER, State.WITHDRAWN)
    for unsettled in (State.CONFIRMED, State.DISPUTED):
        yield Move(unsettled, Verb.SETTLE, Who.BROKER, State.CREDITED)
    yield Move(State.DISPUTED, Verb.DID_NOT_HAPPEN, Who.BROKER, State.NOT_HAPPENED)

    yield Move(State.CREDITED, Verb.ADJUST, Who.BROKER, State.CREDITED)
    yield Move(State.CREDITED, Verb.REVERSE, Who.BROKER, State.REVERSED)


LIFE: tuple[Move, ...] = tuple(_moves())

ENDS = frozenset(state for state in State if all(move.before is not state for move in LIFE))


def moves_from(exchange: Exchange, policy: Policy) -> list[Move]:
    return [move for move in LIFE if move.before == exchange.state and move.when(exchange, policy)]


def house_move(exchange: Exchange, policy: Policy, verb: Verb, *, because: Condition) -> Move | None:
    """The move that the house makes by itself because a condition holds; None where it does not."""
    moves = (move for move in moves_from(exchange, policy) if move.verb is verb and move.who is Who.HOUSE)
    return next((move for move in moves if move.when is because), None)


def ruled_at(exchange: Exchange, at: datetime) -> datetime:
    """The moment whose policy holds for an exchange: now, as long as anything is open; then that of its last step."""
    return exchange.since if exchange.state in ENDS | {State.CREDITED} else at


def silence(terms: Policy | PolicyRule) -> timedelta | None:
    """After how long silence counts as a yes, if it ever does."""
    return timedelta(days=terms.auto_confirm_days) if terms.auto_confirm_days else None


def confirmed_by_silence(exchange: Exchange, policy: Policy) -> datetime | None:
    """When logged hours count as confirmed, if nobody says anything before."""
    wait = silence(terms_for(exchange, policy))
    return exchange.since + wait if wait and exchange.state is State.REPORTED else None
