"""A real Chromium, and a timebank that a real process serves to it."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from tests.browser.chromium import found, launched
from tests.browser.site import Site, served
from tests.browser.village import Village
from tests.browser.visitor import Visitor
from tests.browser.words import Words
from tests.conftest import WITHOUT_CHROMIUM
from tests.databases import Databases, postgresql_for_tests
from timebank.database import engine_for
from timebank.language import Language

HERE = Path(__file__).parent
SCRIPTS = {"scripts": True, "no scripts": False}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser, whether or not it says so."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = found()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Chromium, and in CI there must be one.")
        pytest.skip(WITHOUT_CHROMIUM)
    with launched(program) as browser:
        yield browser


@pytest.fixture(params=[*Language], ids=str)
def words(request: pytest.FixtureRequest) -> Words:
    """Each language in turn."""
    return Words(request.param)


@pytest.fixture(params=[*SCRIPTS])
def has_scripts(request: pytest.FixtureRequest) -> bool:
    """With JavaScript, and without."""
    return SCRIPTS[request.param]


Opens = Callable[..., Visitor]


@pytest.fixture
def opens(chromium: Browser) -> Iterator[Opens]:
    """Opens a browser on a site. Whatever its console complains of fails the test."""
    opened: list[Visitor] = []
    with ExitStack() as stack:

        def open_on(site: Site, words: Words, *, has_scripts: bool = True, **options: Any) -> Visitor:
            context = stack.enter_context(
                chromium.new_context(
                    java_script_enabled=has_scripts,
                    locale={"cy": "cy-GB", "en": "en-GB"}[words.language.value],
                    timezone_id="Europe/London",
                    reduced_motion="reduce",  # a colour on its way from light to dark is neither
                    **options,
                )
            )
            opened.append(Visitor(context, site.address, words))
            return opened[-1]

        yield open_on
    assert [complaint for visitor in opened for complaint in visitor.complaints] == []


@dataclass(frozen=True)
class Stage:
    """A served timebank, who is in it, and its rows."""

    site: Site
    village: Village
    cookies: dict[str, Any] = field(default_factory=dict, repr=False)


Enters = Callable[..., Visitor]


@pytest.fixture
def enters(opens: Opens) -> Enters:
    """Lets one of the cast in, in a language: by the sign-in page the first time, then with the cookies from there."""

    def enter(stage: Stage, name: str, words: Words, *, has_scripts: bool = True) -> Visitor:
        known = stage.cookies.get(name)
        visitor = opens(stage.site, words, has_scripts=has_scripts, storage_state=known)
        if known:
            visitor.go("/")
        else:
            visitor.sign_in(name)
            stage.cookies[name] = visitor.context.storage_state()
        visitor.speaks(words)
        return visitor

    return enter


@contextmanager
def set_up(databases: Databases, engine_name: str, folder: Path) -> Iterator[Stage]:
    """Serve a new database with the cast in it."""
    url = databases.fresh(engine_name)
    engine = engine_for(url)
    with Session(engine) as session:
        village = Village.settled(session)
        with served(url, folder / "serve.log") as site:
            yield Stage(site, village)
            assert "ERROR" not in site.said, site.said
    engine.dispose()
    databases.drop_one(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def stage_engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name == "postgresql" and postgresql_for_tests.url is None:
        pytest.skip("no PostgreSQL")
    return name


@pytest.fixture
def own_stage(databases: Databases, stage_engine: str, tmp_path: Path) -> Iterator[Stage]:
    """The cast in a timebank of this test's own."""
    with set_up(databases, stage_engine, tmp_path) as stage:
        yield stage


@pytest.fixture(scope="module")
def stage(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The cast in a timebank that the tests of one file share."""
    with set_up(databases, "sqlite", tmp_path_factory.mktemp("stage")) as shared:
        yield shared
