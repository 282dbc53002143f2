"""Hours of quarters and their year, in several reports at once: nothing sensitive follows from all of them together."""

from collections.abc import Iterator, Mapping
from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from timebank.reports.hours import FLOWS, Hours, Part, Sums, hours_cells, split_cells
from timebank.reports.hours import added as added_up
from timebank.reports.periods import Period
from timebank.reports.suppression import Amount, Cell, Shown

YEAR = Period.parse("2026")
SPRING, SUMMER = YEAR.quarters()[1:3]
ADDED_UP = (*FLOWS, Part.ELSEWHERE)
Amounts = dict[Part, Amount]


few = st.builds(Amount, st.integers(0, 4), st.just(2), st.just(0))
many = st.builds(Amount, st.integers(5, 6), st.just(9), st.just(0))


@st.composite
def quarters(draw: st.DrawFn) -> Amounts:
    """A few hours of each kind, by two people or by nine; all help is by nine where one kind is."""
    parts = {part: draw(few | many) for part in ADDED_UP}
    people = max((amount.people for amount in parts.values() if amount.seconds), default=0)
    return {**parts, Part.ALL: Amount(seconds(parts), people, 0), Part.REVERSED: draw(few | many)}


def seconds(parts: Mapping[Part, Amount]) -> int:
    return sum(parts[part].seconds for part in ADDED_UP)


def added(spring: Amounts, summer: Amounts) -> Amounts:
    """Half a year will do for a year."""
    return {
        part: Amount(
            spring[part].seconds + summer[part].seconds,
            max((amount.people for amount in (spring[part], summer[part]) if amount.seconds), default=0),
            0,
        )
        for part in Part
    }


def alone(parts: Amounts) -> dict[Part, Cell]:
    """A quarter's report."""
    return hours_cells(Sums(SPRING, parts, 1), [Sums(SPRING, parts, 1)])


def together(spring: Amounts, summer: Amounts) -> dict[Part, Cell]:
    """Their year's."""
    return hours_cells(Sums(YEAR, added(spring, summer), 1), [Sums(SPRING, spring, 1), Sums(SUMMER, summer, 1)])


def fits(cells: Mapping[Part, Cell], found: Mapping[Part, int]) -> bool:
    """Whether hours could be those that were printed. Hidden is more than nothing; what is elsewhere is not printed."""
    return all(
        cell.value == found[part] if isinstance(cell, Shown) else found[part] > 0
        for part, cell in cells.items()
        if part in found and part is not Part.ELSEWHERE
    )


def possible(cells: Mapping[Part, Cell], highest: int) -> Iterator[dict[Part, int]]:
    """All the hours that a quarter could have had, judged by its own report."""
    for hours in product(range(highest + 1), repeat=len(ADDED_UP)):
        found = {**dict(zip(ADDED_UP, hours, strict=True)), Part.ALL: sum(hours)}
        if fits(cells, found):
            yield found


@settings(max_examples=200, deadline=None)
@given(quarters(), quarters())
def test_a_year_and_its_quarters_together_give_no_sensitive_hours_away(spring: Amounts, summer: Amounts) -> None:
    whole = added(spring, summer)
    printed = [alone(spring), alone(summer)]
    of_year = together(spring, summer)
    sensitive = {
        (place, part)
        for place, parts in enumerate((spring, summer, whole))
        for part, amount in parts.items()
        if amount.is_sensitive and part is not Part.REVERSED
    }
    seen: dict[tuple[int, Part], set[int]] = {figure: set() for figure in sensitive}
    for one, other in product(possible(printed[0], 8), possible(printed[1], 8)):
        both = {part: one[part] + other[part] for part in one}
        if fits(of_year, both):
            for place, part in sensitive:
                seen[place, part].add((one, other, both)[place][part])
        if all(len(values) > 1 for values in seen.values()):
            break
    assert {figure for figure, values in seen.items() if len(values) < 2} == set()


@given(quarters(), quarters())
def test_a_sensitive_figure_is_never_shown(spring: Amounts, summer: Amounts) -> None:
    whole = added(spring, summer)
    cells = together(spring, summer)
    assert not [part for part, amount in whole.items() if amount.is_sensitive and isinstance(cells[part], Shown)]


@given(quarters())
def test_all_help_is_the_same_in_every_organisations_report(parts: Amounts) -> None:
    """Had the hours been exchanged elsewhere, not with this organisation, all help would be shown or hidden alike."""
    nothing = Amount(0, 0, 0)
    for_nobody = {**dict.fromkeys(FLOWS, nothing), Part.ELSEWHERE: parts[Part.ALL]}
    assert alone(parts)[Part.ALL] == alone({**parts, **for_nobody})[Part.ALL]


parties = st.integers(0, 9)
pairs_of_a_quarter = st.dictionaries(
    st.tuples(parties, parties).filter(lambda pair: pair[0] != pair[1]), st.integers(1, 4), max_size=14
)


@given(st.lists(pairs_of_a_quarter, min_size=4, max_size=4))
def test_whatever_happened_something_can_be_said(helped: list[dict[tuple[int, int], int]]) -> None:
    """There are always enough figures to withhold; party 9 is the organisation and 8 another."""
    named = [{(UUID(int=i), UUID(int=j)): hours for (i, j), hours in pairs.items()} for pairs in helped]
    people, gwalia = frozenset(UUID(int=i) for i in range(8)), UUID(int=9)
    quarters = [Hours(quarter, pairs, {}) for quarter, pairs in zip(YEAR.quarters(), named, strict=True)]
    whole = added_up(quarters, YEAR)
    sums = whole.sums(people, gwalia)
    cells = hours_cells(sums, [quarter.sums(people, gwalia) for quarter in quarters])
    assert sums.parts[Part.ALL].seconds == sum(sums.parts[part].seconds for part in ADDED_UP)
    split = split_cells(whole.pairs, people, cells[Part.ALL])
    shown = [cell.value for cell in (split.direct, split.forward, split.one_way) if isinstance(cell, Shown)]
    assert sum(shown) <= 100
    assert len(shown) != 2 or sum(shown) == 100  # two that are shown leave nothing to work out
