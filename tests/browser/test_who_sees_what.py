"""The language of pages, the sign-in, and strangers: what belongs to another timebank does not exist."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from tests.browser.conftest import Enters, Opens, Stage
from tests.browser.words import Words
from tests.cast import email_of
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.language import Language
from timebank.listings.actions import Wording, post
from timebank.listings.tables import Side

ENGLISH, WELSH = Words(Language.ENGLISH), Words(Language.WELSH)


def offered(session: Session, stage: Stage) -> str:
    """The address of something that Ana offers."""
    ana = stage.village.cast.ana
    with unit_of_work(session):
        listing = post(
            session,
            side=Side.OFFER,
            party_id=ana.member_id,
            wording=Wording(title="Bread"),
            by=ana,
            at=now(),
            submission=uuid4(),
        )
    return f"/listings/{listing.id}"


@pytest.mark.parametrize("path", ["/listings?q=bread&side=offer", "/exchanges/log", "/statement"])
def test_the_other_language_is_the_same_page(stage: Stage, path: str, has_scripts: bool, enters: Enters) -> None:
    ana = enters(stage, "ana", ENGLISH, has_scripts=has_scripts).go(path)
    ana.speaks(WELSH)
    assert ana.path == path
    ana.speaks(ENGLISH)
    assert ana.path == path


def test_the_language_is_that_of_the_browser_until_somebody_chooses(stage: Stage, words: Words, opens: Opens) -> None:
    visitor = opens(stage.site, words).go("/sign-in")
    expect(visitor.page.locator("html")).to_have_attribute("lang", words.language.value)
    other = WELSH if words.language is Language.ENGLISH else ENGLISH
    visitor.speaks(other)
    visitor.go("/accessibility")
    expect(visitor.page.locator("html")).to_have_attribute("lang", other.language.value)


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_a_wrong_password_is_refused_in_the_same_words_whether_or_not_somebody_is_known(
    stage: Stage, words: Words, has_scripts: bool, name: str, opens: Opens
) -> None:
    visitor = opens(stage.site, words, has_scripts=has_scripts).sign_in(name, "not this one, surely")
    visitor.stands_at("Sign in")
    visitor.sees("Please look at this again")
    visitor.sees("That e-mail address and password do not belong together.")
    assert visitor.field("E-mail address").input_value() == email_of(name), "what was typed is kept"
    assert visitor.main.locator("input[type=password]").input_value() == ""


def test_a_sign_in_leads_on_to_where_somebody_wanted_to_go(stage: Stage, words: Words, opens: Opens) -> None:
    visitor = opens(stage.site, words).go("/statement")
    visitor.stands_at("Sign in")
    visitor.type_in("E-mail address", email_of("ben"))
    visitor.main.locator("input[type=password]").fill("one hour is one hour")
    visitor.press("Sign in")
    visitor.page.wait_for_url("**/statement")


def test_a_stranger_finds_nothing_of_another_timebank(
    stage: Stage, words: Words, has_scripts: bool, enters: Enters
) -> None:
    village = stage.village
    title = f"Not for Cy ({words.language}, {has_scripts})"
    exchange_id = village.proposed(title)
    cy = enters(stage, "cy", words, has_scripts=has_scripts)
    paths = [
        f"/exchanges/{exchange_id}",
        f"/exchanges/{exchange_id}/agree",
        offered(village.session, stage),
        f"/members/{village.cast.ana.member_id}",
        f"/members/{village.cast.gwalia}",
        f"/statement?of={village.cast.ana.member_id}",
        f"/exchanges/log?for={village.cast.ana.member_id}",
    ]
    for path in paths:
        answer = cy.page.goto(cy.address + path)
        assert answer is not None and answer.status == 404, path
        cy.stands_at("There is nothing here")
        cy.misses_text("Ana")
        cy.misses_text(title)
        expect(cy.page.locator("html")).to_have_attribute("lang", words.language.value)
    cy.goes_to("Members")
    cy.misses_text("Ana")
    cy.goes_to("Offers and requests")
    cy.misses_text("Bread")
