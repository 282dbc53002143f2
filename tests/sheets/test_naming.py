"""Who is meant by the names on a sheet: each by itself, whatever else stands on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlmodel import Session

from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.members.actions import welcome
from timebank.members.finding import MOST_FOUND
from timebank.sheets.naming import MOST_LOOKED_FOR, Meant, meant_by


def welcome_all(session: Session, cast: Cast, *names: str, area: str = "") -> list[str]:
    with unit_of_work(session) as opened:
        for name in names:
            welcome(opened, broker=cast.bea, timebank_id=cast.timebank_id, name=name, area=area, at=LONG_AGO)
    return [*names]


def meant(session: Session, cast: Cast, *names: str) -> list[Meant]:
    found = meant_by(session, cast.timebank_id, names)
    return [found[name] for name in names]


@contextmanager
def asked_of(session: Session) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(*about: object) -> None:
        asked.append(str(about[2]))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)


def test_a_vague_letter_takes_nothing_from_a_clear_beginning(session: Session, cast: Cast) -> None:
    welcome_all(session, cast, *(f"Zac {number}" for number in range(2 * MOST_FOUND)))
    vague, clear, nobody = meant(session, cast, "z", "olw", "Nobody")
    assert (vague.only, len(vague.alike)) == (None, MOST_FOUND)
    assert clear.only is not None
    assert clear.only.id == cast.olwen.member_id
    assert nobody == Meant(None, [])


def test_the_ninth_of_one_name_can_be_chosen_and_is_told_by_the_area(session: Session, cast: Cast) -> None:
    for number in range(MOST_FOUND + 1):
        welcome_all(session, cast, "John Jones", area=f"Road {number}")
    welcome_all(session, cast, "John Jones-Davies")
    by_name, by_label = meant(session, cast, "john jones", "John Jones (Road 8)")
    assert by_label.only is not None
    assert (by_name.only, len(by_name.alike)) == (None, MOST_FOUND + 1)
    assert {by_name.chosen(each.id) for each in by_name.alike} == {*by_name.alike}
    assert by_label.only in by_name.alike
    assert by_name.chosen(cast.ana.member_id) is None, "she is called otherwise"


def test_whole_names_are_found_in_one_query_and_only_some_beginnings_looked_up(session: Session, cast: Cast) -> None:
    names = welcome_all(session, cast, "Gwen Ŵyn", "Ifan (Ianto) Rees")
    with asked_of(session) as asked:
        assert all(each.only for each in meant(session, cast, *names, "ANA", "Ben"))
    assert len(asked) == 1
    with asked_of(session) as asked:
        mistyped = meant(session, cast, *names, *(f"Mistyped {number}" for number in range(2 * MOST_LOOKED_FOR)))
    assert [each.only.name for each in mistyped if each.only] == names
    assert len(asked) == 1 + 2 * MOST_LOOKED_FOR


def test_initials_only_propose_who_may_be_meant(session: Session, cast: Cast) -> None:
    welcome_all(session, cast, "Keith Tanner")
    initials, beginning = meant(session, cast, "k t", "k tan")
    assert (initials.only, [each.name for each in initials.alike]) == (None, ["Keith Tanner"])
    assert beginning.only is not None
