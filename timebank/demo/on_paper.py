"""A sheet of the demo: printed for the luncheon club, filled in there by hand, and entered by a broker weeks later."""

from dataclasses import dataclass
from datetime import date, datetime

from timebank.demo.people import OTHER_BROKER
from timebank.demo.stories import QUARTER, Calendar


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """One line as it stands on the paper."""

    day: date
    giver: str
    receiver: str
    what: str
    seconds: int


@dataclass(frozen=True, kw_only=True)
class OnPaper:
    """A sheet, when it was printed and when it was entered."""

    printed: datetime
    entered: datetime
    place: str
    lines: tuple[PaperLine, ...]
    broker: str = OTHER_BROKER


def luncheon_club(on: Calendar) -> OnPaper:
    """Nobody at the luncheon club likes to use a telephone for this."""
    told = [
        (25, 1, "Nerys Howells", "Eluned Thomas", "Setting the tables", 4),
        (25, 1, "Dilwyn Pugh", "Marged Elis", "Lift home", 2),
        (26, 1, "Nerys Howells", "Eluned Thomas", "Setting the tables", 4),
        (26, 1, "Betsan Harries", "Olwen Rees", "Reading the newspaper aloud", 3),
        (27, 1, "Marged Elis", "Betsan Harries", "Knitting lesson", 6),
        (27, 1, "Dilwyn Pugh", "Marged Elis", "Lift home", 2),
    ]
    return OnPaper(
        printed=on.moment(on.week(24), 9, 15),
        entered=on.moment(on.week(28), 14, 20),
        place="Clwb cinio / Luncheon club",
        lines=tuple(
            PaperLine(day=on.week(week, day), giver=giver, receiver=receiver, what=what, seconds=quarters * QUARTER)
            for week, day, giver, receiver, what, quarters in told
        ),
    )
