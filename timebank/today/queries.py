"""What waits for a broker, gathered from the other rooms in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from ledger import AccountKind
from timebank.afterwords.queries import Murmur, to_note
from timebank.concerns.queries import Confided, open_concerns
from timebank.donations.queries import waiting_wishes
from timebank.donations.tables import Wish
from timebank.exchanges.life import approval_is_beforehand
from timebank.exchanges.queries import Named, disputed_seconds, in_state
from timebank.exchanges.rules import has_come, is_party, other_than
from timebank.exchanges.tables import Exchange, Help, State
from timebank.group_sessions.queries import Hosted, to_credit
from timebank.listings.queries import oldest_requests
from timebank.listings.tables import Listing
from timebank.matching.queries import Match, best_for_each
from timebank.members.rules import Standing, check_broker
from timebank.members.tables import Member, Party, PartyKind, Person, Status
from timebank.network.queries import book_of, policy_at
from timebank.network.rules import HOUR
from timebank.network.tables import Policy
from timebank.notices.queries import letters_waiting

SHOWN = 50
REQUEST_WAITS = timedelta(days=2)
UNLOGGED_AFTER = timedelta(days=3)
UNCONFIRMED_AFTER = timedelta(days=4)
GIVES_MUCH_SECONDS = 10 * HOUR


class Waiting(StrEnum):
    """Why something waits for a broker."""

    APPROVE = "approve"
    CREDIT = "credit"
    SETTLE = "settle"
    UNCONFIRMED = "unconfirmed"
    UNLOGGED = "unlogged"
    UNANSWERED = "unanswered"
    CONVERSATION = "conversation"
    NEVER_ASKS = "never_asks"
    POT = "pot"
    SESSION = "session"
    CONCERN = "concern"
    AFTERWORD = "afterword"
    LETTER = "letter"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Somebody to talk with, and how."""

    party_id: UUID
    name: str
    phone: str = ""
    has_email: bool = True


@dataclass(frozen=True, kw_only=True)
class Task:
    """One row of Today. What is set beside `reason` and `since` depends on the reason.

    `other_seconds` is how long a disputed exchange was to the one who disagrees, if they said so.
    `people` is how many wait to be told on paper or by telephone.
    `is_own` marks what the asking broker has a part in, so that another broker has to decide.
    """

    reason: Waiting
    since: datetime
    exchange: Named | None = None
    listing: Listing | None = None
    wish: Wish | None = None
    session: Hosted | None = None
    concern: Confided | None = None
    murmur: Murmur | None = None
    matches: list[Match] = field(default_factory=list)
    who: Reach | None = None
    seconds: int = 0
    other_seconds: int = 0
    people: int = 0
    is_own: bool = False


@dataclass(frozen=True)
class Today:
    """Everything that waits, longest first; `counts` are over all of it, whichever reason is shown."""

    tasks: list[Task]
    counts: dict[Waiting, int]
    oldest: datetime | None


def today(session: Session, *, broker: Standing, at: datetime, only: Waiting | None = None) -> Today:
    """A broker's queue. Raises ForBrokers."""
    check_broker(broker)
    tasks = sorted(_tasks(session, broker, at), key=lambda task: task.since)
    counts = Counter(task.reason for task in tasks)
    shown = [task for task in tasks if only is None or task.reason is only]
    return Today(shown, dict(counts), tasks[0].since if tasks else None)


def _tasks(session: Session, broker: Standing, at: datetime) -> Iterator[Task]:
    timebank_id = broker.timebank_id
    yield from _exchanges(session, broker, at)
    yield from _requests(session, timebank_id, at)
    yield from _conversations(session, timebank_id, at)
    yield from _never_ask(session, timebank_id)
    yield from _wishes(session, broker)
    yield from _sessions(session, timebank_id, at)
    yield from _told_in_private(session, broker)
    yield from _letters(session, timebank_id)


def _exchanges(session: Session, broker: Standing, at: datetime) -> Iterator[Task]:
    timebank_id = broker.timebank_id
    policy = policy_at(session, timebank_id, at)
    unfinished = (State.AGREED, State.APPROVED, State.REPORTED, State.CONFIRMED, State.DISPUTED)
    waiting = in_state(session, timebank_id, unfinished)
    reach = _reach(session, {_waited_for(named.exchange) for named in waiting})
    said_otherwise = disputed_seconds(session, [named.exchange.id for named in waiting])
    for named in waiting:
        exchange = named.exchange
        reason = _reason(exchange, policy, has_email=reach[_waited_for(exchange)].has_email, at=at)
        if reason is not None:
            yield Task(
                reason=reason,
                since=exchange.since,
                exchange=named,
                who=reach[_waited_for(exchange)],
                seconds=exchange.reported_seconds or exchange.planned_seconds or 0,
                other_seconds=said_otherwise.get(exchange.id, 0),
                is_own=is_party(exchange, broker),
            )


def _waited_for(exchange: Exchange) -> UUID:
    """Who would have to say or do something, if not the broker."""
    return other_than(exchange, exchange.reporter_id) if exchange.reporter_id else exchange.giver_id


def _reason(exchange: Exchange, policy: Policy, *, has_email: bool, at: datetime) -> Waiting | None:
    match exchange.state:
        case State.AGREED if approval_is_beforehand(exchange, policy) and not has_come(exchange, at):
            return Waiting.APPROVE
        case State.CONFIRMED:
            return Waiting.CREDIT
        case State.DISPUTED:
            return Waiting.SETTLE
        case State.REPORTED if not has_email or at - exchange.since > UNCONFIRMED_AFTER:
            return Waiting.UNCONFIRMED
        case State.AGREED | State.APPROVED if exchange.planned_for and at - exchange.planned_for > UNLOGGED_AFTER:
            return Waiting.UNLOGGED
        case _:
            return None


def _requests(session: Session, timebank_id: UUID, at: datetime) -> Iterator[Task]:
    """Requests that nobody has answered for some days, with whom a broker could suggest."""
    oldest = [
        (listing, name)
        for listing, name in oldest_requests(session, timebank_id, limit=SHOWN)
        if at - listing.listed_at > REQUEST_WAITS
    ]
    answered = set(
        session.exec(
            select(Exchange.listing_id).where(col(Exchange.listing_id).in_([listing.id for listing, _ in oldest]))
        ).all()
    )
    unanswered = [listing for listing, _ in oldest if listing.id not in answered]
    matches = best_for_each(session, unanswered)
    reach = _reach(session, {listing.party_id for listing in unanswered})
    for listing in unanswered:
        yield Task(
            reason=Waiting.UNANSWERED,
            since=listing.listed_at,
            listing=listing,
            matches=matches[listing.id],
            who=reach[listing.party_id],
        )


def _conversations(session: Session, timebank_id: UUID, at: datetime) -> Iterator[Task]:
    """Members who have received much more than they gave: somebody to ring, not to block."""
    policy = policy_at(session, timebank_id, at)
    below = book_of(session, timebank_id).accounts_below(
        policy.conversation_threshold_seconds, kind=AccountKind.MEMBER, limit=SHOWN
    )
    parties = dict(
        session.exec(
            select(Party.account_id, Party.id).where(
                col(Party.account_id).in_([each.account for each in below]), Party.status == Status.ACTIVE
            )
        ).all()
    )
    reach = _reach(session, set(parties.values()))
    for each in below:
        if each.account in parties:
            yield Task(
                reason=Waiting.CONVERSATION,
                since=each.since,
                who=reach[parties[each.account]],
                seconds=-each.posted,
            )


def _never_ask(session: Session, timebank_id: UUID) -> Iterator[Task]:
    """Members who give much and have never received: asking is as good as giving."""
    stands = col(Help.reversed_at).is_(None)
    has_received = (
        select(Help.entry_id)
        .where(Help.receiver_id == Party.id, col(Help.reversed_at).is_(None))
        .correlate(Party)
        .exists()
    )
    given = func.sum(Help.seconds)
    found = session.exec(
        select(Party.id, given, func.max(Help.happened_on))
        .join(Help, col(Help.giver_id) == col(Party.id))
        .where(
            Party.timebank_id == timebank_id,
            Party.kind == PartyKind.PERSON,
            Party.status == Status.ACTIVE,
            stands,
            ~has_received,
        )
        .group_by(col(Party.id))
        .having(given >= GIVES_MUCH_SECONDS)
        .order_by(given.desc())
        .limit(SHOWN)
    ).all()
    reach = _reach(session, {party_id for party_id, _, _ in found})
    for party_id, seconds, last_day in found:
        yield Task(
            reason=Waiting.NEVER_ASKS,
            since=datetime.combine(last_day, time(12), UTC),
            who=reach[party_id],
            seconds=int(seconds),
        )


def _wishes(session: Session, broker: Standing) -> Iterator[Task]:
    """What the community pot is asked for."""
    waiting = waiting_wishes(session, broker.timebank_id, limit=SHOWN)
    reach = _reach(session, {asked.wish.party_id for asked in waiting})
    for asked in waiting:
        wish = asked.wish
        yield Task(
            reason=Waiting.POT,
            since=wish.asked_at,
            wish=wish,
            who=reach[wish.party_id],
            seconds=wish.seconds,
            is_own=wish.party_id in broker.stakes,
        )


def _sessions(session: Session, timebank_id: UUID, at: datetime) -> Iterator[Task]:
    """Group sessions that have begun: their register waits to be kept and credited."""
    for hosted in to_credit(session, timebank_id, at, limit=SHOWN):
        yield Task(reason=Waiting.SESSION, since=hosted.session.starts_at, session=hosted)


def _told_in_private(session: Session, broker: Standing) -> Iterator[Task]:
    """Concerns, and what did not go well. What the broker has a part in is not even counted for them."""
    for confided in open_concerns(session, broker=broker, limit=SHOWN):
        yield Task(reason=Waiting.CONCERN, since=confided.concern.raised_at, concern=confided)
    for murmur in to_note(session, broker=broker, limit=SHOWN):
        yield Task(reason=Waiting.AFTERWORD, since=murmur.afterword.at, murmur=murmur)


def _letters(session: Session, timebank_id: UUID) -> Iterator[Task]:
    """One row for all who have no e-mail address, and have not been told yet."""
    people, since = letters_waiting(session, timebank_id)
    if since is not None:
        yield Task(reason=Waiting.LETTER, since=since, people=people)


def _reach(session: Session, party_ids: Iterable[UUID]) -> dict[UUID, Reach]:
    found = session.exec(
        select(Party, Member, Person)
        .outerjoin(Member, col(Member.id) == col(Party.id))
        .outerjoin(Person, col(Person.id) == col(Member.person_id))
        .where(col(Party.id).in_(set(party_ids)))
    ).all()
    return {
        party.id: Reach(
            party_id=party.id,
            name=party.name,
            phone=member.phone if member else "",
            has_email=person is None or person.email is not None,
        )
        for party, member, person in found
    }
