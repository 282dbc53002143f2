"""What is said of sheets and their lines: typed into a grid, read from a file or sent by a program."""

import re
from datetime import date
from enum import StrEnum
from typing import Any

from timebank.group_sessions.tables import Part
from timebank.language import N_
from timebank.sheets.rules import MOST_COPIES, Repeats
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
    """Who helped whom, when, with what and how long. A name or, from a choice or a program, the party itself."""

    happened_on = PaperDay(required=True)
    giver = Text(most=NAME)
    giver_id = Id()
    receiver = Text(most=NAME)
    receiver_id = Id()
    title = Text(most=TITLE, required=True, unsaid=N_("Say in a few words what it was."))
    hours = Hours(required=True)


class Act(StrEnum):
    """What the button says: look at the lines, post them, give more room, or put a file's lines into the grid."""

    LOOK = "look"
    POST = "post"
    MORE = "more"
    CORRECT = "correct"


class SaidPrint(Schema):
    """Which sheets to print: for which month, for whom or where, how many."""

    month = Month(required=True)
    party_id = Id()
    place = Text(most=TITLE)
    copies = Whole(least=1, most=MOST_COPIES, load_default=1)


class SaidSignedIn(Schema):
    """A line of a sheet on which people signed in: who, for which part and how long."""

    who = Text(most=NAME)
    who_id = Id()
    part = Choice(Part, load_default=Part.RECEIVER)
    hours = Hours(required=True)


class SaidRegister(Schema):
    """What is said of such a sheet as a whole."""

    others_absent = YesNo()
    act = Choice(Act, load_default=Act.POST)


class SaidSheet(Schema):
    """What is said of a whole sheet."""

    sheet_number = Text(most=20)
    signed = Choice(Signed, load_default=Signed.BOTH)
    approves = YesNo()
    repeats = Choice(Repeats, load_default=Repeats.REFUSE)
    is_more = YesNo()
    act = Choice(Act, load_default=Act.LOOK)
