"""What a broker says of a guardian and how far they may go, in forms and JSON alike, and how it looks as JSON."""

from typing import Any

from marshmallow import fields as plain

from timebank.donations.rules import MOST_SECONDS
from timebank.exchanges.tables import Verb
from timebank.language import N_
from timebank.members.guarding import Limits
from timebank.members.rules import Guarded
from timebank.members.tables import Evidence
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Choice, Day, Hours, Many, Somebody, Text

NOTE = 300


class SaidGuardian(Schema):
    """Who may act for a member, and how far. What is left empty is not limited."""

    guardian_id = Somebody(required=True, unsaid=N_("Choose who may act for them."))
    acts = Many(Choice(Guarded), required=True, unsaid=N_("Choose at least one thing that they may do."))
    most_hours = Hours()
    most_monthly_hours = Hours(most=MOST_SECONDS)
    until = Day()
    evidence = Choice(Evidence, required=True, unsaid=N_("Say on what you rely."))
    note = Text(most=NOTE)


def limits_said(said: dict[str, Any]) -> Limits:
    return Limits(
        acts=frozenset(said["acts"]),
        most_seconds=said["most_hours"],
        most_monthly_seconds=said["most_monthly_hours"],
        until=said["until"],
    )


class ShownGuardian(Schema):
    """Somebody who acts or acted for another, and how far they may go; `note` is for brokers."""

    id = plain.UUID()
    guardian_id = plain.UUID()
    guardian = plain.String()
    ward_id = plain.UUID()
    ward = plain.String()
    may_ask = plain.Boolean()
    may_agree = plain.Boolean()
    may_log = plain.Boolean()
    most_seconds = plain.Integer(allow_none=True)
    most_monthly_seconds = plain.Integer(allow_none=True)
    until = plain.Date(allow_none=True)
    evidence = plain.Enum(Evidence, by_value=True)
    note = plain.String()
    since = plain.AwareDateTime()
    set_by = plain.UUID()
    ended_at = plain.AwareDateTime(allow_none=True)
    ended_by = plain.UUID(allow_none=True)


class ShownGuarded(Schema):
    """Something that a guardian did for a member."""

    exchange_id = plain.UUID()
    verb = plain.Enum(Verb, by_value=True)
    at = plain.AwareDateTime()
    seconds = plain.Integer(allow_none=True)
    by_member_id = plain.UUID()


class ShownGuardians(Schema):
    """Everybody who is or was somebody's guardian or ward, and what was done for them lately."""

    items = plain.List(plain.Nested(ShownGuardian))
    done = plain.List(plain.Nested(ShownGuarded))
