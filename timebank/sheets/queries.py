"""Sheets that were printed, what was entered before, and the receipt of what was."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from timebank.exchanges.life import ENDS
from timebank.exchanges.tables import Exchange, State
from timebank.folding import folded
from timebank.keyset import comes_after
from timebank.members.tables import Party
from timebank.network.queries import book_of
from timebank.sheets.rules import MOST_COPIES, Line, NoSuchReceipt, NoSuchSheet, OfASession
from timebank.sheets.tables import EnteredLine, EnteredSheet, PrintedSheet

STILL_COUNTS = frozenset(State) - ENDS | {State.CREDITED}


def parties_by_id(session: Session, timebank_id: UUID, party_ids: Iterable[UUID]) -> dict[UUID, Party]:
    """Those of these parties that belong to this timebank."""
    found = session.exec(select(Party).where(Party.timebank_id == timebank_id, col(Party.id).in_(set(party_ids)))).all()
    return {each.id: each for each in found}


def logged_alike(
    session: Session, timebank_id: UUID, lines: Sequence[Line]
) -> dict[tuple[UUID, UUID, date, int], Exchange]:
    """Exchanges that may be the same hours as one of these lines: the same two, the same day, as long."""
    if not lines:
        return {}
    days = [line.happened_on for line in lines]
    found = session.exec(
        select(Exchange).where(
            Exchange.timebank_id == timebank_id,
            col(Exchange.happened_on).between(min(days), max(days)),
            col(Exchange.giver_id).in_({line.giver_id for line in lines}),
            col(Exchange.receiver_id).in_({line.receiver_id for line in lines}),
            col(Exchange.state).in_(STILL_COUNTS),
        )
    ).all()
    wanted = {line.likeness for line in lines}
    alike = {}
    for each in found:
        assert each.happened_on is not None  # noqa: S101 - the query asked for it
        likeness = (each.giver_id, each.receiver_id, each.happened_on, each.reported_seconds or 0)
        if likeness in wanted:
            alike[likeness] = each
    return alike


def printed(session: Session, timebank_id: UUID, number: int) -> PrintedSheet:
    """The hours sheet that bears a number. Raises NoSuchSheet, or OfASession."""
    found = session.exec(
        select(PrintedSheet).where(PrintedSheet.timebank_id == timebank_id, PrintedSheet.number == number)
    ).one_or_none()
    if found is None:
        raise NoSuchSheet
    if found.session_id is not None:
        raise OfASession
    return found


def printed_between(
    session: Session, timebank_id: UUID, first: int, last: int
) -> Sequence[tuple[PrintedSheet, str | None]]:
    """Sheets by their numbers, each with the name of whom it is for, if it is for somebody."""
    found = session.exec(
        select(PrintedSheet, Party.name)
        .outerjoin(Party, col(Party.id) == col(PrintedSheet.party_id))
        .where(PrintedSheet.timebank_id == timebank_id, col(PrintedSheet.number).between(first, last))
        .order_by(col(PrintedSheet.number))
        .limit(MOST_COPIES)
    ).all()
    return [(sheet, name) for sheet, name in found]


def sheet_of_session(session: Session, session_id: UUID) -> PrintedSheet | None:
    return session.exec(select(PrintedSheet).where(PrintedSheet.session_id == session_id)).one_or_none()


def last_number(session: Session, timebank_id: UUID) -> int:
    """The highest number that a sheet of this timebank bears; 0 if none was printed."""
    highest = select(func.max(PrintedSheet.number)).where(PrintedSheet.timebank_id == timebank_id)
    return session.exec(highest).one() or 0


@dataclass(frozen=True)
class Before:
    """Lines of a sheet or a file that were posted before."""

    entered: EnteredSheet
    name: str


def entered_before(session: Session, timebank_id: UUID, *, printed_id: UUID | None, digest: str) -> Before | None:
    """The last posting of the same sheet, or of the very same file or lines."""
    same = col(EnteredSheet.digest) == digest
    found = session.exec(
        select(EnteredSheet, Party.name)
        .join(Party, col(Party.id) == col(EnteredSheet.by_member_id))
        .where(
            EnteredSheet.timebank_id == timebank_id,
            or_(same, col(EnteredSheet.printed_id) == printed_id) if printed_id else same,
        )
        .order_by(col(EnteredSheet.entered_at).desc(), col(EnteredSheet.part).desc())
        .limit(1)
    ).first()
    return Before(*found) if found else None


def sent_before(session: Session, by_member_id: UUID, submission: UUID) -> EnteredSheet | None:
    """What this very form has posted already."""
    return session.exec(
        select(EnteredSheet).where(EnteredSheet.by_member_id == by_member_id, EnteredSheet.submission == submission)
    ).one_or_none()


@dataclass(frozen=True)
class ReceiptLine:
    """A line with its exchange as it stands now, the names of both, and its place in the ledger."""

    number: int
    exchange: Exchange
    giver: str
    receiver: str
    entry_number: int | None


@dataclass(frozen=True)
class Receipt:
    """What was posted, by whom and when, and what has become of it since."""

    entered: EnteredSheet
    printed: PrintedSheet | None
    by: str
    lines: list[ReceiptLine]

    @property
    def seconds(self) -> int:
        return sum(line.exchange.reported_seconds or 0 for line in self.lines)

    @property
    def given(self) -> list[tuple[str, int]]:
        """By giver: how much they gave, by the lines."""
        return _sums((line.exchange.giver_id, line.giver, line.exchange) for line in self.lines)

    @property
    def received(self) -> list[tuple[str, int]]:
        return _sums((line.exchange.receiver_id, line.receiver, line.exchange) for line in self.lines)


def _sums(parts: Iterable[tuple[UUID, str, Exchange]]) -> list[tuple[str, int]]:
    names, sums = {}, defaultdict[UUID, int](int)
    for party_id, name, exchange in parts:
        names[party_id] = name
        sums[party_id] += exchange.reported_seconds or 0
    return sorted(((names[party_id], seconds) for party_id, seconds in sums.items()), key=lambda sum_: folded(sum_[0]))


def receipt(session: Session, timebank_id: UUID, entered_id: UUID) -> Receipt:
    """The receipt of what was posted at once. Raises NoSuchReceipt."""
    found = session.exec(
        select(EnteredSheet, Party.name, PrintedSheet)
        .join(Party, col(Party.id) == col(EnteredSheet.by_member_id))
        .outerjoin(PrintedSheet, col(PrintedSheet.id) == col(EnteredSheet.printed_id))
        .where(EnteredSheet.id == entered_id, EnteredSheet.timebank_id == timebank_id)
    ).one_or_none()
    if found is None:
        raise NoSuchReceipt
    entered, by, printed_sheet = found
    rows = session.exec(
        select(EnteredLine.number, Exchange)
        .join(Exchange, col(Exchange.id) == col(EnteredLine.exchange_id))
        .where(EnteredLine.entered_id == entered_id)
        .order_by(col(EnteredLine.number))
    ).all()
    parties = parties_by_id(
        session, timebank_id, {id_ for _, each in rows for id_ in (each.giver_id, each.receiver_id)}
    )
    entries = book_of(session, timebank_id).entries([each.entry_id for _, each in rows if each.entry_id])
    return Receipt(
        entered=entered,
        printed=printed_sheet,
        by=by,
        lines=[
            ReceiptLine(
                number=number,
                exchange=each,
                giver=parties[each.giver_id].name,
                receiver=parties[each.receiver_id].name,
                entry_number=entries[each.entry_id].number if each.entry_id else None,
            )
            for number, each in rows
        ],
    )


Place = tuple[datetime, UUID]


def entered_sheets(
    session: Session, timebank_id: UUID, *, after: Place | None = None, limit: int = 30
) -> tuple[list[tuple[EnteredSheet, str, int | None]], Place | None]:
    """What was entered, the latest first, with who did it and the number of its paper; one page from a place on."""
    rows = (
        select(EnteredSheet, Party.name, PrintedSheet.number)
        .join(Party, col(Party.id) == col(EnteredSheet.by_member_id))
        .outerjoin(PrintedSheet, col(PrintedSheet.id) == col(EnteredSheet.printed_id))
        .where(EnteredSheet.timebank_id == timebank_id)
        .order_by(col(EnteredSheet.entered_at).desc(), col(EnteredSheet.id).desc())
        .limit(limit + 1)
    )
    if after is not None:
        rows = rows.where(comes_after(after, EnteredSheet.entered_at, EnteredSheet.id, newest_first=True))
    found = session.exec(rows).all()
    page: list[tuple[EnteredSheet, str, int | None]] = [
        (entered, name, number) for entered, name, number in found[:limit]
    ]
    last = page[-1][0] if len(found) > limit else None
    return page, (last.entered_at, last.id) if last else None
