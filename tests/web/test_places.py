"""Where people can go from every page, by what they are here."""

import re

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.browsing import sign_in_as
from tests.cast import Cast, email_of
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.members.actions import welcome


def places_of(browser: FlaskClient, address: str = "/password") -> list[str]:
    masthead = browser.get(address).text.partition("<nav")[2].partition("</nav>")[0]
    return re.findall(r'<a class="nav__link"[^>]*>([^<]+)</a>', masthead)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("ana", ["Home", "Offers and requests", "Exchanges", "Statement", "Messages", "Members"]),
        ("bea", ["Today", "Members", "Exchanges", "Offers and requests", "Report", "Policy", "Messages", "My own"]),
        ("dewi", ["Report", "Our exchanges", "Statement", "Messages", "Offers and requests"]),
        ("awen", ["Report"]),
    ],
)
def test_everybody_can_go_where_their_work_is(browser: FlaskClient, name: str, places: list[str]) -> None:
    assert places_of(sign_in_as(browser, name)) == places


@pytest.mark.usefixtures("cast")
def test_strangers_have_nowhere_to_go_but_in(browser: FlaskClient) -> None:
    assert places_of(browser, "/welcome") == []


def test_only_who_belongs_to_several_timebanks_can_change_between_them(
    browser: FlaskClient, cast: Cast, session: Session
) -> None:
    with unit_of_work(session):
        welcome(
            session, broker=cast.bethan, timebank_id=cast.other_timebank_id, name="Ana", email=email_of("ana"), at=now()
        )
    assert places_of(sign_in_as(browser, "ana"))[-1] == "My timebanks"


@pytest.mark.usefixtures("cast")
def test_the_place_where_one_is_says_so(browser: FlaskClient) -> None:
    page = sign_in_as(browser, "ana").get("/statement").text
    assert re.search(r'aria-current="page">Statement<', page)
