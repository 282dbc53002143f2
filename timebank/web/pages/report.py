"""The reciprocity report of a whole timebank; an organisation's delegates see their own flow beside it."""

from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from timebank.clock import now
from timebank.group_sessions.queries import asked_to_pay
from timebank.organisations.queries import named
from timebank.reports.periods import Period, PeriodKind
from timebank.reports.reciprocity import reciprocity_report
from timebank.web.session import database, me, today

pages = Blueprint("report", __name__, url_prefix="/report")


@pages.get("")
def show() -> ResponseReturnValue:
    """A period, the running quarter unless another is asked for, beside the one before it."""
    standing = me().standing
    organisation_id = _organisation()
    written = request.args.get("period", "")
    periods = _periods(with_running_year=standing.is_broker or standing.is_auditor)
    period = Period.parse(written) if written else periods[0]
    report = reciprocity_report(
        database(), standing.timebank_id, period, by=standing, organisation_id=organisation_id, at=now()
    )
    return render_template(
        "report/show.html",
        report=report,
        period=period,
        periods=periods,
        organisations=named(database(), standing.delegate_of),
        organisation_id=organisation_id,
        asked_to_pay=asked_to_pay(database(), standing.timebank_id, standing.delegate_of),
    )


def _organisation() -> UUID | None:
    """The organisation whose own flow is shown: the one asked for, or the first that the reader acts for."""
    asked, own = request.args.get("of", ""), me().standing.delegate_of
    try:
        return UUID(asked) if asked else min(own, default=None)
    except ValueError:
        abort(404)


def _periods(*, with_running_year: bool) -> list[Period]:
    """This quarter and the four before it, and the last year; a running year only for some."""
    quarters = [Period.containing(today())]
    while len(quarters) <= 4:  # noqa: PLR2004 - a year back
        quarters.append(quarters[-1].previous())
    year = Period.containing(today(), PeriodKind.YEAR)
    years = [year, year.previous()] if with_running_year else [year.previous()]
    return [*quarters, *years]
