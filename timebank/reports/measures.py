"""The measures of reciprocity: pure functions over who helped whom for how long in a period.

`Pairs` holds, for each giver and receiver, the seconds of help between them: h(i,j) below, never zero, never to
oneself. G_i is what i gave, R_i what i received, T the total; L counts the pairs, N those who took part. People and
organisations are both nodes; `people` are those of which a share "of people" is taken, without it everybody.

Results are whole seconds or exact fractions, and None where a measure is undefined.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import NamedTuple, TypeVar

Node = TypeVar("Node", bound=Hashable)
Pairs = Mapping[tuple[Node, Node], int]


def total(pairs: Pairs[Node]) -> int:
    """T = Σ h(i,j), in seconds."""
    return sum(pairs.values())


def given(pairs: Pairs[Node]) -> Counter[Node]:
    """G_i = Σ_j h(i,j), in seconds, of everybody who gave."""
    seconds: Counter[Node] = Counter()
    for (giver, _), helped in pairs.items():
        seconds[giver] += helped
    return seconds


def received(pairs: Pairs[Node]) -> Counter[Node]:
    """R_i = Σ_j h(j,i), in seconds, of everybody who received."""
    seconds: Counter[Node] = Counter()
    for (_, receiver), helped in pairs.items():
        seconds[receiver] += helped
    return seconds


def active(pairs: Pairs[Node]) -> frozenset[Node]:
    """Those with G + R > 0."""
    return frozenset(node for pair in pairs for node in pair)


def gave_and_received(pairs: Pairs[Node]) -> frozenset[Node]:
    """Those with G > 0 and R > 0."""
    return frozenset(giver for giver, _ in pairs) & frozenset(receiver for _, receiver in pairs)


def give_and_receive_share(pairs: Pairs[Node], people: AbstractSet[Node] | None = None) -> Fraction | None:
    """Of the people who took part, the share who both gave and received. Undefined when nobody took part."""
    took_part = _people(pairs, people)
    return Fraction(len(gave_and_received(pairs) & took_part), len(took_part)) if took_part else None


class Flows(NamedTuple):
    """One party's part in the three kinds of help, in half seconds: help has two ends, and half of it belongs to each.

    Summed over all parties they are 2T times the split, so it can be seen how many people are behind each kind of help.
    """

    direct: int
    forward: int
    one_way: int


def flows(pairs: Pairs[Node]) -> dict[Node, Flows]:
    """What of each party's help was returned by the same party, by another, and by nobody."""
    gave, got = given(pairs), received(pairs)
    returned: Counter[Node] = Counter()
    for (giver, receiver), helped in pairs.items():
        returned[giver] += min(helped, pairs.get((receiver, giver), 0))
    return {
        node: Flows(
            direct=2 * returned[node],
            forward=2 * (min(gave[node], got[node]) - returned[node]),
            one_way=abs(gave[node] - got[node]),
        )
        for node in active(pairs)
    }


@dataclass(frozen=True)
class Split:
    """Where help came back from, as shares of T that sum to 1."""

    direct: Fraction
    forward: Fraction
    one_way: Fraction


def split(pairs: Pairs[Node]) -> Split | None:
    """Direct r_w, pay-it-forward S − r_w, one-way 1 − S. Undefined without help.

    The audit identity is Σ|G_i − R_i| = 2T(1 − S).
    """
    whole = 2 * total(pairs)
    if not whole:
        return None
    by_node = flows(pairs).values()
    return Split(*(Fraction(sum(kind), whole) for kind in zip(*by_node, strict=True)))


def direct_reciprocity(pairs: Pairs[Node]) -> Fraction | None:
    """r_w = Σ min(h(i,j), h(j,i)) / T, over ordered pairs: the share of help that the same party returned.

    Squartini, Picciolo, Ruzzenenti and Garlaschelli, "Reciprocity of weighted networks", Sci Rep 3:2729 (2013).
    """
    found = split(pairs)
    return None if found is None else found.direct


def circulation(pairs: Pairs[Node]) -> Fraction | None:
    """S = Σ_i min(G_i, R_i) / T: the share of help that was returned, by whomever."""
    found = split(pairs)
    return None if found is None else found.direct + found.forward


def density(pairs: Pairs[Node]) -> Fraction | None:
    """ā = L / (N(N−1)), over all nodes that took part: how many of the possible pairs there were."""
    count = len(active(pairs))
    return Fraction(len(pairs), count * (count - 1)) if count else None


def binary_reciprocity(pairs: Pairs[Node]) -> Fraction | None:
    """Of the pairs in which one helped, the share in which the other helped too: r = L↔ / L. Undefined at L = 0."""
    mutual = sum((receiver, giver) in pairs for giver, receiver in pairs)
    return Fraction(mutual, len(pairs)) if pairs else None


def reciprocity_beyond_chance(pairs: Pairs[Node]) -> Fraction | None:
    """ρ = (r − ā) / (1 − ā): 0 is what chance gives at this density. Undefined at L = 0 and ā = 1.

    Garlaschelli and Loffredo, "Patterns of link reciprocity in directed networks", Phys Rev Lett 93:268701 (2004).
    """
    r, by_chance = binary_reciprocity(pairs), density(pairs)
    if r is None or by_chance is None or by_chance == 1:
        return None
    return (r - by_chance) / (1 - by_chance)


def circulation_core(pairs: Pairs[Node], people: AbstractSet[Node] | None = None) -> Fraction | None:
    """Of the people who took part, the share in the largest strongly connected component.

    Within it help can come back round to everybody. Organisations carry help on, but are not counted.
    """
    took_part = _people(pairs, people)
    if not took_part:
        return None
    largest = max(len(took_part.intersection(component)) for component in strong_components(pairs))
    return Fraction(largest, len(took_part))


def reach(pairs: Pairs[Node], people: AbstractSet[Node] | None = None) -> Fraction | None:
    """The median number of distinct partners, given to or received from, of the people who took part."""
    partners: dict[Node, set[Node]] = defaultdict(set)
    for giver, receiver in pairs:
        partners[giver].add(receiver)
        partners[receiver].add(giver)
    counts = [Fraction(len(partners[node])) for node in _people(pairs, people)]
    return median(counts) if counts else None


def gini(seconds: Iterable[int]) -> Fraction | None:
    """2Σ k·x₍ₖ₎ / (nΣx) − (n+1)/n, x ascending from k = 1: how unevenly hours given, or received, are spread.

    0 where everybody has the same, (n−1)/n where one has everything. Never of balances, which may be negative. Those
    who took part and have none belong to it as zeros. Undefined where there is nothing to spread.
    """
    ascending = sorted(seconds)
    whole, count = sum(ascending), len(ascending)
    if not whole:
        return None
    if ascending[0] < 0:
        raise ValueError("a Gini coefficient is of amounts, none below zero")
    ranked = sum(rank * amount for rank, amount in enumerate(ascending, start=1))
    return Fraction(2 * ranked, count * whole) - Fraction(count + 1, count)


def gini_given(pairs: Pairs[Node], people: AbstractSet[Node] | None = None) -> Fraction | None:
    """How unevenly giving is spread over the people who took part."""
    gave = given(pairs)
    return gini(gave[node] for node in _people(pairs, people))


def gini_received(pairs: Pairs[Node], people: AbstractSet[Node] | None = None) -> Fraction | None:
    """How unevenly receiving is spread over the people who took part."""
    got = received(pairs)
    return gini(got[node] for node in _people(pairs, people))


def strong_components(pairs: Iterable[tuple[Node, Node]]) -> Iterator[list[Node]]:
    """The strongly connected components, each once: from every node of one, help leads to every other.

    Tarjan, "Depth-first search and linear graph algorithms", SIAM J Comput 1:146 (1972); with a stack of its own, for
    a chain of a hundred thousand members is deeper than Python may call.
    """
    onward: dict[Node, list[Node]] = defaultdict(list)
    for giver, receiver in pairs:
        onward[giver].append(receiver)
    found: dict[Node, int] = {}  # in which order a node was found
    earliest: dict[Node, int] = {}  # the earliest open node that it is known to lead back to
    still_open: dict[Node, None] = {}  # found, and not in a component yet, in order

    def enter(node: Node) -> tuple[Node, Iterator[Node]]:
        found[node] = earliest[node] = len(found)
        still_open[node] = None
        return node, iter(onward.get(node, ()))

    for start in tuple(onward):
        path = [] if start in found else [enter(start)]
        while path:
            node, ways = path[-1]
            following = next((way for way in ways if way not in found or way in still_open), None)
            if following is not None and following not in found:
                path.append(enter(following))
            elif following is not None:
                earliest[node] = min(earliest[node], found[following])
            else:
                path.pop()
                if path:
                    before = path[-1][0]
                    earliest[before] = min(earliest[before], earliest[node])
                if earliest[node] == found[node]:
                    yield _closed_at(node, still_open)


def _closed_at(node: Node, still_open: dict[Node, None]) -> list[Node]:
    """The component that a node completes: itself and everything opened after it."""
    component: list[Node] = []
    while not component or component[-1] != node:
        component.append(still_open.popitem()[0])
    return component


def _people(pairs: Pairs[Node], people: AbstractSet[Node] | None) -> frozenset[Node]:
    took_part = active(pairs)
    return took_part if people is None else took_part & people
