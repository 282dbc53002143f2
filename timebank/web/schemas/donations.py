"""What is said of hours that are passed on, in forms and JSON alike, and what is told of the community pot as JSON."""

from marshmallow import fields as plain
from marshmallow import validate

from timebank.donations.rules import MOST_SECONDS
from timebank.donations.tables import Occasion, WishState
from timebank.language import N_
from timebank.members.tables import Authority
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Hours, Id, Somebody, Text, Whole, YesNo
from timebank.web.schemas.speaking import InAName, ToldHow

WORD = 300


class SaidDonation(InAName):
    """Hours from somebody to somebody; without `receiver_id` to the community pot."""

    receiver_id = Somebody()
    hours = Hours(most=MOST_SECONDS, required=True)
    word = Text(most=WORD, multiline=True)


class SaidWish(InAName):
    """Hours that somebody asks of the pot, and what for."""

    hours = Hours(most=MOST_SECONDS, required=True)
    word = Text(most=WORD, multiline=True, required=True, unsaid=N_("Say in a few words what the hours are for."))


class SaidGrant(Schema):
    """How much of it a broker gives, with a word."""

    hours = Hours(most=MOST_SECONDS, required=True)
    word = Text(most=WORD, multiline=True)


class SaidAllocation(SaidGrant):
    """Hours that a broker gives from the pot unasked."""

    party_id = Somebody(required=True, unsaid=N_("Say to whom."))


class SaidNo(Schema):
    """Why not, in a word."""

    word = Text(most=WORD, multiline=True, required=True, unsaid=N_("Say why, in a few words."))


NOT_SURE = N_("Tick the box if you are sure: a membership that has ended cannot be taken up again here.")


class SaidLeaving(ToldHow):
    """Who gets the hours of somebody who leaves (nobody: the pot), a word for them, and that they mean it.

    `authority` is how they told a broker, who may also end a membership unasked.
    """

    receiver_id = Somebody()
    word = Text(most=WORD, multiline=True)
    is_sure = YesNo(required=True, unsaid=NOT_SURE, validate=validate.Equal(True, error=NOT_SURE))


class AskedPot(Schema):
    """From where on: `before` is the `older` of the page before."""

    before = Whole(least=0, most=2**53)


class SentDonation(SaidDonation):
    """The same from a program; `submission` is a number of its own, to be safe to send again."""

    submission = Id()


class SentWish(SaidWish):
    """The same from a program."""

    submission = Id()


class SentGrant(SaidGrant):
    """The same from a program."""

    submission = Id()


class SentAllocation(SaidAllocation):
    """The same from a program."""

    submission = Id()


class SentLeaving(SaidLeaving):
    """The same from a program, which may leave out `party_id` to leave in its own member's name."""

    party_id = Id()
    submission = Id()


class ShownDonation(Schema):
    """Hours passed on. No giver or no receiver: the community pot."""

    id = plain.UUID()
    occasion = plain.Enum(Occasion, by_value=True)
    giver_id = plain.UUID(allow_none=True)
    receiver_id = plain.UUID(allow_none=True)
    seconds = plain.Integer()
    word = plain.String()
    at = plain.AwareDateTime()
    entry_id = plain.UUID()
    authority = plain.Enum(Authority, by_value=True, allow_none=True)


class ShownWish(Schema):
    """Something asked of the pot, and the answer."""

    id = plain.UUID()
    party_id = plain.UUID()
    seconds = plain.Integer()
    word = plain.String()
    state = plain.Enum(WishState, by_value=True)
    asked_at = plain.AwareDateTime()
    answered_at = plain.AwareDateTime(allow_none=True)
    answer = plain.String()
    donation_id = plain.UUID(allow_none=True)
    authority = plain.Enum(Authority, by_value=True, allow_none=True)


class ShownPotLine(Schema):
    """Hours that came into the pot (positive) or left it, with whom as far as the reader may know."""

    number = plain.Integer()
    purpose = plain.String()
    effective_on = plain.Date()
    seconds = plain.Integer()
    balance_seconds = plain.Integer()
    who = plain.String(allow_none=True)
    word = plain.String(allow_none=True)


class ShownPot(Schema):
    """The community pot, newest first. `older` asks for the next page and is null on the last."""

    balance_seconds = plain.Integer()
    lines = plain.List(plain.Nested(ShownPotLine))
    older = plain.Integer(allow_none=True)
