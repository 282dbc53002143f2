"""What is told of the valley, before it happens: the same for one moment, and possible for every moment."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from timebank.demo.building import SEED
from timebank.demo.life import Life
from timebank.demo.offers_and_requests import OFFERS, REQUESTS, week_of
from timebank.demo.other_valley import lived
from timebank.demo.people import EVERYBODY, email_of, phone_of
from timebank.demo.second_thoughts import second_thoughts
from timebank.demo.set_pieces import WAITING_REQUESTS, set_pieces
from timebank.demo.stories import VILLAGERS, WEEKS, Calendar, Story
from timebank.exchanges.tables import Verb

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MOMENTS = [
    *(pytest.param(MONDAY + timedelta(days=days), id=f"{MONDAY + timedelta(days=days):%A}") for days in range(7)),
    pytest.param(datetime(2026, 11, 29, 0, 2, tzinfo=UTC), id="just after midnight"),
    pytest.param(datetime(2027, 3, 28, 23, 58, tzinfo=UTC), id="the night on which the clocks go forward"),
    pytest.param(datetime(2028, 2, 29, 12, 0, tzinfo=UTC), id="a leap day"),
]


def told(at: datetime) -> list[Story]:
    calendar = Calendar(at)
    rng = Random(SEED)
    return [*Life(calendar, rng).live(), *set_pieces(calendar), *second_thoughts(calendar), *lived(calendar, rng)]


def as_values(stories: list[Story]) -> list[object]:
    return [(each.giver, each.receiver, each.kind, each.title, each.listing, each.deeds) for each in stories]


def test_one_moment_tells_one_story() -> None:
    assert as_values(told(MONDAY)) == as_values(told(MONDAY))


@pytest.mark.parametrize("at", MOMENTS)
def test_everything_has_happened_by_the_moment_at_which_the_story_ends_and_one_thing_after_another(
    at: datetime,
) -> None:
    for story in told(at):
        moments = [deed.at for deed in story.deeds]
        assert moments == sorted(set(moments)), story
        assert moments[-1] <= at, story


@pytest.mark.parametrize("at", MOMENTS)
def test_a_time_that_is_agreed_is_to_come_and_a_day_that_is_logged_has_been(at: datetime) -> None:
    calendar = Calendar(at)
    for story in told(at):
        for deed in story.deeds:
            if deed.verb is Verb.AGREE:
                assert deed.planned_for is not None and deed.planned_for > deed.at, story
            if deed.verb is Verb.REPORT:
                assert deed.happened_on is not None and deed.happened_on <= calendar.day_of(deed.at), story


@pytest.mark.parametrize("at", MOMENTS)
def test_nobody_is_asked_before_they_have_joined_nor_by_an_offer_that_is_not_listed_yet(at: datetime) -> None:
    calendar = Calendar(at)
    waiting = {text for _, text in WAITING_REQUESTS}
    for story in told(at):
        begins = calendar.day_of(story.deeds[0].at)
        for name in story.both:
            if name in VILLAGERS:
                assert begins >= calendar.week(VILLAGERS[name].joined, 5) or begins >= calendar.week(WEEKS - 3), story
        if story.listing in OFFERS:
            assert begins >= calendar.week(week_of(story.listing) + 1), story
        elif story.listing in REQUESTS:
            assert begins >= calendar.week(story.listing.week), story
        assert story.listing not in waiting


def test_everybody_has_an_address_and_a_telephone_number_of_their_own_that_nobody_else_can_have() -> None:
    assert len({email_of(name) for name in EVERYBODY}) == len(EVERYBODY)
    assert len({phone_of(name) for name in EVERYBODY}) == len(EVERYBODY)
    assert all(email_of(name).endswith("@example.org") for name in EVERYBODY)
    assert all("01632 960000" <= phone_of(name) <= "01632 960999" for name in EVERYBODY)
