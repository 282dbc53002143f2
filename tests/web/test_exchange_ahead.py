"""The line of an exchange's life: what was, today, and what is still ahead."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlmodel import Session

from tests.browsing import sign_in_as
from tests.cast import Cast
from tests.exchanges.stage import Stage
from timebank.afterwords.actions import thank
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges import agreeing, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.life import MOST_CORRECTIONS
from timebank.members import blocking
from timebank.members.rules import BlockedByYou, CannotBeArranged
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval, Confirmation

Line = Callable[[UUID, str], list[tuple[str, str]]]
TOMORROW = now() + timedelta(days=1)


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session, cast, at=now() - timedelta(days=1))


@pytest.fixture
def line(app: Flask) -> Line:
    def read(exchange_id: UUID, name: str) -> list[tuple[str, str]]:
        page = sign_in_as(app.test_client(), name).get(f"/exchanges/{exchange_id}").text
        steps = re.findall(r'life__step--(\w+)".*?<p class="life__text">(.*?)</p>(.*?)</li>', page, re.DOTALL)
        return [
            (state, " ".join(re.sub(r"<[^>]+>", "", unescape(text + detail)).split())) for state, text, detail in steps
        ]

    return read


@pytest.fixture
def said(app: Flask) -> Callable[[UUID, str], str]:
    """What somebody reads under "What happens next"."""

    def read(exchange_id: UUID, name: str) -> str:
        page = unescape(sign_in_as(app.test_client(), name).get(f"/exchanges/{exchange_id}").text)
        return page.split("What happens next")[1].split("From proposal to thanks")[0]

    return read


def states(steps: list[tuple[str, str]]) -> list[str]:
    return [state for state, _ in steps]


def test_a_proposal_shows_the_whole_way_that_is_ahead(stage: Stage, line: Line) -> None:
    exchange_id = stage.propose(planned_for=TOMORROW)
    assert "Waited for: Ana" in line(exchange_id, "ben")[1][1]
    steps = line(exchange_id, "ana")
    assert states(steps) == ["done", "now", *["next"] * 7]
    assert steps[1][1].startswith("Today")
    assert "Waiting for you" in steps[1][1], "nobody is called by their own name"
    later = [text.removeprefix("Later: ") for _, text in steps[2:]]
    assert later.pop(2).startswith("It takes place ")
    assert later == [
        "Both agree on a time",
        "A time broker approves it",
        "One of the two logs the hours",
        "The other confirms them",
        "The hours are credited",
        "Thanks, if you like",
    ]


def test_while_the_day_has_not_come_nobody_is_waited_for(stage: Stage, line: Line) -> None:
    exchange_id = stage.propose()
    stage.agree(exchange_id, planned_for=TOMORROW)
    assert "Waited for: a time broker" in line(exchange_id, "ben")[2][1]
    stage.approve(exchange_id)
    steps = line(exchange_id, "ben")
    assert "Nobody is waited for: the day has not come yet." in steps[3][1]
    assert steps[4][1].startswith("Later: It takes place")


def test_when_the_day_has_passed_somebody_logs(stage: Stage, line: Line) -> None:
    exchange_id = stage.propose()
    stage.agree(exchange_id, planned_for=now() - timedelta(hours=2))
    stage.approve(exchange_id)
    steps = line(exchange_id, "ben")
    assert "Waited for: whichever of the two logs the hours first" in steps[3][1]
    assert not any("It takes place" in text for _, text in steps)


def test_logged_hours_say_when_they_are_confirmed_at_the_latest(stage: Stage, line: Line) -> None:
    exchange_id = stage.log(happened_on=stage.at.date())
    steps = line(exchange_id, "ana")
    assert "Waited for: Ben" in steps[1][1]
    assert "Waiting for you" in line(exchange_id, "ben")[1][1]
    assert "The other confirms them at the latest:" in steps[2][1]
    assert "A time broker looks at it" in steps[3][1], "nobody approved it beforehand"
    with unit_of_work(stage.session) as session:
        reporting.dispute(session, exchange_id, by=stage.cast.ben, at=now(), note="No")
    steps = line(exchange_id, "ana")
    assert "Waited for: a time broker" in steps[2][1]
    assert "A time broker settles the hours" in steps[3][1]


@pytest.mark.parametrize(
    "terms", [PolicyTerms(approval=Approval.NONE, confirmation=Confirmation.EITHER)], ids=["either"]
)
def test_the_policy_decides_what_is_ahead(stage: Stage, line: Line, terms: PolicyTerms) -> None:
    assert terms.approval is Approval.NONE
    texts = " ".join(text for _, text in line(stage.propose(), "ana"))
    assert "approves" not in texts
    assert "confirms" not in texts


def test_what_is_over_has_no_today_and_ends_with_thanks(stage: Stage, line: Line) -> None:
    exchange_id = stage.log(happened_on=stage.at.date())
    stage.confirm(exchange_id, at=now())
    stage.approve(exchange_id, at=now())
    with unit_of_work(stage.session) as session:
        thank(session, exchange_id, by=stage.cast.ben, at=now(), words="Lovely crust")
    steps = line(exchange_id, "ana")
    assert set(states(steps)) == {"done"}
    assert "Ben said thank you" in steps[-1][1]
    assert "Lovely crust" in steps[-1][1]
    assert "Lovely crust" not in " ".join(text for _, text in line(exchange_id, "bea"))


def test_what_happens_next_says_what_is_left_to_whom(stage: Stage, said: Callable[[UUID, str], str]) -> None:
    exchange_id = stage.propose(planned_for=now() - timedelta(hours=2))
    assert "The time that was suggested has passed: suggest another one." in said(exchange_id, "ana")
    stage.agree(exchange_id, planned_for=now() - timedelta(hours=1))
    assert "Its time has come, and no time broker has approved it." in said(exchange_id, "ben")
    stage.report(exchange_id, at=now(), happened_on=stage.at.date())
    stage.dispute(exchange_id, at=now())
    assert "can also correct them, or take them back" in said(exchange_id, "ben")
    stage.exchange(exchange_id).corrections = MOST_CORRECTIONS
    stage.session.commit()
    assert "corrected often enough" in said(exchange_id, "ben")
    stage.settle(exchange_id, at=now())
    wrong = "If they are not right, tell a time broker"
    assert wrong in said(exchange_id, "ben") and wrong not in said(exchange_id, "bea")
    stage.reverse(exchange_id, at=now())
    assert "log the hours anew" in said(exchange_id, "ana")


def test_a_broker_reads_that_another_has_to_decide_about_what_is_theirs(
    stage: Stage, said: Callable[[UUID, str], str]
) -> None:
    bea, ben = stage.cast.bea.member_id, stage.cast.ben.member_id
    between = Between(giver_id=bea, receiver_id=ben, proposer_id=bea)
    exchange_id = stage.log(between=between, by=stage.cast.bea, happened_on=stage.at.date())
    stage.confirm(exchange_id, at=now())
    assert "another broker has to decide" in said(exchange_id, "bea")
    assert "another broker has to decide" not in said(exchange_id, "ben")


def test_another_time_cannot_be_suggested_to_who_keeps_away(stage: Stage) -> None:
    exchange_id, cast = stage.propose(), stage.cast
    stage.agree(exchange_id, planned_for=TOMORROW)
    with unit_of_work(stage.session) as session:
        blocking.block(session, cast.ben.member_id, by=cast.ana, at=now())
    for who, refusal in ((cast.ben, CannotBeArranged), (cast.ana, BlockedByYou)):
        with pytest.raises(refusal), unit_of_work(stage.session) as session:
            agreeing.suggest(
                session,
                exchange_id,
                by=who,
                at=now(),
                planned_for=TOMORROW + timedelta(days=1),
                planned_seconds=3600,
                note=f"{uuid4()}",
            )
