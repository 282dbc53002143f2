"""Which timebanks there are, and which policy was in force when."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from ledger import Book
from timebank.network.rules import NoSuchTimebank
from timebank.network.tables import Policy, Timebank


def timebank(session: Session, timebank_id: UUID) -> Timebank:
    found = session.get(Timebank, timebank_id)
    if found is None:
        raise NoSuchTimebank
    return found


def timebank_to_change(session: Session, timebank_id: UUID) -> Timebank:
    """The same, and nobody else who asks for it in this way gets it before this is done.

    Without it, two brokers who press at once on PostgreSQL would both find that nothing had been done yet.
    """
    locked = select(Timebank).where(Timebank.id == timebank_id).with_for_update(key_share=True)
    found = session.exec(locked).one_or_none()
    if found is None:
        raise NoSuchTimebank
    return found


def timebank_called(session: Session, slug: str) -> Timebank | None:
    return session.exec(select(Timebank).where(Timebank.slug == slug)).one_or_none()


def all_timebanks(session: Session) -> Sequence[Timebank]:
    return session.exec(select(Timebank).order_by(Timebank.slug)).all()


def book_of(session: Session, timebank_id: UUID) -> Book:
    return Book(session, timebank(session, timebank_id).book_id)


def open_day(session: Session, timebank_id: UUID, day: date) -> date:
    """A day, or where the books are closed then, the first on which they are open: late hours count there."""
    first = book_of(session, timebank_id).first_open_day()
    return max(day, first) if first else day


def policy_at(session: Session, timebank_id: UUID, at: datetime) -> Policy:
    """The policy in force at a moment; before the first one, the first."""
    versions = select(Policy).where(Policy.timebank_id == timebank_id)
    in_force = versions.where(Policy.in_force_from <= at).order_by(col(Policy.in_force_from).desc()).limit(1)
    found = session.exec(in_force).first() or session.exec(versions.order_by(col(Policy.version)).limit(1)).first()
    if found is None:
        raise NoSuchTimebank
    return found


def policies(session: Session, timebank_id: UUID) -> Sequence[Policy]:
    """Every policy there was, newest first."""
    return session.exec(
        select(Policy).where(Policy.timebank_id == timebank_id).order_by(col(Policy.version).desc())
    ).all()
