"""A sheet of hours is entered by keyboard alone, and fast enough for a broker with a pile of them."""

from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.chromium import PATIENCE_MS
from tests.browser.conftest import Enters, Stage
from tests.browser.words import Words
from timebank.clock import now
from timebank.language import Language

PHONE = {"width": 320, "height": 568}
LINES_ON_A_PILE, MOST_MINUTES = 60, 5
SECONDS_A_KEY = 0.2
"""Of somebody who types every day: 55 words a minute (Card, Moran and Newell 1980)."""

LINES = [("ana", "ben"), ("ben", "olw"), ("olw", "ana"), ("ana", "olw")]


def test_a_sheet_is_entered_by_keyboard_alone(stage: Stage, words: Words, has_scripts: bool, enters: Enters) -> None:
    title = f"Siopa {words.language}{int(has_scripts)}"
    how_long = f"{1 + has_scripts + 2 * (words.language is Language.WELSH)}"  # others than have been entered before
    bryn = enters(stage, "bryn", words, has_scripts=has_scripts)
    bryn.go("/sheets/enter")
    keyboard, on_to_the_next = bryn.page.keyboard, "Enter" if has_scripts else "Tab"
    yesterday = (now() - timedelta(days=1)).strftime("%d/%m/%Y")
    bryn.main.locator("#happened_on-1").focus()
    keys = 0
    for number, (giver, receiver) in enumerate(LINES):
        for cell in (yesterday if number == 0 else "", giver, receiver, title, how_long):
            keyboard.type(cell)
            keyboard.press(on_to_the_next)
            keys += len(cell) + 1
    pile = LINES_ON_A_PILE * keys / len(LINES) * SECONDS_A_KEY
    assert pile < MOST_MINUTES * 60, f"{LINES_ON_A_PILE} lines take {pile:.0f} s"

    bryn.button("Look at it").focus()
    keyboard.press("Enter")
    post = bryn.main.get_by_role("button", name=words.many("Post %(num)s line", "Post %(num)s lines", len(LINES)))
    expect(post).to_be_visible(timeout=PATIENCE_MS)
    post.focus()
    keyboard.press("Enter")
    bryn.sees("Posted. Here is the receipt.")
    assert len(stage.village.exchanges(title)) == len(LINES)


def test_names_are_suggested_in_the_cells(stage: Stage, enters: Enters) -> None:
    bryn = enters(stage, "bryn", Words(Language.ENGLISH))
    bryn.go("/sheets/enter")
    bryn.main.locator("#giver-1").press_sequentially("olw")
    expect(bryn.main.locator("#people option[value=Olwen]")).to_have_count(1, timeout=PATIENCE_MS)


def test_what_a_line_says_otherwise_fits_a_phone(stage: Stage, enters: Enters) -> None:
    bryn = enters(stage, "bryn", Words(Language.WELSH))
    bryn.page.set_viewport_size(PHONE)
    bryn.go("/sheets/enter")
    bryn.main.locator("#giver-1").fill("an")
    bryn.press("Look at it")
    bryn.main.locator(".grid__otherwise summary").click()
    bryn.main.locator("#place-1").select_option("receivers_home")
    assert bryn.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
