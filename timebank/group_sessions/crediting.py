"""Crediting a group session: one balanced entry as its charging rule plans it, a further one for late additions."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select, update

from ledger import LimitExceeded, Posting
from timebank.exchanges.rules import LimitReached
from timebank.exchanges.tables import Help
from timebank.group_sessions import queries
from timebank.group_sessions.charging import Plan, plan
from timebank.group_sessions.checking_in import close_check_in
from timebank.group_sessions.rules import (
    BeyondWhatWasAgreed,
    EntryIsReversed,
    ForABrokerWithoutPart,
    NoSuchEntry,
    NothingToCredit,
    NotYetBegun,
    PayerHasNotAgreed,
    RegisterHasChanged,
    SessionIsOver,
    counted_seconds,
    has_part,
)
from timebank.group_sessions.tables import Attendance, GroupSession, PayerWord, Presence, SessionEntry, SessionState
from timebank.group_sessions.telling import tell_each
from timebank.members.queries import party
from timebank.members.rules import MemberNotActive, Standing, check_broker
from timebank.members.tables import Party, Status
from timebank.network.queries import book_of, open_day, policy_at, timebank
from timebank.network.rules import day_of

PURPOSE = "session"


def credit(
    session: Session, session_id: UUID, *, broker: Standing, at: datetime, mark: str | None = None
) -> GroupSession:
    """A broker without a part in it credits everybody who came and is not counted yet; they are told.

    The first time this closes the session; afterwards it counts late additions by a further entry. `mark` is that of
    the plan that the broker was shown: if the register has changed since, they look once more. Raises NothingToCredit,
    NobodyToCharge, RegisterHasChanged, PayerHasNotAgreed, BeyondWhatWasAgreed, LimitReached; then nothing is posted.
    """
    held = queries.session_to_change(session, broker.timebank_id, session_id)
    check_broker(broker)
    if held.state is SessionState.CANCELLED:
        raise SessionIsOver
    if held.starts_at > at:
        raise NotYetBegun
    attending = [each.attendance for each in queries.attendances(session, session_id)]
    _check_without_part(held, attending, broker)
    fresh = [each for each in attending if each.presence is Presence.CAME and each.entry_number is None]
    if not fresh:
        raise NothingToCredit
    planned = plan(held.charging, queries.turnout(held, attending), payer_id=held.payer_id)
    if mark is not None and mark != planned.mark:
        raise RegisterHasChanged
    _check_payer(session, held, planned)
    number = len(queries.entries_of(session, session_id)) + 1
    if not planned.is_empty:
        _post(session, held, planned, number=number, broker=broker, at=at)
    for each in fresh:
        each.entry_number = number
    held.state = SessionState.CREDITED
    close_check_in(session, held)
    session.flush()
    counted = {each.party_id: counted_seconds(held, each) for each in fresh}
    tell_each(session, held, counted, "session_credited", at=at)
    return held


def reverse(session: Session, session_id: UUID, number: int, *, note: str, broker: Standing, at: datetime) -> None:
    """A broker takes one entry of a session back, and says why; who was counted by it can be put down anew."""
    held = queries.session_to_change(session, broker.timebank_id, session_id)
    check_broker(broker)
    attending = [each.attendance for each in queries.attendances(session, session_id)]
    _check_without_part(held, attending, broker)
    entry = session.get(SessionEntry, (session_id, number))
    if entry is None:
        raise NoSuchEntry
    if entry.reversed_at is not None:
        raise EntryIsReversed
    policy = policy_at(session, held.timebank_id, at)
    reversal = book_of(session, held.timebank_id).reverse(
        entry.entry_id,
        key=f"{held.id}:take-back:{number}",
        effective_on=day_of(policy, at),
        at=at,
        by=broker.person_id,
        override_by=broker.person_id,
        memo=note,
    )
    entry.reversal_entry_id, entry.reversed_at = reversal.id, at
    session.exec(update(Help).where(col(Help.entry_id) == entry.entry_id).values(reversed_at=at))
    taken_back = [each for each in attending if each.entry_number == number]
    for each in taken_back:
        each.entry_number = None
    counted = {each.party_id: counted_seconds(held, each) for each in taken_back}
    tell_each(session, held, counted, "session_reversed", at=at, note=note)
    session.flush()


def _post(session: Session, held: GroupSession, planned: Plan, *, number: int, broker: Standing, at: datetime) -> None:
    """The entry, and the help behind it."""
    bank, policy = timebank(session, held.timebank_id), policy_at(session, held.timebank_id, at)
    parties = _parties(session, planned)
    legs = [Posting(parties[party_id].account_id, seconds) for party_id, seconds in planned.by_party.items()]
    if planned.pot_seconds:
        legs.append(Posting(bank.pot_account_id, planned.pot_seconds))
    happened_on = open_day(session, bank.id, day_of(policy, held.starts_at))  # late hours count where books are open
    try:
        entry = book_of(session, bank.id).post(
            legs,
            key=f"{held.id}:credit:{number}",
            purpose=PURPOSE,
            effective_on=happened_on,
            at=at,
            by=broker.person_id,
        )
    except LimitExceeded as limit:
        whose = next((each.name for each in parties.values() if each.account_id == limit.account), "")
        raise LimitReached(name=whose, over_seconds=limit.by_seconds) from limit
    session.add(
        SessionEntry(
            session_id=held.id,
            number=number,
            entry_id=entry.id,
            surplus_seconds=planned.surplus_seconds,
            happened_on=happened_on,
            credited_at=at,
            by_member_id=broker.member_id,
        )
    )
    session.add_all(
        Help(
            entry_id=entry.id,
            line=line,
            timebank_id=bank.id,
            giver_id=each.giver_id,
            receiver_id=each.receiver_id,
            seconds=each.seconds,
            happened_on=happened_on,
        )
        for line, each in enumerate(planned.helped, start=1)
    )


def _parties(session: Session, planned: Plan) -> dict[UUID, Party]:
    """Whose accounts the entry touches. Raises MemberNotActive for one who has left: a closed account stays closed."""
    parties = {each.id: each for each in session.exec(select(Party).where(col(Party.id).in_(planned.by_party)))}
    for each in parties.values():
        if each.status is Status.LEFT:
            raise MemberNotActive(name=each.name)
    return parties


def _check_payer(session: Session, held: GroupSession, planned: Plan) -> None:
    """An organisation pays what it has agreed to, and no more."""
    if held.payer_id is None or not (paying := -planned.by_party.get(held.payer_id, 0)):
        return
    payer = party(session, held.timebank_id, held.payer_id)
    if held.payer_word is not PayerWord.AGREED:
        raise PayerHasNotAgreed(name=payer.name)
    if (most := held.payer_most_seconds) is not None:
        over = queries.paid_by_payer(session, held) + paying - most
        if over > 0:
            raise BeyondWhatWasAgreed(name=payer.name, most_seconds=most, over_seconds=over)


def _check_without_part(held: GroupSession, attending: list[Attendance], broker: Standing) -> None:
    if has_part(held, attending, broker):
        raise ForABrokerWithoutPart
