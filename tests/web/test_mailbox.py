"""The demonstration's mailbox."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.browsing import app_for_tests, sign_in_as
from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.notices.actions import tell


def tell_olwen_and_ana(session: Session, cast: Cast) -> None:
    with unit_of_work(session):
        for who in (cast.olwen, cast.ana):
            tell(
                session,
                timebank_id=cast.timebank_id,
                party_id=who.member_id,
                kind="reported",
                at=LONG_AGO,
                path="/exchanges",
                other="Ben <b>",
                title="100 % bread",
                seconds=5400,
                note="",
            )


def test_the_mailbox_shows_what_people_are_told_and_how(engine: Engine, session: Session, cast: Cast) -> None:
    tell_olwen_and_ana(session, cast)
    page = sign_in_as(app_for_tests(engine, demo=True).test_client(), "ben").get("/mailbox").text
    assert "Ben &lt;b&gt; logged 1 h 30: 100 % bread" in page and "ana@example.org" in page
    assert '<b lang="cy">' in page and "1 awr 30 munud" in page and "through their time broker" in page


def test_the_mailbox_is_empty_for_another_timebank(engine: Engine, session: Session, cast: Cast) -> None:
    tell_olwen_and_ana(session, cast)
    page = sign_in_as(app_for_tests(engine, demo=True).test_client(), "cy").get("/mailbox").text
    assert "bread" not in page and "Nobody has been told anything yet" in page


@pytest.mark.usefixtures("cast")
def test_there_is_no_mailbox_outside_the_demonstration(engine: Engine) -> None:
    assert sign_in_as(app_for_tests(engine).test_client(), "ana").get("/mailbox").status_code == 404
