"""What a policy may say, and what it says of an amount of time or a day."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from timebank.errors import NotFound, RuleBroken
from timebank.language import N_
from timebank.network.tables import Approval, Confirmation, Policy

HOUR = 3600
LONGEST_SECONDS = 24 * HOUR


@dataclass(frozen=True, kw_only=True)
class PolicyTerms:
    """What is decided in a policy; the defaults are those of a careful small timebank."""

    granularity_seconds: int = 15 * 60
    approval: Approval = Approval.BEFOREHAND
    confirmation: Confirmation = Confirmation.BOTH
    auto_confirm_days: int | None = 14
    starting_credits_seconds: int = 0
    floor_seconds: int | None = -20 * HOUR
    conversation_threshold_seconds: int = -8 * HOUR
    time_zone: str = "Europe/London"

    def as_columns(self) -> dict[str, Any]:
        return asdict(self)


def terms_of(policy: Policy) -> PolicyTerms:
    return PolicyTerms(**{name: getattr(policy, name) for name in PolicyTerms.__dataclass_fields__})


class NoSuchTimebank(NotFound):
    sentence = N_("There is no such timebank here.")


class NoSuchTimeZone(RuleBroken):
    sentence = N_("There is no time zone by that name.")
    field = "time_zone"


class HoursNotInSteps(RuleBroken):
    sentence = N_("This timebank counts hours in steps of %(minutes)s minutes.")
    field = "hours"


class HoursOutOfRange(RuleBroken):
    sentence = N_("Say how long it took: more than nothing, and 24 hours at most.")
    field = "hours"


class PolicyStartsTooEarly(RuleBroken):
    sentence = N_("Somebody else has just changed this policy. Look at it again before you change it.")


def check_terms(terms: PolicyTerms) -> None:
    if terms.time_zone not in available_timezones():
        raise NoSuchTimeZone


def check_hours(policy: Policy, seconds: int, *, field: str = "hours") -> None:
    """Hours of help in one exchange, against the policy's granularity. `field` is where they were said."""
    if not 0 < seconds <= LONGEST_SECONDS:
        raise HoursOutOfRange(field=field)
    if seconds % policy.granularity_seconds:
        raise HoursNotInSteps(field=field, minutes=f"{policy.granularity_seconds / 60:g}")


def day_of(policy: Policy, at: datetime) -> date:
    """The date that a moment has where the timebank is."""
    return at.astimezone(ZoneInfo(policy.time_zone)).date()
