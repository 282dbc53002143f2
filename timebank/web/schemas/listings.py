"""What is said of offers and requests, and what a list of them is asked for."""

from timebank.language import N_
from timebank.listings.rules import DAYS, PARTS
from timebank.listings.tables import Side
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Choice, Id, Many, Text, Whole
from timebank.web.schemas.speaking import InAName

TITLE = 120
DETAILS = 2000
SOUGHT = 100
SLOTS = len(DAYS) * len(PARTS)


class SaidListing(InAName):
    """What somebody offers or asks for. `times` are parts of the week, 0 (Monday morning) to 20; none: any time."""

    title = Text(most=TITLE, required=True, unsaid=N_("Say in a few words what it is."))
    details = Text(most=DETAILS, multiline=True)
    gift_id = Id()
    times = Many(Whole(least=0, most=SLOTS - 1), most=SLOTS)


class AskedListings(Schema):
    """Which offers and requests: of one side, of one kind of help, with these words."""

    side = Choice(Side)
    gift = Id()
    q = Text(most=SOUGHT)
