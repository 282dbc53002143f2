"""Exchanges as they are looked for: one's own, those that wait for a broker, and what a statement says of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from ledger import InclusionProof, Line, Moment, NotSealed
from timebank.access.codes import NoSuchCode, code_digest
from timebank.exchanges.life import ENDS, silence
from timebank.exchanges.reminders import A_WEEK, DAY, half_way, last_day, reminder_due
from timebank.exchanges.rules import NoProofYet, NoSuchExchange, may_see
from timebank.exchanges.tables import Credit, Exchange, ExchangeCode, Help, Reminder, Stage, State, Step, Verb
from timebank.keyset import comes_after
from timebank.members.queries import names
from timebank.members.rules import Standing
from timebank.members.tables import Authority, Guardianship, Party
from timebank.network.queries import book_of
from timebank.network.tables import Policy, PolicyRule

Place = tuple[datetime, UUID]
_giver, _receiver = aliased(Party), aliased(Party)


@dataclass(frozen=True)
class Named:
    """An exchange with the names of both."""

    exchange: Exchange
    giver: str
    receiver: str

    def name_of(self, party_id: UUID) -> str:
        return self.giver if party_id == self.exchange.giver_id else self.receiver


@dataclass(frozen=True)
class ExchangePage:
    """Some of the list; `after` is the place from which the next page goes on, None at the end."""

    items: list[Named]
    after: Place | None


def _named(timebank_id: UUID):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQLModel's Select has no nameable type
    return (
        select(Exchange, _giver.name, _receiver.name)
        .join(_giver, col(_giver.id) == col(Exchange.giver_id))
        .join(_receiver, col(_receiver.id) == col(Exchange.receiver_id))
        .where(Exchange.timebank_id == timebank_id)
    )


def exchange(session: Session, exchange_id: UUID, *, by: Standing) -> Named:
    """An exchange that somebody may see. Raises NoSuchExchange."""
    found = session.exec(_named(by.timebank_id).where(Exchange.id == exchange_id)).one_or_none()
    if found is None or not may_see(found[0], by):
        raise NoSuchExchange
    return Named(*found)


def behind_code(session: Session, code: str, at: datetime) -> Exchange:
    """The exchange whose logged hours a code leads to, as long as they wait for an answer. Raises NoSuchCode."""
    found = session.exec(
        select(Exchange)
        .join(ExchangeCode, col(ExchangeCode.exchange_id) == col(Exchange.id))
        .where(
            ExchangeCode.digest == code_digest(code),
            ExchangeCode.ends_at > at,
            Exchange.state == State.REPORTED,
            ExchangeCode.made_at >= Exchange.since,  # for these hours, and not for those of an earlier report
        )
    ).one_or_none()
    if found is None:
        raise NoSuchCode
    return found


@dataclass(frozen=True)
class InBook:
    """Where the hours of an exchange stand in the ledger, and whether a closed period seals them."""

    number: int
    hash: bytes
    is_sealed: bool


def in_book(session: Session, exchange: Exchange) -> InBook | None:
    """The place of a credited exchange's entry; None before that."""
    if exchange.entry_id is None:
        return None
    book = book_of(session, exchange.timebank_id)
    entry, periods = book.entry(exchange.entry_id), book.periods()
    return InBook(entry.number, entry.hash, bool(periods) and entry.number <= periods[-1].head.number)


def proof(session: Session, exchange: Exchange) -> InclusionProof:
    """That a closed period holds the entry of an exchange. Raises NoProofYet."""
    try:
        if exchange.entry_id is None:
            raise NoProofYet
        return book_of(session, exchange.timebank_id).inclusion_proof(exchange.entry_id)
    except NotSealed as error:
        raise NoProofYet from error


def sent_before(session: Session, proposer_id: UUID, submission: UUID) -> Exchange | None:
    """What this very form has begun already."""
    return session.exec(
        select(Exchange).where(Exchange.proposer_id == proposer_id, Exchange.submission == submission)
    ).one_or_none()


def steps(session: Session, exchange_id: UUID) -> Sequence[tuple[Step, str | None, str | None]]:
    """The life of an exchange so far, with the names of who did each step and for whom."""
    for_party = aliased(Party)
    return session.exec(
        select(Step, Party.name, for_party.name)
        .outerjoin(Party, col(Party.id) == col(Step.by_member_id))
        .outerjoin(for_party, col(for_party.id) == col(Step.for_party_id))
        .where(Step.exchange_id == exchange_id)
        .order_by(col(Step.number))
    ).all()


def exchanges_of(
    session: Session,
    timebank_id: UUID,
    *,
    parties: Iterable[UUID] | None = None,
    is_open: bool | None = None,
    after: Place | None = None,
    limit: int = 30,
) -> ExchangePage:
    """Exchanges of these parties (None: of everybody), those that moved last first; one page from a place on."""
    rows = _named(timebank_id).order_by(col(Exchange.since).desc(), col(Exchange.id).desc()).limit(limit + 1)
    if parties is not None:
        mine = set(parties)
        rows = rows.where(or_(col(Exchange.giver_id).in_(mine), col(Exchange.receiver_id).in_(mine)))
    if is_open is not None:
        ended = ENDS | {State.CREDITED}
        rows = rows.where(col(Exchange.state).not_in(ended) if is_open else col(Exchange.state).in_(ended))
    if after is not None:
        rows = rows.where(comes_after(after, Exchange.since, Exchange.id, newest_first=True))
    found = [Named(*row) for row in session.exec(rows).all()]
    page = found[:limit]
    last = page[-1].exchange if page else None
    return ExchangePage(page, (last.since, last.id) if last and len(found) > limit else None)


def planned(session: Session, parties: Iterable[UUID], *, since: datetime, limit: int = 200) -> Sequence[Exchange]:
    """What these parties agreed on for a moment or later, and what became of it, soonest first."""
    mine = set(parties)
    return session.exec(
        select(Exchange)
        .where(
            or_(col(Exchange.giver_id).in_(mine), col(Exchange.receiver_id).in_(mine)),
            col(Exchange.planned_for) >= since,
            col(Exchange.state) != State.PROPOSED,
        )
        .order_by(col(Exchange.planned_for), col(Exchange.id))
        .limit(limit)
    ).all()


def titles(session: Session, timebank_id: UUID, exchange_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What exchanges of a timebank are about; without those that are not there."""
    asked = select(Exchange.id, Exchange.title).where(
        Exchange.timebank_id == timebank_id, col(Exchange.id).in_(exchange_ids)
    )
    return dict(session.exec(asked).all())


def in_state(session: Session, timebank_id: UUID, states: Iterable[State], *, limit: int = 200) -> list[Named]:
    """Exchanges that stand in one of these states, those that have stood there longest first."""
    rows = (
        _named(timebank_id)
        .where(col(Exchange.state).in_(set(states)))
        .order_by(col(Exchange.since), col(Exchange.id))
        .limit(limit)
    )
    return [Named(*row) for row in session.exec(rows).all()]


def disputed_seconds(session: Session, exchange_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How long it was to those who disagreed, where they said so."""
    found = session.exec(
        select(Step.exchange_id, Step.seconds)
        .where(col(Step.exchange_id).in_(set(exchange_ids)), Step.verb == Verb.DISPUTE, col(Step.seconds).is_not(None))
        .order_by(col(Step.number))
    ).all()
    return {exchange_id: seconds for exchange_id, seconds in found if seconds}


def overdue(session: Session, policy: Policy, at: datetime, *, limit: int = 500) -> Sequence[UUID]:
    """Exchanges whose logged hours the policy takes as confirmed by now."""
    long_ago = by_risk(policy, lambda terms: _ago(at, silence(terms)))
    logged = (Exchange.timebank_id == policy.timebank_id, Exchange.state == State.REPORTED)
    return session.exec(
        select(Exchange.id).where(*logged, col(Exchange.since) <= long_ago).order_by(col(Exchange.since)).limit(limit)
    ).all()


def to_remind(session: Session, policy: Policy, at: datetime, *, limit: int = 500) -> list[UUID]:
    """Exchanges of which somebody is to be reminded and was not yet, those that stand longest first."""
    stands, waits = col(Exchange.state), col(Exchange.since)
    half_ago = by_risk(policy, lambda terms: at - half_way(terms.auto_confirm_days))
    last_ago = by_risk(policy, lambda terms: _ago(at, last_day(terms.auto_confirm_days)))
    planned, ready = col(Exchange.planned_for), stands.in_((State.AGREED, State.APPROVED))
    reported = stands == State.REPORTED
    rows = (
        select(Exchange)
        .where(
            Exchange.timebank_id == policy.timebank_id,
            or_(
                and_(stands == State.PROPOSED, waits <= at - A_WEEK, _not_reminded(waits, Stage.UNANSWERED)),
                and_(reported, waits <= half_ago, _not_reminded(waits, Stage.HALF_WAY, Stage.LAST_DAY)),
                and_(reported, waits <= last_ago, _not_reminded(waits, Stage.LAST_DAY)),
                and_(ready, planned > at, planned <= at + DAY, _not_reminded(planned, Stage.DAY_BEFORE)),
            ),
        )
        .order_by(waits)
        .limit(limit)
    )
    return [each.id for each in session.exec(rows).all() if reminder_due(each, policy, at)]


def _not_reminded(about: Any, *stages: Stage) -> ColumnElement[bool]:
    reminded = select(Reminder.exchange_id).where(
        Reminder.exchange_id == Exchange.id, col(Reminder.stage).in_(stages), col(Reminder.about) == about
    )
    return ~reminded.correlate(Exchange).exists()


def by_risk(policy: Policy, moment_of: Callable[[Policy | PolicyRule], datetime | None]) -> ColumnElement[datetime]:
    """A moment for each exchange by what applies to it, in SQL; none (which nothing is before) where it has none.

    It says what `terms_for` says, so that exchanges can be looked for; a test holds one to the other.
    """
    general = literal(moment_of(policy), Moment())
    fitting = [(and_(*_fits(rule)), literal(moment_of(rule), Moment())) for rule in policy.rules]
    return case(*fitting, else_=general) if fitting else general


def _fits(rule: PolicyRule) -> Iterator[ColumnElement[bool]]:
    if rule.gift_id is not None:
        yield col(Exchange.gift_id) == rule.gift_id
    if rule.place is not None:
        yield col(Exchange.place) == rule.place


def _ago(at: datetime, wait: timedelta | None) -> datetime | None:
    return None if wait is None else at - wait


@dataclass(frozen=True)
class StatementRow:
    """A line of a statement in words: with whom and what, beside what the ledger says. No exchange: a grant."""

    line: Line
    exchange: Exchange | None
    other: str | None
    is_reversal: bool


def explain(session: Session, party_id: UUID, lines: Sequence[Line]) -> list[StatementRow]:
    """Say what each ledger line was, in two queries for the whole page."""
    ids = [line.entry for line in lines]
    found = session.exec(
        select(Exchange, Credit)
        .join(Credit, col(Credit.exchange_id) == col(Exchange.id))
        .where(or_(col(Credit.entry_id).in_(ids), col(Credit.reversal_entry_id).in_(ids)))
    ).all()
    credited = {credit.entry_id: each for each, credit in found}
    taken_back = {credit.reversal_entry_id: each for each, credit in found}
    others = {each.id: each.receiver_id if each.giver_id == party_id else each.giver_id for each, _ in found}
    called = names(session, others.values())
    rows = []
    for line in lines:
        each = credited.get(line.entry) or taken_back.get(line.entry)
        rows.append(
            StatementRow(
                line=line,
                exchange=each,
                other=called.get(others[each.id]) if each else None,
                is_reversal=line.entry in taken_back,
            )
        )
    return rows


@dataclass(frozen=True)
class GivenAndReceived:
    """What somebody gave and received so far, and to and from how many others. Seconds."""

    given_seconds: int = 0
    received_seconds: int = 0
    given_to: int = 0
    received_from: int = 0


def given_and_received(session: Session, party_id: UUID) -> GivenAndReceived:
    """The two sides of somebody's bar; reversed help does not count."""
    stands = col(Help.reversed_at).is_(None)
    given = session.exec(
        select(func.coalesce(func.sum(Help.seconds), 0), func.count(func.distinct(Help.receiver_id))).where(
            Help.giver_id == party_id, stands
        )
    ).one()
    received = session.exec(
        select(func.coalesce(func.sum(Help.seconds), 0), func.count(func.distinct(Help.giver_id))).where(
            Help.receiver_id == party_id, stands
        )
    ).one()
    return GivenAndReceived(int(given[0]), int(received[0]), given[1], received[1])


def logged_last(session: Session, timebank_id: UUID, party_id: UUID, *, limit: int = 3) -> list[Named]:
    """What somebody's last hours were, each once: the likeliest to be logged again."""
    found = session.exec(
        _named(timebank_id)
        .where(
            or_(col(Exchange.giver_id) == party_id, col(Exchange.receiver_id) == party_id),
            col(Exchange.reported_seconds).is_not(None),
        )
        .order_by(col(Exchange.since).desc(), col(Exchange.id))
        .limit(limit * 6)
    ).all()
    latest = {(each.giver_id, each.receiver_id, each.title): Named(each, *both) for each, *both in reversed(found)}
    return list(reversed(latest.values()))[:limit]


def recent_partners(session: Session, party_id: UUID, *, limit: int = 8) -> list[UUID]:
    """With whom somebody exchanged last, latest first: the likeliest answer to "with whom?"."""
    found = session.exec(
        select(Exchange.giver_id, Exchange.receiver_id)
        .where(or_(col(Exchange.giver_id) == party_id, col(Exchange.receiver_id) == party_id))
        .order_by(col(Exchange.since).desc())
        .limit(limit * 4)
    ).all()
    others = (receiver if giver == party_id else giver for giver, receiver in found)
    return list(dict.fromkeys(others))[:limit]


def done_by_guardians(session: Session, party_id: UUID, *, limit: int = 50) -> Sequence[tuple[Step, str, str]]:
    """What guardians did for somebody last, and they for their wards, newest first: in which exchange, and who."""
    of_them = Guardianship.guardian_id == party_id, col(Guardianship.ended_at).is_(None)
    sides = [party_id, *session.exec(select(Guardianship.ward_id).where(*of_them))]
    return session.exec(
        select(Step, Exchange.title, Party.name)
        .join(Exchange, col(Exchange.id) == col(Step.exchange_id))
        .join(Party, col(Party.id) == col(Step.by_member_id))
        .where(
            col(Exchange.giver_id).in_(sides) | col(Exchange.receiver_id).in_(sides),
            col(Step.for_party_id).in_(sides),
            (col(Step.for_party_id) == party_id) | (col(Step.by_member_id) == party_id),
            Step.authority == Authority.GUARDIAN,
        )
        .order_by(col(Step.at).desc(), col(Step.exchange_id), col(Step.number).desc())
        .limit(limit)
    ).all()
