"""Welcoming, correcting, pausing: who may, and what follows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.cast import LONG_AGO, Cast, email_of, gather
from timebank.database import unit_of_work
from timebank.folding import sort_name
from timebank.language import Language
from timebank.members import actions, queries
from timebank.members.rules import (
    AddressTaken,
    ChoosesTheirLanguage,
    ForBrokers,
    ForOthers,
    KeepsAnAddress,
    KnownElsewhere,
    NoSuchMember,
    NotYourself,
    Standing,
)
from timebank.members.tables import Party, Person, Status
from timebank.network.queries import book_of
from timebank.network.rules import PolicyTerms

LATER = LONG_AGO + timedelta(days=30)


def welcome(session: Session, broker: Standing, name: str = "Mair", **said: Any) -> UUID:
    with unit_of_work(session):
        return actions.welcome(session, broker=broker, timebank_id=broker.timebank_id, name=name, at=LATER, **said).id


def names(session: Session, timebank_id: UUID, **sought: Any) -> list[str]:
    session.rollback()
    return [each.name for each in queries.directory(session, timebank_id, **sought).parties]


def test_a_broker_welcomes_somebody_without_an_email_address(session: Session, cast: Cast) -> None:
    member_id = welcome(session, cast.bea, phone="01792 1")
    assert queries.person_behind(session, cast.timebank_id, member_id).email is None
    assert "Mair" in names(session, cast.timebank_id)
    assert "Mair" not in names(session, cast.other_timebank_id)


def test_who_joins_begins_with_the_starting_credits_once(session: Session) -> None:
    cast = gather(session, terms=PolicyTerms(starting_credits_seconds=7200))
    member_id = welcome(session, cast.bea)
    account = session.get_one(Party, member_id).account_id
    assert book_of(session, cast.timebank_id).balance(account).posted == 7200


def test_only_a_broker_welcomes(session: Session, cast: Cast) -> None:
    with pytest.raises(ForBrokers):
        welcome(session, cast.ana)


def test_a_form_sent_twice_welcomes_once(engine: Engine, session: Session, cast: Cast) -> None:
    submission = uuid4()

    def send(_: int) -> UUID:
        with Session(engine) as own:
            return welcome(own, cast.bea, submission=submission)

    with ThreadPoolExecutor(3) as clicks:
        assert len(set(clicks.map(send, range(3)))) == 1
    assert names(session, cast.timebank_id).count("Mair") == 1


def test_a_forms_number_does_not_lead_to_another_timebanks_member(session: Session, cast: Cast) -> None:
    submission = uuid4()
    assert welcome(session, cast.bea, submission=submission) != welcome(session, cast.bethan, submission=submission)


def test_an_address_belongs_to_one_member_of_a_timebank(session: Session, cast: Cast) -> None:
    with pytest.raises(AddressTaken):
        welcome(session, cast.bea, email="ANA@example.org")
    with unit_of_work(session):
        session.get_one(Party, cast.ana.member_id).status = Status.LEFT
    with pytest.raises(AddressTaken):
        welcome(session, cast.bea, email="ana@example.org")


def test_somebody_known_elsewhere_joins_with_their_one_access(session: Session, cast: Cast) -> None:
    member_id = welcome(session, cast.bea, "Cy", email="cy@example.org")
    assert queries.person_behind(session, cast.timebank_id, member_id).id == cast.cy.person_id


def test_a_broker_gives_somebody_an_address_and_corrects_it(session: Session, cast: Cast) -> None:
    for email in ("olwen@example.org", "Olwen.Rees@example.org"):
        with unit_of_work(session):
            actions.correct_email(session, cast.olwen.member_id, broker=cast.bea, email=email)
    session.rollback()
    assert session.get_one(Person, cast.olwen.person_id).email == "olwen.rees@example.org"


def test_nobody_takes_over_an_access_by_its_address(session: Session, cast: Cast) -> None:
    welcome(session, cast.bea, "Cy", email="cy@example.org")
    with pytest.raises(KnownElsewhere), unit_of_work(session):
        actions.correct_email(session, cast.cy.member_id, broker=cast.bethan, email="else@example.org")
    with pytest.raises(AddressTaken), unit_of_work(session):
        actions.correct_email(session, cast.olwen.member_id, broker=cast.bea, email="ana@example.org")
    with pytest.raises(KeepsAnAddress), unit_of_work(session):
        actions.correct_email(session, cast.ana.member_id, broker=cast.bea, email=None)
    with pytest.raises(NoSuchMember), unit_of_work(session):
        actions.correct_email(session, cast.ana.member_id, broker=cast.bethan, email="else@example.org")
    with pytest.raises(ForBrokers), unit_of_work(session):
        actions.correct_email(session, cast.ana.member_id, broker=cast.ana, email="else@example.org")


def change(
    session: Session, member_id: UUID, by: Standing, *, phone: str = "1", language: Language = Language.WELSH
) -> None:
    with unit_of_work(session):
        actions.change_details(
            session, member_id, by=by, name="Ana Llwyd", phone=phone, language=language, area="Treforys", about=""
        )


def test_somebody_changes_their_own_details_and_a_broker_everybodys(session: Session, cast: Cast) -> None:
    change(session, cast.ana.member_id, cast.ana)
    change(session, cast.ana.member_id, cast.bea)
    assert "Ana Llwyd" in names(session, cast.timebank_id)
    with pytest.raises(ForOthers):
        change(session, cast.ana.member_id, cast.ben)
    with pytest.raises(NoSuchMember):
        change(session, cast.ana.member_id, cast.bethan)


def test_who_belongs_to_two_timebanks_keeps_what_they_told_each(session: Session, cast: Cast) -> None:
    change(session, cast.ana.member_id, cast.ana, phone="Abertawe 1")
    there = welcome(session, cast.bethan, "Ana", email=email_of("ana"), phone="Aberhonddu 2", language=Language.ENGLISH)
    assert queries.member(session, cast.timebank_id, cast.ana.member_id).phone == "Abertawe 1"
    assert queries.member(session, cast.other_timebank_id, there).phone == "Aberhonddu 2"
    assert queries.person_behind(session, cast.timebank_id, cast.ana.member_id).language is Language.WELSH
    for member_id, broker in ((there, cast.bethan), (cast.ana.member_id, cast.bea)):
        with pytest.raises(ChoosesTheirLanguage):
            change(session, member_id, broker, language=Language.ENGLISH)
        change(session, member_id, broker)
    change(session, cast.ana.member_id, cast.ana, language=Language.ENGLISH)
    assert queries.person_behind(session, cast.timebank_id, cast.ana.member_id).language is Language.ENGLISH


def test_a_broker_pauses_others_and_ends_the_pause(session: Session, cast: Cast) -> None:
    with unit_of_work(session):
        actions.suspend(session, cast.ana.member_id, broker=cast.bea)
    assert "Ana" not in names(session, cast.timebank_id)
    assert "Ana" in names(session, cast.timebank_id, with_inactive=True)
    with unit_of_work(session):
        actions.resume(session, cast.ana.member_id, broker=cast.bea)
    assert "Ana" in names(session, cast.timebank_id)
    with pytest.raises(NotYourself), unit_of_work(session):
        actions.suspend(session, cast.bea.member_id, broker=cast.bea)
    with pytest.raises(NoSuchMember), unit_of_work(session):
        actions.suspend(session, cast.cy.member_id, broker=cast.bea)


def test_names_are_sorted_as_welsh_does(session: Session, cast: Cast) -> None:
    for name in ("Chloe", "Carys", "Llinos", "Lowri", "Dafydd", "Ddu", "Alun", "Angharad", "Ffion", "Fflur", "Fred"):
        welcome(session, cast.bethan, name)
    welsh = ["Angharad", "Alun", "Bethan", "Carys", "Cy", "Chloe", "Dafydd", "Ddu", "Fred", "Ffion", "Fflur"]
    assert names(session, cast.other_timebank_id) == [*welsh, "Lowri", "Llinos"]
    assert sort_name("Ynyr") < sort_name("Ŷs")


def test_the_list_goes_on_where_it_stopped(session: Session, cast: Cast) -> None:
    everybody, place = [], None
    for _ in range(9):
        page = queries.directory(session, cast.timebank_id, after=place, limit=2)
        everybody += [each.name for each in page.parties]
        if (place := page.after) is None:
            break
    assert everybody == ["Ana", "Bea", "Ben", "Gwalia Homes", "Olwen"]
