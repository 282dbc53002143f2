"""The life of an exchange as one table: who may do which verb from which state, under which policy, and what follows.

Everything that asks whether something may be done asks `LIFE`: the actions, the buttons on the page, the API, and the
diagram in `docs/exchanges.md`, which is drawn from it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from timebank.access.codes import NoSuchCode
from timebank.errors import NotAllowed, NotFound, RuleBroken
from timebank.exchanges.tables import Exchange, State, Verb
from timebank.language import N_
from timebank.members.rules import BeyondGuardianship, DatedBeforeJoining, Guarded, Standing
from timebank.members.tables import Party
from timebank.network.tables import Approval, Confirmation, Policy, PolicyRule

SERVICE = "service"
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


def ruled_at(exchange: Exchange, at: datetime) -> datetime:
    """The moment whose policy holds for an exchange: now, as long as anything is open; then that of its last step."""
    return exchange.since if exchange.state in ENDS | {State.CREDITED} else at


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


def confirmed_by_silence(exchange: Exchange, policy: Policy) -> datetime | None:
    """When logged hours count as confirmed, if nobody says anything before."""
    wait = silence(terms_for(exchange, policy))
    return exchange.since + wait if wait and exchange.state is State.REPORTED else None


def silence(terms: Policy | PolicyRule) -> timedelta | None:
    """After how long silence counts as a yes, if it ever does."""
    return timedelta(days=terms.auto_confirm_days) if terms.auto_confirm_days else None


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


WORDS = frozenset({Verb.CONFIRM, Verb.CORRECT})
"""What gives the other's word; nobody gives both."""

GUARDED = dict.fromkeys(Verb, Guarded.AGREE) | {
    Verb.PROPOSE: Guarded.ASK,
    Verb.REPORT: Guarded.LOG,
    Verb.CORRECT: Guarded.LOG,
    Verb.CONFIRM: Guarded.LOG,
    Verb.DISPUTE: Guarded.LOG,
}
"""Which of the things that a guardian may be let do each verb is."""

LIFE: tuple[Move, ...] = tuple(_moves())
ENDS = frozenset(state for state in State if all(move.before is not state for move in LIFE))


class NoSuchExchange(NotFound):
    sentence = N_("There is no such exchange in this timebank.")


class NoProofYet(NotFound):
    sentence = N_("There is no proof yet: it can be made once the books are closed for the hours of this exchange.")


class MovedOn(RuleBroken):
    """The exchange is no longer where that could be done: somebody was quicker, or pressed a button twice."""

    NOW: ClassVar[dict[State, str]] = {
        State.PROPOSED: N_("Nothing is agreed yet, so that cannot be done."),
        State.AGREED: N_("This is agreed already."),
        State.APPROVED: N_("A broker has approved this already."),
        State.REPORTED: N_("The hours are logged already, and wait to be confirmed."),
        State.CONFIRMED: N_("The hours are confirmed already, and wait for a broker."),
        State.CREDITED: N_("The hours are credited already."),
        State.DISPUTED: N_("The two of you disagree about the hours; a broker will help."),
        State.DECLINED: N_("This was declined already."),
        State.WITHDRAWN: N_("This was withdrawn already."),
        State.CANCELLED: N_("This was cancelled already."),
        State.NOT_HAPPENED: N_("This was marked already as not having happened."),
        State.REVERSED: N_("These hours were reversed already."),
    }

    def __init__(self, state: State) -> None:
        self.sentence = self.NOW[state]  # type: ignore[misc]  # one sentence for each state
        self.state = state
        super().__init__()


class ChangedMeanwhile(MovedOn):
    """What somebody said yes or no to is not what stands there now."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.sentence = N_("This was changed in the meantime. Have a look at how it stands now.")  # type: ignore[misc]


class ForTheOther(NotAllowed):
    sentence = N_("That is for the other person to do.")


class ForAnotherBroker(NotAllowed):
    sentence = N_("You are part of this exchange yourself: another broker has to decide.")


class ForOneSideOnly(NotAllowed):
    sentence = N_("You speak for both sides here: somebody else has to confirm for one of them.")


class WithThemselves(RuleBroken):
    sentence = N_("Choose somebody else: hours go from one person to another.")
    field = "party_id"


class StillToCome(RuleBroken):
    sentence = N_("That day has not come yet. Choose today or an earlier day.")
    field = "happened_on"


class AlreadyPast(RuleBroken):
    sentence = N_("That time has passed already. Choose a later one, or log the hours.")
    field = "day"


class NoTimeYet(RuleBroken):
    sentence = N_("Nobody has suggested a time yet. Say when, and about how long.")
    field = "day"


class SuggestedOtherwise(RuleBroken):
    sentence = N_("That is not the time that was suggested. Agree to it as it is, or suggest another.")
    field = "day"


class NothingNew(RuleBroken):
    sentence = N_("That is what stands there already.")
    field = "hours"


class ForTheReporter(NotAllowed):
    sentence = N_("Only whoever logged the hours shows a code for them.")


class YourOwnCode(RuleBroken):
    sentence = N_("This code is your own: let the other person scan it with their phone.")
    field = "code"


class CodeForAnother(NotAllowed):
    sentence = N_("This code is for the other person of that exchange. If that should be you, sign in as yourself.")
    field = "code"


class LimitReached(RuleBroken):
    sentence = N_("With these hours %(name)s would pass the limit of this timebank's policy by %(over_seconds)s.")
    field = "hours"


def parties_of(exchange: Exchange) -> frozenset[UUID]:
    return frozenset({exchange.giver_id, exchange.receiver_id})


def other_than(exchange: Exchange, party_id: UUID) -> UUID:
    return exchange.receiver_id if party_id == exchange.giver_id else exchange.giver_id


def who_suggests(exchange: Exchange) -> UUID:
    """Whose suggestion waits for an answer: of the proposer, until the other suggests another time."""
    return exchange.suggester_id or exchange.proposer_id


def suggestion(exchange: Exchange) -> tuple[datetime | None, int | None]:
    """The time and the length that wait for an answer, as far as somebody has suggested them."""
    if exchange.suggested_for is not None:
        return exchange.suggested_for, exchange.suggested_seconds
    return exchange.planned_for, exchange.planned_seconds


def who_is(exchange: Exchange, who: Who) -> frozenset[UUID]:
    """The parties that are meant by a part; none for the broker and the house."""
    match who:
        case Who.EITHER:
            return parties_of(exchange)
        case Who.PROPOSER:
            return frozenset({who_suggests(exchange)})
        case Who.ASKED:
            return frozenset({other_than(exchange, who_suggests(exchange))})
        case Who.REPORTER if exchange.reporter_id:
            return frozenset({exchange.reporter_id})
        case Who.OTHER if exchange.reporter_id:
            return frozenset({other_than(exchange, exchange.reporter_id)})
        case _:
            return frozenset()


def may_see(exchange: Exchange, by: Standing) -> bool:
    same = exchange.timebank_id == by.timebank_id
    return same and (by.is_broker or by.is_auditor or bool(by.sides & parties_of(exchange)))


def is_party(exchange: Exchange, by: Standing) -> bool:
    """Whether somebody speaks for a side here; a broker who does decides nothing about it."""
    return bool((by.sides | {by.member_id}) & parties_of(exchange))


def moves_from(exchange: Exchange, policy: Policy) -> list[Move]:
    return [move for move in LIFE if move.before == exchange.state and move.when(exchange, policy)]


def house_move(exchange: Exchange, policy: Policy, verb: Verb, *, because: Condition) -> Move | None:
    """The move that the house makes by itself because a condition holds; None where it does not."""
    moves = (move for move in moves_from(exchange, policy) if move.verb is verb and move.who is Who.HOUSE)
    return next((move for move in moves if move.when is because), None)


def acting_party(exchange: Exchange, move: Move, by: Standing, for_party: UUID | None) -> UUID | None:
    """For whom somebody makes a move: a party, or None where a broker decides as broker. Raises NotAllowed.

    A broker who has no part in the exchange may do for a party what that party may do: somebody rang, or wrote.
    """
    if move.who is Who.BROKER:
        if not by.is_broker:
            raise ForTheOther
        if is_party(exchange, by):
            raise ForAnotherBroker
        return None
    meant = who_is(exchange, move.who)
    if for_party is not None:
        meant &= {for_party}
    if own := meant & by.parties or meant & by.wards:
        if move.who is Who.OTHER and move.verb in WORDS and parties_of(exchange) <= by.sides:
            raise ForOneSideOnly
        if not by.may_for(min(own), GUARDED[move.verb]):
            raise BeyondGuardianship
        return min(own)
    if by.is_broker and meant:
        if is_party(exchange, by):
            raise ForAnotherBroker
        return exchange.giver_id if exchange.giver_id in meant else min(meant)
    raise ForTheOther


@dataclass(frozen=True)
class OpenVerb:
    """Something that somebody may do now, and for whom they would do it (None: as broker)."""

    verb: Verb
    for_party: UUID | None
    is_on_behalf: bool


def open_verbs(exchange: Exchange, policy: Policy, by: Standing) -> list[OpenVerb]:
    """What somebody may do with an exchange now: the buttons on its page."""
    found: dict[tuple[Verb, UUID | None], OpenVerb] = {}
    for move in moves_from(exchange, policy):
        if move.who is Who.HOUSE:
            continue
        meant: list[UUID | None] = [*sorted(who_is(exchange, move.who))] or [None]
        for party in meant:
            try:
                acting = acting_party(exchange, move, by, party)
            except NotAllowed:
                continue
            on_behalf = acting is not None and acting not in by.sides
            found.setdefault((move.verb, acting), OpenVerb(move.verb, acting, on_behalf))
    return list(found.values())


def may_show_code(exchange: Exchange, by: Standing) -> bool:
    """Whether somebody may show a code for hours that they logged, and that wait for the other."""
    logged_by_them = exchange.reporter_id is not None and by.speaks_for(exchange.reporter_id)
    return exchange.state is State.REPORTED and logged_by_them


def check_scanned(exchange: Exchange, by: Standing) -> None:
    """A code leads the other side to the hours that were logged, and nobody else; in another timebank nowhere."""
    if exchange.timebank_id != by.timebank_id:
        raise NoSuchCode
    assert exchange.reporter_id is not None  # noqa: S101 - codes are made for logged hours
    if by.speaks_for(other_than(exchange, exchange.reporter_id)):
        return
    raise YourOwnCode if by.speaks_for(exchange.reporter_id) else CodeForAnother


def check_happened_on(happened_on: date, *, today: date, both: Iterable[Party]) -> None:
    """Help took place on a day that has come, and on which both had joined."""
    if happened_on > today:
        raise StillToCome
    for each in both:
        if happened_on < each.joined_on:
            raise DatedBeforeJoining(name=each.name, joined_on=each.joined_on)
