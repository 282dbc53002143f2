"""Logging hours on a phone: how few presses and letters it takes, and that a lost connection loses nothing."""

import signal

from playwright.sync_api import expect

from tests.browser.chromium import PATIENCE_MS
from tests.browser.conftest import Enters, Opens, Stage
from tests.browser.words import Words
from timebank.language import Language

PHONE = {"width": 320, "height": 568}
MOST_SECONDS = 20
SECONDS_TO_THINK, SECONDS_TO_PRESS, SECONDS_A_LETTER = 1.35, 1.1, 0.28
"""Of the keystroke-level model (Card, Moran and Newell 1980): a thought and a press for each thing, and its letters."""


def test_hours_are_logged_in_few_presses_on_a_phone(
    stage: Stage, words: Words, has_scripts: bool, enters: Enters
) -> None:
    title = f"Siopa {words.language}{int(has_scripts)}"
    ana = enters(stage, "ana", words, has_scripts=has_scripts)
    ana.page.set_viewport_size(PHONE)
    ana.go("/home")
    presses = letters = 0

    ana.follow("Log hours")
    presses += 1
    wide = ana.page.evaluate("document.documentElement.scrollWidth") if has_scripts else 0
    assert wide <= PHONE["width"]
    ana.main.locator("[name=direction][value=given]").check()
    ana.main.locator("[name=party_id_name]").fill("Ben")
    ana.main.locator("[name=title]").fill(title)
    ana.main.locator("[name=hours_quick]").nth(1).check()
    presses, letters = presses + 4, letters + len("Ben") + len("Siopa")
    ana.press("Log hours")
    presses += 1
    ana.sees("Logged. Thank you!")
    seconds = presses * (SECONDS_TO_THINK + SECONDS_TO_PRESS) + letters * SECONDS_A_LETTER
    assert seconds < MOST_SECONDS, f"{presses} presses and {letters} letters take {seconds:.0f} s"
    assert stage.village.verbs(title) == ["report"]

    ana.go("/exchanges/log")
    ana.main.locator(".again a", has_text=title).click()
    ana.stands_at("Log hours")
    ana.press("Log hours")  # the same again: two presses, and not a letter
    ana.sees("Logged. Thank you!")


def test_names_are_suggested_while_somebody_types_and_the_keyboard_reaches_them(stage: Stage, enters: Enters) -> None:
    ana = enters(stage, "ana", Words(Language.ENGLISH))
    ana.go("/exchanges/log")
    ana.main.locator("[name=party_id_name]").press_sequentially("olw")
    found = ana.main.locator("#party_id-found").get_by_role("radio", name="Olwen")
    expect(found).to_be_visible(timeout=PATIENCE_MS)
    ana.page.keyboard.press("Tab")
    expect(found).to_be_focused()
    ana.page.keyboard.press("Space")
    expect(found).to_be_checked()


def test_what_was_typed_outlasts_a_lost_connection_and_not_signing_out(
    stage: Stage, words: Words, enters: Enters
) -> None:
    title = f"Without a connection {words.language}"
    ana = enters(stage, "ana", words)
    ana.go("/exchanges/log")
    ana.fill(direction="given", party_id_name="Ben", title=title, hours="1")
    expect(ana.main.locator("#party_id-found").get_by_role("radio")).to_have_count(1, timeout=PATIENCE_MS)
    ana.context.set_offline(True)
    ana.button("Log hours").click()
    ana.sees_text(
        words(
            "There is no connection just now. What you typed is kept on this device: "
            "press again when there is one, and it counts once."
        )
    )
    ana.context.set_offline(False)
    ana.go("/home")
    ana.go("/exchanges/log")  # the page was closed meanwhile
    ana.sees_text(words("What you had typed here is back. It was kept on this device only."))
    assert ana.main.locator("[name=title]").input_value() == title
    ana.press("Log hours")
    ana.sees("Logged. Thank you!")
    assert stage.village.verbs(title) == ["report"]
    ana.go("/exchanges/log")
    assert ana.main.locator("[name=title]").input_value() == ""  # it has arrived


def test_what_was_sent_to_a_server_that_had_died_is_back_once_it_lives(
    stage: Stage, words: Words, enters: Enters
) -> None:
    title = f"Sent into the void {words.language}"
    ana = enters(stage, "ana", words)
    ana.go("/exchanges/log")
    ana.main.locator("details:has([name=note]) summary").click()
    ana.fill(direction="given", party_id_name="Ben", title=title, hours="1:15", note="With the dog")
    stage.site.end(signal.SIGKILL)
    ana.button("Log hours").click()
    ana.page.wait_for_url("chrome-error://**")
    stage.site.start()
    ana.go("/exchanges/log")
    ana.sees_text(words("What you had typed here is back. It was kept on this device only."))
    kept = {name: ana.main.locator(f"[name={name}]").input_value() for name in ("title", "hours", "note")}
    assert kept == {"title": title, "hours": "1:15", "note": "With the dog"}
    expect(ana.main.locator("[name=note]")).to_be_visible()  # what was folded away is open
    ana.press("Log hours")
    ana.sees("Logged. Thank you!")
    assert stage.village.verbs(title) == ["report"]
    ana.complaints.clear()  # of a server that did not answer


def test_pressed_twice_and_sent_again_after_going_back_it_counts_once(
    stage: Stage, has_scripts: bool, enters: Enters
) -> None:
    title = f"Only once {int(has_scripts)}"
    ana = enters(stage, "ana", Words(Language.ENGLISH), has_scripts=has_scripts)
    ana.go(f"/exchanges/log?with={stage.village.cast.ben.member_id}")
    ana.fill(direction="given", title=title, hours_quick="1 h")
    with ana.page.expect_navigation():
        ana.button("Log hours").dblclick()
    ana.sees("Logged. Thank you!")
    ana.page.go_back()
    assert ana.main.locator("[name=title]").input_value() == "", (
        "it has arrived; what a browser fills in would be sent anew"
    )
    ana.press("Log hours")
    ana.sees("Please look at this again")
    assert stage.village.verbs(title) == ["report"]


def test_a_draft_is_forgotten_by_signing_out(stage: Stage, opens: Opens) -> None:
    ana = opens(stage.site, Words(Language.ENGLISH)).sign_in("ana")
    ana.go("/exchanges/log")
    ana.fill(title="Nobody else's business")
    drafts = "Object.keys(localStorage).filter(key => key.startsWith('draft:')).length"
    assert ana.page.evaluate(drafts) == 1
    out = ana.page.locator("form[action$='/sign-out'] button")  # in whichever language she reads
    out.click()
    expect(out).to_have_count(0, timeout=PATIENCE_MS)
    assert ana.page.evaluate(drafts) == 0
