"""A statement as JSON."""

from marshmallow import fields as plain

from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Id, Whole


class AskedStatement(Schema):
    """Whose statement, and from where on: `before` is the `older` of the page before."""

    of = Id()
    before = Whole(least=0, most=2**53)


class ShownLine(Schema):
    """One movement: seconds are positive for given, negative for received; and the balance after it."""

    entry_id = plain.UUID()
    number = plain.Integer()
    purpose = plain.String()
    effective_on = plain.Date()
    recorded_at = plain.AwareDateTime()
    seconds = plain.Integer()
    balance_seconds = plain.Integer()
    exchange_id = plain.UUID(allow_none=True)
    title = plain.String(allow_none=True)
    other = plain.String(allow_none=True)
    is_reversal = plain.Boolean()


class ShownStatement(Schema):
    """Newest first. `older` asks for the next page and is null on the last."""

    party_id = plain.UUID()
    name = plain.String()
    balance_seconds = plain.Integer()
    promised_seconds = plain.Integer()
    lines = plain.List(plain.Nested(ShownLine))
    older = plain.Integer(allow_none=True)
