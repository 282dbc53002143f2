"""Who may read a report, and of which period."""

from datetime import date
from uuid import UUID

from timebank.errors import NotAllowed, RuleBroken
from timebank.language import N_
from timebank.members.rules import Standing, check_active
from timebank.network.rules import NoSuchTimebank
from timebank.reports.periods import Period, PeriodKind


class ReportsNotForYou(NotAllowed):
    sentence = N_("Reports are for time brokers, auditors and those who act for an organisation.")


class MonthsNotReported(RuleBroken):
    sentence = N_("Reports for organisations cover a quarter or a year.")
    field = "period"


class PeriodNotOver(RuleBroken):
    sentence = N_("This period is not over yet. Its report can be read when it is.")
    field = "period"


def check_may_read(
    by: Standing, timebank_id: UUID, period: Period, *, organisation_id: UUID | None, today: date
) -> None:
    """A broker and an auditor read everything of their timebank, a delegate what concerns their own organisation.

    A delegate reads quarters, also the running one, and years that are over, but no months: a quarter's hours less two
    months' would be what the third month hides. A plain member has their own statement. See docs/decisions/0006.
    """
    if by.timebank_id != timebank_id:
        raise NoSuchTimebank
    check_active(by)
    if by.is_broker or by.is_auditor:
        return
    if organisation_id not in by.delegate_of:
        raise ReportsNotForYou
    if period.kind is PeriodKind.MONTH:
        raise MonthsNotReported
    is_running_quarter = period.kind is PeriodKind.QUARTER and period.since <= today
    if not (period.is_over(today) or is_running_quarter):
        raise PeriodNotOver
