"""A guardian by hand: a broker says how far he may go, and on his phone, in Welsh, he goes as far and no further."""

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.chromium import PATIENCE_MS
from tests.browser.conftest import Enters, Stage
from tests.browser.looking import NARROW, faults_at_first_sight
from tests.browser.visitor import Visitor
from tests.browser.words import Words
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges import reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.tables import State
from timebank.language import Language

HOUR = 3600


def test_a_guardian_confirms_as_far_as_a_broker_let_him(stage: Stage, has_scripts: bool, enters: Enters) -> None:
    short, long = (f"{title} {int(has_scripts)}" for title in ("Siopa", "Garddio"))
    ana_helped_olwen(stage, short, HOUR)
    ana_helped_olwen(stage, long, 3 * HOUR)
    bea = enters(stage, "bea", Words(Language.ENGLISH), has_scripts=has_scripts)
    ben = enters(stage, "ben", Words(Language.WELSH), has_scripts=has_scripts)
    ben.page.set_viewport_size(NARROW)

    bea_lets_ben_act(bea, f"/members/{stage.village.cast.olwen.member_id}/guardians", has_scripts=has_scripts)
    ben.goes_to("Home")
    ben.sees("For: %(name)s", name="Olwen")
    ben.press("Confirm", ben.row(short))
    ben.sees("Confirmed. Thank you!")
    ben.goes_to("Home")
    assert ben.row(short).count() == 0
    ben.press("Confirm", ben.row(long))
    most = ben.words.hours(2 * HOUR)
    ben.sees(
        "As a guardian you may say %(most_seconds)s at most at once. Ask your time broker for more.", most_seconds=most
    )
    looks_well(ben, has_scripts=has_scripts)

    assert stage.village.the_one(long).state is State.REPORTED
    assert stage.village.the_one(short).has_receiver_word
    ben.go(f"/members/{stage.village.cast.ben.member_id}/guardians")
    ben.stands_at("Guardians")
    ben.sees("What guardians did")
    assert ben.row(short).count() == 1
    assert ben.row(long).count() == 0
    looks_well(ben, has_scripts=has_scripts)
    ben.press("End it now")
    ben.sees("Ended. What was done stays.")
    ben.goes_to("Home")
    ben.misses_text(long)


def looks_well(ben: Visitor, *, has_scripts: bool) -> None:
    if has_scripts:  # axe is a script
        assert faults_at_first_sight(ben.page) == []
        ben.page.set_viewport_size(NARROW)


def ana_helped_olwen(stage: Stage, title: str, seconds: int) -> None:
    ana, olwen = stage.village.cast.ana, stage.village.cast.olwen
    at = now() - timedelta(minutes=1)
    with unit_of_work(stage.village.session) as session:
        reporting.log(
            session,
            between=Between(giver_id=ana.member_id, receiver_id=olwen.member_id, proposer_id=ana.member_id),
            title=title,
            seconds=seconds,
            happened_on=at.date(),
            by=ana,
            at=at,
            submission=uuid4(),
        )


def bea_lets_ben_act(bea: Visitor, page: str, *, has_scripts: bool) -> None:
    bea.go(page)
    bea.follow("Let somebody act for %(name)s", name="Olwen")
    bea.main.locator("#guardian_id").press_sequentially("be")
    ben = bea.main.get_by_role("radio", name="Ben")
    if not has_scripts:  # two begin so: the page asks which
        bea.press("Let them act")
    expect(ben).to_be_visible(timeout=PATIENCE_MS)
    ben.check()
    bea.fill(acts="log", most_hours="2", evidence="said_so")
    bea.press("Let them act")
    bea.sees("They may act for them now, as far as you said.")
