"""The table itself: no state without a way out, and the page in the docs drawn from it."""

from pathlib import Path

from timebank.exchanges.diagram import page
from timebank.exchanges.life import ENDS, LIFE
from timebank.exchanges.tables import State


def test_every_state_can_be_reached_and_every_open_one_has_a_way_out() -> None:
    reached = {move.after for move in LIFE}
    assert reached == set(State)
    assert {State.DECLINED, State.WITHDRAWN, State.CANCELLED, State.NOT_HAPPENED, State.REVERSED} == ENDS


def test_every_open_state_has_an_end_within_reach() -> None:
    ends_well = set(ENDS)
    while more := {move.before for move in LIFE if move.before and move.after in ends_well} - ends_well:
        ends_well |= more
    assert ends_well == set(State)


def test_the_page_in_the_docs_is_drawn_from_the_table(here: Path) -> None:
    assert (here / "docs" / "exchanges.md").read_text(encoding="utf-8") == page()
