"""Two brokers on one sheet at once, one button pressed twice: hours are posted exactly once, on both engines."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from tests.exchanges.test_at_once import together
from tests.sheets.desk import FRIDAY, Desk
from timebank.database import unit_of_work
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval
from timebank.sheets import entering, printing
from timebank.sheets.rules import EnteredBefore, Sheet
from timebank.sheets.tables import EnteredSheet, PrintedSheet

pytestmark = pytest.mark.parametrize("terms", [PolicyTerms(approval=Approval.NONE)])


def test_two_brokers_on_one_sheet_at_once_post_it_once(engine: Engine, desk: Desk) -> None:
    cast = desk.cast
    with unit_of_work(desk.session) as session:
        printed_id = printing.print_hours(session, month=FRIDAY.date(), by=cast.bryn, at=FRIDAY)[0].id
    desk.session.rollback()

    def entered(by: Any, title: str) -> Any:
        lines = [desk.line(1, title=title), desk.line(2, seconds=7200, title=title)]
        sheet = Sheet(printed_id=printed_id)
        return lambda session: entering.enter(session, lines, sheet=sheet, by=by, at=FRIDAY, submission=uuid4()).id

    results = together(engine, entered(cast.bea, "Shopping"), entered(cast.bryn, "Buying food"))
    assert sorted(isinstance(result, EnteredBefore) for result in results) == [False, True]
    assert desk.hours(cast.ana) == 3
    assert len(desk.exchanges()) == 2
    desk.prove()


def test_a_form_sent_several_times_at_once_posts_once(engine: Engine, desk: Desk) -> None:
    submission, line, by = uuid4(), desk.line(), desk.cast.bryn
    desk.session.rollback()

    def enter(session: Session) -> Any:
        return entering.enter(session, [line], sheet=Sheet(), by=by, at=FRIDAY, submission=submission).id

    results = together(engine, *[enter] * 4)
    desk.session.rollback()
    assert set(results) == {desk.session.exec(select(EnteredSheet.id)).one()}
    assert desk.hours(desk.cast.ana) == 1
    desk.prove()


def test_sheets_printed_at_once_have_numbers_of_their_own(engine: Engine, desk: Desk) -> None:
    by = desk.cast.bryn
    desk.session.rollback()

    def print_some(session: Session) -> Any:
        return len(printing.print_hours(session, month=FRIDAY.date(), copies=3, by=by, at=FRIDAY))

    assert together(engine, *[print_some] * 3) == [3, 3, 3]
    desk.session.rollback()
    assert sorted(desk.session.exec(select(PrintedSheet.number))) == [*range(1, 10)]
