"""Logging hours, confirming them, and disagreeing about them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import Session

from timebank.exchanges import crediting, queries
from timebank.exchanges.agreeing import Between, check_between
from timebank.exchanges.life import (
    approval_is_beforehand,
    confirmed_by_silence,
    terms_for,
    time_has_run_out,
    waits_for_nobody,
    words_suffice,
)
from timebank.exchanges.rules import LimitReached, NothingNew, check_happened_on, other_than, parties_of
from timebank.exchanges.steps import Turn, drop_suggestion, first_turn, house_turn, locked, take, turn
from timebank.exchanges.tables import Exchange, State, Verb
from timebank.exchanges.telling import tell_other, tell_parties
from timebank.members.apart import check_may_meet
from timebank.members.queries import check_gift, lock_parties, party_to_change
from timebank.members.rules import Guarded, Standing
from timebank.network.queries import policy_at
from timebank.network.rules import NOTHING_EXTRA, Extra, check_hours, counted, day_of
from timebank.network.tables import Approval, Place, Policy


def log(
    session: Session,
    *,
    between: Between,
    title: str,
    seconds: int,
    happened_on: date,
    by: Standing,
    at: datetime,
    submission: UUID,
    note: str = "",
    gift_id: UUID | None = None,
    place: Place | None = None,
    extra: Extra = NOTHING_EXTRA,
) -> Exchange:
    """Somebody logs hours that nothing was written down for before; the same form sent twice logs them once."""
    party_to_change(session, by.timebank_id, between.proposer_id)  # the same form sent twice at once waits here
    if sent := queries.sent_before(session, between.proposer_id, submission):
        return sent
    both = check_between(session, between, by=by, act=Guarded.LOG)
    if between.proposer_id in by.sides:  # where one blocked the other, a broker logs what did happen
        check_may_meet(session, between.proposer_id, between.asked_id)
    check_gift(session, by.timebank_id, gift_id)
    policy = policy_at(session, by.timebank_id, at)
    _check_counted(policy, seconds, extra)
    check_happened_on(happened_on, today=day_of(policy, at), both=both)
    exchange = Exchange(
        timebank_id=by.timebank_id,
        giver_id=between.giver_id,
        receiver_id=between.receiver_id,
        proposer_id=between.proposer_id,
        gift_id=gift_id,
        title=title,
        place=place,
        state=State.REPORTED,
        since=at,
        begun_at=at,
        submission=submission,
    )
    exchange.is_unapproved = approval_is_beforehand(exchange, policy)
    made = first_turn(session, exchange, Verb.REPORT, policy=policy, by=by, for_party=between.proposer_id, at=at)
    return _report(made, seconds=seconds, extra=extra, happened_on=happened_on, note=note)


def log_several(session: Session, *, between: Sequence[Between], submission: UUID, **said: Any) -> list[Exchange]:
    """The same hours with each of several others, as exchanges that they confirm by themselves: all are logged or none.

    What is said is what `log` takes. The same form sent twice logs each of them once. All parties are locked at first,
    in one order and before the book: where two logs with the same people cross, each would else hold what the other
    waits for.
    """
    if len(between) > 1:
        everybody = {party for each in between for party in (each.giver_id, each.receiver_id)}
        lock_parties(session, said["by"].timebank_id, everybody)
    first = between[0].asked_id
    numbers = {
        each.asked_id: submission if each.asked_id == first else uuid5(submission, f"{each.asked_id}")
        for each in between
    }
    return [log(session, between=each, submission=numbers[each.asked_id], **said) for each in between]


def report(
    session: Session,
    exchange_id: UUID,
    *,
    seconds: int,
    happened_on: date,
    by: Standing,
    at: datetime,
    place: Place | None = None,
    extra: Extra = NOTHING_EXTRA,
    note: str = "",
    for_party: UUID | None = None,
) -> Exchange:
    """One of the two logs the hours of what was agreed."""
    made = turn(session, exchange_id, Verb.REPORT, by=by, at=at, for_party=for_party)
    exchange = made.exchange
    _check_report(made, seconds=seconds, extra=extra, happened_on=happened_on)
    exchange.is_unapproved = approval_is_beforehand(exchange, made.policy) and exchange.state is not State.APPROVED
    _take_place(made, place)
    drop_suggestion(exchange)
    return _report(made, seconds=seconds, extra=extra, happened_on=happened_on, note=note)


def correct(
    session: Session,
    exchange_id: UUID,
    *,
    seconds: int,
    happened_on: date,
    by: Standing,
    at: datetime,
    place: Place | None = None,
    extra: Extra = NOTHING_EXTRA,
    note: str = "",
    for_party: UUID | None = None,
) -> Exchange:
    """One of the two says how long it was, when or where. It is their log from then on, and the other's to answer."""
    made = turn(session, exchange_id, Verb.CORRECT, by=by, at=at, for_party=for_party)
    exchange = made.exchange
    _check_report(made, seconds=seconds, extra=extra, happened_on=happened_on)
    before = exchange.reported_seconds, exchange.happened_on, exchange.place
    _take_place(made, place)
    if (counted(made.policy, seconds, extra), happened_on, exchange.place) == before:
        raise NothingNew
    exchange.corrections += 1
    exchange.has_giver_word = exchange.has_receiver_word = False
    return _report(made, seconds=seconds, extra=extra, happened_on=happened_on, note=note)


def confirm(
    session: Session, exchange_id: UUID, *, by: Standing, at: datetime, note: str = "", for_party: UUID | None = None
) -> Exchange:
    """The other of the two says that the hours are right; where nobody else has to look, they are credited at once."""
    made = turn(session, exchange_id, Verb.CONFIRM, by=by, at=at, for_party=for_party)
    give_word(made.exchange, made.for_party)
    take(made, seconds=made.exchange.reported_seconds, note=note)
    return _go_on(made)


def confirm_overdue(session: Session, exchange_id: UUID, *, at: datetime) -> Exchange | None:
    """The policy takes silence for consent: hours that have waited too long are confirmed. None if they moved on."""
    exchange = locked(session, exchange_id)
    until = confirmed_by_silence(exchange, policy_at(session, exchange.timebank_id, at))
    if until is None or at < until:
        return None
    made = house_turn(session, exchange, Verb.CONFIRM, because=time_has_run_out, at=at)
    if made is None:
        return None
    take(made, seconds=exchange.reported_seconds)
    return _go_on(made)


def dispute(
    session: Session,
    exchange_id: UUID,
    *,
    by: Standing,
    at: datetime,
    note: str,
    seconds: int | None = None,
    for_party: UUID | None = None,
) -> Exchange:
    """The other of the two disagrees, and says how long it was to them; a broker will help."""
    made = turn(session, exchange_id, Verb.DISPUTE, by=by, at=at, for_party=for_party)
    if seconds is not None:
        check_hours(made.policy, seconds)
    made.exchange.awaited_id = made.for_party
    take(made, seconds=seconds, note=note)
    tell_other(made, "disputed", note=note)
    return made.exchange


def _take_place(made: Turn, place: Place | None) -> None:
    """It was there, if somebody says so. Nobody gets by themselves under another rule than applied before.

    What was approved was not approved for that place, and the other is asked, whatever the rule there says.
    """
    exchange, before = made.exchange, terms_for(made.exchange, made.policy)
    exchange.place = place or exchange.place
    after = terms_for(exchange, made.policy)
    if after is not before and made.for_party is not None:
        is_looked_at = before.approval is not Approval.NONE or after.approval is Approval.BEFOREHAND
        exchange.is_unapproved = exchange.is_unapproved or is_looked_at
        exchange.awaited_id = other_than(exchange, made.for_party)


def _check_counted(policy: Policy, seconds: int, extra: Extra) -> None:
    check_hours(policy, seconds)
    check_hours(policy, counted(policy, seconds, extra))


def _check_report(made: Turn, *, seconds: int, extra: Extra, happened_on: date) -> None:
    _check_counted(made.policy, seconds, extra)
    check_happened_on(happened_on, today=day_of(made.policy, made.at), both=crediting.both(made))


def _report(made: Turn, *, seconds: int, extra: Extra, happened_on: date, note: str) -> Exchange:
    exchange, total = made.exchange, counted(made.policy, seconds, extra)
    put_down(made, seconds=total, happened_on=happened_on)
    if extra:
        exchange.service_seconds = seconds
        exchange.travel_seconds, exchange.preparation_seconds = extra.travel_seconds, extra.preparation_seconds
    if exchange.awaited_id == made.for_party:
        exchange.awaited_id = None
    take(made, seconds=total, happened_on=happened_on, note=note)
    enough = house_turn(made.session, exchange, Verb.CONFIRM, because=words_suffice, at=made.at, after=made)
    if enough is None or exchange.awaited_id is not None:
        tell_other(made, "corrected" if made.move.verb is Verb.CORRECT else "reported", note=note)
        return exchange
    take(enough, seconds=total)
    return _go_on(enough)


def put_down(made: Turn, *, seconds: int, happened_on: date) -> None:
    """What a report says of an exchange, and the word of whoever reports. Nothing is stored."""
    exchange = made.exchange
    exchange.reported_seconds, exchange.happened_on = seconds, happened_on
    exchange.service_seconds = exchange.travel_seconds = exchange.preparation_seconds = None
    exchange.reporter_id = made.for_party
    exchange.is_one_handed = made.by is not None and parties_of(exchange) <= made.by.sides
    give_word(exchange, made.for_party)


def give_word(exchange: Exchange, party_id: UUID | None) -> None:
    exchange.has_giver_word = exchange.has_giver_word or party_id == exchange.giver_id
    exchange.has_receiver_word = exchange.has_receiver_word or party_id == exchange.receiver_id


def _go_on(confirmed: Turn) -> Exchange:
    """Credit confirmed hours, or leave them for a broker: because the policy says so, or because of a limit."""
    exchange = confirmed.exchange
    made = house_turn(
        confirmed.session, exchange, Verb.CREDIT, because=waits_for_nobody, at=confirmed.at, after=confirmed
    )
    if made is None:
        tell_parties(confirmed, "confirmed")
        return exchange
    assert exchange.reported_seconds is not None  # noqa: S101 - confirmed hours were reported
    try:
        crediting.credit(made, seconds=exchange.reported_seconds)
    except LimitReached:
        exchange.waits_for_limit = True
        confirmed.session.add(exchange)
        confirmed.session.flush()
        tell_parties(confirmed, "confirmed")
        return exchange
    take(made, seconds=exchange.reported_seconds)
    tell_parties(made, "credited")
    return exchange
