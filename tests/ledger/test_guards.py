"""Guard by guard: taken down, the attack that it stops succeeds, or it is listed what else stops it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from ledger import audit
from tests.conftest import ENGINES
from tests.databases import Databases, postgresql_for_tests
from tests.ledger.attacks import attacks
from tests.ledger.guards_table import PAGE, Stopped, World, meets, page, stopped
from tests.ledger.scene import set_scene
from tests.ledger.taking_down import OnPostgresql, OnSqlite
from timebank.database import engine_for


class Found:
    """A world on one engine, and what stops each attack there."""

    def __init__(self, engine_name: str, engine: Engine) -> None:
        with Session(engine) as session:
            scene = set_scene(session)
            self.problems = audit(session).problems
            self.world: World = OnSqlite(scene) if engine_name == "sqlite" else OnPostgresql(engine, scene)
        mine = [attack for attack in attacks() if attack.only in (None, engine_name)]
        self.attacks: list[Stopped] = [stopped(self.world, attack) for attack in mine]


@pytest.fixture(scope="session")  # other modules' tests come between these
def found(databases: Databases) -> Iterator[dict[str, Found]]:
    engines = ENGINES if postgresql_for_tests.url else ("sqlite",)
    made = {name: engine_for(databases.as_owner(databases.fresh(name))) for name in engines}
    yield {name: Found(name, engine) for name, engine in made.items()}
    for engine in made.values():
        engine.dispose()


def test_the_scene_of_the_attacks_is_sound(found: dict[str, Found], engine_name: str) -> None:
    assert found[engine_name].problems == []


def test_every_guard_in_the_catalogue_stops_an_attack(found: dict[str, Found], engine_name: str) -> None:
    here = found[engine_name]
    idle = [guard for guard in here.world.guards.values() if meets(guard, here.attacks) is None]
    assert idle == []


def test_the_page_of_guards_says_what_is_found(found: dict[str, Found], here: Path) -> None:
    if len(found) < len(ENGINES):
        pytest.skip("no PostgreSQL")
    written = page({name: (one.world.guards.values(), one.attacks) for name, one in found.items()})
    if os.environ.get("TIMEBANK_TEST_WRITES_PAGES"):
        (here / PAGE).write_text(written, encoding="utf-8")
    assert (here / PAGE).read_text(encoding="utf-8") == written, "run: make guards"
