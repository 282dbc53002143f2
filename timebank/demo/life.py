"""Eight months of life, imagined from a seed: who helps whom, with what, and how each exchange goes."""

from collections import Counter
from datetime import timedelta
from random import Random

from timebank.demo.careers import CAREERS, GRANULARITY_CHANGES_IN_WEEK
from timebank.demo.kinds_of_help import KINDS, Kind
from timebank.demo.offers_and_requests import (
    OFFERS,
    REQUESTS,
    Text,
    week_of,
)
from timebank.demo.people import FRIENDS, ORGANISATIONS, PAUSED, PAUSED_IN_WEEK, PEOPLE, Body, Villager
from timebank.demo.stories import (
    DELEGATES,
    QUARTER,
    VILLAGERS,
    WEEKS,
    Calendar,
    Story,
)
from timebank.demo.telling import Teller

STARTING_QUARTERS = 8
LOWEST_QUARTERS = -24
"""Below this nobody asks again before they have given, but for those of the careers."""

UNMET = frozenset({"How do I make a Sunday dinner?", "Gwefan fach i'r clwb rygbi", "Our hedge has won"})
"""Requests that nobody answered; they were taken off the list again."""

FATES = {
    "credited": 61,
    "logged": 18,
    "silent": 5,
    "declined": 4,
    "withdrawn": 3,
    "cancelled": 4,
    "missed": 2,
    "not approved": 1,
    "disputed": 2,
}


class Life:
    """Tells the stories, week by week, remembering who stands where so that hours go round."""

    def __init__(self, calendar: Calendar, rng: Random) -> None:
        self.calendar = calendar
        self.rng = rng
        self.stories: list[Story] = []
        self._quarters: Counter[str] = Counter({villager.name: STARTING_QUARTERS for villager in PEOPLE})
        all_of_them: tuple[Villager | Body, ...] = (*PEOPLE, *ORGANISATIONS)
        self._gives = {each.name: each.gives.split() for each in all_of_them}
        self._needs = {each.name: each.needs.split() for each in all_of_them}
        self._giving = {each.name: each.giving for each in all_of_them}
        self._asking = {each.name: each.asking for each in all_of_them}
        self._friends = {frozenset(pair) for pair in FRIENDS}

    def live(self) -> list[Story]:
        """Every exchange that came to its end before the calendar does."""
        for week in range(1, WEEKS):
            for chapter in CAREERS:
                if chapter.week == week:
                    self._tell(chapter.giver, chapter.receiver, chapter.kind, week, quarters=chapter.quarters)
            for request in REQUESTS:
                if request.week == week and request.title not in UNMET:
                    self._answer(request, week)
            for _ in range(7 + week // 4 + self.rng.randrange(4)):
                self._happen(week)
        return self.stories

    def _happen(self, week: int) -> None:
        """Somebody helps somebody."""
        giver = self._chosen({name: self._will_give(name, week) for name in self._gives})
        kind = self.rng.choice(self._gives[giver])
        receiver = self._chosen({name: self._will_ask(name, giver, kind, week) for name in self._needs})
        offers = [text for text in OFFERS if (text.who, text.kind) == (giver, kind) and week_of(text) < week]
        listing = self.rng.choice(offers) if offers and self.rng.random() < 0.6 else None  # noqa: PLR2004 - six of ten ask by it
        fate = self._chosen(FATES)
        self._tell(giver, receiver, kind, week, listing=listing, fate=fate)

    def _answer(self, request: Text, week: int) -> None:
        """Somebody offers what is asked for."""
        able = [name for name, kinds in self._gives.items() if request.kind in kinds and name != request.who]
        giver = self._chosen({name: self._will_give(name, week) for name in able})
        self._tell(giver, request.who, request.kind, week, listing=request)

    def _will_give(self, name: str, week: int) -> float:
        if not self._is_here(name, week) or not self._gives[name]:
            return 0
        return self._giving[name] * (1.0 + max(0, -self._quarters[name]) / 8)

    def _will_ask(self, name: str, giver: str, kind: str, week: int) -> float:
        both_organisations = name in DELEGATES and giver in DELEGATES
        is_low = name in VILLAGERS and self._quarters[name] < LOWEST_QUARTERS + 12
        if name == giver or both_organisations or is_low or not self._is_here(name, week):
            return 0
        likely = 4.0 if kind in self._needs[name] else 0.15
        if frozenset((name, giver)) in self._friends:
            likely *= 60
        return self._asking[name] * likely * (1.0 + max(0, self._quarters[name]) / 8)

    def _is_here(self, name: str, week: int) -> bool:
        if name == PAUSED and week > PAUSED_IN_WEEK - 4:
            return False
        return name in DELEGATES or VILLAGERS[name].joined < week

    def _chosen(self, likely: dict[str, float] | dict[str, int]) -> str:
        return self.rng.choices(list(likely), weights=list(likely.values()))[0]

    def _tell(
        self,
        giver: str,
        receiver: str,
        kind: str,
        week: int,
        *,
        listing: Text | None = None,
        fate: str = "credited",
        quarters: int | None = None,
    ) -> None:
        """Tell one exchange, and keep it if it ends in time."""
        begins = self.calendar.moment(
            self.calendar.week(week, self.rng.randrange(6)), self.rng.randint(8, 20), self.rng.randrange(60)
        )
        seconds = QUARTER * (quarters or self._how_long(KINDS[kind], week))
        teller = Teller(self.calendar, self.rng, begins)
        story = teller.tell(giver, receiver, kind, listing=listing, fate=fate, seconds=seconds, is_exact=bool(quarters))
        if story.deeds[-1].at > self.calendar.ends_at - timedelta(hours=30):
            return
        self.stories.append(story)
        if fate in {"credited", "logged", "silent", "disputed"}:
            self._quarters[giver] += seconds // QUARTER
            self._quarters[receiver] -= seconds // QUARTER

    def _how_long(self, kind: Kind, week: int) -> int:
        quarters = self.rng.choice(kind.quarters)
        return quarters + quarters % 2 if week <= GRANULARITY_CHANGES_IN_WEEK else quarters
