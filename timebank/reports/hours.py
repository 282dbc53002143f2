"""The hours of a period as cells: all help, an organisation's part in it, and what was reversed. Pure.

The hours of four quarters are those of their year, and the flows to and from an organisation are part of all help; so
these figures, in whichever reports they stand, make one table, and are protected as one. A quarter's report is out when
the year ends, so what it shows is shown: the year's figures are withheld where they would give a quarter's away.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from timebank.reports.measures import Pairs, active, flows, given, received, split, total
from timebank.reports.periods import Period
from timebank.reports.suppression import (
    Amount,
    Cell,
    Hidden,
    Line,
    Shown,
    Undefined,
    suppressed_amounts,
    whole_percents,
)


class Part(StrEnum):
    """What is added up. Elsewhere is all help that is no exchange between a person and the organisation."""

    ALL = "all"
    TO_ORGANISATION = "to_organisation"
    BY_ORGANISATION = "by_organisation"
    ELSEWHERE = "elsewhere"
    REVERSED = "reversed"


FLOWS = (Part.TO_ORGANISATION, Part.BY_ORGANISATION)
Figure = tuple[Period, Part]


@dataclass(frozen=True)
class Hours:
    """What happened in one period: help by giver and receiver, and help that was reversed since."""

    period: Period
    pairs: Pairs[UUID]
    reversed_pairs: Pairs[UUID]

    def sums(self, people: AbstractSet[UUID], organisation_id: UUID | None) -> "Sums":
        """Every part of these hours, and who is behind it."""
        helped: dict[Part, dict[tuple[UUID, UUID], int]] = {part: {} for part in Part}
        for (giver, receiver), seconds in self.pairs.items():
            part = _part(giver, receiver, people, organisation_id)
            helped[part][giver, receiver] = helped[Part.ALL][giver, receiver] = seconds
        helped[Part.REVERSED] |= self.reversed_pairs
        step = math.gcd(*self.pairs.values(), *self.reversed_pairs.values())
        return Sums(self.period, {part: amount_of(pairs, people) for part, pairs in helped.items()}, step)


@dataclass(frozen=True)
class Sums:
    """The parts of a period's hours; `step` is what all its hours are multiples of, a quarter of one perhaps."""

    period: Period
    parts: Mapping[Part, Amount]
    step: int

    @property
    def figures(self) -> dict[Figure, Amount]:
        return {(self.period, part): amount for part, amount in self.parts.items()}


def _part(giver: UUID, receiver: UUID, people: AbstractSet[UUID], organisation_id: UUID | None) -> Part:
    if receiver == organisation_id and giver in people:
        return Part.TO_ORGANISATION
    if giver == organisation_id and receiver in people:
        return Part.BY_ORGANISATION
    return Part.ELSEWHERE


def amount_of(pairs: Pairs[UUID], people: AbstractSet[UUID]) -> Amount:
    """Hours, how many people are behind them, and the most that one of them gave or received."""
    gave, got = given(pairs), received(pairs)
    return Amount.of(total(pairs), (max(gave[person], got[person]) for person in active(pairs) & people))


def added(hours: Sequence[Hours], period: Period) -> Hours:
    """The hours of a period from those of its parts."""
    pairs, reversed_pairs = Counter[tuple[UUID, UUID]](), Counter[tuple[UUID, UUID]]()
    for part in hours:
        pairs.update(part.pairs)
        reversed_pairs.update(part.reversed_pairs)
    return Hours(period, pairs, reversed_pairs)


def hours_cells(whole: Sums, quarters: Sequence[Sums]) -> dict[Part, Cell]:
    """The cells of a period, given its quarters; a quarter's, or a month's, only quarter is itself.

    In a quarter all help is never withheld for one organisation's sake: other organisations' reports show it. What
    delegates of two organisations could work out from both of their reports is not judged here.
    """
    amounts: dict[Figure, Amount] = {}
    cells: dict[Figure, Cell] = {}
    for quarter in quarters:
        own = quarter.figures
        spare = {(quarter.period, part) for part in FLOWS}
        row = _row(quarter.period)
        cells |= suppressed_amounts(own, [row], step=quarter.step, unprinted=_elsewhere(own), spare=spare)
        amounts |= own
    if whole.period not in {quarter.period for quarter in quarters}:
        hidden = {figure for figure, cell in cells.items() if isinstance(cell, Hidden)} - _elsewhere(cells)
        columns = [Line((whole.period, part), [(quarter.period, part) for quarter in quarters]) for part in Part]
        amounts |= whole.figures
        cells = suppressed_amounts(
            amounts,
            [_row(each.period) for each in (*quarters, whole)] + columns,
            step=math.gcd(*(quarter.step for quarter in quarters)),
            hidden=hidden,
            unprinted=_elsewhere(amounts),
            spare=whole.figures.keys(),
        )
    return {part: cells[whole.period, part] for part in Part}


def _row(period: Period) -> Line[Figure]:
    return Line((period, Part.ALL), [(period, part) for part in (*FLOWS, Part.ELSEWHERE)])


def _elsewhere(figures: Iterable[Figure]) -> set[Figure]:
    """These stand in no report; a reader who subtracts the others from all help finds them."""
    return {figure for figure in figures if figure[1] is Part.ELSEWHERE}


@dataclass(frozen=True)
class SplitCells:
    """Where help came back from, in whole percent that sum to 100."""

    direct: Cell
    forward: Cell
    one_way: Cell


_KINDS = (0, 1, 2)  # direct, forward and one-way, as they stand in Flows and Split
_ALL = 3


def split_cells(pairs: Pairs[UUID], people: AbstractSet[UUID], all_help: Cell) -> SplitCells:
    """The split, as far as enough people are behind each part of it. Where all help is hidden, so is its split."""
    shares = split(pairs)
    if shares is None:
        return SplitCells(Undefined(), Undefined(), Undefined())
    if isinstance(all_help, Hidden):
        return SplitCells(Hidden(), Hidden(), Hidden())
    by_party = flows(pairs)
    amounts = {
        kind: Amount.of(
            sum(flow[kind] for flow in by_party.values()),
            (by_party[person][kind] for person in by_party.keys() & people),
        )
        for kind in _KINDS
    }
    amounts[_ALL] = Amount(2 * total(pairs), len(by_party), 0)
    step = 2 * math.gcd(*pairs.values())
    cells = suppressed_amounts(amounts, [Line(_ALL, _KINDS)], step=step, spare=frozenset(_KINDS))
    percents = whole_percents([shares.direct, shares.forward, shares.one_way])
    return SplitCells(*(Hidden() if isinstance(cells[kind], Hidden) else Shown(percents[kind]) for kind in _KINDS))
