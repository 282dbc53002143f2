"""What is said of people, by themselves and by their broker."""

from marshmallow import fields as plain

from timebank.language import N_, Language
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Choice, Email, Id, Text, YesNo
from timebank.web.schemas.speaking import InAName

NAME = 120
PHONE = 40
AREA = 80
ABOUT = 1000
SOUGHT = 100
FIELDS = ("party_id", "receiver_id", "guardian_id", "others", "giver", "receiver", "who")
"""The fields of forms in which names are typed."""


class SaidDetails(Schema):
    """What a timebank knows of somebody."""

    name = Text(most=NAME, required=True, unsaid=N_("Give a name."))
    phone = Text(most=PHONE)
    language = Choice(Language, required=True, unsaid=N_("Choose a language."))
    area = Text(most=AREA)
    about = Text(most=ABOUT, multiline=True)


class SaidMember(Schema):
    """The same as a broker writes it down, who may also know an e-mail address."""

    name = Text(most=NAME, required=True, unsaid=N_("Give a name."))
    email = Email()
    phone = Text(most=PHONE)
    language = Choice(Language, required=True, unsaid=N_("Choose a language."))
    area = Text(most=AREA)
    about = Text(most=ABOUT, multiline=True)


class AskedMembers(Schema):
    """Whose name is looked for."""

    q = Text(most=SOUGHT)


class AskedPeople(AskedMembers):
    """Whose name is being typed, in which field of a form; `for` is in whose name the form speaks.

    `words`: only their names are wanted, for the cells of a grid.
    """

    field = Choice(FIELDS, required=True)
    speaker = Id(data_key="for")
    several = YesNo()
    words = YesNo()


class ShownPerson(Schema):
    """Somebody with whom hours can be exchanged."""

    id = plain.UUID()
    name = plain.String()
    area = plain.String()


class ShownPeople(Schema):
    """The first of those whose names begin like what was asked for."""

    items = plain.List(plain.Nested(ShownPerson))


class SaidBlock(InAName):
    """For whom somebody is blocked: oneself, where nothing is said."""


class ShownBlocked(Schema):
    """Somebody who is blocked."""

    party_id = plain.UUID()
    name = plain.String()


class ShownBlocks(Schema):
    """Whom the reader, and those they act for, have blocked."""

    items = plain.List(plain.Nested(ShownBlocked))
