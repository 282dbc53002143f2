"""What is said of a policy: limits as people think of them, hours received beyond those given, and never below zero."""

from enum import StrEnum
from typing import Any

import marshmallow
from marshmallow import fields as plain

from timebank.hours import NotHours
from timebank.language import N_
from timebank.network.rules import MOST_RULES, PolicyTerms, RiskRule
from timebank.network.tables import Approval, Confirmation, Place, Policy
from timebank.web.schemas import Schema, Sentence
from timebank.web.schemas.fields import Choice, Hours, Id, Many, Part, Text, Whole, YesNo

MOST_SECONDS = 1000 * 3600
A_DAY = 24 * 3600


class Travel(StrEnum):
    """How much of travel counts."""

    NONE = "none"
    ALL = "all"
    BEYOND = "beyond"


class SaidPolicy(Schema):
    """A policy as it is decided. `after_version` was on the page: two brokers at once do not overwrite each other."""

    granularity_seconds = Whole(least=1, most=A_DAY, required=True)
    approval = Choice(Approval, required=True)
    confirmation = Choice(Confirmation, required=True)
    auto_confirm_days = Whole(least=1, most=365)
    travel = Choice(Travel, load_default=Travel.NONE)
    travel_beyond = Hours(least=0, most=A_DAY)
    preparation_counts = YesNo()
    extra_most = Hours(most=A_DAY)
    starting_credits = Hours(least=0, most=MOST_SECONDS, required=True)
    most_received = Hours(least=0, most=MOST_SECONDS)
    talk_after = Hours(least=0, most=MOST_SECONDS, required=True)
    time_zone = Text(most=60, required=True, unsaid=N_("Name a time zone, for example Europe/London."))
    after_version = Whole(least=1, most=2**31 - 1, required=True)

    @marshmallow.validates_schema
    def check_travel(self, said: dict[str, Any], **_: Any) -> None:
        """Travel that counts beyond some time says beyond which."""
        if said.get("travel") == Travel.BEYOND and said.get("travel_beyond") is None:
            raise marshmallow.ValidationError(Sentence(NotHours.sentence), "travel_beyond")


class SaidRule(Schema):
    """The practice for a kind of help, a place, or one in the other."""

    gift_id = Id()
    place = Choice(Place)
    approval = Choice(Approval, required=True)
    confirmation = Choice(Confirmation, required=True)
    auto_confirm_days = Whole(least=1, most=365)


class SaidRules(Schema):
    """The rules by risk, in their order: the first that fits an exchange applies."""

    rules = Many(Part(SaidRule), most=MOST_RULES)
    after_version = Whole(least=1, most=2**31 - 1, required=True)


class SentPolicy(SaidPolicy):
    """A whole policy from a program. Without `rules` those by risk stay as they are; an empty list removes them."""

    rules = Many(Part(SaidRule), most=MOST_RULES, load_default=None, allow_none=True)


class ShownRule(Schema):
    """A rule by risk as JSON."""

    gift_id = plain.UUID(allow_none=True)
    place = plain.Enum(Place, by_value=True, allow_none=True)
    approval = plain.Enum(Approval, by_value=True)
    confirmation = plain.Enum(Confirmation, by_value=True)
    auto_confirm_days = plain.Integer(allow_none=True)


class ShownPolicy(ShownRule):
    """A policy as JSON: its general terms, and its rules by risk in their order. Amounts are whole seconds."""

    class Meta:
        exclude = ("gift_id", "place")

    version = plain.Integer()
    in_force_from = plain.AwareDateTime()
    granularity_seconds = plain.Integer()
    travel_beyond_seconds = plain.Integer(allow_none=True)
    preparation_counts = plain.Boolean()
    extra_most_seconds = plain.Integer(allow_none=True)
    starting_credits_seconds = plain.Integer()
    floor_seconds = plain.Integer(allow_none=True)
    conversation_threshold_seconds = plain.Integer()
    time_zone = plain.String()
    rules = plain.List(plain.Nested(ShownRule))


def rules_said(said: list[dict[str, Any]]) -> tuple[RiskRule, ...]:
    """The rules by risk that somebody said."""
    return tuple(RiskRule(**each) for each in said)


def terms_said(said: dict[str, Any], *, rules: tuple[RiskRule, ...]) -> PolicyTerms:
    """The terms that somebody said, with these rules by risk."""
    most_received = said["most_received"]
    return PolicyTerms(
        rules=rules,
        granularity_seconds=said["granularity_seconds"],
        travel_beyond_seconds={Travel.NONE: None, Travel.ALL: 0, Travel.BEYOND: said["travel_beyond"]}[said["travel"]],
        preparation_counts=said["preparation_counts"],
        extra_most_seconds=said["extra_most"],
        approval=said["approval"],
        confirmation=said["confirmation"],
        auto_confirm_days=said["auto_confirm_days"],
        starting_credits_seconds=said["starting_credits"],
        floor_seconds=None if most_received is None else -most_received,
        conversation_threshold_seconds=-said["talk_after"],
        time_zone=said["time_zone"],
    )


def travel_of(policy: Policy) -> Travel:
    """How much of travel a policy counts."""
    beyond = policy.travel_beyond_seconds
    return Travel.NONE if beyond is None else Travel.BEYOND if beyond else Travel.ALL


def limits_of(policy: Policy) -> tuple[int | None, int]:
    """How many seconds somebody may receive beyond what they gave (None: any), and after how many a broker rings."""
    floor = policy.floor_seconds
    return None if floor is None else -floor, max(0, -policy.conversation_threshold_seconds)
