"""What is passed on in the demo: who puts hours into the pot, to whom they go, and who asks for some."""

from dataclasses import dataclass

from timebank.demo.people import OTHER_BROKER
from timebank.network.rules import HOUR


@dataclass(frozen=True, kw_only=True)
class Gifted:
    """Hours that somebody puts into the pot, or, with `to`, passes on to somebody."""

    week: int
    who: str
    seconds: int
    word: str
    to: str | None = None


@dataclass(frozen=True, kw_only=True)
class Wished:
    """Hours asked of the pot; in the week after, `grants` of them are given by a broker (none: it still waits)."""

    week: int
    who: str
    seconds: int
    word: str
    grants: int = 0
    broker: str = OTHER_BROKER


GIFTED = (
    Gifted(week=18, who="Mair Prosser", seconds=3 * HOUR, word="I have more than I need. For somebody new."),
    Gifted(week=24, who="Iwan ap Dafydd", seconds=2 * HOUR, word="Diolch i bawb."),
    Gifted(week=28, who="Mair Prosser", seconds=4 * HOUR, word=""),
    Gifted(week=30, who="Mair Prosser", seconds=HOUR, to="Olwen Rees", word="For your lifts to chapel."),
)
WISHED = (
    Wished(week=25, who="Doreen Sullivan", seconds=4 * HOUR, word="We are moving house in a week.", grants=3 * HOUR),
    Wished(week=33, who="Huw Lloyd", seconds=5 * HOUR, word="My knee again: lifts to the hospital this month."),
)
