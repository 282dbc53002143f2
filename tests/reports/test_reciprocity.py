"""The reciprocity report, with figures that a treasurer could check by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlmodel import Session

from tests.reports.conftest import APRIL, FEBRUARY, HOUR, IN_TIME, WINTER, Season
from timebank.database import unit_of_work
from timebank.listings.tables import Side
from timebank.members.rules import AccessSuspended, NoSuchMember
from timebank.members.tables import Party, Status
from timebank.network.queries import book_of
from timebank.network.rules import NoSuchTimebank
from timebank.reports import queries
from timebank.reports.hours import SplitCells
from timebank.reports.periods import Period
from timebank.reports.rules import MonthsNotReported, PeriodNotOver, ReportsNotForYou
from timebank.reports.suppression import Hidden, Shown, Undefined

BELOW_FIVE, WITHHELD = Hidden(5), Hidden()


def a_winter(season: Season) -> None:
    """A round of six who give 2 h each; three pairs who give each other 1 h; Gwalia gives 1 h to each of five.

    That makes 12 h paid forward, 6 h returned directly and 5 h one-way: 23 h among 17 people, 12 of whom gave and
    received. Eight members took no part: Ana, Ben, Bea, Olwen and four more.
    """
    ring, pairs, helped, _quiet = season.members(6), season.members(6), season.members(5), season.members(4)
    season.round(ring, 2)
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        season.round([one, other])
    for receiver in helped:
        season.helped(season.cast.gwalia, receiver)


def test_a_winter_worked_by_hand(season: Season) -> None:
    a_winter(season)
    now = season.report(organisation_id=season.cast.gwalia).now
    assert now.help == Shown(23 * HOUR)
    assert now.active_people == Shown(17)
    assert now.share_of_members == Shown(68)  # 17 of 25
    assert now.give_and_receive == Shown(71)  # 12 of 17
    assert now.split == SplitCells(Shown(26), Shown(52), Shown(22))  # 6, 12 and 5 of 23
    assert now.flow is not None
    assert now.flow.name == "Gwalia Homes"
    assert now.flow.members_gave == Shown(0)
    assert now.flow.gave_members == Shown(5 * HOUR)
    assert now.requests_met == Undefined()
    assert now.late_entries == Shown(0)
    assert now.reversed_help == Shown(0)


def test_the_report_says_where_in_the_ledger_it_was_taken_and_reconciles(season: Season, session: Session) -> None:
    a_winter(season)
    report = season.report()
    head = book_of(session, season.cast.timebank_id).head()
    assert (report.ledger.first_entry, report.ledger.last_entry) == (1, 17)
    assert report.ledger.digest == head.hash
    assert report.ledger.reconciles
    reconciled = queries.reconciliation(session, season.cast.timebank_id, WINTER)
    assert reconciled.help == reconciled.ledger
    assert (reconciled.ledger.entries, reconciled.ledger.seconds) == (17, 23 * HOUR)


def test_it_says_so_when_help_and_ledger_differ(
    season: Season, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    season.helped(season.cast.ana.member_id, season.cast.ben.member_id)
    monkeypatch.setattr(queries, "SERVICE", "something else")
    assert not season.report().ledger.reconciles
    assert not queries.reconciliation(session, season.cast.timebank_id, WINTER).reconciles


def test_the_period_before_stands_beside_it(season: Season) -> None:
    a_winter(season)
    others = season.members(10)
    in_november = {"on": date(2025, 11, 3), "at": datetime(2025, 11, 30, tzinfo=UTC)}
    season.round(others[:5], **in_november)  # type: ignore[arg-type]
    for giver, receiver in zip(others[:5], others[5:], strict=True):
        season.helped(giver, receiver, **in_november)  # type: ignore[arg-type]
    report = season.report()
    assert str(report.before.period) == "2025-Q4"
    assert report.before.help == Shown(10 * HOUR)
    assert report.before.give_and_receive == Shown(50)
    assert report.change == 21
    assert not report.is_suppressed


def test_another_timebanks_help_is_never_counted(season: Season) -> None:
    a_winter(season)
    cy, bethan = season.cast.cy, season.cast.bethan
    season.helped(cy.member_id, bethan.member_id, 9, by=cy)
    report = season.report()
    assert report.now.help == Shown(23 * HOUR)
    assert report.now.active_people == Shown(17)
    assert report.ledger.reconciles


def test_reversed_help_is_shown_apart(season: Season) -> None:
    a_winter(season)
    twice = [season.helped(giver, season.cast.ana.member_id, 2) for giver in season.members(5)]
    for exchange_id in twice:
        season.reversed(exchange_id)
    report = season.report()
    assert report.now.help == Shown(23 * HOUR)
    assert report.now.active_people == Shown(17)
    assert report.now.reversed_help == WITHHELD  # Ana received all of it
    assert report.ledger.reconciles


def test_reversed_help_of_many_is_shown(season: Season) -> None:
    ring = season.members(6)
    for giver, receiver in zip(ring, [*ring[1:], ring[0]], strict=True):
        season.reversed(season.helped(giver, receiver, 2))
    assert season.report().now.reversed_help == Shown(12 * HOUR)


def test_hours_belong_to_the_day_of_the_help_and_late_ones_are_counted(season: Season) -> None:
    ring = season.members(6)
    season.round(ring, on=date(2026, 3, 31), at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC))  # 23:59 in summer time
    season.round(ring, on=date(2026, 3, 31), at=datetime(2026, 3, 31, 23, 0, tzinfo=UTC))  # midnight
    season.round(ring, on=date(2026, 4, 1), at=APRIL)
    report = season.report()
    assert report.now.help == Shown(12 * HOUR)
    assert report.now.late_entries == Shown(6)
    assert season.report(WINTER.following()).before.late_entries == Shown(6)


def test_a_single_late_entry_is_below_five(season: Season) -> None:
    a_winter(season)
    season.helped(season.cast.ana.member_id, season.cast.ben.member_id, at=APRIL)
    assert season.report().now.late_entries == BELOW_FIVE


def test_requests_are_met_when_they_led_to_credited_hours(season: Season) -> None:
    members = season.members(12)
    asked = [season.asked(member) for member in members[:10]]
    for request, giver, receiver in zip(asked[:6], members[6:12], members[:6], strict=True):
        season.helped(giver, receiver, answering=request)
    taken_back = season.helped(members[1], members[9], answering=asked[9])
    season.reversed(taken_back)
    season.asked(members[0], side=Side.OFFER)
    season.asked(members[0], at=datetime(2026, 3, 31, 23, 30, tzinfo=UTC))  # already April there
    assert queries.requests(
        season.session, season.cast.timebank_id, WINTER, queries.zone_of(season.session, season.cast.timebank_id, APRIL)
    ) == queries.Requests(listed=10, met=6)
    assert season.report().now.requests_met == WITHHELD  # the other four would be counted
    for request, giver, receiver in zip(asked[6:], members[:4], members[6:10], strict=True):
        season.helped(giver, receiver, answering=request)
    assert season.report().now.requests_met == Shown(100)


def test_four_people_are_not_described(season: Season) -> None:
    ana, ben, bea, olwen = (
        standing.member_id for standing in (season.cast.ana, season.cast.ben, season.cast.bea, season.cast.olwen)
    )
    season.round([ana, ben, bea, olwen], 2)
    report = season.report()
    assert report.now.help == WITHHELD
    assert report.now.active_people == BELOW_FIVE
    assert report.now.share_of_members == WITHHELD
    assert report.now.give_and_receive == WITHHELD
    assert report.now.split == SplitCells(WITHHELD, WITHHELD, WITHHELD)
    assert report.is_suppressed
    assert report.change is None


def test_one_persons_hours_are_not_given_away_by_the_sum(season: Season) -> None:
    """Ana received 9 of 10 hours: who reads 10 knows hers."""
    season.round(season.members(4), 0.25)
    for giver in season.members(3):
        season.helped(giver, season.cast.ana.member_id, 3)
    report = season.report()
    assert report.now.active_people == Shown(8)
    assert report.now.help == WITHHELD
    assert report.now.split == SplitCells(WITHHELD, WITHHELD, WITHHELD)


def test_two_who_help_each_other_are_hidden_in_the_split_with_the_nearest_part(season: Season) -> None:
    season.round(season.members(8), 2)
    season.round([season.cast.ana.member_id, season.cast.ben.member_id], 1)
    assert season.report().now.split == SplitCells(WITHHELD, WITHHELD, Shown(0))


def test_an_organisations_flow_is_hidden_where_the_rest_is_two_people(season: Season) -> None:
    """Six gave Gwalia 2 h each, Gwalia gave back 1 h each; Ana and Ben are the rest of the total."""
    gwalia = season.cast.gwalia
    for member in season.members(6):
        season.helped(member, gwalia, 2)
        season.helped(gwalia, member, 1)
    everything = season.report(organisation_id=gwalia).now
    assert everything.help == Shown(18 * HOUR)
    assert everything.flow is not None
    assert (everything.flow.members_gave, everything.flow.gave_members) == (Shown(12 * HOUR), Shown(6 * HOUR))
    season.helped(season.cast.ana.member_id, season.cast.ben.member_id, 1)
    with_others = season.report(organisation_id=gwalia).now
    assert with_others.help == Shown(19 * HOUR)
    assert with_others.flow is not None
    assert (with_others.flow.members_gave, with_others.flow.gave_members) == (Shown(12 * HOUR), WITHHELD)


def test_help_between_organisations_is_help_but_not_the_members(season: Season) -> None:
    gwalia, tai_tawe = season.cast.gwalia, season.organisation()
    season.round(season.members(6))
    season.helped(tai_tawe, gwalia, 2)
    now = season.report(organisation_id=gwalia).now
    assert now.active_people == Shown(6)
    assert now.help == Shown(8 * HOUR)
    assert now.flow is not None
    assert now.flow.members_gave == Shown(0)


def test_a_year_does_not_give_a_hidden_quarter_away(season: Season) -> None:
    ring = season.members(8)
    for month, members in ((2, ring), (5, ring), (8, ring[:3]), (11, ring)):
        season.round(members, on=date(2025, month, 3), at=datetime(2025, month, 20, tzinfo=UTC))
    assert season.report(Period.parse("2025-Q2")).now.help == Shown(8 * HOUR)
    assert season.report(Period.parse("2025-Q3")).now.help == WITHHELD
    year = season.report(Period.parse("2025")).now
    assert year.active_people == Shown(8)
    assert year.help == WITHHELD  # 27 h less three times 8 h


def test_a_year_is_shown_where_two_hidden_quarters_hide_each_other(season: Season) -> None:
    ring = season.members(8)
    for month, members in ((2, ring), (5, ring[:2]), (8, ring[:3]), (11, ring)):
        season.round(members, on=date(2025, month, 3), at=datetime(2025, month, 20, tzinfo=UTC))
    assert season.report(Period.parse("2025")).now.help == Shown(21 * HOUR)


def test_membership_is_that_of_the_period(season: Season, session: Session) -> None:
    """Whoever joined later, or has left and took no part, is no member then; whoever left and took part is."""
    a_winter(season)
    season.members(3, at=APRIL)
    left_quietly, left_after_helping = season.members(2)
    season.helped(left_after_helping, season.cast.ana.member_id)
    with unit_of_work(session):
        for member_id in (left_quietly, left_after_helping):
            session.get_one(Party, member_id).status = Status.LEFT
    assert queries.quiet_members(session, season.cast.timebank_id, WINTER) == 7
    now = season.report().now
    assert now.active_people == Shown(19)
    assert now.share_of_members == Shown(73)  # 19 of 26


# Who may read it


def test_an_auditor_and_a_delegate_read_what_the_broker_reads(season: Season) -> None:
    a_winter(season)
    gwalia = season.cast.gwalia
    for_bea = season.report(organisation_id=gwalia)
    assert season.report(by=season.cast.awen, organisation_id=gwalia) == for_bea
    assert season.report(by=season.cast.dewi, organisation_id=gwalia) == for_bea


def test_a_plain_member_does_not_read_it(season: Season) -> None:
    for organisation_id in (None, season.cast.gwalia):
        with pytest.raises(ReportsNotForYou):
            season.report(by=season.cast.ana, organisation_id=organisation_id)


def test_a_delegate_does_not_read_another_organisations(season: Season) -> None:
    for organisation_id in (None, season.organisation()):
        with pytest.raises(ReportsNotForYou):
            season.report(by=season.cast.dewi, organisation_id=organisation_id)


def test_a_delegate_reads_no_months_no_running_year_and_nothing_to_come(season: Season) -> None:
    for written, refusal in (("2026-02", MonthsNotReported), ("2026-Q3", PeriodNotOver), ("2026", PeriodNotOver)):
        with pytest.raises(refusal):
            season.report(Period.parse(written), by=season.cast.dewi, organisation_id=season.cast.gwalia)
        season.report(Period.parse(written))


def test_a_quarter_is_over_at_midnight_where_the_timebank_is(season: Season) -> None:
    asked = {"by": season.cast.dewi, "organisation_id": season.cast.gwalia}
    assert not season.report(at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC), **asked).is_over  # type: ignore[arg-type]
    assert season.report(at=datetime(2026, 3, 31, 23, 0, tzinfo=UTC), **asked).is_over  # type: ignore[arg-type]


def test_for_a_stranger_the_timebank_does_not_exist(season: Season) -> None:
    for stranger in (season.cast.bethan, season.cast.cy):
        with pytest.raises(NoSuchTimebank):
            season.report(by=stranger)


def test_whose_membership_is_paused_reads_nothing(season: Season) -> None:
    with pytest.raises(AccessSuspended):
        season.report(by=replace(season.cast.bea, status=Status.SUSPENDED))


def test_a_member_is_no_organisation(season: Season) -> None:
    with pytest.raises(NoSuchMember):
        season.report(organisation_id=season.cast.ana.member_id)


# What it costs


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize(("written", "most"), [("2026-Q1", 25), ("2025", 40)])
def test_it_makes_as_many_queries_for_forty_members_as_for_none(season: Season, written: str, most: int) -> None:
    period = Period.parse(written)
    with counted(season.session) as for_none:
        season.report(period, organisation_id=season.cast.gwalia)
    members: list[UUID] = season.members(40)
    season.round(members, on=FEBRUARY, at=IN_TIME)
    season.round(members, on=date(2025, 6, 1), at=datetime(2025, 6, 2, tzinfo=UTC))
    with counted(season.session) as for_forty:
        season.report(period, organisation_id=season.cast.gwalia)
    assert len(for_forty) == len(for_none) <= most
