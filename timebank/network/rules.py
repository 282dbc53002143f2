"""What a policy may say, and what it says of an amount of time or a day."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from timebank.errors import NotFound, RuleBroken
from timebank.language import N_
from timebank.network.tables import Approval, Confirmation, Place, Policy, PolicyRule

HOUR = 3600
LONGEST_SECONDS = 24 * HOUR
MOST_RULES = 20


@dataclass(frozen=True, kw_only=True)
class Practice:
    """How an exchange comes to count: when a broker looks, whose word it takes, and when silence is a word."""

    approval: Approval = Approval.BEFOREHAND
    confirmation: Confirmation = Confirmation.BOTH
    auto_confirm_days: int | None = 14


@dataclass(frozen=True, kw_only=True)
class RiskRule(Practice):
    """The practice for one kind of help, for one place, or for one in the other."""

    gift_id: UUID | None = None
    place: Place | None = None

    def covers(self, other: "RiskRule") -> bool:
        """Whether this fits everything that the other fits."""
        return self.gift_id in {None, other.gift_id} and self.place in {None, other.place}


@dataclass(frozen=True, kw_only=True)
class PolicyTerms(Practice):
    """What is decided in a policy; the defaults are those of a careful small timebank.

    Its own practice holds wherever none of its `rules` fits; of those the first that fits applies.
    """

    granularity_seconds: int = 15 * 60
    travel_beyond_seconds: int | None = None
    preparation_counts: bool = False
    extra_most_seconds: int | None = None
    starting_credits_seconds: int = 0
    floor_seconds: int | None = -20 * HOUR
    conversation_threshold_seconds: int = -8 * HOUR
    time_zone: str = "Europe/London"
    rules: tuple[RiskRule, ...] = ()

    def as_policy(self, **more: Any) -> Policy:
        """The rows of a policy that says this."""
        rules = [PolicyRule(number=number, **_said_in(rule)) for number, rule in enumerate(self.rules, 1)]
        return Policy(**_said_in(self) | {"rules": rules} | more)


def _said_in(terms: Practice) -> dict[str, Any]:
    return {field.name: getattr(terms, field.name) for field in fields(terms)}


def terms_of(policy: Policy) -> PolicyTerms:
    said = {field.name: getattr(policy, field.name) for field in fields(PolicyTerms)}
    return PolicyTerms(**said | {"rules": tuple(map(_rule_of, policy.rules))})


def _rule_of(rule: PolicyRule) -> RiskRule:
    return RiskRule(**{field.name: getattr(rule, field.name) for field in fields(RiskRule)})


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


class TooManyRules(RuleBroken):
    sentence = N_("A policy has %(most)s rules by risk at most.")
    field = "rules"


class RuleWithoutRisk(RuleBroken):
    sentence = N_("Rule %(number)s: choose a kind of help, a place or both.")
    field = "rules"


class RuleNeverApplies(RuleBroken):
    sentence = N_("Rule %(number)s would never apply, as rule %(first)s fits first. Put it further up, or remove it.")
    field = "rules"


def check_terms(terms: PolicyTerms) -> None:
    if terms.time_zone not in available_timezones():
        raise NoSuchTimeZone
    if len(terms.rules) > MOST_RULES:
        raise TooManyRules(most=MOST_RULES)
    for number, rule in enumerate(terms.rules, 1):
        if rule.gift_id is None and rule.place is None:
            raise RuleWithoutRisk(number=number)
        for first, earlier in enumerate(terms.rules[: number - 1], 1):
            if earlier.covers(rule):
                raise RuleNeverApplies(number=number, first=first)


def check_hours(policy: Policy, seconds: int, *, field: str = "hours") -> None:
    """Hours of help in one exchange, against the policy's granularity. `field` is where they were said."""
    if not 0 < seconds <= LONGEST_SECONDS:
        raise HoursOutOfRange(field=field)
    if seconds % policy.granularity_seconds:
        raise HoursNotInSteps(field=field, minutes=f"{policy.granularity_seconds / 60:g}")


@dataclass(frozen=True, kw_only=True)
class Extra:
    """Time beside the help itself, as somebody says it. What of it counts, the policy says."""

    travel_seconds: int = 0
    preparation_seconds: int = 0

    def __bool__(self) -> bool:
        return bool(self.travel_seconds or self.preparation_seconds)


NOTHING_EXTRA = Extra()


def counted(policy: Policy, seconds: int, extra: Extra) -> int:
    """How long help counts, with what the policy counts of travel and preparation, to the nearest step and no further
    than the most that counts.
    """
    beyond, most, step = policy.travel_beyond_seconds, policy.extra_most_seconds, policy.granularity_seconds
    more = extra.preparation_seconds if policy.preparation_counts else 0
    if beyond is not None:
        more += max(0, extra.travel_seconds - beyond)
    if most is not None:
        more = min(more, most)
    whole = (more + step // 2) // step * step
    return seconds + (whole if most is None or whole <= most else whole - step)


def in_force(versions: Sequence[Policy], at: datetime) -> Policy:
    """Of all the policies of a timebank, newest first, that of a moment; before the first one, the first."""
    return next((version for version in versions if version.in_force_from <= at), versions[-1])


def day_of(policy: Policy, at: datetime) -> date:
    """The date that a moment has where the timebank is."""
    return at.astimezone(ZoneInfo(policy.time_zone)).date()
