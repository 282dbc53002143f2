"""Printing: every sheet has a number of its own, by which it is known when it comes back filled in."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from timebank.group_sessions.queries import session_to_change
from timebank.group_sessions.rules import check_may_host
from timebank.members.queries import party
from timebank.members.rules import Standing, check_active, check_broker
from timebank.network.queries import timebank_to_change
from timebank.sheets import queries
from timebank.sheets.tables import PrintedSheet


def print_hours(
    session: Session,
    *,
    month: date,
    by: Standing,
    at: datetime,
    party_id: UUID | None = None,
    place: str = "",
    copies: int = 1,
) -> Sequence[PrintedSheet]:
    """A broker prints sheets for the hours of a month: for anybody, for one person, or for a place or a group."""
    check_broker(by)
    if party_id is not None:
        party(session, by.timebank_id, party_id)
    timebank_to_change(session, by.timebank_id)  # of two who print at once, the second waits for its numbers
    last = queries.last_number(session, by.timebank_id)
    sheets = [
        PrintedSheet(
            timebank_id=by.timebank_id,
            number=last + copy,
            month=month.replace(day=1),
            party_id=party_id,
            place=place,
            printed_at=at,
            by_member_id=by.member_id,
        )
        for copy in range(1, copies + 1)
    ]
    session.add_all(sheets)
    session.flush()
    return sheets


def print_session(session: Session, session_id: UUID, *, by: Standing, at: datetime) -> PrintedSheet:
    """The host or a broker prints the sheet on which people sign in to a session; printed again, it is the same one."""
    check_active(by)
    timebank_to_change(session, by.timebank_id)
    check_may_host(session_to_change(session, by.timebank_id, session_id), by)
    if known := queries.sheet_of_session(session, session_id):
        return known
    sheet = PrintedSheet(
        timebank_id=by.timebank_id,
        number=queries.last_number(session, by.timebank_id) + 1,
        session_id=session_id,
        printed_at=at,
        by_member_id=by.member_id,
    )
    session.add(sheet)
    session.flush()
    return sheet
