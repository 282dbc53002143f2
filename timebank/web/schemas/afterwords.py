"""How it went, and thanks: in forms and JSON alike on the way in, as JSON on the way out."""

from marshmallow import fields as plain

from timebank.afterwords.tables import Feeling
from timebank.language import N_
from timebank.members.tables import Authority
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Choice, Id, Text
from timebank.web.schemas.speaking import InAName

WORDS = 500


class SaidFeeling(InAName):
    """How it went, and for which side, where one person speaks for several."""

    feeling = Choice(Feeling, required=True, unsaid=N_("Say how it went."))


class SaidThanks(InAName):
    """A word of thanks, if somebody likes."""

    words = Text(most=WORDS, multiline=True)


class SaidNoted(Schema):
    """Whose word a broker has noted."""

    party_id = Id(required=True)


class ShownFeeling(Schema):
    """How it went for one's own side."""

    party_id = plain.UUID()
    feeling = plain.Enum(Feeling, by_value=True)


class ShownThanks(Schema):
    """Who thanked, and in which words, if any."""

    party_id = plain.UUID()
    at = plain.AwareDateTime()
    authority = plain.Enum(Authority, by_value=True, allow_none=True)
    words = plain.String()


class ShownEcho(Schema):
    """What came of an exchange beside hours, as one of the two sees it."""

    exchange_id = plain.UUID()
    feelings = plain.List(plain.Nested(ShownFeeling))
    thanks = plain.List(plain.Nested(ShownThanks))
