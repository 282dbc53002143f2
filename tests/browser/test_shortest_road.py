"""Log hours, the road used most; every other way that an exchange can go; and each of them exactly once."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PATIENCE_MS
from tests.browser.conftest import Enters, Stage
from tests.browser.visitor import Visitor
from tests.browser.words import Words
from timebank.clock import now
from timebank.exchanges.tables import State
from timebank.language import Language

QUARTER = 900
HOUR = 3600
BALANCES = {"given": 1, "received": -1}
OTHERS = {"given": "Help given", "received": "Help received"}

in_both_ways = pytest.mark.parametrize(
    ("words", "has_scripts"),
    [
        pytest.param(Language.ENGLISH, "scripts", id="en"),
        pytest.param(Language.WELSH, "no scripts", id="cy, no scripts"),
    ],
    indirect=True,
)


def titled(name: str, words: Words, has_scripts: bool) -> str:
    """A title that no other test of this file uses."""
    return f"{name} ({words.language}{', scripts' if has_scripts else ''})"


def log(visitor: Visitor, title: str, *, direction: str, other: str) -> None:
    """Log a quarter of an hour, but for the last button."""
    visitor.go("/home")
    visitor.follow("Log hours")
    visitor.stands_at("Log hours")
    visitor.fill(direction=direction, party_id_name=other, title=title, hours="15 min")


@pytest.mark.parametrize("direction", ["given", "received"])
def test_hours_are_logged_with_no_listing_before_and_count_when_confirmed_and_looked_at(
    stage: Stage, words: Words, has_scripts: bool, direction: str, enters: Enters
) -> None:
    title = titled(f"Shopping, {direction}", words, has_scripts)
    before = stage.village.balance(stage.village.cast.ana)[0]
    ana, ben, bea = (enters(stage, name, words, has_scripts=has_scripts) for name in ("ana", "ben", "bea"))
    log(ana, title, direction=direction, other="Ben")
    ana.press("Log hours")
    ana.sees("Logged. Thank you!")

    ben.goes_to("Home")
    ben.follow("Look", ben.row(title))
    ben.press("Confirm the hours")
    ben.sees("Confirmed. Thank you!")
    ben.sees("Nobody approved it beforehand, so a time broker looks at it before the hours are credited.")

    bea.goes_to("Today")
    bea.row(title).get_by_role("checkbox").check()
    bea.press("Approve all that are ticked")
    bea.sees_text(words.many("%(num)s exchange approved.", "%(num)s exchanges approved.", 1))

    assert stage.village.verbs(title) == ["report", "confirm", "approve"]
    assert stage.village.balance(stage.village.cast.ana)[0] == before + BALANCES[direction] * QUARTER
    ana.goes_to("Statement")
    assert ana.row(title).count() == 1


@in_both_ways
def test_the_one_who_is_asked_declines(stage: Stage, words: Words, has_scripts: bool, enters: Enters) -> None:
    title = titled("Declined", words, has_scripts)
    ana = at_its_page(enters(stage, "ana", words, has_scripts=has_scripts), stage.village.proposed(title))
    ana.follow("Decline")
    ana.fill(note="Not this month.")
    ana.press("Decline")
    ana.sees("Declined. They have been told.")
    ana.sees_text("Not this month.")
    assert stage.village.the_one(title).state is State.DECLINED


@in_both_ways
def test_the_one_who_asked_withdraws(stage: Stage, words: Words, has_scripts: bool, enters: Enters) -> None:
    title = titled("Withdrawn", words, has_scripts)
    ben = at_its_page(enters(stage, "ben", words, has_scripts=has_scripts), stage.village.proposed(title))
    ben.press("Withdraw it")
    ben.sees("Withdrawn. They have been told.")
    assert stage.village.the_one(title).state is State.WITHDRAWN


@in_both_ways
@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(("Cancel it", "Cancelled. They have been told.", State.CANCELLED), id="cancel"),
        pytest.param(("It did not happen", "Noted. No hours are counted.", State.NOT_HAPPENED), id="did not happen"),
    ],
)
def test_what_was_approved_comes_to_nothing_and_the_hours_are_free_again(
    stage: Stage, words: Words, has_scripts: bool, ending: tuple[str, str, State], enters: Enters
) -> None:
    button, done, state = ending
    title = titled(button, words, has_scripts)
    agreed_at = now() - timedelta(days=2) if state is State.NOT_HAPPENED else now()
    exchange_id = stage.village.approved(title, at=agreed_at)
    _, promised, _ = stage.village.balance(stage.village.cast.ben)
    ben = at_its_page(enters(stage, "ben", words, has_scripts=has_scripts), exchange_id)
    ben.follow(button)
    ben.press(button)
    ben.sees(done)
    assert stage.village.the_one(title).state is state
    assert stage.village.balance(stage.village.cast.ben)[1] == promised - HOUR


@in_both_ways
def test_two_who_disagree_are_brought_together_by_a_broker_and_what_was_wrong_is_reversed(
    stage: Stage, words: Words, has_scripts: bool, enters: Enters
) -> None:
    title = titled("Disputed", words, has_scripts)
    exchange_id = stage.village.reported(title)
    before = stage.village.balance(stage.village.cast.ana)[0]
    ben, bea, ana = (enters(stage, name, words, has_scripts=has_scripts) for name in ("ben", "bea", "ana"))
    at_its_page(ben, exchange_id).follow("That is not how I remember it")
    ben.fill(note="We stopped for tea.", hours="45 min")
    ben.press("That is not how I remember it")
    ben.sees("Your time broker will talk with you both.")

    bea.goes_to("Today")
    bea.follow("Settle", bea.row(title))
    bea.sees_text("We stopped for tea.")
    bea.follow("Settle the hours")
    bea.fill(hours="45 min", note="")
    bea.press("Settle the hours")
    bea.sees("Say why, in a few words.")  # why, beside its field
    assert bea.main.locator("[name=hours]").input_value() == "45 min"
    bea.fill(note="You both said three quarters.")
    bea.press("Settle the hours")
    bea.sees("Settled. Both have been told.")
    assert stage.village.balance(stage.village.cast.ana)[0] == before + 3 * QUARTER

    bea.follow("Reverse the hours")
    bea.fill(note="It was another day.")
    bea.press("Reverse the hours")
    bea.sees("Reversed. Both have been told.")
    assert stage.village.balance(stage.village.cast.ana)[0] == before
    assert stage.village.verbs(title)[-3:] == ["dispute", "settle", "reverse"]
    ana.goes_to("Statement")
    assert ana.row(title).count() == 2
    ana.sees("Reversed: %(title)s", title=title)


def test_a_double_click_logs_once(stage: Stage, words: Words, has_scripts: bool, enters: Enters) -> None:
    title = titled("Clicked twice", words, has_scripts)
    ana = enters(stage, "ana", words, has_scripts=has_scripts)
    log(ana, title, direction="given", other="Ben")
    ana.button("Log hours").dblclick()
    ana.stands_at(title)
    assert stage.village.verbs(title) == ["report"]


def test_the_same_form_sent_from_two_windows_logs_once(stage: Stage, enters: Enters) -> None:
    words = Words(Language.ENGLISH)
    title = "Sent twice"
    ana = enters(stage, "ana", words)
    log(ana, title, direction="given", other="Ben")
    typed = ana.main.locator("form.form").evaluate("form => Object.fromEntries(new FormData(form))")
    for _ in range(2):
        sent = ana.context.request.post(f"{stage.site.address}/exchanges/log", form=typed)
        assert sent.ok
    assert stage.village.verbs(title) == ["report"]


def test_back_and_the_button_once_more_logs_once(stage: Stage, words: Words, has_scripts: bool, enters: Enters) -> None:
    title = titled("Back again", words, has_scripts)
    ana = enters(stage, "ana", words, has_scripts=has_scripts)
    log(ana, title, direction="given", other="Ben")
    ana.press("Log hours")
    ana.sees("Logged. Thank you!")
    ana.page.go_back()
    ana.press("Log hours")
    ana.page.wait_for_load_state()
    assert stage.village.verbs(title) == ["report"]


@in_both_ways
def test_a_double_click_confirms_once(stage: Stage, words: Words, has_scripts: bool, enters: Enters) -> None:
    title = titled("Confirmed twice", words, has_scripts)
    exchange_id = stage.village.reported(title)
    before = stage.village.balance(stage.village.cast.ben)[0]
    ben = at_its_page(enters(stage, "ben", words, has_scripts=has_scripts), exchange_id)
    ben.button("Confirm the hours").dblclick()
    ben.sees("The hours are on both statements. Thank you!")
    assert stage.village.verbs(title)[-2:] == ["confirm", "credit"]
    assert stage.village.balance(stage.village.cast.ben)[0] == before - HOUR


def test_back_and_confirm_once_more_says_that_it_is_done(stage: Stage, enters: Enters) -> None:
    words = Words(Language.ENGLISH)
    title = "Confirmed, and back"
    ben = at_its_page(enters(stage, "ben", words), stage.village.reported(title))
    action = ben.button("Confirm the hours").evaluate("button => button.form.action")
    typed = ben.button("Confirm the hours").evaluate("button => Object.fromEntries(new FormData(button.form))")
    ben.press("Confirm the hours")
    ben.sees("Confirmed. Thank you!")
    again = ben.context.request.post(action, form=typed)
    assert words("The hours are credited already.") in again.text()
    assert stage.village.verbs(title)[-2:] == ["confirm", "credit"]


def test_two_brokers_approve_at_once_and_it_is_approved_once(stage: Stage, words: Words, enters: Enters) -> None:
    title = titled("Approved by two", words, has_scripts=True)
    stage.village.agreed(title)
    brokers = [enters(stage, name, words) for name in ("bea", "bryn")]
    for broker in brokers:
        broker.goes_to("Today")
    buttons = [broker.button("Approve", broker.row(title)) for broker in brokers]
    for button in buttons:
        button.evaluate("button => { setTimeout(() => button.click(), 200) }")
    answers = [words("Approved. Both have been told."), words("A broker has approved this already.")]
    messages = [broker.main.locator("#messages") for broker in brokers]
    for message in messages:
        expect(message).to_contain_text(re.compile("|".join(map(re.escape, answers))), timeout=PATIENCE_MS)
    assert sorted(message.inner_text().strip() for message in messages) == sorted(answers)
    assert stage.village.verbs(title) == ["propose", "agree", "approve"]


def at_its_page(visitor: Visitor, exchange_id: UUID) -> Visitor:
    return visitor.go(f"/exchanges/{exchange_id}")
