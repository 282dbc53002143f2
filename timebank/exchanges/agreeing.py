"""From a proposal to an agreement, or to its kind end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.exchanges import crediting, queries
from timebank.exchanges.rules import (
    AlreadyPast,
    ForAnotherBroker,
    NothingNew,
    NoTimeYet,
    SuggestedOtherwise,
    WithThemselves,
    other_than,
    suggestion,
)
from timebank.exchanges.steps import Turn, drop_suggestion, first_turn, take, turn
from timebank.exchanges.tables import Exchange, State, Verb
from timebank.exchanges.telling import tell_other, tell_parties
from timebank.listings.queries import listing
from timebank.listings.rules import ListingClosed
from timebank.listings.tables import Listing, ListingStatus, Side
from timebank.members.apart import check_may_meet
from timebank.members.queries import party, party_to_change
from timebank.members.rules import Guarded, Standing, check_speaks_for, check_take_part
from timebank.members.tables import Party
from timebank.network.queries import policy_at
from timebank.network.rules import check_hours
from timebank.network.tables import Place


@dataclass(frozen=True, kw_only=True)
class Between:
    """Who gives to whom, and which of the two proposes or logs it."""

    giver_id: UUID
    receiver_id: UUID
    proposer_id: UUID

    @property
    def asked_id(self) -> UUID:
        return self.receiver_id if self.proposer_id == self.giver_id else self.giver_id


def answer_listing(
    session: Session,
    listing_id: UUID,
    *,
    by: Standing,
    at: datetime,
    submission: UUID,
    note: str = "",
    planned_for: datetime | None = None,
    planned_seconds: int | None = None,
    place: Place | None = None,
    for_party: UUID | None = None,
) -> Exchange:
    """Somebody asks for what is offered, or offers what is asked for."""
    listed = listing(session, by.timebank_id, listing_id)
    if listed.status is ListingStatus.CLOSED:
        raise ListingClosed
    answering = for_party or by.member_id
    offers = listed.side is Side.OFFER
    between = Between(
        giver_id=listed.party_id if offers else answering,
        receiver_id=answering if offers else listed.party_id,
        proposer_id=answering,
    )
    return propose(
        session,
        between=between,
        title=listed.title,
        by=by,
        at=at,
        submission=submission,
        note=note,
        planned_for=planned_for,
        planned_seconds=planned_seconds,
        place=place,
        listed=listed,
    )


def propose(
    session: Session,
    *,
    between: Between,
    title: str,
    by: Standing,
    at: datetime,
    submission: UUID,
    note: str = "",
    planned_for: datetime | None = None,
    planned_seconds: int | None = None,
    place: Place | None = None,
    listed: Listing | None = None,
) -> Exchange:
    """Somebody proposes an exchange to another; the same form sent twice proposes it once."""
    party_to_change(session, by.timebank_id, between.proposer_id)  # the same form sent twice at once waits here
    if sent := queries.sent_before(session, between.proposer_id, submission):
        return sent
    check_between(session, between, by=by, act=Guarded.ASK)
    check_may_meet(session, between.proposer_id, between.asked_id)
    policy = policy_at(session, by.timebank_id, at)
    if planned_seconds is not None:
        check_hours(policy, planned_seconds)
    exchange = Exchange(
        timebank_id=by.timebank_id,
        giver_id=between.giver_id,
        receiver_id=between.receiver_id,
        proposer_id=between.proposer_id,
        listing_id=listed.id if listed else None,
        gift_id=listed.gift_id if listed else None,
        title=title,
        place=place,
        state=State.PROPOSED,
        since=at,
        begun_at=at,
        planned_for=planned_for,
        planned_seconds=planned_seconds,
        submission=submission,
    )
    made = first_turn(session, exchange, Verb.PROPOSE, policy=policy, by=by, for_party=between.proposer_id, at=at)
    take(made, seconds=planned_seconds, planned_for=planned_for, note=note)
    tell_other(made, "proposed", note=note)
    return exchange


def agree(
    session: Session,
    exchange_id: UUID,
    *,
    by: Standing,
    at: datetime,
    planned_for: datetime | None = None,
    planned_seconds: int | None = None,
    place: Place | None = None,
    note: str = "",
    for_party: UUID | None = None,
) -> Exchange:
    """The one who was asked says yes to what was suggested; what that left open, a time, how long or where, they say.

    Another time for what a broker had approved is not approved yet, so that the hours promised for it are free again.
    """
    made = turn(session, exchange_id, Verb.AGREE, by=by, at=at, for_party=for_party)
    exchange = made.exchange
    plan = _agreed_upon(exchange, planned_for, planned_seconds)
    _check_plan(made, *plan)
    crediting.let_go(made)
    drop_suggestion(exchange)
    exchange.planned_for, exchange.planned_seconds = plan
    exchange.place = place or exchange.place
    take(made, planned_for=plan[0], seconds=plan[1], note=note)
    tell_other(made, "agreed", note=note)
    return exchange


def suggest(
    session: Session,
    exchange_id: UUID,
    *,
    by: Standing,
    at: datetime,
    planned_for: datetime,
    planned_seconds: int,
    note: str = "",
    for_party: UUID | None = None,
) -> Exchange:
    """One of the two suggests another time or length, and the other answers; what is agreed stands until they agree."""
    made = turn(session, exchange_id, Verb.SUGGEST, by=by, at=at, for_party=for_party)
    exchange = made.exchange
    if made.for_party is not None:
        check_may_meet(session, made.for_party, other_than(exchange, made.for_party))
    _check_plan(made, planned_for, planned_seconds)
    if (planned_for, planned_seconds) in {suggestion(exchange), (exchange.planned_for, exchange.planned_seconds)}:
        raise NothingNew
    if exchange.state is State.PROPOSED:
        exchange.planned_for, exchange.planned_seconds = planned_for, planned_seconds
    else:
        exchange.suggested_for, exchange.suggested_seconds = planned_for, planned_seconds
    exchange.suggester_id = made.for_party
    take(made, planned_for=planned_for, seconds=planned_seconds, note=note)
    tell_other(made, "suggested", note=note)
    return exchange


def keep(
    session: Session, exchange_id: UUID, *, by: Standing, at: datetime, note: str = "", for_party: UUID | None = None
) -> Exchange:
    """What was agreed stays as it is: the other time does not suit, or is not wanted any more."""
    made = turn(session, exchange_id, Verb.KEEP, by=by, at=at, for_party=for_party)
    drop_suggestion(made.exchange)
    take(made, planned_for=made.exchange.planned_for, seconds=made.exchange.planned_seconds, note=note)
    tell_other(made, "kept", note=note)
    return made.exchange


def decline(
    session: Session, exchange_id: UUID, *, by: Standing, at: datetime, note: str = "", for_party: UUID | None = None
) -> Exchange:
    """The one who was asked says no, or a broker does not approve."""
    made = turn(session, exchange_id, Verb.DECLINE, by=by, at=at, for_party=for_party)
    return _end(made, "declined", note)


def withdraw(
    session: Session, exchange_id: UUID, *, by: Standing, at: datetime, note: str = "", for_party: UUID | None = None
) -> Exchange:
    """Somebody takes back what they proposed or logged, before the other has answered."""
    made = turn(session, exchange_id, Verb.WITHDRAW, by=by, at=at, for_party=for_party)
    return _end(made, "withdrawn", note)


def cancel(
    session: Session, exchange_id: UUID, *, by: Standing, at: datetime, note: str = "", for_party: UUID | None = None
) -> Exchange:
    """One of the two calls off what was agreed; the promised hours are free again."""
    made = turn(session, exchange_id, Verb.CANCEL, by=by, at=at, for_party=for_party)
    return _end(made, "cancelled", note)


def did_not_happen(
    session: Session, exchange_id: UUID, *, by: Standing, at: datetime, note: str = "", for_party: UUID | None = None
) -> Exchange:
    """What was agreed did not take place; the promised hours are free again."""
    made = turn(session, exchange_id, Verb.DID_NOT_HAPPEN, by=by, at=at, for_party=for_party)
    return _end(made, "not_happened", note)


def check_between(session: Session, between: Between, *, by: Standing, act: Guarded) -> tuple[Party, Party]:
    """Two parties of this timebank, both taking part; and the one who proposes, or their broker, is asking."""
    if between.giver_id == between.receiver_id:
        raise WithThemselves
    check_speaks_for(by, between.proposer_id, act)
    speaks_for_another = between.proposer_id not in by.sides
    if speaks_for_another and by.stakes & {between.giver_id, between.receiver_id}:
        raise ForAnotherBroker
    giver = party(session, by.timebank_id, between.giver_id)
    receiver = party(session, by.timebank_id, between.receiver_id)
    check_take_part(giver, receiver)
    return giver, receiver


def _agreed_upon(exchange: Exchange, said_for: datetime | None, said_seconds: int | None) -> tuple[datetime, int]:
    """What was suggested, if that was whole: that and nothing else. Otherwise what is said now goes first."""
    planned_for, planned_seconds = suggestion(exchange)
    if planned_for is not None and planned_seconds is not None:
        if said_for not in {None, planned_for} or said_seconds not in {None, planned_seconds}:
            raise SuggestedOtherwise
        return planned_for, planned_seconds
    planned_for, planned_seconds = said_for or planned_for, said_seconds or planned_seconds
    if planned_for is None or planned_seconds is None:
        raise NoTimeYet
    return planned_for, planned_seconds


def _check_plan(made: Turn, planned_for: datetime, planned_seconds: int) -> None:
    check_hours(made.policy, planned_seconds)
    if planned_for < made.at:
        raise AlreadyPast


def _end(made: Turn, kind: str, note: str) -> Exchange:
    crediting.let_go(made)
    drop_suggestion(made.exchange)
    take(made, note=note)
    tell_parties(made, kind, note=note)
    return made.exchange
