"""Telling the time brokers something in private, and what a broker does with it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.concerns import queries
from timebank.concerns.rules import ClosedAlready, NobodyToConfideIn, NotAboutThem
from timebank.concerns.tables import Concern, ConcernWords
from timebank.exchanges.queries import exchange as visible
from timebank.exchanges.rules import parties_of
from timebank.members.brokers import brokers_apart
from timebank.members.queries import party, party_to_change
from timebank.members.rules import NotOneself, Standing, authority_for, check_broker, check_speaks_for
from timebank.messages.actions import show_to_brokers


def confide(
    session: Session,
    about_id: UUID,
    *,
    words: str,
    by: Standing,
    at: datetime,
    submission: UUID,
    exchange_id: UUID | None = None,
    shows_messages: bool = False,
    for_party: UUID | None = None,
) -> Concern:
    """Somebody tells the brokers something about another. Nobody is told but by Today; a form sent twice says it once.

    From an exchange, the messages of both can be shown with it. Raises NobodyToConfideIn where all brokers have a part,
    and NotToldHow where a broker does not say how they were told.
    """
    speaker = for_party or by.member_id
    check_speaks_for(by, speaker)
    party_to_change(session, by.timebank_id, speaker)  # the same form sent twice at once waits here
    if sent := queries.sent_before(session, by, submission):
        return sent
    _check_may_confide(session, speaker, about_id, exchange_id, by=by)
    concern = Concern(
        timebank_id=by.timebank_id,
        for_party_id=speaker,
        about_id=about_id,
        exchange_id=exchange_id,
        by_member_id=by.member_id,
        authority=authority_for(by, speaker),
        raised_at=at,
        submission=submission,
    )
    session.add(concern)
    session.flush()
    session.add(ConcernWords(concern_id=concern.id, words=words))
    session.flush()
    if exchange_id is not None and shows_messages and by.speaks_for(speaker):
        show_to_brokers(session, exchange_id, by=by, at=at)
    return concern


def _check_may_confide(
    session: Session, speaker: UUID, about_id: UUID, exchange_id: UUID | None, *, by: Standing
) -> None:
    """It is about another of this timebank, or of an exchange of theirs; and there is a broker to read it."""
    about = party(session, by.timebank_id, about_id)
    both = {speaker, about.id}
    if len(both) == 1:
        raise NotOneself
    if exchange_id is not None and parties_of(visible(session, exchange_id, by=by).exchange) != both:
        raise NotAboutThem
    if not brokers_apart(session, by.timebank_id, both):
        raise NobodyToConfideIn


def close(session: Session, concern_id: UUID, *, note: str, broker: Standing, at: datetime) -> Concern:
    """A broker without a part has seen to it, and notes how. Raises NoSuchConcern, ClosedAlready."""
    check_broker(broker)
    confided = queries.concern_to_close(session, concern_id, broker=broker)
    concern = confided.concern
    if concern.closed_at is not None:
        raise ClosedAlready
    concern.closed_at, concern.closed_by = at, broker.member_id
    if confided.words is not None:
        confided.words.note = note
    session.flush()
    return concern
