"""Months, quarters and years, and how they are written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.reports.periods import NoSuchPeriod, Period, PeriodKind

days = st.dates(date(1901, 1, 1), date(2198, 12, 31))
kinds = st.sampled_from(PeriodKind)


@pytest.mark.parametrize(
    ("written", "since", "until", "kind"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1), PeriodKind.MONTH),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), PeriodKind.MONTH),
        ("2026-Q3", date(2026, 7, 1), date(2026, 10, 1), PeriodKind.QUARTER),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1), PeriodKind.QUARTER),
        ("2026", date(2026, 1, 1), date(2027, 1, 1), PeriodKind.YEAR),
    ],
)
def test_a_period_is_read_as_it_is_written(written: str, since: date, until: date, kind: PeriodKind) -> None:
    period = Period.parse(written)
    assert period == Period(since, until, kind)
    assert str(period) == written


@pytest.mark.parametrize(
    "written",
    ["", "26", "2026-Q5", "2026-Q0", "2026-13", "2026-00", "2026-1", "1492", "2026-Q3\n", "２０２６", "2026-"],
)
def test_anything_else_is_no_period(written: str) -> None:
    with pytest.raises(NoSuchPeriod):
        Period.parse(written)


def test_the_quarter_before_the_first_is_last_years_fourth() -> None:
    assert str(Period.parse("2026-Q1").previous()) == "2025-Q4"
    assert str(Period.parse("2025-12").following()) == "2026-01"
    assert str(Period.parse("2026").previous()) == "2025"


def test_a_year_has_its_quarters_and_others_only_themselves() -> None:
    assert [str(quarter) for quarter in Period.parse("2026").quarters()] == [f"2026-Q{n}" for n in range(1, 5)]
    assert [str(period) for period in Period.parse("2026-05").quarters()] == ["2026-05"]


def test_a_period_is_over_on_the_day_after_its_last() -> None:
    quarter = Period.parse("2026-Q3")
    assert not quarter.is_over(date(2026, 9, 30))
    assert quarter.is_over(date(2026, 10, 1))


@given(days, kinds)
def test_periods_of_a_kind_follow_one_another_without_a_gap(day: date, kind: PeriodKind) -> None:
    period = Period.containing(day, kind)
    assert period.since <= day < period.until
    assert Period.parse(str(period)) == period
    assert period.following().previous() == period
    assert period.following().since == period.until
    assert period.previous().until == period.since
    assert Period.containing(period.since, kind) == period
