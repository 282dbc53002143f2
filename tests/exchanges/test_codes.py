"""A code that one side shows and the other scans: it leads the way for a while, and gives nobody a right."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.exchanges.stage import MONDAY, TWO_HOURS, WEDNESDAY, Stage
from timebank.access.codes import LENGTH, LETTERS, NoSuchCode, in_groups
from timebank.database import unit_of_work
from timebank.exchanges import queries, reporting
from timebank.exchanges.codes import CODE_LASTS, forget_codes, show_code
from timebank.exchanges.rules import CodeForAnother, ForTheReporter, MovedOn, NoSuchExchange, YourOwnCode, check_scanned
from timebank.exchanges.tables import ExchangeCode

SOON = MONDAY + timedelta(minutes=5)


def shown(stage: Stage) -> str:
    """The code that Ana shows for the hours that she logged."""
    exchange_id = stage.log()
    with unit_of_work(stage.session) as session:
        return show_code(session, exchange_id, by=stage.cast.ana, at=MONDAY)


def test_a_code_leads_the_other_side_to_the_hours_however_it_is_typed(stage: Stage) -> None:
    code = shown(stage)
    assert len(code) == LENGTH and set(code) <= set(LETTERS)
    for typed in (code, code.lower(), in_groups(code), f" {code[:3]} {code[3:]} "):
        found = queries.behind_code(stage.session, typed, SOON)
        check_scanned(found, stage.cast.ben)
        assert found.reporter_id == stage.cast.ana.member_id


def test_whoever_else_scans_it_is_told_kindly(stage: Stage) -> None:
    found = queries.behind_code(stage.session, shown(stage), SOON)
    with pytest.raises(YourOwnCode):
        check_scanned(found, stage.cast.ana)
    with pytest.raises(NoSuchCode):
        check_scanned(found, stage.cast.cy)
    for other in (stage.cast.olwen, stage.cast.bea, stage.cast.dewi):
        with pytest.raises(CodeForAnother):
            check_scanned(found, other)


def test_only_whoever_logged_the_hours_shows_a_code_for_them(stage: Stage) -> None:
    exchange_id = stage.log()
    for other in (stage.cast.ben, stage.cast.bea):
        with pytest.raises(ForTheReporter):
            show_code(stage.session, exchange_id, by=other, at=MONDAY)
    for stranger in (stage.cast.cy, stage.cast.olwen):
        with pytest.raises(NoSuchExchange):
            show_code(stage.session, exchange_id, by=stranger, at=MONDAY)


def test_a_code_is_over_after_half_an_hour_and_then_forgotten(stage: Stage) -> None:
    code = shown(stage)
    queries.behind_code(stage.session, code, MONDAY + CODE_LASTS - timedelta(seconds=1))
    with pytest.raises(NoSuchCode):
        queries.behind_code(stage.session, code, MONDAY + CODE_LASTS)
    with unit_of_work(stage.session) as session:
        forget_codes(session, at=MONDAY + CODE_LASTS)
    assert stage.session.exec(select(ExchangeCode)).all() == []


def test_a_new_code_ends_the_one_before(stage: Stage) -> None:
    first = shown(stage)
    exchange_id = queries.behind_code(stage.session, first, SOON).id
    with unit_of_work(stage.session) as session:
        second = show_code(session, exchange_id, by=stage.cast.ana, at=SOON)
    assert queries.behind_code(stage.session, second, SOON).id == exchange_id
    with pytest.raises(NoSuchCode):
        queries.behind_code(stage.session, first, SOON)


@pytest.mark.parametrize("answer", ["confirm", "dispute"])
def test_a_code_is_used_once_the_other_has_answered(stage: Stage, answer: str) -> None:
    code = shown(stage)
    exchange_id = queries.behind_code(stage.session, code, SOON).id
    said = {"note": "It was an hour"} if answer == "dispute" else {}
    with unit_of_work(stage.session) as session:
        getattr(reporting, answer)(session, exchange_id, by=stage.cast.ben, at=SOON, **said)
    with pytest.raises(NoSuchCode):
        queries.behind_code(stage.session, code, SOON)
    with pytest.raises(MovedOn):
        show_code(stage.session, exchange_id, by=stage.cast.ana, at=WEDNESDAY)


def test_a_code_is_over_once_the_hours_are_corrected_and_the_one_who_corrected_shows_another(stage: Stage) -> None:
    code = shown(stage)
    exchange_id = queries.behind_code(stage.session, code, SOON).id
    corrected = {"seconds": TWO_HOURS, "happened_on": MONDAY.date()}
    with unit_of_work(stage.session) as session:
        reporting.correct(session, exchange_id, by=stage.cast.ben, at=SOON, **corrected)
    with pytest.raises(NoSuchCode):
        queries.behind_code(stage.session, code, SOON)
    with unit_of_work(stage.session) as session:
        another = show_code(session, exchange_id, by=stage.cast.ben, at=SOON)
    check_scanned(queries.behind_code(stage.session, another, SOON), stage.cast.ana)


def test_only_the_digest_of_a_code_is_kept(stage: Stage) -> None:
    code = shown(stage)
    kept = stage.session.exec(select(ExchangeCode)).one()
    assert code.encode() not in kept.digest and len(kept.digest) == 32


@pytest.mark.parametrize("typed", ["", "-", "ABCDE-FGHJK", "0000000000", "ŵ" * 10, "7" * 5000])
def test_what_is_no_code_leads_nowhere(stage: Stage, typed: str) -> None:
    shown(stage)
    with pytest.raises(NoSuchCode):
        queries.behind_code(stage.session, typed, SOON)
