"""How a report's figures are written: hidden ones say so, and nothing more."""

from collections.abc import Callable
from datetime import date

from babel.dates import format_date
from flask import Flask
from flask_babel import gettext

from timebank.reports.hours import SplitCells
from timebank.reports.periods import Period, PeriodKind
from timebank.reports.suppression import Cell, Hidden, Shown
from timebank.web.filters import hours
from timebank.web.language import language


def cell_count(cell: Cell) -> str:
    return _written(cell, str)


def cell_percent(cell: Cell) -> str:
    return _written(cell, lambda value: f"{value} %")


def cell_hours(cell: Cell) -> str:
    return _written(cell, hours)


def is_shown(cell: Cell) -> bool:
    return isinstance(cell, Shown)


def split_percents(split: SplitCells) -> tuple[int, int, int] | None:
    """Direct, pay-it-forward and one-way in whole percent; None where any of them is hidden."""
    parts = [part.value for part in (split.direct, split.forward, split.one_way) if isinstance(part, Shown)]
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None  # noqa: PLR2004 - the three of them


def period_words(period: Period) -> str:
    """Such as “July to September 2026”."""
    if period.kind is PeriodKind.YEAR:
        return str(period)
    if period.kind is PeriodKind.MONTH:
        return _month(period.since, "MMMM y")
    first, last = _month(period.since, "MMMM"), _month(period.last_day, "MMMM y")
    return gettext("%(first)s to %(last)s", first=first, last=last)


def _month(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=language())


def _written(cell: Cell, write: Callable[[int], str]) -> str:
    if isinstance(cell, Shown):
        return write(cell.value)
    if isinstance(cell, Hidden):
        return f"<{cell.below}" if cell.below else gettext("hidden")
    return "–"


def teach(app: Flask) -> None:
    """Templates say {{ report.now.help | cell_hours }}."""
    for written_as in (cell_count, cell_percent, cell_hours, is_shown, split_percents, period_words):
        app.add_template_filter(written_as)
