"""What is said of exchanges: in forms and JSON alike on the way in, as JSON on the way out."""

from enum import StrEnum
from typing import Any

import marshmallow
from marshmallow import fields as plain

from timebank.exchanges.tables import State, Verb
from timebank.language import N_
from timebank.members.tables import Authority
from timebank.network.tables import Approval, Confirmation, Place
from timebank.web.schemas import Schema, Sentence
from timebank.web.schemas.fields import NOT_CLOCK, Choice, Clock, Day, Hours, Id, Many, Somebody, Text, Whole, YesNo
from timebank.web.schemas.speaking import InAName

NOTE = 1000
TITLE = 120
MOST_OTHERS = 19
MOST_STEPS = 1_000_000


class Direction(StrEnum):
    """Who helped whom, as seen from the one who says it."""

    GIVEN = "given"
    RECEIVED = "received"


class Said(InAName):
    """A word with it, if somebody likes; and for whom it is said, where one person speaks for several.

    `seen` is the number of steps that whoever says it had before them: if there have been more since, nothing is done.
    """

    note = Text(most=NOTE, multiline=True)
    seen = Whole(least=0, most=MOST_STEPS)


class SaidWhy(Said):
    """A decision that needs its reason."""

    note = Text(most=NOTE, multiline=True, required=True, unsaid=N_("Say why, in a few words."))


class SaidAgreement(Said):
    """Yes, to what was suggested; and what that left open."""

    day = Day()
    clock = Clock()
    hours = Hours()
    place = Choice(Place)

    @marshmallow.validates_schema
    def check_clock(self, said: dict[str, Any], **_: Any) -> None:
        """A day that is agreed on has its hour."""
        if said.get("day") and not said.get("clock"):
            raise marshmallow.ValidationError(Sentence(NOT_CLOCK), "clock")


class SaidSuggestion(Said):
    """Another time, and about how long."""

    day = Day(required=True)
    clock = Clock(required=True)
    hours = Hours(required=True)


class SaidReport(Said):
    """How long it took, and on which day; where, if that was not said before or was otherwise."""

    hours = Hours(required=True)
    travel = Hours(least=0)
    preparation = Hours(least=0)
    happened_on = Day(required=True)
    place = Choice(Place)


class SaidDispute(SaidWhy):
    """How it was to the other, and how long, if they say so."""

    hours = Hours()


class SaidDecision(SaidWhy):
    """How many hours count, and why; when and where, if it was otherwise than was said."""

    hours = Hours(required=True)
    happened_on = Day()
    place = Choice(Place)


class SaidAnswer(Said):
    """Asking for what is offered, or offering what is asked for."""

    day = Day()
    clock = Clock()
    hours = Hours()
    place = Choice(Place)


class SaidForWhom(Schema):
    """Who rang a broker about something that is listed."""

    party_id = Somebody(required=True, unsaid=N_("Say who."))


class SaidLog(Said):
    """Hours that nothing was written down for before; `others`: with whom else just so.

    Without `gift_id` it is the kind of help that the words of `title` name, if they name one.
    """

    direction = Choice(Direction, required=True, unsaid=N_("Say whether the help was given or received."))
    party_id = Somebody(required=True, unsaid=N_("Say with whom."))
    title = Text(most=TITLE, required=True, unsaid=N_("Say in a few words what you did."))
    gift_id = Id()
    place = Choice(Place)
    hours = Hours(required=True)
    travel = Hours(least=0)
    preparation = Hours(least=0)
    happened_on = Day(required=True)
    others = Many(Somebody(), most=MOST_OTHERS)


class SentAnswer(SaidAnswer):
    """The same from a program, which says to what; `submission` is a number of its own, to be safe to send again."""

    listing_id = Id(required=True)
    submission = Id()


class SentLogs(SaidLog):
    """The same from a program."""

    submission = Id()


class SentLog(SentLogs):
    """The same with one other."""

    class Meta:
        exclude = ("others",)


class AskedExchanges(Schema):
    """Which exchanges: open ones, ended ones or all; `after` is the `next` of the page before."""

    is_open = YesNo(load_default=None, allow_none=True)
    after = Text(most=200)


class ShownVerb(Schema):
    """Something that may be done now, and for which party (null: as broker)."""

    verb = plain.Enum(Verb, by_value=True)
    for_party = plain.UUID(allow_none=True)


class ShownStep(Schema):
    """Something that happened: who did what (null: it followed), for whom, and how they were told by them."""

    number = plain.Integer()
    verb = plain.Enum(Verb, by_value=True)
    after = plain.Enum(State, by_value=True)
    at = plain.AwareDateTime()
    by_member_id = plain.UUID(allow_none=True)
    for_party_id = plain.UUID(allow_none=True)
    authority = plain.Enum(Authority, by_value=True, allow_none=True)
    seconds = plain.Integer(allow_none=True)
    note = plain.String()


class ShownTerms(Schema):
    """What the policy says of an exchange: `rule` is the number of its rule by risk, null for its general terms."""

    policy_version = plain.Integer()
    rule = plain.Integer(allow_none=True)
    decided_at = plain.AwareDateTime()
    approval = plain.Enum(Approval, by_value=True)
    confirmation = plain.Enum(Confirmation, by_value=True)
    auto_confirm_days = plain.Integer(allow_none=True)


class ShownApproval(Schema):
    """A broker's approval beforehand, under which terms; `hold_entry` numbers the entry that set the hours aside."""

    approved_at = plain.AwareDateTime()
    approved_by = plain.String()
    note = plain.String()
    seconds = plain.Integer(allow_none=True)
    hold_entry = plain.Integer(allow_none=True)
    terms = plain.Nested(ShownTerms)


class ShownExchange(Schema):
    """An exchange as JSON. Amounts are whole seconds."""

    id = plain.UUID()
    title = plain.String()
    state = plain.Enum(State, by_value=True)
    since = plain.AwareDateTime()
    begun_at = plain.AwareDateTime()
    giver_id = plain.UUID()
    receiver_id = plain.UUID()
    proposer_id = plain.UUID()
    listing_id = plain.UUID(allow_none=True)
    gift_id = plain.UUID(allow_none=True)
    place = plain.Enum(Place, by_value=True, allow_none=True)
    planned_for = plain.AwareDateTime(allow_none=True)
    planned_seconds = plain.Integer(allow_none=True)
    suggester_id = plain.UUID(allow_none=True)
    suggested_for = plain.AwareDateTime(allow_none=True)
    suggested_seconds = plain.Integer(allow_none=True)
    happened_on = plain.Date(allow_none=True)
    reported_seconds = plain.Integer(allow_none=True)
    service_seconds = plain.Integer(allow_none=True)
    travel_seconds = plain.Integer(allow_none=True)
    preparation_seconds = plain.Integer(allow_none=True)
    reporter_id = plain.UUID(allow_none=True)
    credited_seconds = plain.Integer(allow_none=True)
    corrections = plain.Integer()
    steps = plain.Integer()
    is_unapproved = plain.Boolean()
    is_one_handed = plain.Boolean()
    waits_for_limit = plain.Boolean()
    giver = plain.String()
    receiver = plain.String()
    terms = plain.Nested(ShownTerms)
    verbs = plain.List(plain.Nested(ShownVerb))


class ShownLife(ShownExchange):
    """One exchange with its life so far."""

    life = plain.List(plain.Nested(ShownStep))


class ShownLogged(Schema):
    """The exchanges that hours with several others have become."""

    items = plain.List(plain.Nested(ShownExchange))


class ShownExchanges(Schema):
    """A page of exchanges; `next` asks for the one after it and is null on the last."""

    items = plain.List(plain.Nested(ShownExchange))
    next = plain.String(allow_none=True)
