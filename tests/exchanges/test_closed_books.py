"""Late hours after the books are closed, and the proof that an entry stood in them."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.exchanges.stage import HALF_PAST_ONE, WEDNESDAY, Stage
from timebank.database import unit_of_work
from timebank.exchanges import queries
from timebank.exchanges.rules import NoProofYet
from timebank.exchanges.tables import Help
from timebank.network.queries import book_of
from timebank.reports.periods import Period, PeriodKind
from timebank.reports.queries import reconciliation

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1), PeriodKind.MONTH)
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1), PeriodKind.MONTH)
IN_APRIL = WEDNESDAY + timedelta(days=40)


def close_march(stage: Stage) -> None:
    with unit_of_work(stage.session) as session:
        book_of(session, stage.cast.timebank_id).close_period(until=date(2026, 3, 31), at=IN_APRIL, by=None)


def test_hours_that_come_late_count_on_the_first_open_day_in_ledger_and_report_alike(stage: Stage) -> None:
    stage.credited()
    late = stage.approved()
    stage.report(late)
    close_march(stage)
    stage.confirm(late, at=IN_APRIL)
    assert stage.balance(stage.cast.ana) == 2 * HALF_PAST_ONE
    days = sorted(row.happened_on for row in stage.session.exec(select(Help)))
    assert days[-1] == date(2026, 4, 1)
    assert stage.exchange(late).happened_on == days[0], "the exchange says when it was"
    for period in (MARCH, APRIL):
        sides = reconciliation(stage.session, stage.cast.timebank_id, period)
        assert sides.reconciles
        assert sides.help.entries == 1
    stage.prove()


def test_an_entry_is_proved_once_the_books_are_closed(stage: Stage) -> None:
    exchange_id = stage.credited()
    exchange = stage.exchange(exchange_id)
    with pytest.raises(NoProofYet):
        queries.proof(stage.session, exchange)
    before = queries.in_book(stage.session, exchange)
    assert before is not None
    assert not before.is_sealed
    close_march(stage)
    exchange = stage.exchange(exchange_id)
    sealed = queries.in_book(stage.session, exchange)
    assert sealed is not None
    assert sealed.is_sealed
    proof = queries.proof(stage.session, exchange)
    assert (proof.number, proof.hash) == (sealed.number, sealed.hash)
    assert proof.root == book_of(stage.session, stage.cast.timebank_id).periods()[-1].merkle_root


def test_what_was_not_credited_has_no_proof(stage: Stage) -> None:
    exchange = stage.exchange(stage.approved())
    assert queries.in_book(stage.session, exchange) is None
    with pytest.raises(NoProofYet):
        queries.proof(stage.session, exchange)
