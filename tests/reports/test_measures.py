"""The measures of reciprocity: one case by hand, the laws, and networkx as a second opinion."""

from collections.abc import Mapping
from fractions import Fraction

import networkx as nx  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timebank.reports import measures

HOUR = 3600
BY_HAND = {
    ("Ana", "Ben"): 3 * HOUR,
    ("Ben", "Ana"): 1 * HOUR,
    ("Ben", "Cai"): 2 * HOUR,
    ("Cai", "Ana"): 2 * HOUR,
    ("Dai", "Ana"): 1 * HOUR,
    ("Ana", "Eli"): 1 * HOUR,
}

nodes = st.integers(0, 7)
networks = st.dictionaries(
    st.tuples(nodes, nodes).filter(lambda pair: pair[0] != pair[1]), st.integers(1, 24 * HOUR), max_size=30
)
Network = Mapping[tuple[int, int], int]


def test_a_case_worked_by_hand() -> None:
    """Ana and Ben return 1 h each (2 of 10); of 10 h given, 9 were received back; Dai gave 1 h that nobody returned."""
    assert measures.total(BY_HAND) == 10 * HOUR
    assert measures.given(BY_HAND) == {"Ana": 4 * HOUR, "Ben": 3 * HOUR, "Cai": 2 * HOUR, "Dai": HOUR}
    assert measures.received(BY_HAND) == {"Ana": 4 * HOUR, "Ben": 3 * HOUR, "Cai": 2 * HOUR, "Eli": HOUR}
    assert measures.give_and_receive_share(BY_HAND) == Fraction(3, 5)
    assert measures.direct_reciprocity(BY_HAND) == Fraction("0.2")
    assert measures.circulation(BY_HAND) == Fraction("0.9")
    assert measures.split(BY_HAND) == measures.Split(Fraction("0.2"), Fraction("0.7"), Fraction("0.1"))
    assert measures.binary_reciprocity(BY_HAND) == Fraction(1, 3)
    assert measures.density(BY_HAND) == Fraction("0.3")
    assert measures.reciprocity_beyond_chance(BY_HAND) == Fraction(1, 21)
    assert measures.circulation_core(BY_HAND) == Fraction(3, 5)
    assert measures.gini_given(BY_HAND) == Fraction("0.4")
    assert measures.gini_received(BY_HAND) == Fraction("0.4")
    assert measures.reach(BY_HAND) == 2


def test_shares_of_people_do_not_count_organisations() -> None:
    people = {"Ana", "Ben"}
    through_gwalia = {("Ana", "Gwalia"): HOUR, ("Gwalia", "Ben"): HOUR}
    assert measures.give_and_receive_share(through_gwalia, people) == 0
    assert measures.give_and_receive_share(through_gwalia) == Fraction(1, 3)
    and_round = {**through_gwalia, ("Ben", "Ana"): HOUR}
    assert measures.circulation_core(and_round, people) == 1
    assert measures.gini_given(and_round, people) == 0


def test_without_help_nothing_is_defined() -> None:
    nothing: dict[tuple[str, str], int] = {}
    assert measures.total(nothing) == 0
    for measure in (
        measures.give_and_receive_share,
        measures.split,
        measures.direct_reciprocity,
        measures.circulation,
        measures.binary_reciprocity,
        measures.reciprocity_beyond_chance,
        measures.density,
        measures.circulation_core,
        measures.reach,
        measures.gini_given,
    ):
        assert measure(nothing) is None


def test_reciprocity_beyond_chance_is_undefined_where_everybody_helped_everybody() -> None:
    assert measures.reciprocity_beyond_chance({("Ana", "Ben"): 1, ("Ben", "Ana"): 1}) is None


@pytest.mark.parametrize(
    ("seconds", "expected"), [([5, 5, 5], 0), ([0, 0, 0, 9], Fraction(3, 4)), ([7], 0), ([0, 0], None), ([], None)]
)
def test_gini_is_0_for_equals_and_nearly_1_for_one_who_has_everything(
    seconds: list[int], expected: Fraction | None
) -> None:
    assert measures.gini(seconds) == expected


def test_gini_refuses_balances() -> None:
    with pytest.raises(ValueError, match="below zero"):
        measures.gini([-1, 5])


@given(networks)
def test_the_split_sums_to_one_and_passes_the_audit_identity(pairs: Network) -> None:
    split = measures.split(pairs)
    if split is None:
        assert not pairs
        return
    assert split.direct + split.forward + split.one_way == 1
    assert min(split.direct, split.forward, split.one_way) >= 0
    gave, got, whole = measures.given(pairs), measures.received(pairs), measures.total(pairs)
    circulation = sum(min(gave[node], got[node]) for node in range(8)) / Fraction(whole)
    assert measures.circulation(pairs) == circulation
    assert sum(abs(gave[node] - got[node]) for node in range(8)) == 2 * whole * (1 - circulation)
    mutual = sum(min(seconds, pairs.get((j, i), 0)) for (i, j), seconds in pairs.items())
    assert measures.direct_reciprocity(pairs) == Fraction(mutual, whole)


@given(networks)
def test_everybodys_flows_make_the_split(pairs: Network) -> None:
    flows = measures.flows(pairs)
    gave, got = measures.given(pairs), measures.received(pairs)
    for node, flow in flows.items():
        assert min(flow) >= 0
        assert sum(flow) == gave[node] + got[node]
    assert sum(map(sum, flows.values())) == 2 * measures.total(pairs)


@given(networks)
def test_every_share_lies_between_0_and_1(pairs: Network) -> None:
    for measure in (
        measures.give_and_receive_share,
        measures.circulation,
        measures.density,
        measures.binary_reciprocity,
        measures.circulation_core,
        measures.gini_given,
        measures.gini_received,
    ):
        share = measure(pairs)
        assert share is None or 0 <= share <= 1
    beyond = measures.reciprocity_beyond_chance(pairs)
    assert beyond is None or beyond <= 1


@given(networks, st.permutations(range(8)))
def test_names_make_no_difference(pairs: Network, names: list[int]) -> None:
    renamed = {(names[i], names[j]): seconds for (i, j), seconds in pairs.items()}
    for measure in (
        measures.give_and_receive_share,
        measures.split,
        measures.reciprocity_beyond_chance,
        measures.circulation_core,
        measures.reach,
        measures.gini_given,
        measures.gini_received,
    ):
        assert measure(renamed) == measure(pairs)


@given(networks)
def test_networkx_agrees(pairs: Network) -> None:
    graph = nx.DiGraph(list(pairs))
    components = {frozenset(component) for component in measures.strong_components(pairs)}
    assert components == {frozenset(component) for component in nx.strongly_connected_components(graph)}
    if pairs:
        assert measures.density(pairs) == pytest.approx(nx.density(graph))
        assert measures.binary_reciprocity(pairs) == pytest.approx(nx.overall_reciprocity(graph))


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_networkx_agrees_on_larger_networks(seed: int) -> None:
    graph = nx.gnp_random_graph(200, 0.01, seed=seed, directed=True)
    pairs = dict.fromkeys(graph.edges, HOUR)
    components = {frozenset(component) for component in measures.strong_components(pairs)}
    expected = {frozenset(component) for component in nx.strongly_connected_components(graph)}
    isolated = {frozenset([node]) for node in nx.isolates(graph)}
    assert components == expected - isolated


def test_a_ring_of_a_hundred_thousand_is_one_core() -> None:
    many = 100_000
    ring = {(member, (member + 1) % many): HOUR for member in range(many)}
    assert measures.circulation_core(ring) == 1
    assert measures.circulation_core({pair: HOUR for pair in ring if pair != (many - 1, 0)}) == Fraction(1, many)
