"""What is told to the brokers in private, in forms and JSON alike, and concerns as JSON."""

from marshmallow import fields as plain

from timebank.language import N_
from timebank.members.tables import Authority
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Id, Text, YesNo
from timebank.web.schemas.speaking import InAName

WORDS = 2000
NOTE = 1000


class SaidConcern(InAName):
    """What somebody wants the brokers to know; from an exchange, perhaps with its messages."""

    words = Text(most=WORDS, multiline=True, required=True, unsaid=N_("Say in your own words what happened."))
    shows_messages = YesNo()
    exchange_id = Id()


class SentConcern(SaidConcern):
    """The same from a program, which says about whom; `submission` is a number of its own, to be safe to send again."""

    about_id = Id(required=True)
    submission = Id()


class SaidClosing(Schema):
    """How a broker has seen to it."""

    note = Text(most=NOTE, multiline=True, required=True, unsaid=N_("Note how it was seen to, in a few words."))


class AskedConcerns(Schema):
    """`after` is the `next` of the page before."""

    after = Text(most=200)


class ShownConcern(Schema):
    """A concern as JSON, for brokers without a part in it."""

    id = plain.UUID()
    for_party_id = plain.UUID()
    name = plain.String()
    about_id = plain.UUID()
    about = plain.String()
    authority = plain.Enum(Authority, by_value=True, allow_none=True)
    exchange_id = plain.UUID(allow_none=True)
    raised_at = plain.AwareDateTime()
    closed_at = plain.AwareDateTime(allow_none=True)
    words = plain.String(allow_none=True)
    note = plain.String(allow_none=True)


class ShownConcerns(Schema):
    """A page of concerns; `next` asks for the one after it and is null on the last."""

    items = plain.List(plain.Nested(ShownConcern))
    next = plain.String(allow_none=True)
