"""What is said of codes that are shown, scanned and typed, in forms and JSON alike."""

from marshmallow import fields as plain

from timebank.language import N_
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import Text

LONGEST_CODE = 40


class SaidCode(Schema):
    """A code as somebody typed it in."""

    code = Text(most=LONGEST_CODE, required=True, unsaid=N_("Type in the code."))


class ShownCode(Schema):
    """A code, shown this once, and the address that a phone opens when it scans it."""

    code = plain.String()
    address = plain.String()


class ShownWay(Schema):
    """Where a code leads: to hours to confirm, or to a group session to check in to."""

    exchange_id = plain.UUID(allow_none=True)
    session_id = plain.UUID(allow_none=True)
