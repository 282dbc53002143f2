"""Who is meant by a name on paper, what was entered before, and the receipt of what was."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from timebank.exchanges.life import ENDS
from timebank.exchanges.tables import Exchange, State
from timebank.folding import folded
from timebank.keyset import comes_after
from timebank.members.finding import is_called
from timebank.members.queries import takes_part
from timebank.members.tables import Gift, Member, Party, Status
from timebank.network.queries import book_of
from timebank.sheets.rules import MOST_COPIES, Line, NoSuchReceipt, NoSuchSheet, OfASession
from timebank.sheets.tables import EnteredLine, EnteredSheet, PrintedSheet

MOST_LOOKED_FOR = 60
"""So many different names that nobody bears are looked for in others' names; who mistypes more mistyped the file."""
MOST_ALIKE = 8
MOST_FOUND = 5_000
STILL_COUNTS = frozenset(State) - ENDS | {State.CREDITED}


@dataclass(frozen=True)
class Known:
    """Somebody who may be meant by a name. Where two bear it, their area tells them apart."""

    id: UUID
    name: str
    area: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.area})" if self.area else self.name


@dataclass(frozen=True)
class Meant:
    """Who is meant by a name: the one who bears it, or whoever may be."""

    only: Known | None
    alike: Sequence[Known] = ()

    def chosen(self, party_id: UUID | None) -> Known | None:
        """The one that somebody chose among those who may be meant."""
        return self.only or next((each for each in self.alike if each.id == party_id), None)


def meant_by(session: Session, timebank_id: UUID, names: Iterable[str]) -> dict[str, Meant]:
    """By name as it was typed: the one active party that bears it whole, or the only one whose name begins so.

    Otherwise whoever's name holds its words, to choose from.
    """
    asked = {name: folded(name) for name in names}
    bare = {plain.partition(" (")[0] for plain in asked.values()}
    bearing = defaultdict[str, list[Known]](list)
    for folded_name, known in _known(session, timebank_id, col(Party.folded_name).in_(bare)):
        bearing[folded_name].append(known)
        bearing[folded(known.label)].append(known)
    unknown = sorted({plain for plain in asked.values() if not bearing.get(plain)})[:MOST_LOOKED_FOR]
    alike = _alike(session, timebank_id, [plain for plain in unknown if plain])
    return {
        name: _meant(name, _distinct(bearing.get(plain, ())), alike.get(plain, [])) for name, plain in asked.items()
    }


def _meant(name: str, bearing: list[Known], alike: list[Known]) -> Meant:
    beginning = [known for known in alike if is_called(known.name, name)] if not bearing else []
    found = bearing or beginning
    return Meant(found[0]) if len(found) == 1 else Meant(None, (found or alike)[:MOST_ALIKE])


def _distinct(known: Iterable[Known]) -> list[Known]:
    return [*{each.id: each for each in known}.values()]


def _alike(session: Session, timebank_id: UUID, names: Sequence[str]) -> dict[str, list[Known]]:
    """Whoever's name holds all words of one of these, found in one query; nobody, where it would be half the land."""
    if not names:
        return {}
    folded_name = col(Party.folded_name)
    holding = [and_(*(folded_name.contains(word, autoescape=True) for word in name.split()[:6])) for name in names]
    found = _known(session, timebank_id, or_(*holding), limit=MOST_FOUND)
    if len(found) == MOST_FOUND:
        return {}
    return {
        name: [known for plain, known in found if all(word in plain for word in name.split()[:6])] for name in names
    }


def _known(
    session: Session, timebank_id: UUID, which: ColumnElement[bool], *, limit: int | None = None
) -> list[tuple[str, Known]]:
    rows = session.exec(
        select(Party.folded_name, Party.id, Party.name, Member.area)
        .outerjoin(Member, col(Member.id) == col(Party.id))
        .where(*takes_part(timebank_id), Party.status == Status.ACTIVE, which)
        .order_by(col(Party.sort_name), col(Party.id))
        .limit(limit)
    ).all()
    return [(plain, Known(party_id, name, area or "")) for plain, party_id, name, area in rows]


def parties_by_id(session: Session, timebank_id: UUID, party_ids: Iterable[UUID]) -> dict[UUID, Party]:
    """Those of these parties that belong to this timebank."""
    found = session.exec(select(Party).where(Party.timebank_id == timebank_id, col(Party.id).in_(set(party_ids)))).all()
    return {each.id: each for each in found}


def gifts_by_name(session: Session, timebank_id: UUID) -> dict[str, UUID]:
    """The kinds of help known here, by their folded name in either language."""
    found = session.exec(select(Gift).where(Gift.timebank_id == timebank_id)).all()
    return {folded(name): gift.id for gift in found for name in (gift.name_cy, gift.name_en)}


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
