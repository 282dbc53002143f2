"""Concerns as those brokers find them who have no part in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from timebank.concerns.rules import NoSuchConcern
from timebank.concerns.tables import Concern, ConcernWords
from timebank.exchanges.tables import Exchange
from timebank.keyset import comes_after
from timebank.members.rules import Standing, check_broker
from timebank.members.tables import Party

Place = tuple[datetime, UUID]
_about = aliased(Party)


@dataclass(frozen=True)
class Confided:
    """A concern: who has it, about whom, and what they said (None: erased)."""

    concern: Concern
    name: str
    about: str
    words: ConcernWords | None


@dataclass(frozen=True)
class ConcernPage:
    """Some of the list; `after` is the place from which the next page goes on, None at the end."""

    items: list[Confided]
    after: Place | None


def concern(session: Session, concern_id: UUID, *, broker: Standing) -> Confided:
    """A concern that a broker may read. Raises NoSuchConcern."""
    if not broker.is_broker:
        raise NoSuchConcern
    found = session.exec(_readable(broker).where(Concern.id == concern_id)).one_or_none()
    if found is None:
        raise NoSuchConcern
    return Confided(*found)


def concern_to_close(session: Session, concern_id: UUID, *, broker: Standing) -> Confided:
    """The same, locked until the end: of two who close it at once, the second sees what the first has done."""
    locked = select(Concern).where(Concern.id == concern_id).with_for_update()
    session.exec(locked.execution_options(populate_existing=True)).one_or_none()
    return concern(session, concern_id, broker=broker)


def open_concerns(session: Session, *, broker: Standing, limit: int = 50) -> list[Confided]:
    """What waits for a broker, longest first."""
    rows = _readable(broker).where(col(Concern.closed_at).is_(None))
    found = session.exec(rows.order_by(col(Concern.raised_at), col(Concern.id)).limit(limit)).all()
    return [Confided(*row) for row in found]


def concerns(session: Session, *, broker: Standing, after: Place | None = None, limit: int = 30) -> ConcernPage:
    """All that a broker may read, newest first; one page from a place on. Raises ForBrokers."""
    check_broker(broker)
    rows = _readable(broker).order_by(col(Concern.raised_at).desc(), col(Concern.id).desc()).limit(limit + 1)
    if after is not None:
        rows = rows.where(comes_after(after, Concern.raised_at, Concern.id, newest_first=True))
    found = [Confided(*row) for row in session.exec(rows).all()]
    last = found[limit - 1].concern if len(found) > limit else None
    return ConcernPage(found[:limit], (last.raised_at, last.id) if last else None)


def _readable(broker: Standing):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQLModel's Select has no nameable type
    """Those of the broker's timebank in which they have no part."""
    own = broker.stakes
    theirs = select(Exchange.id).where(
        Exchange.id == Concern.exchange_id,
        col(Exchange.giver_id).in_(own) | col(Exchange.receiver_id).in_(own),
    )
    return (
        select(Concern, Party.name, _about.name, ConcernWords)
        .join(Party, col(Party.id) == col(Concern.for_party_id))
        .join(_about, col(_about.id) == col(Concern.about_id))
        .outerjoin(ConcernWords, col(ConcernWords.concern_id) == col(Concern.id))
        .where(
            Concern.timebank_id == broker.timebank_id,
            col(Concern.for_party_id).not_in(own),
            col(Concern.about_id).not_in(own),
            ~theirs.exists(),
        )
    )


def sent_before(session: Session, by: Standing, submission: UUID) -> Concern | None:
    """What this very form has said already."""
    return session.exec(
        select(Concern).where(Concern.by_member_id == by.member_id, Concern.submission == submission)
    ).one_or_none()
