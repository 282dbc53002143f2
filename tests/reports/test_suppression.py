"""Small numbers, and an adversary who subtracts: whatever is hidden could be more than one thing."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timebank.reports.suppression import (
    Amount,
    Cell,
    Hidden,
    Line,
    Shown,
    Undefined,
    shown_count,
    shown_share,
    suppressed_amounts,
    suppressed_counts,
    whole_percents,
)

ROWS, COLUMNS = ("north", "south"), ("young", "old", "older")
WITHHELD = Hidden()


def one_way(parts: Sequence[int]) -> tuple[dict[str, int], list[Line[str]]]:
    """A list of parts and their total."""
    values = {f"part {number}": value for number, value in enumerate(parts)}
    return {**values, "total": sum(parts)}, [Line("total", list(values))]


def two_way(cells: Sequence[Sequence[int]]) -> tuple[dict[str, int], list[Line[str]]]:
    """Rows and columns with all their totals."""
    values = {
        f"{row} {column}": cell
        for row, line in zip(ROWS, cells, strict=True)
        for column, cell in zip(COLUMNS, line, strict=True)
    }
    lines = [Line(row, [f"{row} {column}" for column in COLUMNS]) for row in ROWS]
    lines += [Line(column, [f"{row} {column}" for row in ROWS]) for column in COLUMNS]
    lines += [Line("all", list(ROWS)), Line("all", list(COLUMNS))]
    for line in lines:
        values[line.total] = sum(values[part] for part in line.parts)
    return values, lines


# The adversary


def completions(
    published: Mapping[str, Cell], lines: Sequence[Line[str]], highest: int, step: int = 1
) -> Iterator[dict[str, int]]:
    """Every table that fits what is published: all whole values of the parts, the totals being added up."""
    totals = {line.total for line in lines}
    parts = [name for name in published if name not in totals]

    def fits(name: str, value: int) -> bool:
        cell = published[name]
        if isinstance(cell, Shown):
            return value == cell.value
        assert isinstance(cell, Hidden)
        return 1 <= value < (cell.below or inf)

    choices = [[value for value in range(0, highest + step, step) if fits(part, value)] for part in parts]
    for chosen in product(*choices):
        found = dict(zip(parts, chosen, strict=True))
        for line in lines:
            added = sum(found[part] for part in line.parts)
            if not fits(line.total, added) or found.setdefault(line.total, added) != added:
                break
        else:
            yield found


def given_away(published: Mapping[str, Cell], lines: Sequence[Line[str]], highest: int, step: int = 1) -> set[str]:
    """The hidden cells that can be one value only."""
    found: dict[str, set[int]] = {name: set() for name, cell in published.items() if isinstance(cell, Hidden)}
    for completion in completions(published, lines, highest, step):
        for name, values in found.items():
            values.add(completion[name])
        if all(len(values) > 1 for values in found.values()):
            return set()
    return {name for name, values in found.items() if len(values) < 2}


def small_shown(values: Mapping[str, int], published: Mapping[str, Cell]) -> list[str]:
    return [name for name, value in values.items() if 0 < value < 5 and isinstance(published[name], Shown)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 8), min_size=1, max_size=5))
def test_no_list_gives_a_hidden_count_away(parts: list[int]) -> None:
    values, lines = one_way(parts)
    published = suppressed_counts(values, lines)
    assert not small_shown(values, published)
    assert not given_away(published, lines, highest=sum(parts) + 1)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 7), min_size=3, max_size=3), min_size=2, max_size=2))
def test_no_table_with_all_its_totals_gives_a_hidden_count_away(cells: list[list[int]]) -> None:
    values, lines = two_way(cells)
    published = suppressed_counts(values, lines)
    assert not small_shown(values, published)
    highest = max(10, max(map(max, cells)) + 1)
    assert not given_away(published, lines, highest)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    """Hours in quarters, by one to seven people."""
    quarters = draw(st.integers(0, 6))
    return Amount(900 * quarters, draw(st.integers(1, 7)), 900 * draw(st.integers(0, quarters)))


@settings(deadline=None)
@given(st.lists(amounts(), min_size=1, max_size=5))
def test_no_list_gives_hidden_hours_away_even_to_a_reader_who_knows_they_come_in_quarters(parts: list[Amount]) -> None:
    values, lines = one_way([part.seconds for part in parts])
    published = suppressed_amounts(
        {**{f"part {number}": part for number, part in enumerate(parts)}, "total": Amount(values["total"], 9, 0)},
        lines,
        step=900,
    )
    for number, part in enumerate(parts):
        assert not (part.is_sensitive and isinstance(published[f"part {number}"], Shown))
    assert not given_away(published, lines, highest=values["total"] + 900, step=900)


# Worked examples


@pytest.mark.parametrize(
    ("parts", "printed", "total"),
    [
        ([30, 12, 8], [30, 12, 8], 50),
        ([30, 2, 3], [30, "<5", "<5"], 35),  # 2 and 3, or 1 and 4
        ([30, 2, 8], [30, None, None], 40),  # 2 alone would be 40 - 30 - 8, so 8 goes with it
        ([30, 4, 4], [30, None, None], 38),  # two below five that make 8 are 4 and 4: the marks must not say so
        ([1, 1, 1, 1], [None, None, None, None], None),  # four below five that make less than five are ones
        ([0, 3], [0, "<5"], "<5"),
        ([0, 0], [0, 0], 0),
    ],
)
def test_a_small_count_takes_with_it_what_would_give_it_away(
    parts: list[int], printed: list[int | str | None], total: int | str | None
) -> None:
    def as_printed(cell: Cell) -> int | str | None:
        if isinstance(cell, Hidden):
            return None if cell.below is None else f"<{cell.below}"
        assert isinstance(cell, Shown)
        return cell.value

    cells = [as_printed(cell) for cell in suppressed_counts(*one_way(parts)).values()]
    assert cells == [*printed, total]


def test_hours_are_hidden_with_four_people_behind_them_or_with_one_who_has_most() -> None:
    assert Amount.of(3600 * 10, [3600] * 4).is_sensitive
    assert not Amount.of(3600 * 10, [3600] * 5).is_sensitive
    assert Amount(100, people=20, largest=81).is_sensitive
    assert not Amount(100, people=20, largest=80).is_sensitive
    assert not Amount.of(0, []).is_sensitive


def test_hours_are_hidden_beside_the_nearest_larger_amount() -> None:
    few, small, large, larger = (
        Amount(3600 * hours, people, 0) for hours, people in ((10, 2), (1, 9), (20, 9), (300, 9))
    )
    total = Amount(3600 * 331, 30, 0)
    table = {"few": few, "small": small, "large": large, "larger": larger, "total": total}
    published = suppressed_amounts(table, [Line("total", ["few", "small", "large", "larger"])])
    assert [name for name, cell in published.items() if isinstance(cell, Hidden)] == ["few", "large"]


def test_hours_that_are_not_printed_are_not_given_away_either() -> None:
    """Elsewhere 2 people helped each other; with both flows and the total printed, their hours would be the rest."""
    table = {"to us": Amount(400, 9, 0), "by us": Amount(300, 9, 0), "elsewhere": Amount(50, 2, 25)}
    lines = [Line("all", list(table))]
    published = suppressed_amounts(
        {**table, "all": Amount(750, 12, 0)}, lines, unprinted={"elsewhere"}, spare={"to us", "by us"}
    )
    assert published == {"to us": Shown(400), "by us": WITHHELD, "elsewhere": WITHHELD, "all": Shown(750)}


def test_a_number_in_three_additions_is_beyond_the_method() -> None:
    with pytest.raises(ValueError, match="three additions"):
        suppressed_counts({"a": 1, "b": 1, "c": 1, "d": 1}, [Line(total, ["a"]) for total in "bcd"])


def test_where_nothing_may_be_withheld_it_says_so() -> None:
    table = {"few": Amount(10, 1, 10), "total": Amount(10, 9, 0)}
    with pytest.raises(ValueError, match="nothing is left"):
        suppressed_amounts(table, [Line("total", ["few"])], spare=frozenset())


@pytest.mark.parametrize(("count", "cell"), [(0, Shown(0)), (1, Hidden(5)), (4, Hidden(5)), (5, Shown(5))])
def test_a_count_of_one_to_four_is_below_five(count: int, cell: Cell) -> None:
    assert shown_count(count) == cell


@pytest.mark.parametrize(
    ("part", "whole", "cell"),
    [
        (30, 42, Shown(71)),
        (5, 10, Shown(50)),
        (1, 8, WITHHELD),
        (38, 42, WITHHELD),  # 90 % of 42: the other 4 would be counted
        (0, 42, Shown(0)),
        (42, 42, Shown(100)),
        (0, 3, WITHHELD),
        (0, 0, Undefined()),
        (77, 200, Shown(39)),  # 38.5: halves go up
    ],
)
def test_a_percentage_of_few_or_of_all_but_few_is_withheld(part: int, whole: int, cell: Cell) -> None:
    assert shown_share(part, whole) == cell


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6).filter(any))
def test_whole_percents_sum_to_a_hundred_and_are_off_by_less_than_one(weights: list[int]) -> None:
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    percents = whole_percents(shares)
    assert sum(percents) == 100
    assert all(abs(percent - 100 * share) < 1 for percent, share in zip(percents, shares, strict=True))
