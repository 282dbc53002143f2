"""What may be entered from paper: a sheet's number, its lines, and why a line is refused. No database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from timebank.errors import NotFound, Refusal, RuleBroken
from timebank.exchanges.tables import Exchange, State
from timebank.language import N_
from timebank.network.tables import Place
from timebank.sheets.tables import Signed, Source

MOST_LINES = 1000
MOST_COPIES = 20
LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
"""23 letters, none of which is read as a digit: modulo 23 every wrong digit and every two that changed places show."""


class Repeats(StrEnum):
    """What becomes of lines whose hours are logged already, by the look of them."""

    REFUSE = "refuse"
    LEAVE_OUT = "leave_out"
    COUNT = "count"


@dataclass(frozen=True, kw_only=True)
class Line:
    """Hours of help as a line says them; `number` is where it stands on the sheet or in the file, from 1.

    Who signed it, where it was and what becomes of it if it is logged already, where that differs from its sheet.
    """

    number: int
    happened_on: date
    giver_id: UUID
    receiver_id: UUID
    title: str
    seconds: int
    gift_id: UUID | None = None
    signed: Signed | None = None
    place: Place | None = None
    repeats: Repeats | None = None

    @property
    def likeness(self) -> tuple[UUID, UUID, date, int]:
        """What two lines have in common that may be the same hours."""
        return self.giver_id, self.receiver_id, self.happened_on, self.seconds


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is said of a whole sheet. `is_more`: although it was entered before; `approves`: the broker, as well.

    `place` is where all of it was, as far as rules by risk ask.
    """

    printed_id: UUID | None = None
    source: Source = Source.GRID
    signed: Signed = Signed.BOTH
    place: Place | None = None
    approves: bool = False
    repeats: Repeats = Repeats.REFUSE
    is_more: bool = False
    file_name: str = ""
    digest: str = ""

    def signed_on(self, line: Line) -> Signed:
        return line.signed or self.signed

    def place_of(self, line: Line) -> Place | None:
        return line.place or self.place

    def repeats_on(self, line: Line) -> Repeats:
        return line.repeats or self.repeats

    def leaves_out(self, line: Line, why: Refusal) -> bool:
        """Whether a line is passed over because its hours are logged already, as the broker said that it may be."""
        return self.repeats_on(line) is Repeats.LEAVE_OUT and isinstance(why, LoggedAlready | TwiceOnSheet)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What becomes of a line, or became of it; `entry_number` is its place in the ledger, if it was credited."""

    number: int
    exchange_id: UUID
    state: State
    is_unapproved: bool
    waits_for_limit: bool
    entry_number: int | None = None

    @classmethod
    def of(cls, number: int, exchange: Exchange, entry_number: int | None) -> "Outcome":
        return cls(
            number=number,
            exchange_id=exchange.id,
            state=exchange.state,
            is_unapproved=exchange.is_unapproved,
            waits_for_limit=exchange.waits_for_limit,
            entry_number=entry_number,
        )


class NoSuchSheet(RuleBroken):
    sentence = N_("No sheet was printed here with this number. Look at it again: a number and a letter, like 12-N.")
    field = "sheet_number"


class OfASession(RuleBroken):
    sentence = N_("This is the sign-in sheet of a group session. Enter it from the page of that session.")
    field = "sheet_number"


class NoSuchReceipt(NotFound):
    sentence = N_("There is no such receipt in this timebank.")


class NothingEntered(RuleBroken):
    sentence = N_("There is no line to post yet.")


class TooManyLines(RuleBroken):
    sentence = N_("Enter %(most)s lines at most, and the rest afterwards.")


class EnteredBefore(RuleBroken):
    sentence = N_("%(name)s entered this already on %(entered_at)s. If these are further lines of it, say so.")
    field = "is_more"


class LinesRefused(RuleBroken):
    """Nothing is posted, because some lines cannot be. `by_line` says which and why."""

    sentence = N_("Nothing was posted, as some lines cannot be. They say why.")

    def __init__(self, by_line: Mapping[int, Refusal]) -> None:
        self.by_line = by_line
        super().__init__()


class LoggedAlready(RuleBroken):
    """The same two, the same day, the same hours."""

    sentence = N_("Hours of these two on this day, as long as these, are logged already: %(title)s.")

    def __init__(self, exchange_id: UUID, title: str) -> None:
        self.exchange_id = exchange_id
        super().__init__(title=title)


class TwiceOnSheet(RuleBroken):
    sentence = N_("Line %(number)s says the same: these two, this day, these hours.")


def written_number(number: int) -> str:
    """A sheet's number as it is printed: 12 becomes "12-N"."""
    return f"{number}-{LETTERS[number % len(LETTERS)]}"


def number_said(text: str) -> int:
    """The number that somebody read off a sheet. Raises NoSuchSheet where it was misread."""
    said = re.fullmatch(r"([0-9]{1,9})\W*([A-Z])", text.strip().upper(), re.ASCII)
    if said is None or LETTERS[int(said[1]) % len(LETTERS)] != said[2]:
        raise NoSuchSheet
    return int(said[1])


def digest_of(lines: Iterable[Line]) -> str:
    """The SHA-256 of what was entered by hand, where there is no file to take it of."""
    said = "\n".join(
        f"{line.number}|{line.happened_on}|{line.giver_id}|{line.receiver_id}|{line.seconds}|{line.title}"
        for line in lines
    )
    return sha256(said.encode()).hexdigest()
