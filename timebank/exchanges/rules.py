"""Who has which part in an exchange, what they may do with it now, and what is refused, in which words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from timebank.access.codes import NoSuchCode
from timebank.errors import NotAllowed, NotFound, RuleBroken
from timebank.exchanges.life import Move, Who, moves_from
from timebank.exchanges.tables import Exchange, State, Verb
from timebank.language import N_
from timebank.members.rules import BeyondGuardianship, DatedBeforeJoining, Guarded, Standing
from timebank.members.tables import Party
from timebank.network.tables import Policy

SERVICE = "service"

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


class TooLateBeforehand(RuleBroken):
    sentence = N_("That time has passed, so nobody can approve it beforehand. One of the two logs the hours first.")


class StillAhead(RuleBroken):
    sentence = N_("That time has not come yet. If it will not take place, call it off.")


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


def has_come(exchange: Exchange, at: datetime) -> bool:
    """Whether the time that was planned is here."""
    return exchange.planned_for is not None and exchange.planned_for <= at


def out_of_time(move: Move, exchange: Exchange, at: datetime) -> RuleBroken | None:
    """Why it is too early or too late for a move, if it is.

    Nobody approves beforehand what is past, and nobody says of what is ahead that it did not happen.
    """
    if move.verb is Verb.APPROVE and move.after is State.APPROVED and has_come(exchange, at):
        return TooLateBeforehand()
    is_agreed = exchange.state in {State.AGREED, State.APPROVED}
    if move.verb is Verb.DID_NOT_HAPPEN and is_agreed and not has_come(exchange, at):
        return StillAhead()
    return None


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
    return bool(by.stakes & parties_of(exchange))


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


def open_verbs(exchange: Exchange, policy: Policy, by: Standing, *, at: datetime) -> list[OpenVerb]:
    """What somebody may do with an exchange now: the buttons on its page."""
    found: dict[tuple[Verb, UUID | None], OpenVerb] = {}
    for move in moves_from(exchange, policy):
        if move.who is Who.HOUSE or out_of_time(move, exchange, at):
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
