"""Small numbers: which figures of a report are hidden, so that nobody is recognised in it. Pure; the default rule.

- A count of 1 to 4 is hidden ("<5"); nothing at all is shown as 0.
- A percentage is hidden when it was taken of 1 to 4, or when 1 to 4 are in the part or in the rest.
- Hours are hidden when fewer than 5 people are behind them, or when one person has more than four fifths of them:
  whoever reads the sum would then know that person's hours to within a quarter (dominance, with n = 1 and k = 80 %).
- What is hidden stays hidden when others are subtracted from their total: more figures are *withheld* until it does.

Protection is judged as a reader would attack it: from the sums, and from what the mark of a hidden figure says of it.
Source: Hundepool et al., "Handbook on Statistical Disclosure Control": the dominance rule and secondary suppression.
"""

import math
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Generic, Self, TypeVar

FEWEST = 5
LARGEST_SHARE = Fraction(4, 5)

Name = TypeVar("Name", bound=Hashable)

_ENDS = 2  # each number stands in two sums
_OUTSIDE = (-1, 0)  # the second sum of a number that stands in one: it is never out


@dataclass(frozen=True)
class Shown:
    """A figure as it is printed: a count, whole seconds or whole percent."""

    value: int


@dataclass(frozen=True)
class Hidden:
    """A figure that is not printed. `below` says what may be said of it ("<5"); None says nothing at all."""

    below: int | None = None


@dataclass(frozen=True)
class Undefined:
    """No figure: there was nothing of which to take it."""


Cell = Shown | Hidden | Undefined


@dataclass(frozen=True)
class Amount:
    """Help in one cell, in seconds, and who is behind it: how many people, and the most that one of them has in it."""

    seconds: int
    people: int
    largest: int

    @classmethod
    def of(cls, seconds: int, by_person: Iterable[int]) -> Self:
        behind = [part for part in by_person if part]
        return cls(seconds, len(behind), max(behind, default=0))

    @property
    def is_sensitive(self) -> bool:
        return self.seconds > 0 and (self.people < FEWEST or self.largest > LARGEST_SHARE * self.seconds)


@dataclass(frozen=True)
class Line(Generic[Name]):
    """An addition that a reader can do: these parts make this total."""

    total: Name
    parts: Sequence[Name]


def is_small(count: int) -> bool:
    return 0 < count < FEWEST


def shown_count(count: int) -> Cell:
    """A count that stands in no sum with others."""
    return Hidden(FEWEST) if is_small(count) else Shown(count)


def shown_share(part: int, whole: int) -> Cell:
    """A count's percentage of another."""
    if not whole:
        return Undefined()
    if is_small(whole) or is_small(part) or is_small(whole - part):
        return Hidden()
    return Shown(rounded(Fraction(100 * part, whole)))


def rounded(value: Fraction) -> int:
    """To the nearest whole, halves up."""
    return math.floor(value + Fraction(1, 2))


def whole_percents(shares: Sequence[Fraction]) -> list[int]:
    """Shares that sum to 1 as whole percents that sum to 100: the largest remainders are rounded up."""
    exact = [100 * share for share in shares]
    percents = [math.floor(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: percents[place] - exact[place])
    for place in by_remainder[: 100 - sum(percents)]:
        percents[place] += 1
    return percents


def suppressed_counts(values: Mapping[Name, int], lines: Sequence[Line[Name]]) -> dict[Name, Cell]:
    """A table of counts and its totals, with every small one hidden for good.

    Hidden counts print as "<5" where that gives none of them away. Where it would (2 of a total of 9 leaves 7), larger
    counts are withheld beside them, and all the hidden ones are marked alike: which of them is the small one, the marks
    must not say.
    """
    small = frozenset(name for name, value in values.items() if is_small(value))
    table = Table(values, lines)
    if not table.exposed(small, unknown=dict.fromkeys(small, 1), most=FEWEST - 1):
        return _cells(values, small, Hidden(FEWEST))
    return _cells(values, table.withheld(small), Hidden())


def suppressed_amounts(
    amounts: Mapping[Name, Amount],
    lines: Sequence[Line[Name]],
    *,
    step: int = 1,
    hidden: AbstractSet[Name] = frozenset(),
    unprinted: AbstractSet[Name] = frozenset(),
    spare: AbstractSet[Name] | None = None,
) -> dict[Name, Cell]:
    """A table of hours and its totals, with every sensitive amount withheld for good.

    All hours are multiples of `step`, and a reader may know it: of 30 minutes, two who helped have a quarter each.
    What is `hidden` has been withheld in another report; what is `unprinted` stands in none, and must not be worked out
    where it is sensitive. Only what is `spare` may be withheld for the sake of others: the rest is shown elsewhere.
    """
    sensitive = frozenset(name for name, amount in amounts.items() if amount.is_sensitive)
    values = {name: amount.seconds for name, amount in amounts.items()}
    table = Table(values, lines, step=step)
    return _cells(values, table.withheld(sensitive, hidden=hidden, unprinted=unprinted, spare=spare), Hidden())


def _cells(values: Mapping[Name, int], hidden: AbstractSet[Name], mark: Hidden) -> dict[Name, Cell]:
    return {name: mark if name in hidden else Shown(value) for name, value in values.items()}


class Table(Generic[Name]):
    """Whole numbers, none below zero, and the additions between them. Each stands in at most two of the additions.

    A list with its total is such a table, rows and columns with all their totals, a year with its quarters. The numbers
    are then the pipes of a network whose joints are the additions, and any other numbers that fit what is published
    differ from the true ones by flows around loops of hidden pipes: to look for loops is exact, and fast.
    """

    def __init__(self, values: Mapping[Name, int], lines: Sequence[Line[Name]], *, step: int = 1) -> None:
        self.values = values
        self.step = step
        self.sums: dict[Name, list[tuple[int, int]]] = {name: [] for name in values}
        for number, line in enumerate(lines):
            self.sums[line.total].append((number, -1))
            for part in line.parts:
                self.sums[part].append((number, 1))
        self.members: dict[int, list[Name]] = defaultdict(list)
        for name, sums in self.sums.items():
            sums.extend([_OUTSIDE] * (_ENDS - len(sums)))
            if len(sums) > _ENDS:
                raise ValueError("a number that stands in three additions cannot be judged here")
            for number, _ in sums:
                self.members[number].append(name)

    def exposed(self, names: Iterable[Name], *, unknown: Mapping[Name, int], most: float = math.inf) -> list[Name]:
        """Which of these can be one value only, when of each unknown number a least and a highest value are known."""
        return [name for name in names if not any(self._may_move(name, by, unknown, most) for by in (1, -1))]

    def withheld(
        self,
        sensitive: AbstractSet[Name],
        *,
        hidden: AbstractSet[Name] = frozenset(),
        unprinted: AbstractSet[Name] = frozenset(),
        spare: AbstractSet[Name] | None = None,
    ) -> AbstractSet[Name]:
        """What to withhold so that no sensitive number can be worked out: itself, and as many others as that takes."""
        printed = (name for name in sensitive | hidden if self.values[name])
        # What is printed as hidden is not nothing; of what is not printed, not even that is known.
        asked = dict.fromkeys(printed, self.step) | dict.fromkeys(unprinted, 0)
        may_go = {name for name, value in self.values.items() if value and (spare is None or name in spare)}
        unknown = dict(asked)
        while exposed := self.exposed(sorted(sensitive, key=repr), unknown=unknown):
            companions = may_go - unknown.keys()
            if not companions:
                raise ValueError("nothing is left to withhold")
            unknown[min(companions, key=partial(self._loss, exposed[0]))] = self.step
        useless = self.exposed(unknown.keys() - asked.keys(), unknown=unknown)
        return unknown.keys() - set(useless)

    def _loss(self, exposed: Name, companion: Name) -> tuple[bool, bool, bool, int, str]:
        """Orders what could be withheld beside an exposed number, best first.

        A part of the same sum before the total, and that before anything else; the smallest that is at least as large
        as what it hides, since a small number would hide a large one badly; failing that the largest.
        """
        value = self.values[companion]
        is_near = any(companion in self.members[line] for line, _ in self.sums[exposed])
        is_total = any(sign < 0 for _, sign in self.sums[companion])
        is_large = value >= self.values[exposed]
        return not is_near, is_total, not is_large, value if is_large else -value, repr(companion)

    def _may_move(self, target: Name, by: int, unknown: Mapping[Name, int], most: float) -> bool:
        """Whether the target could be a step more, or less, and others with it, so that every sum is right again.

        A change puts both of a number's sums out. One is put right by changing another of its unknown numbers, which
        puts that number's other sum out instead; until that is the target's other sum, and is right too.
        """
        if not self._can(target, by, unknown, most):
            return False
        start, (other, out) = self._puts_out(target, by)
        goal = other, -out
        seen, waiting = {start}, deque([start])
        while waiting and goal not in seen:
            number, out = waiting.popleft()
            for name, change in product(self.members[number], (1, -1)):
                first, second = self._puts_out(name, change)
                if (number, -out) not in (first, second) or name == target:
                    continue
                following = second if first == (number, -out) else first
                if following not in seen and self._can(name, change, unknown, most):
                    seen.add(following)
                    waiting.append(following)
        return goal in seen

    def _can(self, name: Name, change: int, unknown: Mapping[Name, int], most: float) -> bool:
        """Whether a reader must reckon with a step more, or less."""
        return name in unknown and unknown[name] <= self.values[name] + change * self.step <= most

    def _puts_out(self, name: Name, change: int) -> tuple[tuple[int, int], tuple[int, int]]:
        (first, sign), (second, other_sign) = self.sums[name]
        return (first, sign * change), (second, other_sign * change)
