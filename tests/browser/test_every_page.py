"""Every page that somebody can reach, in both languages: nothing for axe, nothing on the console, nothing too wide."""

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Enters, Opens, Stage
from tests.browser.looking import crawl, faults, faults_at_first_sight, unreachable
from tests.browser.site import Site, served
from tests.browser.visitor import Visitor
from tests.browser.words import Words
from timebank.clock import now
from timebank.database import engine_for
from timebank.demo import build
from timebank.language import Language
from timebank.schema import upgrade

AT_MOST = 60
TURNS_TEXT_ROUND = "\u202e"
"""A character that no text field takes."""

PEOPLE = {"ana": "a member", "bea": "a broker", "dewi": "a delegate", "awen": "an auditor", "cy": "somebody elsewhere"}
NOWHERE = "/no-such-page"
OPEN = ["/", "/sign-in", "/accessibility", "/privacy", NOWHERE]


@pytest.fixture(scope="session")
def community(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demonstration, built once, however many processes test."""
    own = tmp_path_factory.mktemp("community") / "demo.db"
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    built = shared / "built.db"
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            building = shared / "building.db"
            engine = engine_for(f"sqlite:///{building}")
            upgrade(engine)
            build(engine, at=now())
            with engine.connect() as connection:
                connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
            engine.dispose()
            building.rename(built)
    shutil.copyfile(built, own)
    return own


@pytest.fixture(scope="module")
def valley(community: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    log = tmp_path_factory.mktemp("valley") / "serve.log"
    with served(f"sqlite:///{community}", log, TIMEBANK_DEMO="yes") as site:
        yield site
        assert "ERROR" not in site.said, site.said


@pytest.fixture(scope="module")
def valley_stage(valley: Site) -> Stage:
    return Stage(valley, None)  # type: ignore[arg-type]  # nobody asks for its rows


@pytest.mark.parametrize("name", [*PEOPLE])
def test_every_page_that_somebody_reaches_is_fit_for_everybody(
    valley_stage: Stage, words: Words, name: str, enters: Enters
) -> None:
    visitor = enters(valley_stage, name, words)
    assert_no_faults(visitor, ["/", "/mailbox"])


def test_every_page_for_strangers_is_fit_for_everybody(valley: Site, words: Words, opens: Opens) -> None:
    assert_no_faults(opens(valley, words), OPEN)


def assert_no_faults(visitor: Visitor, starts: list[str]) -> None:
    """Look at each page, and at its form when it is redrawn with what is wrong."""
    faulty: list[str] = []
    for address in crawl(visitor, starts, at_most=AT_MOST):
        found = [*faults(visitor.page), *wrong_around(visitor)]
        if visitor.main.locator("form.form").count():
            found += [f"with errors: {fault}" for fault in faults_of_refusal(visitor)]
        faulty += [f"{address}: {fault}" for fault in found]
    assert not faulty, "\n".join(faulty)


def wrong_around(visitor: Visitor) -> Iterator[str]:
    """What every page has: its language, a title, one heading; and what links lead to is there."""
    page = visitor.page
    if visitor.status != (404 if page.url.endswith(NOWHERE) else 200):
        yield f"it was answered with {visitor.status}"
    lang = page.locator("html").get_attribute("lang")
    if lang != visitor.words.language.value:
        yield f"its language is {lang}"
    heading, _, name = page.title().rpartition(" – ")
    if not heading.strip() or not name.strip():
        yield f"its title is {page.title()!r}"
    if page.locator("h1").count() != 1:
        yield f"it has {page.locator('h1').count()} headings"


def faults_of_refusal(visitor: Visitor) -> Iterator[str]:
    """Fill every field with what no field takes, and look at what comes back."""
    form = visitor.main.locator("form.form").first
    takes_no_text = ("hidden", "date", "month", "file", "radio", "checkbox")
    typed = form.locator(f"input:not({', '.join(f'[type={kind}]' for kind in takes_no_text)}), textarea")
    for field in typed.all():
        field.fill(TURNS_TEXT_ROUND)
    form.locator("button[type=submit]").first.click()
    summary = visitor.main.locator(".govuk-error-summary")
    summary.wait_for()
    yield from faults_at_first_sight(visitor.page)
    if not visitor.page.title().startswith(visitor.words("Error:")):
        yield f"its title is {visitor.page.title()!r}"
    for link in summary.get_by_role("link").all():
        target = link.get_attribute("href") or ""
        if visitor.page.locator(f"[id='{target.removeprefix('#')}']").count() != 1:
            yield f"the summary leads to {target}"
    if typed.filter(visible=True).count() > form.locator("[aria-invalid=true]").count():
        yield "a field that was refused does not say so"


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("ana", ["/", "/listings", "/listings/new?side=offer", "/exchanges", "/exchanges/log", "/statement", "/me"]),
        ("bea", ["/", "/members", "/members/new", "/policy/change", "/exchanges", "/report"]),
        ("dewi", ["/"]),
    ],
)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    valley_stage: Stage, name: str, addresses: list[str], enters: Enters
) -> None:
    visitor = enters(valley_stage, name, Words(Language.ENGLISH))
    faulty = [f"{address}: {fault}" for address in addresses for fault in unreachable(visitor.go(address).page)]
    assert not faulty, "\n".join(faulty)


def test_the_keyboard_signs_in(valley: Site, opens: Opens) -> None:
    visitor = opens(valley, Words(Language.ENGLISH)).go("/sign-in")
    assert unreachable(visitor.page) == []
    visitor.go("/sign-in").page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "main", "past the masthead"
