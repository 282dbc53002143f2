"""Travel and preparation: what the policy counts of them, in the sum, in the ledger and on the page."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from tests.browsing import fill_in, form_of, sign_in_as
from tests.cast import Cast
from tests.exchanges.stage import Stage
from timebank.database import unit_of_work
from timebank.exchanges import reporting
from timebank.network.queries import policies
from timebank.network.rules import Extra, HoursOutOfRange, PolicyTerms, counted
from timebank.network.tables import Approval, Confirmation

MINUTE, HOUR = 60, 3600
COUNTS = PolicyTerms(
    approval=Approval.NONE,
    confirmation=Confirmation.BOTH,
    granularity_seconds=5 * MINUTE,
    travel_beyond_seconds=0,
    preparation_counts=True,
    extra_most_seconds=HOUR,
)


QUARTERS = {"granularity_seconds": 15 * MINUTE}


def extra(travel: int = 0, preparation: int = 0) -> Extra:
    return Extra(travel_seconds=travel * MINUTE, preparation_seconds=preparation * MINUTE)


@pytest.mark.parametrize(
    ("terms", "said", "minutes"),
    [
        pytest.param({}, extra(20), 110, id="an hour and a half and twenty minutes on the way"),
        pytest.param({}, extra(20, 15), 125, id="and a quarter of an hour to prepare"),
        pytest.param({}, extra(50, 30), 150, id="no more than the most"),
        pytest.param({"travel_beyond_seconds": 30 * MINUTE}, extra(20), 90, id="a short way"),
        pytest.param({"travel_beyond_seconds": 30 * MINUTE}, extra(50), 110, id="a long way, beyond half an hour"),
        pytest.param({"travel_beyond_seconds": None}, extra(20, 10), 100, id="preparation only"),
        pytest.param({"preparation_counts": False}, extra(20, 10), 110, id="travel only"),
        pytest.param(QUARTERS, extra(20), 105, id="to the nearest quarter: down"),
        pytest.param(QUARTERS, extra(25), 120, id="to the nearest quarter: up"),
        pytest.param(
            QUARTERS | {"extra_most_seconds": 25 * MINUTE},
            extra(40),
            105,
            id="not above the most",
        ),
    ],
)
def test_what_counts_worked_out_by_hand(terms: dict[str, Any], said: Extra, minutes: int) -> None:
    assert counted(replace(COUNTS, **terms).as_policy(), 90 * MINUTE, said) == minutes * MINUTE


amounts = st.integers(0, 24 * HOUR)


@given(
    terms=st.builds(
        PolicyTerms,
        granularity_seconds=st.sampled_from([MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR]),
        travel_beyond_seconds=st.none() | amounts,
        preparation_counts=st.booleans(),
        extra_most_seconds=st.none() | st.integers(1, 24 * HOUR),
    ),
    steps=st.integers(1, 24),
    travel=amounts,
    preparation=amounts,
)
def test_what_counts_is_never_less_than_the_help_nor_more_than_the_policy_allows(
    terms: PolicyTerms, steps: int, travel: int, preparation: int
) -> None:
    policy, seconds = terms.as_policy(), steps * terms.granularity_seconds
    total = counted(policy, seconds, Extra(travel_seconds=travel, preparation_seconds=preparation))
    assert total >= seconds and total % terms.granularity_seconds == 0
    assert total - seconds <= travel + preparation + terms.granularity_seconds // 2
    if terms.extra_most_seconds is not None:
        assert total - seconds <= terms.extra_most_seconds
    assert counted(policy, seconds, Extra()) == seconds


class TestWhereTheyCount:
    @pytest.fixture
    def terms(self) -> PolicyTerms:
        return COUNTS

    @pytest.fixture
    def stage(self, session: Session, cast: Cast) -> Stage:
        return Stage(session, cast)

    def parts(self, stage: Stage, exchange_id: UUID) -> tuple[int | None, ...]:
        exchange = stage.exchange(exchange_id)
        spent = (exchange.service_seconds, exchange.travel_seconds, exchange.preparation_seconds)
        return (*spent, exchange.reported_seconds, exchange.credited_seconds)

    def test_the_sum_is_credited_and_its_parts_are_kept(self, stage: Stage) -> None:
        exchange_id = stage.log(extra=extra(20))
        stage.confirm(exchange_id)
        assert self.parts(stage, exchange_id) == (5400, 1200, 0, 6600, 6600)
        assert stage.balance(stage.cast.ana) == 6600
        assert [seconds for _, _, seconds in stage.help()] == [6600]
        stage.prove()

    def test_a_correction_has_its_own_parts(self, stage: Stage) -> None:
        exchange_id = stage.log(extra=extra(20))
        said: dict[str, Any] = {"happened_on": stage.exchange(exchange_id).happened_on, "at": stage.at}
        with unit_of_work(stage.session) as session:
            reporting.correct(session, exchange_id, seconds=HOUR, by=stage.cast.ben, **said)
        assert self.parts(stage, exchange_id) == (None, None, None, 3600, None)
        with unit_of_work(stage.session) as session:
            reporting.correct(session, exchange_id, seconds=HOUR, extra=extra(0, 10), by=stage.cast.ana, **said)
        assert self.parts(stage, exchange_id) == (3600, 0, 600, 4200, None)

    def test_what_a_broker_decided_is_no_sum_of_the_parts_that_were_logged(self, app: Flask, stage: Stage) -> None:
        ben, exchange_id = sign_in_as(app.test_client(), "ben"), stage.log(extra=extra(20))
        stage.confirm(exchange_id)
        assert "as a time broker decided" not in ben.get(f"/exchanges/{exchange_id}").text
        stage.adjust(exchange_id)
        assert "2 h in all, as a time broker decided" in ben.get(f"/exchanges/{exchange_id}").text

    def test_no_day_has_more_than_its_hours(self, stage: Stage) -> None:
        with pytest.raises(HoursOutOfRange):
            stage.log(seconds=24 * HOUR, extra=extra(20))

    def test_the_form_shows_the_sum_before_and_the_page_after(self, app: Flask, cast: Cast) -> None:
        ana = sign_in_as(app.test_client(), "ana")
        drawn = form_of(ana.get("/exchanges/log"), "/exchanges/log")
        assert "travel" in drawn and "preparation" in drawn
        typed = {
            **drawn,
            "direction": "given",
            "party_id": str(cast.ben.member_id),
            "title": "Reading aloud",
            "hours": "1:30",
            "travel": "20 min",
        }
        before = ana.post("/exchanges/log", data={**typed, "then": "show"})
        assert before.status_code == 200 and "1 h 30 + travel 20 min = 1 h 50" in before.text
        assert 'value="20 min"' in before.text
        sent = ana.post("/exchanges/log", data=typed)
        assert sent.status_code == 303
        assert "1 h 30 + travel 20 min = 1 h 50" in ana.get(sent.location).text
        assert ana.post("/exchanges/log", data={**typed, "travel": "a while"}).status_code == 422


def test_where_they_do_not_count_nobody_is_asked(app: Flask, session: Session, cast: Cast) -> None:
    drawn = form_of(sign_in_as(app.test_client(), "ana").get("/exchanges/log"), "/exchanges/log")
    assert "travel" not in drawn and "preparation" not in drawn
    stage = Stage(session, cast)
    exchange = stage.exchange(stage.log(extra=extra(20)))
    assert (exchange.reported_seconds, exchange.travel_seconds) == (5400, 1200)


def test_a_broker_decides_what_counts(app: Flask, session: Session, cast: Cast) -> None:
    bea = sign_in_as(app.test_client(), "bea")
    decided = {"travel": "beyond", "travel_beyond": "30 min", "preparation_counts": "yes", "extra_most": "1 h"}
    assert fill_in(bea, "/policy/change", **{**decided, "travel_beyond": ""}).status_code == 422
    assert fill_in(bea, "/policy/change", **decided).status_code == 303
    session.rollback()
    policy = policies(session, cast.timebank_id)[0]
    assert (policy.travel_beyond_seconds, policy.preparation_counts, policy.extra_most_seconds) == (1800, True, 3600)
    page = bea.get("/policy").text
    assert "Travel counts beyond this: 30 min." in page and "Preparation counts." in page
    assert 'value="30 min"' in bea.get("/policy/change").text
