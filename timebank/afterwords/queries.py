"""What was said of how it went: by the two on their page, and to the brokers who have no part."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from timebank.afterwords.rules import FOR_BROKERS, is_over
from timebank.afterwords.tables import Afterword, Feeling, Thanks, ThanksWords
from timebank.exchanges.queries import Named
from timebank.exchanges.queries import exchange as visible
from timebank.exchanges.rules import parties_of
from timebank.exchanges.tables import Exchange
from timebank.members.queries import without_email
from timebank.members.rules import Standing
from timebank.members.tables import Party
from timebank.messages.rules import voices_in

_giver, _receiver = aliased(Party), aliased(Party)


@dataclass(frozen=True)
class Thanked:
    """Who thanked, and in which words, if any."""

    thanks: Thanks
    words: str


@dataclass(frozen=True, kw_only=True)
class Echo:
    """How it went, as one of the two may see it: what their own side said, and the thanks of both.

    `voices` are the sides for which they may speak, and `feelings` what those said; for others nothing is in it.
    `is_through_broker` where they speak for none of them, but were told what to say.
    """

    named: Named
    is_over: bool = False
    is_through_broker: bool = False
    voices: list[UUID] = field(default_factory=list)
    feelings: dict[UUID, Feeling] = field(default_factory=dict)
    thanks: dict[UUID, Thanked] = field(default_factory=dict)


def echo(session: Session, exchange_id: UUID, *, by: Standing) -> Echo:
    """What came of an exchange beside hours. Raises NoSuchExchange."""
    named = visible(session, exchange_id, by=by)
    both = parties_of(named.exchange)
    is_through_broker = not by.parties & both
    voices = voices_in(named.exchange, by, through_broker=without_email(session, both) if is_through_broker else ())
    if not voices:
        return Echo(named=named)
    return Echo(
        named=named,
        is_over=is_over(named.exchange),
        is_through_broker=is_through_broker,
        voices=voices,
        feelings=_feelings(session, exchange_id, voices),
        thanks=_thanks(session, exchange_id),
    )


def _feelings(session: Session, exchange_id: UUID, parties: Collection[UUID]) -> dict[UUID, Feeling]:
    said = select(Afterword).where(Afterword.exchange_id == exchange_id, col(Afterword.party_id).in_(parties))
    return {afterword.party_id: afterword.feeling for afterword in session.exec(said).all()}


def _thanks(session: Session, exchange_id: UUID) -> dict[UUID, Thanked]:
    found = session.exec(
        select(Thanks, ThanksWords.words)
        .outerjoin(
            ThanksWords,
            (col(ThanksWords.exchange_id) == col(Thanks.exchange_id))
            & (col(ThanksWords.party_id) == col(Thanks.party_id)),
        )
        .where(Thanks.exchange_id == exchange_id)
    ).all()
    return {thanks.party_id: Thanked(thanks, words or "") for thanks, words in found}


@dataclass(frozen=True)
class Murmur:
    """Something that did not go quite well, for a broker to know."""

    afterword: Afterword
    named: Named


def to_note(session: Session, *, broker: Standing, limit: int = 50) -> list[Murmur]:
    """What no broker has noted yet, longest first; nothing in which this one has a part."""
    own = broker.stakes
    found = session.exec(
        select(Afterword, Exchange, _giver.name, _receiver.name)
        .join(Exchange, col(Exchange.id) == col(Afterword.exchange_id))
        .join(_giver, col(_giver.id) == col(Exchange.giver_id))
        .join(_receiver, col(_receiver.id) == col(Exchange.receiver_id))
        .where(
            Afterword.timebank_id == broker.timebank_id,
            col(Afterword.feeling).in_(FOR_BROKERS),
            col(Afterword.noted_at).is_(None),
            col(Exchange.giver_id).not_in(own),
            col(Exchange.receiver_id).not_in(own),
        )
        .order_by(col(Afterword.at))
        .limit(limit)
    ).all()
    return [Murmur(afterword, Named(exchange, giver, receiver)) for afterword, exchange, giver, receiver in found]
