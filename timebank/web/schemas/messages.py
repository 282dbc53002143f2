"""What two people write to each other: in forms and JSON alike on the way in, as JSON on the way out."""

from marshmallow import fields as plain

from timebank.language import N_
from timebank.members.tables import Authority
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Id, Text, Whole
from timebank.web.schemas.speaking import InAName

WORDS = 2000
MOST_MESSAGES = 2**31 - 1


class SaidMessage(InAName):
    """A message, and for which side it is written, where one person speaks for several."""

    words = Text(most=WORDS, multiline=True, required=True, unsaid=N_("Write something first."))


class SentMessage(SaidMessage):
    """The same from a program; `submission` is a number of its own, to be safe to send again."""

    submission = Id()


class SaidRead(Schema):
    """Up to which message somebody has read."""

    number = Whole(least=1, most=MOST_MESSAGES, required=True)


class AskedConversation(Schema):
    """`before` is the `earlier` of the page after it."""

    before = Whole(least=1, most=MOST_MESSAGES)


class AskedInbox(Schema):
    """`after` is the `next` of the page before."""

    after = Text(most=200)


class ShownMessage(Schema):
    """A message as JSON; without words it was taken back."""

    number = plain.Integer()
    from_party_id = plain.UUID()
    writer = plain.String()
    authority = plain.Enum(Authority, by_value=True, allow_none=True)
    at = plain.AwareDateTime()
    words = plain.String(allow_none=True)


class ShownConversation(Schema):
    """A page of a conversation, oldest first; `earlier` asks for what stands before it."""

    exchange_id = plain.UUID()
    read_number = plain.Integer()
    voices = plain.List(plain.UUID(), metadata={"description": "The sides for which whoever asks may write."})
    messages = plain.List(plain.Nested(ShownMessage))
    earlier = plain.Integer(allow_none=True)


class ShownKept(Schema):
    """A conversation in an inbox."""

    exchange_id = plain.UUID()
    title = plain.String()
    other = plain.String()
    last_at = plain.AwareDateTime()
    is_unread = plain.Boolean()
    words = plain.String(allow_none=True)


class ShownInbox(Schema):
    """A page of an inbox; `next` asks for the one after it and is null on the last."""

    unread = plain.Integer()
    items = plain.List(plain.Nested(ShownKept))
    next = plain.String(allow_none=True)
