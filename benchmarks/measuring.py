"""Sides that are measured in turn, so that what else the machine does meets them alike; medians, ratios of pairs."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.answering import Clients


@dataclass
class Side:
    """One way of writing entries: whose, how often at a time, and what it does about the ledger's laws."""

    name: str
    clients: Clients
    command: str
    times: int
    does: str
    count: int = 1
    is_right: bool = True
    rates: list[float] = field(default_factory=list)
    said: list[object] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


def in_turns(sides: Sequence[Side], rounds: int) -> None:
    """Every side once, then all again; the first time is for warming up and is not counted."""
    for turn in range(rounds + 1):
        for side in sides:
            seconds, said = side.clients.do(side.command, side.times)
            if turn:
                side.rates.append(side.times * side.count / seconds)
                side.said += said


def ratio(side: Side, to: Side) -> float:
    """The median over the rounds, each of which met both sides in the same minute."""
    return statistics.median(one / other for one, other in zip(side.rates, to.rates, strict=True))


@dataclass(frozen=True)
class Goal:
    """A ratio that is aimed at."""

    what: str
    side: Side
    to: Side
    at_least: float

    def line(self) -> tuple[str, str, str, str]:
        got = ratio(self.side, self.to)
        return self.what, f"{got:.2f}", f"{self.at_least:.2f}", "yes" if got >= self.at_least else "**no**"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that reads well in a terminal and is Markdown."""
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        padded = (
            f"{cell:<{width}}" if place == 0 else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return f"| {' | '.join(padded)} |"

    rule = ["-" * width if place == 0 else "-" * (width - 1) + ":" for place, width in enumerate(widths)]
    return "\n".join([line(head), f"| {' | '.join(rule)} |", *map(line, rows)])
