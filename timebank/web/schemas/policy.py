"""What is said of a policy: limits as people think of them, hours received beyond those given, and never below zero."""

from typing import Any

from timebank.language import N_
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval, Confirmation, Policy
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Choice, Hours, Text, Whole

MOST_SECONDS = 1000 * 3600
A_DAY = 24 * 3600


class SaidPolicy(Schema):
    """A policy as it is decided. `after_version` was on the page: two brokers at once do not overwrite each other."""

    granularity_seconds = Whole(least=1, most=A_DAY, required=True)
    approval = Choice(Approval, required=True)
    confirmation = Choice(Confirmation, required=True)
    auto_confirm_days = Whole(least=1, most=365)
    starting_credits = Hours(least=0, most=MOST_SECONDS, required=True)
    most_received = Hours(least=0, most=MOST_SECONDS)
    talk_after = Hours(least=0, most=MOST_SECONDS, required=True)
    time_zone = Text(most=60, required=True, unsaid=N_("Name a time zone, for example Europe/London."))
    after_version = Whole(least=1, most=2**31 - 1, required=True)


def terms_said(said: dict[str, Any]) -> PolicyTerms:
    """The terms that somebody said."""
    most_received = said["most_received"]
    return PolicyTerms(
        granularity_seconds=said["granularity_seconds"],
        approval=said["approval"],
        confirmation=said["confirmation"],
        auto_confirm_days=said["auto_confirm_days"],
        starting_credits_seconds=said["starting_credits"],
        floor_seconds=None if most_received is None else -most_received,
        conversation_threshold_seconds=-said["talk_after"],
        time_zone=said["time_zone"],
    )


def limits_of(policy: Policy) -> tuple[int | None, int]:
    """How many seconds somebody may receive beyond what they gave (None: any), and after how many a broker rings."""
    floor = policy.floor_seconds
    return None if floor is None else -floor, max(0, -policy.conversation_threshold_seconds)
