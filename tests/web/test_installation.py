"""The operator's page: the timebanks here for an operator, nothing for anybody else."""

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.browsing import sign_in_as
from tests.cast import Cast
from timebank.database import unit_of_work
from timebank.members.actions import make_operator


def test_an_operator_sees_the_timebanks_here(browser: FlaskClient, session: Session, cast: Cast) -> None:
    with unit_of_work(session):
        make_operator(session, cast.ben.person_id)
    page = sign_in_as(browser, "ben").get("/installation")
    assert page.status_code == 200
    for said in ("Swansea", "Brecon", "2 timebanks live here."):
        assert said in page.text
    assert 'href="/installation"' in browser.get("/home").text


@pytest.mark.parametrize("name", ["ana", "bea", "awen", "dewi", "cy"])
def test_nobody_else_does(browser: FlaskClient, cast: Cast, name: str) -> None:  # noqa: ARG001
    assert sign_in_as(browser, name).get("/installation").status_code == 403
    assert 'href="/installation"' not in browser.get("/accessibility").text
