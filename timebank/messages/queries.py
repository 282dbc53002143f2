"""Conversations as they are read: one on the page of its exchange, and all of somebody's in their inbox."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from timebank.exchanges import queries as exchanges
from timebank.exchanges.queries import Named
from timebank.exchanges.rules import parties_of
from timebank.exchanges.tables import Exchange
from timebank.keyset import comes_after
from timebank.members.queries import without_email
from timebank.members.rules import Standing
from timebank.members.tables import Party
from timebank.messages.rules import BetweenTheTwo, NoSuchMessage, may_read, voices_in
from timebank.messages.tables import ConversationSide, Message, MessageWords

Place = tuple[datetime, UUID]


@dataclass(frozen=True)
class Written:
    """A message with its words (None: taken back) and the name of who wrote it."""

    message: Message
    words: str | None
    writer: str


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """What two people wrote to each other, oldest first, as somebody may read it.

    `voices` are the sides for which they may write. `earlier` is the number before which older messages stand, None if
    there are none. `passed_on` are the sides that read through their broker. `shown_by` are those that showed it.
    """

    named: Named
    messages: list[Written]
    earlier: int | None
    read_number: int
    voices: list[UUID]
    passed_on: frozenset[UUID]
    shown_by: frozenset[UUID]

    @property
    def last_number(self) -> int:
        return self.messages[-1].message.number if self.messages else 0


def conversation(
    session: Session, exchange_id: UUID, *, by: Standing, before: int | None = None, limit: int = 20
) -> Conversation:
    """The newest messages of an exchange, or those before a number. Raises NoSuchExchange, BetweenTheTwo."""
    named = exchanges.exchange(session, exchange_id, by=by)
    both = sides(session, exchange_id)
    through_broker = without_email(session, parties_of(named.exchange))
    voices = voices_in(named.exchange, by, through_broker=through_broker)
    shown_by = frozenset(side.party_id for side in both if side.shown_at is not None)
    if not may_read(named.exchange, by, voices=voices, is_shown=bool(shown_by)):
        raise BetweenTheTwo
    found = _newest(session, exchange_id, before=before, limit=limit + 1)
    return Conversation(
        named=named,
        messages=found[:limit][::-1],
        earlier=found[limit - 1].message.number if len(found) > limit else None,
        read_number=max((side.read_number for side in both if side.party_id in voices), default=0),
        voices=voices,
        passed_on=through_broker,
        shown_by=shown_by & frozenset(voices) if voices else shown_by,
    )


def _newest(session: Session, exchange_id: UUID, *, before: int | None, limit: int) -> list[Written]:
    rows = (
        select(Message, MessageWords.words, Party.name)
        .outerjoin(
            MessageWords,
            (col(MessageWords.exchange_id) == col(Message.exchange_id))
            & (col(MessageWords.number) == col(Message.number)),
        )
        .join(Party, col(Party.id) == col(Message.by_member_id))
        .where(Message.exchange_id == exchange_id)
        .order_by(col(Message.number).desc())
        .limit(limit)
    )
    if before is not None:
        rows = rows.where(Message.number < before)
    return [Written(*row) for row in session.exec(rows).all()]


def sides(session: Session, exchange_id: UUID) -> Sequence[ConversationSide]:
    """How the two have a conversation; nothing before the first message."""
    return session.exec(select(ConversationSide).where(ConversationSide.exchange_id == exchange_id)).all()


def message(session: Session, exchange_id: UUID, number: int) -> Message:
    found = session.get(Message, (exchange_id, number))
    if found is None:
        raise NoSuchMessage
    return found


def sent_before(session: Session, by: Standing, submission: UUID) -> Message | None:
    """What this very form has sent already."""
    return session.exec(
        select(Message).where(Message.by_member_id == by.member_id, Message.submission == submission)
    ).one_or_none()


def unread(session: Session, parties: Iterable[UUID]) -> int:
    """How many conversations of these parties have something new in them: what the navigation shows."""
    return session.exec(
        select(func.count()).where(
            col(ConversationSide.party_id).in_(set(parties)),
            col(ConversationSide.last_number) > col(ConversationSide.read_number),
        )
    ).one()


@dataclass(frozen=True)
class Kept:
    """A conversation as a row of an inbox: about what, with whom, and what was said last (None: taken back)."""

    side: ConversationSide
    exchange: Exchange
    other: str
    words: str | None

    @property
    def is_unread(self) -> bool:
        return self.side.last_number > self.side.read_number


@dataclass(frozen=True)
class Inbox:
    """Some of it; `after` is the place from which the next page goes on, None at the end."""

    items: list[Kept]
    after: Place | None


def inbox(session: Session, *, by: Standing, after: Place | None = None, limit: int = 30) -> Inbox:
    """The conversations of those for whom somebody speaks, those that moved last first; one page from a place on."""
    of_either = or_(col(Party.id) == col(Exchange.giver_id), col(Party.id) == col(Exchange.receiver_id))
    rows = (
        select(ConversationSide, Exchange, Party.name, MessageWords.words)
        .join(Exchange, col(Exchange.id) == col(ConversationSide.exchange_id))
        .join(Party, of_either & (col(Party.id) != col(ConversationSide.party_id)))
        .outerjoin(
            MessageWords,
            (col(MessageWords.exchange_id) == col(ConversationSide.exchange_id))
            & (col(MessageWords.number) == col(ConversationSide.last_number)),
        )
        .where(col(ConversationSide.party_id).in_(by.parties))
        .order_by(col(ConversationSide.last_at).desc(), col(ConversationSide.exchange_id).desc())
        .limit(limit + 1)
    )
    if after is not None:
        place = (ConversationSide.last_at, ConversationSide.exchange_id)
        rows = rows.where(comes_after(after, *place, newest_first=True))
    found = [Kept(*row) for row in session.exec(rows).all()]
    last = found[limit - 1].side if len(found) > limit else None
    return Inbox(found[:limit], (last.last_at, last.exchange_id) if last else None)
