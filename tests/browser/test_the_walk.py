"""The main job, by hand in a real browser: offered, asked, agreed, approved, logged, confirmed, credited, reported."""

import signal
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.browser.conftest import Enters, Stage
from tests.browser.village import HELPED_SECONDS
from tests.browser.visitor import Visitor
from tests.browser.words import Words
from timebank.clock import now
from timebank.language import Language

TITLE = "Bara brith"
HALF_PAST_ONE = 5400
SAID = {Language.ENGLISH: "1:30", Language.WELSH: "awr a hanner"}
LIFE = ["propose", "agree", "approve", "report", "confirm", "credit"]

WALKS = [
    pytest.param("sqlite", Language.ENGLISH, "scripts", id="en"),
    pytest.param("sqlite", Language.ENGLISH, "no scripts", id="en, no scripts"),
    pytest.param("sqlite", Language.WELSH, "scripts", id="cy"),
    pytest.param("sqlite", Language.WELSH, "no scripts", id="cy, no scripts"),
    pytest.param("postgresql", Language.WELSH, "scripts", id="cy, postgresql"),
]


@pytest.mark.parametrize(("stage_engine", "words", "has_scripts"), WALKS, indirect=True)
def test_help_is_offered_asked_for_approved_logged_confirmed_and_outlives_a_killed_server(
    own_stage: Stage, words: Words, has_scripts: bool, enters: Enters
) -> None:
    stage = own_stage
    ana, ben, bea, dewi = (
        enters(stage, name, words, has_scripts=has_scripts) for name in ("ana", "ben", "bea", "dewi")
    )
    assert hours_of_help(dewi) == words.hours(HELPED_SECONDS)

    ana_offers(ana)
    ben_finds_it_and_asks(ben)
    ana_agrees(ana)
    bea_approves(bea)
    ben.goes_to("Statement")
    ben.sees("promised to others: %(hours)s", hours=words.hours(HALF_PAST_ONE))
    ana.goes_to("Statement")
    ana.sees("promised by others: %(hours)s", hours=words.hours(HALF_PAST_ONE))
    ana_logs(ana)
    ben_confirms(ben)
    everybody_sees_it(ana, ben, bea, dewi)

    stage.site.end(signal.SIGKILL)
    stage.site.start()

    everybody_sees_it(ana, ben, bea, dewi)
    cast = stage.village.cast
    assert stage.village.verbs(TITLE) == LIFE
    assert stage.village.balance(cast.ana) == (HALF_PAST_ONE, 0, 0)
    assert stage.village.balance(cast.ben) == (-HALF_PAST_ONE, 0, 0)
    stage.village.prove()


def ana_offers(ana: Visitor) -> None:
    ana.follow("Offer something")
    ana.fill(title=TITLE, details="A loaf for you, and one for me.", times=3)  # Tuesday morning
    ana.press("Put it on the list")
    ana.sees("The offer is on the list. Thank you!")
    ana.sees("Tuesday morning")


def ben_finds_it_and_asks(ben: Visitor) -> None:
    ben.goes_to("Offers and requests")
    ben.page.get_by_label(ben.words("Which words?")).fill("BARA")
    ben.press("Search")
    ben.page.get_by_role("link", name=TITLE).click()
    ben.follow("Ask %(name)s", name="Ana")
    ben.fill(note="Could you show me how?")
    ben.press("Ask")
    ben.sees("Sent. You will be told as soon as they answer.")


def ana_agrees(ana: Visitor) -> None:
    ana.goes_to("Home")
    ana.sees("Waiting for you")
    ana.follow("Answer", ana.row(TITLE))
    ana.sees_text("Could you show me how?")
    ana.follow("Agree on a time")
    tomorrow = now().astimezone(ZoneInfo("Europe/London")).date() + timedelta(days=1)
    ana.fill(day=tomorrow.isoformat(), clock="14:30", hours=SAID[ana.words.language])
    ana.press("Agree on a time")
    ana.sees("Agreed. They have been told.")


def bea_approves(bea: Visitor) -> None:
    bea.goes_to("Today")
    bea.press("Approve", bea.row(TITLE))
    bea.sees("Approved. Both have been told.")
    bea.stands_at("Today")
    nothing_but_letters_waits(bea)


def nothing_but_letters_waits(bea: Visitor) -> None:
    """Those without an e-mail address are told on paper: the one row that is left."""
    bea.sees("They have no e-mail address.")
    assert bea.row().count() == 1


def ana_logs(ana: Visitor) -> None:
    ana.goes_to("Exchanges")
    ana.follow("Look", ana.row(TITLE))
    ana.follow("Log the hours")
    assert ana.main.locator("[name=hours]").input_value() == ana.words.hours(HALF_PAST_ONE), "as it was agreed"
    ana.press("Log the hours")
    ana.sees("Logged. Thank you!")


def ben_confirms(ben: Visitor) -> None:
    ben.goes_to("Home")
    ben.follow("Look", ben.row(TITLE))
    ben.press("Confirm the hours")
    ben.sees("Confirmed. Thank you!")
    ben.sees("Credited")


def everybody_sees_it(ana: Visitor, ben: Visitor, bea: Visitor, dewi: Visitor) -> None:
    for person, other, balance in ((ana, "Ben", HALF_PAST_ONE), (ben, "Ana", -HALF_PAST_ONE)):
        person.goes_to("Statement")
        assert person.row(TITLE).count() == 1
        assert person.row(TITLE, other, person.words.hours(HALF_PAST_ONE)).count() == 1
        person.sees("Balance: %(hours)s", hours=person.words.hours(balance))
    bea.goes_to("Today")
    nothing_but_letters_waits(bea)
    assert hours_of_help(dewi) == dewi.words.hours(HELPED_SECONDS + HALF_PAST_ONE)
    dewi.sees_text("Gwalia Homes")


def hours_of_help(reader: Visitor) -> str:
    """What the report says, where an organisation lands."""
    reader.go("/")
    reader.stands_at("Reciprocity report")
    tile = reader.main.locator(".tile").filter(has_text=reader.words("hours of help"))
    return tile.locator(".tile__number").inner_text()
