"""Writing to the other of an exchange, reading, taking back, and showing a conversation to the brokers."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, delete, update

from timebank.exchanges.queries import exchange as visible
from timebank.exchanges.rules import NoSuchExchange, may_see, other_than, parties_of
from timebank.exchanges.steps import locked
from timebank.exchanges.tables import Exchange
from timebank.members.apart import check_may_meet
from timebank.members.queries import names, party, without_email
from timebank.members.rules import MemberNotActive, Standing, authority_for, check_active
from timebank.members.tables import Status
from timebank.messages import queries
from timebank.messages.rules import BetweenTheTwo, NotYourWords, voices_in
from timebank.messages.tables import ConversationSide, Message, MessageWords
from timebank.notices.actions import forget_note, tell


def write(
    session: Session,
    exchange_id: UUID,
    *,
    words: str,
    by: Standing,
    at: datetime,
    submission: UUID,
    for_party: UUID | None = None,
) -> Message:
    """One of the two writes to the other, who is told; the same form sent twice is one message.

    A broker without a part writes for somebody without e-mail, and says how they told them. Raises BetweenTheTwo,
    NotToldHow.
    """
    exchange = locked(session, exchange_id)  # one after another, so that each message has a number of its own
    if not may_see(exchange, by):
        raise NoSuchExchange
    check_active(by)
    if sent := queries.sent_before(session, by, submission):
        return sent
    speaker = _voice(session, exchange, by, for_party)
    listener = party(session, exchange.timebank_id, other_than(exchange, speaker))
    if listener.status is not Status.ACTIVE:
        raise MemberNotActive(name=listener.name)
    check_may_meet(session, speaker, listener.id)
    message = _added(session, exchange, speaker, words=words, by=by, at=at, submission=submission)
    tell(
        session,
        timebank_id=exchange.timebank_id,
        party_id=listener.id,
        kind="message",
        path=_address(message),
        at=at,
        other=names(session, [speaker])[speaker],
        title=exchange.title,
        note=words,
    )
    return message


def read(session: Session, exchange_id: UUID, *, by: Standing, number: int) -> None:
    """Somebody has read a conversation up to a message; whoever else speaks for the same side need not any more."""
    exchange = visible(session, exchange_id, by=by).exchange
    session.exec(
        update(ConversationSide)
        .where(
            col(ConversationSide.exchange_id) == exchange_id,
            col(ConversationSide.party_id).in_(_voices(session, exchange, by)),
            col(ConversationSide.read_number) < number,
            col(ConversationSide.last_number) >= number,
        )
        .values(read_number=number)
    )


def take_back(session: Session, exchange_id: UUID, number: int, *, by: Standing) -> None:
    """The words of a message go, here and in the notice that told of it. That there was one stays."""
    exchange = visible(session, exchange_id, by=by).exchange
    check_active(by)
    message = queries.message(session, exchange_id, number)
    if message.from_party_id not in _voices(session, exchange, by):
        raise NotYourWords
    session.exec(
        delete(MessageWords).where(col(MessageWords.exchange_id) == exchange_id, col(MessageWords.number) == number)
    )
    forget_note(session, party_id=other_than(exchange, message.from_party_id), path=_address(message))


def show_to_brokers(session: Session, exchange_id: UUID, *, by: Standing, at: datetime) -> None:
    """One side lets the brokers without a part read the conversation. The other is not told."""
    _set_shown(session, exchange_id, by, at)


def keep_from_brokers(session: Session, exchange_id: UUID, *, by: Standing) -> None:
    """The same side keeps it to the two of them again."""
    _set_shown(session, exchange_id, by, None)


def _set_shown(session: Session, exchange_id: UUID, by: Standing, shown_at: datetime | None) -> None:
    exchange = visible(session, exchange_id, by=by).exchange
    check_active(by)
    own = by.parties & parties_of(exchange)
    if not own:
        raise BetweenTheTwo
    session.exec(
        update(ConversationSide)
        .where(col(ConversationSide.exchange_id) == exchange_id, col(ConversationSide.party_id).in_(own))
        .values(shown_at=shown_at)
    )


def _voices(session: Session, exchange: Exchange, by: Standing) -> list[UUID]:
    return voices_in(exchange, by, through_broker=without_email(session, parties_of(exchange)))


def _voice(session: Session, exchange: Exchange, by: Standing, for_party: UUID | None) -> UUID:
    voices = [each for each in _voices(session, exchange, by) if for_party in {None, each}]
    if not voices:
        raise BetweenTheTwo
    return voices[0]


def _added(
    session: Session, exchange: Exchange, speaker: UUID, *, words: str, by: Standing, at: datetime, submission: UUID
) -> Message:
    both = {side.party_id: side for side in queries.sides(session, exchange.id)}
    for each in parties_of(exchange) - both.keys():
        both[each] = ConversationSide(exchange_id=exchange.id, party_id=each, last_at=at)
    number = both[speaker].last_number + 1
    message = Message(
        exchange_id=exchange.id,
        number=number,
        from_party_id=speaker,
        by_member_id=by.member_id,
        authority=authority_for(by, speaker),
        at=at,
        submission=submission,
    )
    for side in both.values():
        side.last_at, side.last_number = at, number
    both[speaker].read_number = number
    session.add_all([message, MessageWords(exchange_id=exchange.id, number=number, words=words), *both.values()])
    session.flush()
    return message


def _address(message: Message) -> str:
    """Where a message stands: by this its notice is found again."""
    return f"/exchanges/{message.exchange_id}#message-{message.number}"
