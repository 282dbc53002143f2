"""What waits in the outbox, and what somebody was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from timebank.keyset import comes_after
from timebank.members.queries import names, names_behind
from timebank.members.rules import Standing, check_broker
from timebank.members.tables import Member, Party, Person
from timebank.notices.tables import Channel, Means, Notice

Place = tuple[datetime, UUID]


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


@dataclass(frozen=True)
class Letter:
    """What one person waits to be told by a broker, oldest first."""

    party_id: UUID
    person: Person
    name: str
    phone: str
    since: datetime
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True)
class LetterPage:
    """Some of the letters, whoever has waited longest first; `after` is where it goes on, None at the end."""

    items: list[Letter]
    after: Place | None


def letters(
    session: Session,
    *,
    broker: Standing,
    people: Iterable[UUID] | None = None,
    after: Place | None = None,
    limit: int = 30,
) -> LetterPage:
    """Who has to be told what on paper or by telephone (of these people), in two queries. Raises ForBrokers."""
    check_broker(broker)
    waits = _waits(broker.timebank_id)
    oldest, rows = _by_person(broker.timebank_id)
    if people is not None:
        rows = rows.where(col(Person.id).in_(set(people)))
    if after is not None:
        rows = rows.where(comes_after(after, oldest.c.since, oldest.c.person_id))
    found = session.exec(rows.limit(limit + 1)).all()
    page = {
        person.id: Letter(party.id, person, party.name, member.phone, since)
        for party, member, person, since in found[:limit]
    }
    for notice in session.exec(
        select(Notice).where(*waits, col(Notice.person_id).in_([*page])).order_by(col(Notice.made_at), col(Notice.id))
    ).all():
        page[notice.person_id].notices.append(notice)
    items = [*page.values()]
    return LetterPage(items, (items[-1].since, items[-1].person.id) if len(found) > limit else None)


def _waits(timebank_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Notice.timebank_id) == timebank_id,
        col(Notice.channel) == Channel.BROKER,
        col(Notice.sent_at).is_(None),
    )


def _by_person(timebank_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQLModel's Select has no nameable type
    """Since when each person waits to be told something; and those people, whoever has waited longest first."""
    oldest = (
        select(Notice.person_id, func.min(Notice.made_at).label("since"))
        .where(*_waits(timebank_id))
        .group_by(col(Notice.person_id))
        .subquery()
    )
    rows = (
        select(Party, Member, Person, oldest.c.since)
        .join(Member, col(Member.id) == col(Party.id))
        .join(Person, col(Person.id) == col(Member.person_id))
        .join(oldest, oldest.c.person_id == col(Person.id))
        .where(Party.timebank_id == timebank_id)
        .order_by(oldest.c.since, oldest.c.person_id)
    )
    return oldest, rows


def letters_waiting(session: Session, timebank_id: UUID) -> tuple[int, datetime | None]:
    """How many people wait to be told by a broker, and since when the first of them does."""
    people, since = session.exec(
        select(func.count(func.distinct(Notice.person_id)), func.min(Notice.made_at)).where(*_waits(timebank_id))
    ).one()
    return people, since


@dataclass(frozen=True)
class ToldLately:
    """Somebody whom a broker told something: when, how, and of which notices."""

    name: str
    broker: str
    how: Means
    at: datetime
    notice_ids: list[UUID]


def told_lately(session: Session, *, broker: Standing, limit: int = 100) -> list[ToldLately]:
    """Whom brokers told something last, newest first: what can still be undone. Raises ForBrokers."""
    check_broker(broker)
    found = session.exec(
        select(Notice)
        .where(Notice.timebank_id == broker.timebank_id, col(Notice.told_by).is_not(None))
        .order_by(col(Notice.sent_at).desc(), col(Notice.person_id), col(Notice.id))
        .limit(limit)
    ).all()
    people = names_behind(session, broker.timebank_id, (each.person_id for each in found))
    brokers = names(session, (each.told_by for each in found if each.told_by))
    return [
        ToldLately(people[person_id], brokers[by], how, at, [each.id for each in told])
        for (at, person_id, by, how), told in groupby(
            found, key=lambda each: (each.sent_at, each.person_id, each.told_by, each.told_how)
        )
        if at and by and how
    ]
