"""What waits in the outbox, and what somebody was told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from timebank.members.tables import Member, Party, Person
from timebank.notices.tables import Channel, Notice


def unsent_mail(session: Session, at: datetime, *, limit: int = 100) -> Sequence[tuple[Notice, Person]]:
    """The notices that are due to be sent by e-mail, longest due first, with whom they are for."""
    return session.exec(
        select(Notice, Person)
        .join(Person, col(Person.id) == col(Notice.person_id))
        .where(col(Notice.sent_at).is_(None), Notice.channel == Channel.EMAIL, col(Notice.due_at) <= at)
        .order_by(col(Notice.due_at))
        .limit(limit)
    ).all()


def latest(session: Session, timebank_id: UUID, *, limit: int = 100) -> Sequence[tuple[Notice, Person, str]]:
    """The newest notices of a timebank with whom they went to and that person's name: the demo's mailbox."""
    return session.exec(
        select(Notice, Person, Party.name)
        .join(Person, col(Person.id) == col(Notice.person_id))
        .join(Member, (col(Member.person_id) == col(Person.id)) & (col(Member.timebank_id) == col(Notice.timebank_id)))
        .join(Party, col(Party.id) == col(Member.id))
        .where(Notice.timebank_id == timebank_id)
        .order_by(col(Notice.made_at).desc(), col(Notice.id))
        .limit(limit)
    ).all()


def told(session: Session, person_id: UUID, timebank_id: UUID, *, limit: int = 20) -> Sequence[Notice]:
    """The newest things that somebody was told in a timebank."""
    return session.exec(
        select(Notice)
        .where(Notice.person_id == person_id, Notice.timebank_id == timebank_id)
        .order_by(col(Notice.made_at).desc())
        .limit(limit)
    ).all()
