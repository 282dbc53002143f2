"""In whose name something is said, and how whoever says it for another was told."""

from timebank.members.rules import WAYS_TO_TELL
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Choice, Id


class ToldHow(Schema):
    """Needed of a broker who does something for a member: `authority` says how that member told them."""

    authority = Choice(WAYS_TO_TELL)


class InAName(ToldHow):
    """`for_party` is for whom, where one person speaks for several; by default oneself."""

    for_party = Id()
