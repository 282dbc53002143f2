"""What is said of group sessions in forms and JSON alike, and how they look as JSON."""

from typing import Any

from marshmallow import fields as plain

from timebank.group_sessions.announcing import Announcement
from timebank.group_sessions.tables import Charging, Part, PayerWord, Presence, SessionState
from timebank.language import N_
from timebank.members.tables import Authority
from timebank.web.exchange_verbs import moment_said
from timebank.web.schemas import Schema
from timebank.web.schemas.codes import LONGEST_CODE
from timebank.web.schemas.fields import Choice, Clock, Day, Hours, Id, Somebody, Text, Whole, YesNo
from timebank.web.schemas.speaking import InAName, ToldHow

TITLE = 120
DETAILS = 2000
PLACE = 120
MOST_PLACES = 500
NOTE = 300
MARK = 16
NAME = 120


class SaidSession(InAName):
    """What is announced, and who pays."""

    title = Text(most=TITLE, required=True, unsaid=N_("Say in a few words what it is."))
    details = Text(most=DETAILS, multiline=True)
    place = Text(most=PLACE)
    day = Day(required=True)
    clock = Clock(required=True)
    hours = Hours(required=True)
    places = Whole(least=1, most=MOST_PLACES)
    charging = Choice(Charging, required=True, unsaid=N_("Choose who pays."))
    payer_id = Id()
    counts_preparation = YesNo(load_default=True)
    follows_id = Id()


def announcement_said(said: dict[str, Any]) -> Announcement:
    """What somebody announces; the time is that of their timebank."""
    starts_at = moment_said(said)
    assert starts_at is not None  # noqa: S101 - the schema asks for the day
    return Announcement(
        title=said["title"],
        details=said["details"],
        place=said["place"],
        starts_at=starts_at,
        planned_seconds=said["hours"],
        places=said["places"],
        charging=said["charging"],
        payer_id=said["payer_id"],
        counts_preparation=said["counts_preparation"],
        follows_id=said["follows_id"],
    )


class SaidPart(ToldHow):
    """Who signs up or drops out, and for which part; by default oneself, as a receiver."""

    party_id = Id()
    part = Choice(Part, load_default=Part.RECEIVER)


class SaidPartOf(SaidPart):
    """The same for somebody else, who is named."""

    party_id = Somebody(required=True, unsaid=N_("Say who."))


class SaidPresence(Schema):
    """Who came, for which part and how long; a giver's `preparation` stands apart."""

    party_id = Somebody(required=True, unsaid=N_("Say who."))
    part = Choice(Part, required=True, unsaid=N_("Say whether they gave or received."))
    hours = Hours(required=True)
    preparation = Hours()


class SaidCredit(Schema):
    """`mark` is that of the plan that was shown: if the register has changed since, nothing is credited."""

    mark = Text(most=MARK)


class SaidPayment(ToldHow):
    """That an organisation pays, and up to how much; without `hours` as much as it takes."""

    hours = Hours()


class SaidRefusal(ToldHow):
    """That an organisation does not pay, and a word with it."""

    note = Text(most=NOTE, multiline=True)


class SaidAnswerOfPayer(SaidPayment, SaidRefusal):
    """Either on a page, where the other button declines."""

    then = Text(most=10)


class SaidCheckIn(Schema):
    """Who checks in, by default oneself; whoever does not host the session shows the `code` that they scanned."""

    party_id = Id()
    code = Text(most=LONGEST_CODE)


class SaidName(Schema):
    """A name, as somebody types it in at the door; or which of those so called it is."""

    name = Text(most=NAME, required=True, unsaid=N_("Type in your name."))


class SaidAbsence(Schema):
    """Who did not come."""

    party_id = Id(required=True)


class SaidNote(Schema):
    """A word with it."""

    note = Text(most=NOTE, multiline=True)


class SaidReason(Schema):
    """Why, in a word."""

    note = Text(most=NOTE, multiline=True, required=True, unsaid=N_("Say why, in a few words."))


class SentSession(SaidSession):
    """The same from a program; `submission` is a number of its own, to be safe to send again."""

    submission = Id()


class AskedSessions(Schema):
    """Which sessions: those to come or those that are over; `after` is the `next` of the page before."""

    is_open = YesNo(load_default=True)
    after = Text(most=200)


class ShownAttendance(Schema):
    """Somebody's part."""

    party_id = plain.UUID()
    name = plain.String()
    part = plain.Enum(Part, by_value=True)
    presence = plain.Enum(Presence, by_value=True)
    seconds = plain.Integer(allow_none=True)
    prepared_seconds = plain.Integer()
    came_at = plain.AwareDateTime(allow_none=True)
    entry_number = plain.Integer(allow_none=True)
    authority = plain.Enum(Authority, by_value=True, allow_none=True)


class ShownLeg(Schema):
    """What the entry does to one account; no party: the community pot."""

    party_id = plain.UUID(allow_none=True)
    seconds = plain.Integer()


class ShownHelp(Schema):
    """Help that will be stored with the entry."""

    giver_id = plain.UUID()
    receiver_id = plain.UUID()
    seconds = plain.Integer()


class ShownSessionEntry(Schema):
    """An entry that a session has led to: the number among them, and what it did to each account."""

    number = plain.Integer()
    entry_id = plain.UUID()
    happened_on = plain.Date()
    credited_at = plain.AwareDateTime()
    reversed_at = plain.AwareDateTime(allow_none=True)
    surplus_seconds = plain.Integer()
    legs = plain.List(plain.Nested(ShownLeg))


class ShownSession(Schema):
    """A group session. `attendances`, `entries` and what comes after are for its host and brokers."""

    id = plain.UUID()
    host_id = plain.UUID()
    host = plain.String()
    title = plain.String()
    details = plain.String()
    place = plain.String()
    starts_at = plain.AwareDateTime()
    planned_seconds = plain.Integer()
    places = plain.Integer(allow_none=True)
    charging = plain.Enum(Charging, by_value=True)
    payer_id = plain.UUID(allow_none=True)
    payer_word = plain.Enum(PayerWord, by_value=True, allow_none=True)
    payer_most_seconds = plain.Integer(allow_none=True)
    counts_preparation = plain.Boolean()
    follows_id = plain.UUID(allow_none=True)
    state = plain.Enum(SessionState, by_value=True)
    coming = plain.Integer()
    attendances = plain.List(plain.Nested(ShownAttendance))
    entries = plain.List(plain.Nested(ShownSessionEntry))
    plan = plain.List(plain.Nested(ShownLeg), allow_none=True)
    helped = plain.List(plain.Nested(ShownHelp), allow_none=True)
    surplus_seconds = plain.Integer(allow_none=True)
    mark = plain.String(allow_none=True)


class ShownSessions(Schema):
    """A page of sessions; `next` asks for the one after it and is null on the last."""

    items = plain.List(plain.Nested(ShownSession))
    next = plain.String(allow_none=True)
