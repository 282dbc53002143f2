"""What is said of telling those who have no e-mail address, in forms and JSON alike, and how it looks as JSON."""

from marshmallow import fields as plain

from timebank.language import Language
from timebank.notices.tables import Means
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Choice, Id, Many, Text

MOST = 1000


class SaidNotices(Schema):
    """Which notices are meant."""

    notices = Many(Id(), most=MOST, required=True)


class SaidTold(SaidNotices):
    """Of which notices somebody was told, and how."""

    how = Choice(Means, required=True)


class AskedLetters(Schema):
    """From where on: `after` is the `next` of the page before. `person` is whose letter alone."""

    after = Text(most=200)
    person = Id()


class ShownNotice(Schema):
    """One thing to be told, in the language of whoever it is for."""

    id = plain.UUID()
    kind = plain.String()
    made_at = plain.AwareDateTime()
    subject = plain.String()
    sentence = plain.String()
    note = plain.String()


class ShownLetter(Schema):
    """What one person waits to be told."""

    party_id = plain.UUID()
    name = plain.String()
    phone = plain.String()
    language = plain.Enum(Language, by_value=True)
    since = plain.AwareDateTime()
    notices = plain.List(plain.Nested(ShownNotice))


class ShownLetters(Schema):
    """A page of letters; `next` asks for the one after it and is null on the last."""

    items = plain.List(plain.Nested(ShownLetter))
    next = plain.String(allow_none=True)


class ShownCount(Schema):
    """How many notices were meant, of those that were named."""

    count = plain.Integer()
