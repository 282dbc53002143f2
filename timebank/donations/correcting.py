"""Hours put right or taken back, also of somebody who has left: the pot closes their account once more."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from timebank.donations.leaving import close_account
from timebank.exchanges import approving
from timebank.exchanges.steps import locked
from timebank.exchanges.tables import Exchange
from timebank.group_sessions import crediting
from timebank.group_sessions.tables import Attendance, GroupSession
from timebank.members.queries import lock_parties
from timebank.members.rules import Standing
from timebank.members.tables import Party, Status
from timebank.network.tables import Place


def adjust(
    session: Session,
    exchange_id: UUID,
    *,
    seconds: int,
    note: str,
    broker: Standing,
    at: datetime,
    happened_on: date | None = None,
    place: Place | None = None,
) -> Exchange:
    """A broker puts credited hours right. Whoever has left stays without a balance; the pot makes up for it."""
    locked(session, exchange_id)
    with _kept_closed(session, _parties(session, exchange_id), broker=broker, at=at):
        return approving.adjust(
            session,
            exchange_id,
            seconds=seconds,
            note=note,
            broker=broker,
            at=at,
            happened_on=happened_on,
            place=place,
        )


def reverse(session: Session, exchange_id: UUID, *, note: str, broker: Standing, at: datetime) -> Exchange:
    """A broker takes credited hours back. Whoever has left stays without a balance; the pot makes up for it."""
    locked(session, exchange_id)
    with _kept_closed(session, _parties(session, exchange_id), broker=broker, at=at):
        return approving.reverse(session, exchange_id, note=note, broker=broker, at=at)


def reverse_entry(
    session: Session, session_id: UUID, number: int, *, note: str, broker: Standing, at: datetime
) -> None:
    """A broker takes an entry of a group session back, in the same way."""
    came = session.exec(select(Attendance.party_id).where(Attendance.session_id == session_id)).all()
    payer = session.exec(select(GroupSession.payer_id).where(GroupSession.id == session_id)).one_or_none()
    with _kept_closed(session, filter(None, [*came, payer]), broker=broker, at=at):
        crediting.reverse(session, session_id, number, note=note, broker=broker, at=at)


def _parties(session: Session, exchange_id: UUID) -> tuple[UUID, ...]:
    """Giver and receiver."""
    both = select(Exchange.giver_id, Exchange.receiver_id).where(Exchange.id == exchange_id)
    return session.exec(both).one_or_none() or ()


@contextmanager
def _kept_closed(session: Session, party_ids: Iterable[UUID], *, broker: Standing, at: datetime) -> Iterator[None]:
    """Whoever has left before has nothing afterwards either; whoever is about to leave waits until this is done."""
    theirs = set(party_ids)
    lock_parties(session, broker.timebank_id, theirs)
    here = col(Party.id).in_(theirs), Party.timebank_id == broker.timebank_id, Party.status == Status.LEFT
    found = select(Party).where(*here).order_by(col(Party.id)).execution_options(populate_existing=True)
    left = session.exec(found).all()
    yield
    for party in left:
        close_account(session, party, by=broker, at=at)
