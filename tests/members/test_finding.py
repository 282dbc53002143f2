"""Somebody is found by what is typed of their name, among ever so many, and only within their timebank."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.folding import name_words
from timebank.language import Language
from timebank.members.actions import change_details, suspend, welcome
from timebank.members.finding import MOST_FOUND, is_called, people_among, people_called, people_meant
from timebank.members.tables import Member, NameWord, PartyKind
from timebank.organisations.actions import join


def welcomed(session: Session, cast: Cast, name: str, area: str = "") -> Member:
    with unit_of_work(session) as opened:
        return welcome(opened, broker=cast.bea, timebank_id=cast.timebank_id, name=name, area=area, at=LONG_AGO)


def found(session: Session, cast: Cast, typed: str) -> list[str]:
    return [each.name for each in people_called(session, cast.timebank_id, typed)]


@pytest.mark.parametrize(
    "typed", ["Siân", "sian", "SIAN", "ŵyn", "wyn-j", "sian wyn", "jones s", "oneill", "O’Neill", "  siân   jo "]
)
def test_each_word_typed_may_be_the_beginning_of_any_word_of_a_name(session: Session, cast: Cast, typed: str) -> None:
    welcomed(session, cast, "Siân Ŵyn-Jones O'Neill")
    assert found(session, cast, typed) == ["Siân Ŵyn-Jones O'Neill"]


@pytest.mark.parametrize("typed", ["", " ", "ian", "sian x", "%", "_", "\0", "-", "'"])
def test_nothing_typed_and_what_no_name_begins_with_find_nobody(session: Session, cast: Cast, typed: str) -> None:
    welcomed(session, cast, "Siân Ŵyn")
    assert found(session, cast, typed) == []


def test_organisations_of_the_same_name_hide_nobody_where_people_are_looked_for(session: Session, cast: Cast) -> None:
    welcomed(session, cast, "Cwm Zachary")
    with unit_of_work(session) as opened:
        for number in range(MOST_FOUND):
            join(opened, timebank_id=cast.timebank_id, name=f"Cwm {number}", at=LONG_AGO)
    people = people_called(session, cast.timebank_id, "cwm", kind=PartyKind.PERSON)
    assert [each.name for each in people] == ["Cwm Zachary"]
    assert len(found(session, cast, "cwm")) == MOST_FOUND


def test_who_is_called_just_that_is_meant_before_longer_names(session: Session, cast: Cast) -> None:
    welcomed(session, cast, "Ben Bowen")
    assert found(session, cast, "ben") == ["Ben", "Ben Bowen"]
    assert [each.id for each in people_meant(session, cast.timebank_id, "ben")] == [cast.ben.member_id]


def test_two_of_the_same_name_are_told_apart_by_their_area(session: Session, cast: Cast) -> None:
    for area in ("Treboeth", "Uplands"):
        welcomed(session, cast, "Mair Rees", area)
    meant = people_meant(session, cast.timebank_id, "mair rees")
    assert sorted(each.area for each in meant) == ["Treboeth", "Uplands"]


def test_a_name_of_two_words_that_begin_alike_is_found_once(session: Session, cast: Cast) -> None:
    welcomed(session, cast, "Ann Anderson Anwyl")
    assert sorted(found(session, cast, "an")) == ["Ana", "Ann Anderson Anwyl"]


def test_only_those_who_take_part_here_are_found(session: Session, cast: Cast) -> None:
    assert found(session, cast, "cy") == []  # another timebank's
    assert found(session, cast, "dewi") == []  # acts for Gwalia, and is no member himself
    assert found(session, cast, "gwalia") == ["Gwalia Homes"]
    with unit_of_work(session) as opened:
        suspend(opened, cast.ben.member_id, broker=cast.bea)
    assert found(session, cast, "ben") == []
    assert people_among(session, cast.timebank_id, [cast.ben.member_id, cast.cy.member_id]) == []


def test_a_new_name_is_found_and_the_old_one_is_not(session: Session, cast: Cast) -> None:
    with unit_of_work(session) as opened:
        change_details(
            opened,
            cast.ben.member_id,
            by=cast.ben,
            name="Benedict Huws",
            phone="",
            language=Language.ENGLISH,
            area="",
            about="",
        )
    assert found(session, cast, "huws") == ["Benedict Huws"]
    words = session.exec(select(NameWord.word).where(NameWord.party_id == cast.ben.member_id)).all()
    assert {*words} == {"benedict", "huws"}


def test_some_are_found_and_never_everybody(session: Session, cast: Cast) -> None:
    for number in range(12):
        welcomed(session, cast, f"Zac {number}")
    assert len(found(session, cast, "zac")) == 8


def test_of_one_name_all_who_bear_it_can_be_meant(session: Session, cast: Cast) -> None:
    many = [welcomed(session, cast, "John Jones", f"Road {number}").id for number in range(MOST_FOUND + 1)]
    welcomed(session, cast, "John Jones-Davies")
    assert {each.id for each in people_meant(session, cast.timebank_id, "john jones")} == {*many}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(typed=st.text(max_size=30))
def test_whatever_is_typed_is_answered_and_whoever_is_found_is_called_so(
    session: Session, cast: Cast, typed: str
) -> None:
    safe = "".join(letter for letter in typed if letter.isprintable())
    for each in people_called(session, cast.timebank_id, safe):
        assert is_called(each.name, safe) or not name_words(safe)
