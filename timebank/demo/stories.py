"""What is told of the valley: a story is one exchange from its beginning, a deed is one thing that happens in it.

Stories are plain values, made without a database from a seed and a moment; `acting.py` lets them happen.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from timebank.demo.offers_and_requests import Text
from timebank.demo.people import (
    BROKER,
    ORGANISATIONS,
    OTHER_BROKER,
    OTHER_VALLEY,
    OTHER_VALLEYS_BROKER,
    PEOPLE,
    Villager,
)
from timebank.exchanges.tables import Verb
from timebank.language import Language

QUARTER = 15 * 60
WEEKS = 35
"""Eight months."""

ZONE = ZoneInfo("Europe/London")
_LATEST_HOUR, _EARLIEST_HOUR = 21, 8
_OFFICE_OPENS, _OFFICE_CLOSES = 9, 16
_SATURDAY = 5

VILLAGERS: dict[str, Villager] = {villager.name: villager for villager in (*PEOPLE, *OTHER_VALLEY)}
DELEGATES: dict[str, str] = {body.name: body.delegate for body in ORGANISATIONS}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One step. `of` is for whom it is done (None: as broker), `by` who does it (None: the house, out of time)."""

    at: datetime
    verb: Verb
    of: str | None = None
    by: str | None = None
    seconds: int | None = None
    planned_for: datetime | None = None
    happened_on: date | None = None
    note: str = ""


@dataclass(eq=False, kw_only=True)
class Story:
    """One exchange, told from its beginning. Whoever does its first deed proposes or logs it."""

    giver: str
    receiver: str
    kind: str
    title: str
    listing: Text | None = None
    deeds: list[Deed] = field(default_factory=list)

    @property
    def both(self) -> tuple[str, str]:
        return self.giver, self.receiver

    def other_than(self, name: str) -> str:
        return self.receiver if name == self.giver else self.giver


class Calendar:
    """The days of the valley, from the week in which its timebank began to the moment at which the story ends."""

    def __init__(self, ends_at: datetime) -> None:
        self.ends_at = ends_at
        self.today = ends_at.astimezone(ZONE).date()
        self.first_day = self.today - timedelta(weeks=WEEKS, days=self.today.weekday())

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), ZONE).astimezone(self.ends_at.tzinfo)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZONE).date()

    def week(self, number: int, weekday: int = 0) -> date:
        return self.first_day + timedelta(weeks=number, days=weekday)

    def days_ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """An hour of a day before today, so that it is over whenever today the story ends."""
        return self.moment(self.today - timedelta(days=days), hour, minute)

    def last(self, weekday: int, *, at_least: int = 2) -> date:
        """The latest such day of the week that is some days ago."""
        latest = self.today - timedelta(days=at_least)
        return latest - timedelta(days=(latest.weekday() - weekday) % 7)

    def next(self, weekday: int, *, at_least: int = 2) -> date:
        earliest = self.today + timedelta(days=at_least)
        return earliest + timedelta(days=(weekday - earliest.weekday()) % 7)

    def later(self, rng: Random, after: datetime, hours: tuple[int, int], *, office: bool = False) -> datetime:
        """Some hours later, when people are awake, or when the brokers' office is open."""
        local = (after + timedelta(minutes=rng.randint(hours[0] * 60, hours[1] * 60))).astimezone(ZONE)
        opens, closes = (_OFFICE_OPENS, _OFFICE_CLOSES) if office else (_EARLIEST_HOUR, _LATEST_HOUR)
        day = local.date()
        if local.hour >= closes:
            day += timedelta(days=1)
        while office and day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
        if day == local.date() and local.hour >= opens:
            return local.astimezone(self.ends_at.tzinfo)
        return self.moment(day, opens, rng.randrange(60))


def language_of(name: str) -> Language:
    return VILLAGERS[name].language if name in VILLAGERS else Language.ENGLISH


def broker_for(*both: str) -> str:
    """A broker who has no part in it."""
    if both[0] in _ELSEWHERE:
        return OTHER_VALLEYS_BROKER
    return OTHER_BROKER if BROKER in both else BROKER


def who_acts(name: str, *both: str) -> str:
    """Themselves, an organisation's delegate, or a broker for those without e-mail."""
    if name in DELEGATES:
        return DELEGATES[name]
    return name if VILLAGERS[name].has_email else broker_for(*both)


_ELSEWHERE = frozenset(villager.name for villager in OTHER_VALLEY)
