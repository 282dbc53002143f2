"""Telling people what happened, and noting that they were told."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, update

from timebank.members.queries import people_behind, people_behind_each
from timebank.members.tables import Person
from timebank.notices.tables import Channel, Notice
from timebank.notices.wording import WORDINGS

LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a party is to be told."""

    party_id: UUID
    kind: str
    path: str
    values: dict[str, Any]


def tell(
    session: Session, *, timebank_id: UUID, party_id: UUID, kind: str, at: datetime, path: str = "", **values: Any
) -> None:
    """Everybody behind a party is told, by e-mail or, without an address, through their broker."""
    told = Told(party_id=party_id, kind=kind, path=path, values=values)
    session.add_all(_notices(timebank_id, told, people_behind(session, party_id), at))
    session.flush()


def tell_many(session: Session, told: Sequence[Told], *, timebank_id: UUID, at: datetime) -> None:
    """The same for many at once, in few statements."""
    people = people_behind_each(session, {each.party_id for each in told})
    for each in told:
        session.add_all(_notices(timebank_id, each, people.get(each.party_id, []), at))
    session.flush()


def _notices(timebank_id: UUID, told: Told, people: Iterable[Person], at: datetime) -> Iterator[Notice]:
    if told.kind not in WORDINGS:
        raise KeyError(told.kind)
    for person in people:
        yield Notice(
            timebank_id=timebank_id,
            person_id=person.id,
            channel=Channel.EMAIL if person.email else Channel.BROKER,
            kind=told.kind,
            values=told.values,
            path=told.path,
            made_at=at,
            due_at=at,
        )


def could_not_be_sent(session: Session, notice_id: UUID, *, at: datetime) -> None:
    """A notice stays in the outbox, to be tried again after twice as long as before, at most a day."""
    notice = session.get_one(Notice, notice_id)
    notice.tries += 1
    notice.due_at = at + min(timedelta(minutes=2 ** min(notice.tries, 11)), LONGEST_WAIT)
    session.flush()


def was_sent(session: Session, notice_id: UUID, *, at: datetime) -> None:
    """A notice has left the outbox."""
    session.get_one(Notice, notice_id).sent_at = at
    session.flush()


def forget_note(session: Session, *, party_id: UUID, path: str) -> None:
    """The words that a party's notices of something passed on go; that they were told of it stays."""
    people = [person.id for person in people_behind(session, party_id)]
    for notice in session.exec(select(Notice).where(col(Notice.person_id).in_(people), Notice.path == path)).all():
        notice.values = {name: value for name, value in notice.values.items() if name != "note"}
    session.flush()


def were_sent(session: Session, *, made_before: datetime, channel: Channel) -> None:
    """Every notice of a channel that was made before a moment has left the outbox, when it was made."""
    session.exec(
        update(Notice)
        .where(col(Notice.made_at) < made_before, col(Notice.channel) == channel, col(Notice.sent_at).is_(None))
        .values(sent_at=Notice.made_at)
    )
