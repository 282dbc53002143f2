"""Whatever is asked of a book, it does what a model of thirty lines does, and stays clean."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from ledger import Balance, LedgerError, audit
from tests.ledger.conftest import HOUR, Cast, open_cast

FLOOR, CEILING = -10 * HOUR, 10 * HOUR

WISHES = st.lists(
    st.tuples(
        st.sampled_from(["give", "hold", "settle", "release", "reverse"]),
        st.integers(0, 1),
        st.integers(1, 6 * HOUR),
        st.integers(0, 5),
    ),
    max_size=12,
)


class Model:
    """Two members; balances as [posted, out, in]; what a call should do, or that it is refused."""

    def __init__(self) -> None:
        self.layers = [[0, 0, 0], [0, 0, 0]]
        self.holds: list[dict[str, Any]] = []
        self.moves: list[dict[str, Any]] = []

    def move(self, deltas: list[tuple[int, int, int]]) -> bool:
        after = [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(self.layers, deltas, strict=True)]
        for (posted, out, in_), (moved, more_out, more_in) in zip(after, deltas, strict=True):
            if posted - out < FLOOR and moved - more_out < 0:
                return False
            if posted + in_ > CEILING and moved + more_in > 0:
                return False
        self.layers = after
        return True


def _asked(cast: Cast, model: Model, wish: tuple[str, int, int, int]) -> tuple[Any, list[tuple[int, int, int]] | None]:
    """The call that the wish stands for, and what it should change; None where it should be refused."""
    verb, who, seconds, which = wish
    members = (cast.ana, cast.ben)

    def sided(first: tuple[int, int, int], second: tuple[int, int, int], side: int) -> list[tuple[int, int, int]]:
        return [first, second] if side == 0 else [second, first]

    if verb == "give":
        return lambda: cast.give(members[who], members[1 - who], seconds), sided((seconds, 0, 0), (-seconds, 0, 0), who)
    if verb == "hold":
        return lambda: cast.hold(members[who], members[1 - who], seconds), sided((0, seconds, 0), (0, 0, seconds), who)
    things = model.moves if verb == "reverse" else model.holds
    if not things:
        return None, None
    thing = things[which % len(things)]
    if verb == "settle":
        deltas = sided((-seconds, -thing["seconds"], 0), (seconds, 0, -thing["seconds"]), thing["who"])
        return lambda: cast.settle(thing["entry"], seconds), None if thing["is_over"] else deltas
    if verb == "release":
        deltas = sided((0, -thing["seconds"], 0), (0, 0, -thing["seconds"]), thing["who"])
        return lambda: cast.release(thing["entry"]), None if thing["is_over"] else deltas
    deltas = sided((-thing["seconds"], 0, 0), (thing["seconds"], 0, 0), thing["who"])
    return lambda: cast.reverse(thing["entry"]), None if thing["is_over"] else deltas


def _remember(model: Model, wish: tuple[str, int, int, int], entry: Any) -> None:
    verb, who, seconds, which = wish
    if verb == "hold":
        model.holds.append({"entry": entry, "who": who, "seconds": seconds, "is_over": False})
        return
    if verb == "give":
        model.moves.append({"entry": entry, "who": who, "seconds": seconds, "is_over": False})
        return
    things = model.moves if verb == "reverse" else model.holds
    thing = things[which % len(things)]
    thing["is_over"] = True
    if verb == "settle":
        model.moves.append({"entry": entry, "who": 1 - thing["who"], "seconds": seconds, "is_over": False})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=WISHES)
def test_a_book_does_what_the_model_does(session: Session, wishes: list[tuple[str, int, int, int]]) -> None:
    cast, model = open_cast(session), Model()
    for wish in wishes:
        call, deltas = _asked(cast, model, wish)
        if call is None:
            continue
        before = cast.book.head()
        try:
            entry = call()
        except LedgerError:
            assert deltas is None or not model.move(deltas)
            assert cast.book.head() == before
        else:
            assert deltas is not None
            assert model.move(deltas)
            _remember(model, wish, entry)
        found = cast.book.balances([cast.ana, cast.ben])
        assert [found[cast.ana], found[cast.ben]] == [Balance(*layers) for layers in model.layers]
        assert sum(balance.posted for balance in found.values()) == 0
    session.commit()
    assert audit(session, cast.book.id).problems == []
