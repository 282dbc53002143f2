"""Periods with fixed boundaries: calendar months, quarters and years.

There are no others, because two periods that overlap by choice would give away the days in between.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from timebank.errors import NotFound
from timebank.language import N_

_WRITTEN = re.compile(r"(?P<year>(?:19|20|21)\d\d)(?:-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?", re.ASCII)


class NoSuchPeriod(NotFound):
    sentence = N_("There is no such period: a report covers a month, a quarter or a year.")


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[self]


@dataclass(frozen=True)
class Period:
    """The days from `since` up to, and without, `until`, by service date where the timebank is."""

    since: date
    until: date
    kind: PeriodKind

    @classmethod
    def containing(cls, day: date, kind: PeriodKind = PeriodKind.QUARTER) -> Self:
        """The month, quarter or year in which a day lies."""
        return cls._beginning(day.year, (day.month - 1) // kind.months, kind)

    @classmethod
    def parse(cls, written: str) -> Self:
        """The period written as "2026-10", "2026-Q3" or "2026". Raises NoSuchPeriod."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise NoSuchPeriod
        if found["month"]:
            return cls._beginning(int(found["year"]), int(found["month"]) - 1, PeriodKind.MONTH)
        if found["quarter"]:
            return cls._beginning(int(found["year"]), int(found["quarter"]) - 1, PeriodKind.QUARTER)
        return cls._beginning(int(found["year"]), 0, PeriodKind.YEAR)

    def __str__(self) -> str:
        if self.kind is PeriodKind.YEAR:
            return f"{self.since:%Y}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.since:%Y}-Q{self.number}"
        return f"{self.since:%Y-%m}"

    @property
    def last_day(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def number(self) -> int:
        """Which month, quarter or year (always the first) of its calendar year."""
        return (self.since.month - 1) // self.kind.months + 1

    def previous(self) -> Self:
        return self._moved(-1)

    def following(self) -> Self:
        return self._moved(1)

    def quarters(self) -> list[Self]:
        """The four quarters of a year; of a quarter or a month, only itself."""
        if self.kind is not PeriodKind.YEAR:
            return [self]
        return [self._beginning(self.since.year, quarter, PeriodKind.QUARTER) for quarter in range(4)]

    def is_over(self, today: date) -> bool:
        return self.until <= today

    def _moved(self, by: int) -> Self:
        return self._beginning(self.since.year, self.number - 1 + by, self.kind)

    @classmethod
    def _beginning(cls, year: int, number: int, kind: PeriodKind) -> Self:
        """The period of a kind that is so many after the year's first, which is 0."""
        return cls(_first_of(year, number * kind.months), _first_of(year, (number + 1) * kind.months), kind)


def _first_of(year: int, month: int) -> date:
    """The first day of the month that is so many after a year's January."""
    return date(year + month // 12, month % 12 + 1, 1)
