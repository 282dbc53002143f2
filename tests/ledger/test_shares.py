"""Shares sum to what was shared, and nobody is a second away from their due."""

import doctest
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import MAX_SECONDS, AmountOutOfRange, Posting, Unbalanced, share, shares
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast

WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1).filter(any)


@given(seconds=st.integers(-MAX_SECONDS, MAX_SECONDS), weights=WEIGHTS)
def test_shares_sum_exactly_and_each_is_within_a_second_of_its_due(seconds: int, weights: list[int]) -> None:
    parts = share(seconds, weights)
    assert sum(parts) == seconds
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(seconds * weight, sum(weights))) < 1


@given(seconds=st.integers(0, MAX_SECONDS), weights=WEIGHTS)
def test_a_larger_weight_never_gets_less_and_of_equal_ones_the_earlier_gets_more(
    seconds: int, weights: list[int]
) -> None:
    parts = share(seconds, weights)
    by_weight = sorted(range(len(weights)), key=lambda place: (-weights[place], place))
    assert [parts[place] for place in by_weight] == sorted(parts, reverse=True)


def test_the_rule_is_the_one_that_is_written_down() -> None:
    assert doctest.testmod(shares).failed == 0
    assert share(2 * HOUR + 1, [1, 1, 1]) == [2401, 2400, 2400]
    assert share(10, [3, 3, 1]) == [4, 4, 2]
    assert share(0, [1, 2]) == [0, 0]


@pytest.mark.parametrize(("seconds", "weights"), [(1.0, [1]), (1, [-1, 2]), (1, [0.5]), (MAX_SECONDS + 1, [1])])
def test_only_whole_seconds_are_shared_by_whole_weights(seconds: Any, weights: Any) -> None:
    with pytest.raises(AmountOutOfRange):
        share(seconds, weights)


@pytest.mark.parametrize("weights", [[], [0], [0, 0]])
def test_nothing_is_shared_among_nobody(weights: list[int]) -> None:
    with pytest.raises(Unbalanced):
        share(HOUR, weights)


def test_a_group_session_is_one_entry_with_many_legs(cast: Cast) -> None:
    """Ana and the pot gave 100 minutes between them, two to one; Ben received them all."""
    cast.limit(cast.pot)
    given_ = zip((cast.ana, cast.pot), share(6000, [2, 1]), strict=True)
    legs = [*(Posting(giver, seconds) for giver, seconds in given_), Posting(cast.ben, -6000)]
    cast.book.post(legs, key="session", purpose="service", effective_on=TODAY, at=MORNING)
    assert cast.posted() == {"ana": 4000, "ben": -6000, "pot": 2000}
