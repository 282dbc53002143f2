"""Somebody with a browser: they read by headings and names of buttons, as people and screen readers do."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.browser.chromium import PATIENCE_MS
from tests.browser.words import Words
from tests.cast import PASSWORD, email_of

NOT_FAULTS = re.compile(r"the server responded with a status of (401|403|404|409|422|429)")
"""Chromium notes on the console that a page came with a status that is meant."""


class Visitor:
    """One browser of one person."""

    def __init__(self, context: BrowserContext, address: str, words: Words) -> None:
        self.context = context
        self.address = address
        self.words = words
        self.complaints: list[str] = []
        self.status = 0
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: dialog.dismiss())
        return page

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not NOT_FAULTS.search(message.text):
            where = message.page.url if message.page else "?"
            self.complaints.append(f"{where}: {message.text}")

    # --- Going and reading ----------------------------------------------------------------------------------

    def go(self, path: str) -> "Visitor":
        answer = self.page.goto(self.address + path)
        self.status = answer.status if answer else 0
        return self

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def sees(self, sentence: str, **values: object) -> None:
        """Something that a page says, wherever in its main part."""
        expect(self.main).to_contain_text(self.words(sentence, **values), timeout=PATIENCE_MS)

    def sees_text(self, text: str) -> None:
        expect(self.main).to_contain_text(text, timeout=PATIENCE_MS)

    def misses_text(self, text: str) -> None:
        expect(self.main).not_to_contain_text(text, timeout=PATIENCE_MS)

    def stands_at(self, sentence: str, **values: object) -> None:
        """The page's heading."""
        heading = self.page.get_by_role("heading", level=1, name=self.words(sentence, **values))
        expect(heading).to_be_visible(timeout=PATIENCE_MS)

    def row(self, *texts: str) -> Locator:
        """The rows that hold all of these texts."""
        rows = self.main.locator(".row, .listing, tbody tr")
        for text in texts:
            rows = rows.filter(has_text=text)
        return rows

    # --- Doing ----------------------------------------------------------------------------------------------

    def button(self, sentence: str, within: Locator | None = None, **values: object) -> Locator:
        """A button of the main part; the name of what it is about may follow its words."""
        name = re.compile(rf"^\s*{re.escape(self.words(sentence, **values))}(\s|$)")
        return (within or self.main).get_by_role("button", name=name)

    def link(self, sentence: str, within: Locator | None = None, **values: object) -> Locator:
        name = re.compile(rf"^\s*{re.escape(self.words(sentence, **values))}(\s|$)")
        return (within or self.main).get_by_role("link", name=name)

    def press(self, sentence: str, within: Locator | None = None, **values: object) -> None:
        self._leaves_by(self.button(sentence, within, **values))

    def follow(self, sentence: str, within: Locator | None = None, **values: object) -> None:
        self._leaves_by(self.link(sentence, within, **values))

    def goes_to(self, place: str) -> None:
        """A place of the navigation on top."""
        nav = self.page.get_by_role("navigation", name=self.words("Main"))
        self._leaves_by(nav.get_by_role("link", name=self.words(place), exact=True))

    def _leaves_by(self, way: Locator) -> None:
        """A click is over before the next page has come: what is counted or read there must not be the old one's."""
        with self.page.expect_navigation():
            way.click()

    def field(self, label: str) -> Locator:
        return self.main.get_by_label(self.words(label))

    def fill(self, **typed: Any) -> None:
        """Fill in fields by their names: text, a choice, or ticked boxes."""
        for name, value in typed.items():
            fields = self.main.locator(f"form.form [name='{name}']")
            kind = fields.first.get_attribute("type") or ""
            if kind in {"radio", "checkbox"}:
                self.main.locator(f"form.form [name='{name}'][value='{value}']").check()
            elif fields.evaluate("field => field.tagName") == "SELECT":
                fields.select_option(label=value)
            else:
                fields.fill(value)

    def type_in(self, label: str, text: str) -> None:
        """Fill in the field with this label."""
        name = re.compile(rf"^\s*{re.escape(self.words(label))}")
        self.main.get_by_label(name).fill(text)

    # --- Who and in which language --------------------------------------------------------------------------

    def sign_in(self, name: str, password: str = PASSWORD) -> "Visitor":
        self.go("/sign-in")
        self.type_in("E-mail address", email_of(name))
        self.main.locator("input[type=password]").fill(password)
        self.press("Sign in", self.main.locator("form.form").first)  # the demonstration has more of them
        return self

    def speaks(self, words: Words) -> None:
        """Have pages in this language from now on, by the button on top."""
        self.words = words
        if self.page.locator("html").get_attribute("lang") == words.language.value:
            return
        name = {"cy": "Cymraeg", "en": "English"}[words.language.value]
        self.page.get_by_role("button", name=name, exact=True).click()
        expect(self.page.locator("html")).to_have_attribute("lang", words.language.value, timeout=PATIENCE_MS)
