"""The reciprocity report: what the one page for a funder, an organisation or an auditor says of a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from timebank.members.rules import Standing
from timebank.members.tables import Party
from timebank.network.queries import book_of
from timebank.organisations.queries import organisation
from timebank.reports import queries
from timebank.reports.hours import Hours, Part, SplitCells, added, hours_cells, split_cells
from timebank.reports.measures import active, gave_and_received
from timebank.reports.periods import Period
from timebank.reports.rules import check_may_read
from timebank.reports.suppression import Cell, Hidden, Shown, shown_count, shown_share

FORMULA_VERSION = 1
"""Changes with any formula or rule of suppression, so that two reports can be told apart."""

ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Help between an organisation and the members, and its hours to and from the community pot; in seconds."""

    organisation_id: UUID
    name: str
    members_gave: Cell
    gave_members: Cell
    to_pot: Cell
    from_pot: Cell


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is said of one period. Help is in whole seconds; shares, and the split, are in whole percent."""

    period: Period
    help: Cell
    active_people: Cell
    share_of_members: Cell
    give_and_receive: Cell
    requests_met: Cell
    split: SplitCells
    flow: Flow | None
    late_entries: Cell
    reversed_help: Cell

    @property
    def cells(self) -> list[Cell]:
        """Everything that is printed of this period."""
        flow = self.flow
        return [
            *(self.help, self.active_people, self.share_of_members, self.give_and_receive, self.requests_met),
            *(self.split.direct, self.split.forward, self.split.one_way),
            *((flow.members_gave, flow.gave_members, flow.to_pot, flow.from_pot) if flow else ()),
            *(self.late_entries, self.reversed_help),
        ]


@dataclass(frozen=True, kw_only=True)
class LedgerPlace:
    """Which entries stand behind a report, and whether its hours are theirs, to the second."""

    first_entry: int
    last_entry: int
    digest: bytes
    reconciles: bool


@dataclass(frozen=True, kw_only=True)
class ReciprocityReport:
    """A period, the one before it, and the place in the ledger from which both were taken."""

    timebank_id: UUID
    as_at: datetime
    is_over: bool
    now: Figures
    before: Figures
    ledger: LedgerPlace
    formula_version: int = FORMULA_VERSION

    @property
    def change(self) -> int | None:
        """By how many points the give-and-receive share rose; None where either share is not shown."""
        now, before = self.now.give_and_receive, self.before.give_and_receive
        return now.value - before.value if isinstance(now, Shown) and isinstance(before, Shown) else None

    @property
    def is_suppressed(self) -> bool:
        """Whether anything on the page is hidden because few people are behind it."""
        return any(isinstance(cell, Hidden) for cell in (*self.now.cells, *self.before.cells))


def reciprocity_report(
    session: Session,
    timebank_id: UUID,
    period: Period,
    *,
    by: Standing,
    organisation_id: UUID | None = None,
    at: datetime,
) -> ReciprocityReport:
    """Everything that the one-page report shows, with small numbers hidden.

    Raises NoSuchTimebank, NoSuchMember, ReportsNotForYou, MonthsNotReported, PeriodNotOver.

    On PostgreSQL each query sees what was committed before it. Hours credited between two of them would stand in one
    figure and not in the other, so the report is read again when the ledger moved meanwhile.
    """
    zone = queries.zone_of(session, timebank_id, at)
    today = at.astimezone(zone).date()
    check_may_read(by, timebank_id, period, organisation_id=organisation_id, today=today)
    book = book_of(session, timebank_id)
    source = _Source(
        session=session,
        timebank_id=timebank_id,
        zone=zone,
        organisation=organisation(session, timebank_id, organisation_id)[0] if organisation_id else None,
        organisation_ids=queries.organisation_ids(session, timebank_id),
    )
    for _ in range(ATTEMPTS):
        head = book.head()
        now, before = _figures(source, period), _figures(source, period.previous())
        reconciles = queries.reconciliation(session, timebank_id, period).reconciles
        if book.head() == head:
            break
    return ReciprocityReport(
        timebank_id=timebank_id,
        as_at=at,
        is_over=period.is_over(today),
        now=now,
        before=before,
        ledger=LedgerPlace(first_entry=1, last_entry=head.number, digest=head.hash, reconciles=reconciles),
    )


@dataclass(frozen=True, kw_only=True)
class _Source:
    """Where figures are read from, and for whom."""

    session: Session
    timebank_id: UUID
    zone: ZoneInfo
    organisation: Party | None
    organisation_ids: frozenset[UUID]


def _figures(source: _Source, period: Period) -> Figures:
    """One period, with a fixed number of queries for each of its quarters."""
    asked = source.session, source.timebank_id
    quarters = [
        Hours(quarter, queries.pairs(*asked, quarter), queries.pairs(*asked, quarter, is_reversed=True))
        for quarter in period.quarters()
    ]
    whole = added(quarters, period)
    people = (active(whole.pairs) | active(whole.reversed_pairs)) - source.organisation_ids
    organisation_id = source.organisation.id if source.organisation else None
    hours = hours_cells(
        whole.sums(people, organisation_id), [quarter.sums(people, organisation_id) for quarter in quarters]
    )
    taking_part = len(active(whole.pairs) & people)
    listed = queries.requests(*asked, period, source.zone)
    return Figures(
        period=period,
        help=hours[Part.ALL],
        active_people=shown_count(taking_part),
        share_of_members=shown_share(taking_part, taking_part + queries.quiet_members(*asked, period)),
        give_and_receive=shown_share(len(gave_and_received(whole.pairs) & people), taking_part),
        requests_met=shown_share(listed.met, listed.listed),
        split=split_cells(whole.pairs, people, hours[Part.ALL]),
        flow=_flow(source.organisation, hours) if source.organisation else None,
        late_entries=shown_count(queries.late_entries(*asked, period, source.zone)),
        reversed_help=hours[Part.REVERSED],
    )


def _flow(organisation: Party, hours: Mapping[Part, Cell]) -> Flow:
    """Nothing moves between organisations and the pot yet."""
    return Flow(
        organisation_id=organisation.id,
        name=organisation.name,
        members_gave=hours[Part.TO_ORGANISATION],
        gave_members=hours[Part.BY_ORGANISATION],
        to_pot=Shown(0),
        from_pot=Shown(0),
    )
