"""What is said of sheets and their lines: typed into a grid, read from a file or sent by a program."""

import re
from datetime import date
from enum import StrEnum
from typing import Any

from marshmallow import fields as plain

from timebank.exchanges.tables import State
from timebank.group_sessions.tables import Part as PartTaken
from timebank.language import N_
from timebank.network.tables import Place
from timebank.sheets.rules import MOST_COPIES, MOST_LINES, Repeats
from timebank.sheets.tables import Signed
from timebank.web.schemas import Schema
from timebank.web.schemas.exchanges import TITLE
from timebank.web.schemas.fields import (
    DAY_OUT_OF_RANGE,
    FIRST_DAY,
    LAST_DAY,
    Choice,
    Day,
    Hours,
    Id,
    Many,
    Part,
    Somebody,
    Text,
    Whole,
    YesNo,
    refuse,
)
from timebank.web.session import today

NAME = 200
NOT_DAY = N_("Give a day, like 24/11/2026 or 24/11.")
_DAY = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})(?:[/. -]([0-9]{4}|[0-9]{2}))?")


class PaperDay(Day):
    """A day as people write it by hand: 24/11/2026, 24.11.26, or 24/11, the last that has been; also 2026-11-24."""

    unsaid = NOT_DAY

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> date:
        said = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
        if said is None:
            return super()._deserialize(value, *args, **more)
        day, month, year = int(said[1]), int(said[2]), said[3]
        try:
            if year is None:
                this_year = date(today().year, month, day)
                read = this_year if this_year <= today() else date(today().year - 1, month, day)
            else:
                read = date(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: PLR2004 - "26"
        except ValueError:
            refuse(NOT_DAY)
        if not FIRST_DAY <= read <= LAST_DAY:
            refuse(DAY_OUT_OF_RANGE)
        return read


class Month(Day):
    """A month, as browsers send it: 2026-11. Loads its first day."""

    unsaid = N_("Choose a month.")

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> date:
        is_month = isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}", value.strip())
        return super()._deserialize(f"{value.strip()}-01" if is_month else value, *args, **more).replace(day=1)


class SaidLine(Schema):
    """Who helped whom, when, with what and how long. A name or, from a choice or a program, the party itself.

    Who signed, where it was and what becomes of hours logged already, only where that differs from the whole sheet.
    """

    happened_on = PaperDay(required=True)
    giver = Text(most=NAME)
    giver_id = Id()
    receiver = Text(most=NAME)
    receiver_id = Id()
    title = Text(most=TITLE, required=True, unsaid=N_("Say in a few words what it was."))
    hours = Hours(required=True)
    signed = Choice(Signed)
    place = Choice(Place)
    repeats = Choice(Repeats)


class Act(StrEnum):
    """What the button says: look at the lines, post them, give more room, or put a file's lines into the grid."""

    LOOK = "look"
    POST = "post"
    MORE = "more"
    CORRECT = "correct"


class SaidPrint(Schema):
    """Which sheets to print: for which month, for whom or where, how many."""

    month = Month(required=True)
    party_id = Somebody()
    place = Text(most=TITLE)
    copies = Whole(least=1, most=MOST_COPIES, load_default=1)


class SaidSignedIn(Schema):
    """A line of a sheet on which people signed in: who, for which part and how long."""

    who = Text(most=NAME)
    who_id = Id()
    part = Choice(PartTaken, load_default=PartTaken.RECEIVER)
    hours = Hours(required=True)


class SaidRegister(Schema):
    """What is said of such a sheet as a whole."""

    others_absent = YesNo()
    act = Choice(Act, load_default=Act.POST)


class SaidSheet(Schema):
    """What is said of a whole sheet."""

    sheet_number = Text(most=20)
    signed = Choice(Signed, load_default=Signed.BOTH)
    place = Choice(Place)
    approves = YesNo()
    repeats = Choice(Repeats, load_default=Repeats.REFUSE)
    is_more = YesNo()
    act = Choice(Act, load_default=Act.LOOK)


class SentSheet(SaidSheet):
    """Lines from a program. `submission` is a number of its own, to be safe to send again; `dry_run` posts nothing."""

    lines = Many(Part(SaidLine), most=MOST_LINES, required=True)
    submission = Id()
    dry_run = YesNo()


class ShownSheetLine(Schema):
    """What became, or would become, of a line; or why it cannot be posted, by field.

    Tried, a line whose hours are logged already names the exchange that has them, and says if it would be left out.
    """

    number = plain.Integer()
    is_left_out = plain.Boolean()
    exchange_id = plain.UUID(allow_none=True)
    state = plain.Enum(State, by_value=True, allow_none=True)
    is_unapproved = plain.Boolean()
    waits_for_limit = plain.Boolean()
    entry_number = plain.Integer(allow_none=True)
    errors = plain.Dict(keys=plain.String(), values=plain.String())


class ShownSheet(Schema):
    """A receipt. `entered_before` is that of the same sheet or lines, if they were entered before; no id: a dry run."""

    id = plain.UUID(allow_none=True)
    sheet_number = plain.String(allow_none=True)
    entered_at = plain.AwareDateTime(allow_none=True)
    entered_by = plain.String(allow_none=True)
    entered_before = plain.UUID(allow_none=True)
    digest = plain.String()
    seconds = plain.Integer()
    lines = plain.List(plain.Nested(ShownSheetLine))
