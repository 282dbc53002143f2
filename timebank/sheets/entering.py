"""Entering what stands on paper or in a file: every line is looked at, and then all are posted at once, or none.

A line goes the way on which the ordinary actions would take it, by the same rules; only that what they would ask and
write line by line is asked and written here for all lines together.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.errors import Refusal
from timebank.exchanges.rules import ForAnotherBroker, WithThemselves, check_happened_on
from timebank.members.rules import NoSuchMember, Standing, check_broker, check_take_part
from timebank.members.tables import Party
from timebank.network.queries import policy_at, timebank_to_change
from timebank.network.rules import check_hours, day_of
from timebank.network.tables import Policy
from timebank.sheets import posting, queries
from timebank.sheets.rules import (
    MOST_LINES,
    EnteredBefore,
    Line,
    LinesRefused,
    LoggedAlready,
    NothingEntered,
    Outcome,
    Repeats,
    Sheet,
    TooManyLines,
    TwiceOnSheet,
    digest_of,
)
from timebank.sheets.tables import EnteredLine, EnteredSheet


def enter(
    session: Session, lines: Sequence[Line], *, sheet: Sheet, by: Standing, at: datetime, submission: UUID
) -> EnteredSheet:
    """A broker enters a sheet's lines: all are posted, or none. The same form sent twice posts them once.

    Two brokers who enter one sheet at once meet at the timebank's row; the second is told that it was entered.
    Raises EnteredBefore, NothingEntered, TooManyLines, or LinesRefused, which says by line why.
    """
    check_broker(by)
    timebank_to_change(session, by.timebank_id)
    if sent := queries.sent_before(session, by.member_id, submission):
        return sent
    digest = sheet.digest or digest_of(lines)
    before = queries.entered_before(session, by.timebank_id, printed_id=sheet.printed_id, digest=digest)
    if before is not None and not sheet.is_more:
        raise EnteredBefore(name=before.name, entered_at=before.entered.entered_at)
    policy = policy_at(session, by.timebank_id, at)
    parties = _parties(session, lines, by)
    refused = _refused(session, lines, parties, sheet=sheet, policy=policy, by=by, at=at)
    passed_over = {line.number for line in lines if (why := refused.get(line.number)) and sheet.leaves_out(line, why)}
    if barred := {number: why for number, why in refused.items() if number not in passed_over}:
        raise LinesRefused(barred)
    kept = _kept(lines, refused)
    if not kept:
        raise NothingEntered
    is_same_sheet = before is not None and before.entered.printed_id == sheet.printed_id
    entered = EnteredSheet(
        timebank_id=by.timebank_id,
        printed_id=sheet.printed_id,
        part=before.entered.part + 1 if before is not None and is_same_sheet else 1,
        source=sheet.source,
        signed=sheet.signed,
        file_name=sheet.file_name,
        digest=digest,
        entered_at=at,
        by_member_id=by.member_id,
        submission=submission,
    )
    session.add(entered)
    outcomes = posting.post(session, kept, parties, sheet=sheet, policy=policy, by=by, at=at)
    session.add_all(
        EnteredLine(entered_id=entered.id, number=each.number, exchange_id=each.exchange_id) for each in outcomes
    )
    session.flush()
    return entered


def look(
    session: Session, lines: Sequence[Line], *, sheet: Sheet, by: Standing, at: datetime
) -> tuple[dict[int, Outcome], dict[int, Refusal]]:
    """What would become of each line: those that can be posted are, in a savepoint, and taken back at once.

    So what is shown is what the ledger itself answers, with everybody's limits as the lines before have left them.
    """
    check_broker(by)
    policy = policy_at(session, by.timebank_id, at)
    parties = _parties(session, lines, by)
    refused = _refused(session, lines, parties, sheet=sheet, policy=policy, by=by, at=at)
    trial = session.begin_nested()
    try:
        kept = _kept(lines, refused)
        outcomes = posting.post(session, kept, parties, sheet=sheet, policy=policy, by=by, at=at) if kept else []
    finally:
        trial.rollback()
    return {each.number: each for each in outcomes}, refused


def _parties(session: Session, lines: Sequence[Line], by: Standing) -> dict[UUID, Party]:
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    both = {party_id for line in lines for party_id in (line.giver_id, line.receiver_id)}
    return queries.parties_by_id(session, by.timebank_id, both)


def _kept(lines: Sequence[Line], refused: Mapping[int, Refusal]) -> list[Line]:
    return [line for line in lines if line.number not in refused]


def _refused(
    session: Session,
    lines: Sequence[Line],
    parties: Mapping[UUID, Party],
    *,
    sheet: Sheet,
    policy: Policy,
    by: Standing,
    at: datetime,
) -> dict[int, Refusal]:
    """By line: why it cannot be posted. What the ordinary actions ask of one line is asked of each."""
    alike = queries.logged_alike(session, by.timebank_id, lines)
    refused: dict[int, Refusal] = {}
    seen: dict[object, int] = {}
    for line in lines:
        try:
            _check(line, parties, policy=policy, by=by, at=at)
            if sheet.repeats_on(line) is not Repeats.COUNT:
                if known := alike.get(line.likeness):
                    raise LoggedAlready(known.id, known.title)
                if line.likeness in seen:
                    raise TwiceOnSheet(number=seen[line.likeness])
            seen.setdefault(line.likeness, line.number)
        except Refusal as why:
            refused[line.number] = why
    return refused


def _check(line: Line, parties: Mapping[UUID, Party], *, policy: Policy, by: Standing, at: datetime) -> None:
    """As for hours that are logged one by one. A broker leaves what they are part of to another."""
    if line.giver_id == line.receiver_id:
        raise WithThemselves(field="receiver")
    giver, receiver = parties.get(line.giver_id), parties.get(line.receiver_id)
    if giver is None or receiver is None:
        raise NoSuchMember(field="giver" if giver is None else "receiver")
    if by.stakes & {line.giver_id, line.receiver_id}:
        raise ForAnotherBroker
    check_take_part(giver, receiver)
    check_hours(policy, line.seconds)
    check_happened_on(line.happened_on, today=day_of(policy, at), both=(giver, receiver))
