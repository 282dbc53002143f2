"""Those without e-mail are told by a broker, once, however many brokers note it; and it can be undone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.cast import Cast
from timebank.database import unit_of_work
from timebank.errors import NotAllowed, Refusal
from timebank.members.actions import welcome
from timebank.members.rules import ForBrokers
from timebank.notices import letters, queries
from timebank.notices.actions import tell
from timebank.notices.rules import ToldAlready, WaitsAlready
from timebank.notices.tables import Means, Notice

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def told(session: Session, cast: Cast) -> list[UUID]:
    """Olwen has two things to hear; Ana gets hers by e-mail."""
    with unit_of_work(session):
        for hours, party in ((0, cast.olwen), (1, cast.ana), (2, cast.olwen)):
            notify(session, cast.timebank_id, party.member_id, at=MONDAY + timedelta(hours=hours))
    page = queries.letters(session, broker=cast.bea)
    (letter,) = page.items
    assert (letter.name, letter.since, page.after) == ("Olwen", MONDAY, None)
    ids = [notice.id for notice in letter.notices]
    session.rollback()
    return ids


def notify(session: Session, timebank_id: UUID, party_id: UUID, *, at: datetime) -> None:
    tell(session, timebank_id=timebank_id, party_id=party_id, kind="agreed", at=at, other="Ana", title="Bread")


def waiting(session: Session, cast: Cast) -> Iterator[str]:
    session.rollback()
    return (letter.name for letter in queries.letters(session, broker=cast.bea).items)


def test_whoever_was_told_waits_no_more_and_it_can_be_undone(session: Session, cast: Cast, told: list[UUID]) -> None:
    assert len(told) == 2
    assert queries.letters_waiting(session, cast.timebank_id) == (1, MONDAY)
    with unit_of_work(session):
        assert letters.note_told(session, told, how=Means.PHONE, broker=cast.bea, at=MONDAY) == 2
    assert list(waiting(session, cast)) == []
    assert queries.letters_waiting(session, cast.timebank_id) == (0, None)
    (lately,) = queries.told_lately(session, broker=cast.bryn)
    assert (lately.name, lately.broker, lately.how, set(lately.notice_ids)) == ("Olwen", "Bea", Means.PHONE, {*told})
    with unit_of_work(session):
        assert letters.tell_again(session, told, broker=cast.bryn) == 2
    assert list(waiting(session, cast)) == ["Olwen"]
    with unit_of_work(session), pytest.raises(WaitsAlready):
        letters.tell_again(session, told, broker=cast.bryn)


def test_what_came_after_the_letter_was_printed_is_not_lost(session: Session, cast: Cast, told: list[UUID]) -> None:
    with unit_of_work(session):
        notify(session, cast.timebank_id, cast.olwen.member_id, at=MONDAY + timedelta(days=1))
    with unit_of_work(session):
        letters.note_told(session, told, how=Means.LETTER, broker=cast.bea, at=MONDAY + timedelta(days=2))
    (letter,) = queries.letters(session, broker=cast.bea).items
    assert [notice.made_at for notice in letter.notices] == [MONDAY + timedelta(days=1)]


def test_of_two_brokers_at_once_one_notes_it(engine: Engine, session: Session, cast: Cast, told: list[UUID]) -> None:
    def note(name: str) -> int | type[Refusal]:
        with Session(engine) as own:
            try:
                with unit_of_work(own):
                    return letters.note_told(own, told, how=Means.PHONE, broker=cast.standings[name], at=MONDAY)
            except Refusal as refusal:
                return type(refusal)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(note, ["bea", "bryn", "bea", "bryn"]))
    assert sorted(map(str, outcomes)) == sorted(map(str, [2, ToldAlready, ToldAlready, ToldAlready]))
    session.rollback()
    assert len({notice.told_by for notice in session.exec(select(Notice)).all() if notice.told_how}) == 1


def test_only_brokers_of_the_timebank_tell_and_read(session: Session, cast: Cast, told: list[UUID]) -> None:
    for name in ("ana", "dewi", "awen", "cy"):
        for refused in (
            lambda: queries.letters(session, broker=cast.standings[name]),  # noqa: B023 - called at once
            lambda: queries.told_lately(session, broker=cast.standings[name]),  # noqa: B023
            lambda: letters.note_told(session, told, how=Means.PHONE, broker=cast.standings[name], at=MONDAY),  # noqa: B023
            lambda: letters.tell_again(session, told, broker=cast.standings[name]),  # noqa: B023
        ):
            with pytest.raises(NotAllowed) as refusal:
                refused()
            assert refusal.type is ForBrokers
    with pytest.raises(ToldAlready):
        letters.note_told(session, told, how=Means.PHONE, broker=cast.bethan, at=MONDAY)
    assert queries.letters(session, broker=cast.bethan).items == []


def test_the_list_goes_on_by_who_has_waited_longest(session: Session, cast: Cast) -> None:
    with unit_of_work(session):
        for number in range(5):
            party = welcome(session, broker=None, timebank_id=cast.timebank_id, name=f"Member {number}", at=MONDAY)
            notify(session, cast.timebank_id, party.id, at=MONDAY - timedelta(days=number // 2))
    seen: list[str] = []
    after = None
    while True:
        page = queries.letters(session, broker=cast.bea, after=after, limit=2)
        seen += [letter.name for letter in page.items]
        if (after := page.after) is None:
            break
    assert len(seen) == len({*seen}) == 5
    assert seen[0] == "Member 4"
    assert {*seen[-2:]} == {"Member 0", "Member 1"}
