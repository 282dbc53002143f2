"""Saying how it went, thanking, and a broker's noting of what did not go well."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from timebank.afterwords.rules import FOR_BROKERS, NoSuchAfterword, NotYoursToSay, check_over
from timebank.afterwords.tables import Afterword, Feeling, Thanks, ThanksWords
from timebank.exchanges.queries import exchange as visible
from timebank.exchanges.rules import NoSuchExchange, is_party, may_see, other_than, parties_of
from timebank.exchanges.steps import locked
from timebank.exchanges.tables import Exchange
from timebank.members.apart import check_may_meet
from timebank.members.queries import names, without_email
from timebank.members.rules import Standing, authority_for, check_active, check_broker
from timebank.messages.rules import voices_in
from timebank.notices.actions import tell


def say_how_it_went(
    session: Session, exchange_id: UUID, feeling: Feeling, *, by: Standing, at: datetime, for_party: UUID | None = None
) -> Afterword:
    """One of the two says how it went; they may think better of it. The other does not learn what was said."""
    exchange, speaker = _speaking(session, exchange_id, by, for_party)
    afterword = session.get(Afterword, (exchange_id, speaker))
    if afterword is None:
        afterword = Afterword(
            exchange_id=exchange_id,
            party_id=speaker,
            timebank_id=exchange.timebank_id,
            feeling=feeling,
            at=at,
            by_member_id=by.member_id,
            authority=authority_for(by, speaker),
        )
    elif afterword.feeling is not feeling:
        afterword.feeling, afterword.at = feeling, at
        afterword.by_member_id, afterword.authority = by.member_id, authority_for(by, speaker)
        afterword.noted_at = afterword.noted_by = None
    session.add(afterword)
    session.flush()
    return afterword


def thank(
    session: Session, exchange_id: UUID, *, by: Standing, at: datetime, words: str = "", for_party: UUID | None = None
) -> Thanks:
    """One of the two thanks the other, in words or without; the other is told. To thank twice is to thank once."""
    exchange, speaker = _speaking(session, exchange_id, by, for_party)
    if thanked := session.get(Thanks, (exchange_id, speaker)):
        return thanked
    thanked_party = other_than(exchange, speaker)
    check_may_meet(session, speaker, thanked_party)
    thanks = Thanks(
        exchange_id=exchange_id,
        party_id=speaker,
        at=at,
        by_member_id=by.member_id,
        authority=authority_for(by, speaker),
    )
    session.add(thanks)
    if words:
        session.add(ThanksWords(exchange_id=exchange_id, party_id=speaker, words=words))
    session.flush()
    tell(
        session,
        timebank_id=exchange.timebank_id,
        party_id=thanked_party,
        kind="thanked",
        path=f"/exchanges/{exchange_id}#thanks",
        at=at,
        other=names(session, [speaker])[speaker],
        title=exchange.title,
        note=words,
    )
    return thanks


def note(session: Session, exchange_id: UUID, party_id: UUID, *, broker: Standing, at: datetime) -> Afterword:
    """A broker without a part has noted that it did not go well. Raises NoSuchAfterword."""
    check_broker(broker)
    exchange = visible(session, exchange_id, by=broker).exchange
    found = session.exec(
        select(Afterword).where(Afterword.exchange_id == exchange_id, Afterword.party_id == party_id).with_for_update()
    ).one_or_none()
    is_theirs = found is not None and found.feeling in FOR_BROKERS and not is_party(exchange, broker)
    if found is None or not is_theirs or found.noted_at is not None:
        raise NoSuchAfterword
    found.noted_at, found.noted_by = at, broker.member_id
    session.flush()
    return found


def _speaking(session: Session, exchange_id: UUID, by: Standing, for_party: UUID | None) -> tuple[Exchange, UUID]:
    """The exchange, locked, and the side for which somebody speaks: their own, or, as a broker, one without e-mail."""
    exchange = locked(session, exchange_id)
    if not may_see(exchange, by):
        raise NoSuchExchange
    check_active(by)
    voices = voices_in(exchange, by, through_broker=without_email(session, parties_of(exchange)))
    meant = [voice for voice in voices if for_party in {None, voice}]
    if not meant:
        raise NotYoursToSay
    check_over(exchange)
    return exchange, meant[0]
