"""With the guards down one value of one row is changed, column by column: the audit names the row."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, select, update
from sqlmodel import Session

from ledger import Problem, audit
from ledger.audit_sound import Reached
from tests.conftest import ENGINES
from tests.databases import Databases, postgresql_for_tests
from tests.ledger.conftest import MORNING, TODAY
from tests.ledger.forging import Row, table
from tests.ledger.scene import TABLES, Scene, set_scene
from tests.ledger.unguarded import take_guards_down
from timebank.database import engine_for

COLUMNS = [(name, column.name) for name in TABLES for column in table(name).columns]
OTHER_WORDS = {
    "post": "reverse",
    "reverse": "post",
    "hold": "release",
    "settle": "release",
    "member": "pot",
    "pot": "member",
    "clearing": "pot",
}
WHERE = {
    "book": "book",
    "head": "head",
    "period": "period {number}",
    "seal": "seal of account {account} in period {period}",
}


@pytest.fixture(scope="module")
def scenes(databases: Databases) -> Iterator[dict[str, Scene]]:
    """A scene on each engine, in a database whose guards are down for good."""
    engines = {
        name: engine_for(databases.as_owner(databases.fresh(name)))
        for name in ENGINES
        if name != "postgresql" or postgresql_for_tests.url
    }
    sessions = {name: Session(engine) for name, engine in engines.items()}
    made = {name: set_scene(session) for name, session in sessions.items()}
    for session in sessions.values():
        take_guards_down(session)
        session.commit()
    yield made
    for name, session in sessions.items():
        session.close()
        engines[name].dispose()


@pytest.fixture
def scene(scenes: dict[str, Scene], engine_name: str) -> Iterator[Scene]:
    yield scenes[engine_name]
    scenes[engine_name].session.rollback()


def other(column: str, value: Any) -> Any:
    """A value as near to this one as can be; a number that no other row can have."""
    match value:
        case bool() | int():
            return value + 1000
        case UUID():
            return UUID(int=value.int ^ 1)
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1])
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            return value + timedelta(days=1)
        case str():
            return OTHER_WORDS.get(value, value) if column == "kind" else f"{value[:-1]}{chr(ord(value[-1]) ^ 64)}"
    raise AssertionError(value)


def something(column: Any) -> Any:
    """A value where there was none."""
    name = type(column.type).__name__
    return {"Key": uuid4(), "Amount": 1, "Moment": MORNING, "Day": TODAY, "LargeBinary": bytes(32), "Text": "x"}[name]


def rows_to_change(scene: Scene, of: Table, column: str) -> list[Row]:
    """One with a value and one without, as far as there are such."""
    rows = [dict(row) for row in scene.session.connection().execute(select(of)).mappings()]
    filled, empty = [row for row in rows if row[column] is not None], [row for row in rows if row[column] is None]
    return filled[-1:] + empty[:1]


def names_of(scene: Scene, name: str, row: Row) -> set[str]:
    """What a row, or the entry that it belongs to, may be called by."""
    if name in WHERE:
        return {WHERE[name].format_map(row)}
    keys = {f"{row[key]}" for key in ("account", "id", "hold", "entry", "key") if key in row}
    entry = row_of_entry(scene, row.get("entry"))
    numbers = {f"entry {number} " for number in (row.get("number"), entry) if number and name != "limit"}
    return keys | numbers


def row_of_entry(scene: Scene, entry: UUID | None) -> int | None:
    number = select(table("entry").c.number).where(table("entry").c.id == entry)
    found: int | None = scene.session.connection().execute(number).scalar_one_or_none()
    return found


def weighed_in_full(scene: Scene) -> list[Problem]:
    """What an audit says that takes no entry for sound before all is asked that could be wrong with it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Reached, "takes", lambda *_: False)
        return audit(scene.session).problems


@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_a_value_that_was_changed_is_named(scene: Scene, name: str, column: str) -> None:
    of = table(name)
    for row in rows_to_change(scene, of, column):
        value = something(of.c[column]) if row[column] is None else other(column, row[column])
        assert value != row[column]
        this_row = [key == row[key.name] for key in of.primary_key]
        names = names_of(scene, name, row) | names_of(scene, name, row | {column: value})
        assert audit(scene.session).problems == []
        changed = scene.session.connection().execute(update(of).where(*this_row).values({column: value})).rowcount
        assert changed == 1
        problems = audit(scene.session).problems
        assert problems == weighed_in_full(scene)
        said = [f"{problem}" for problem in problems]
        assert any(known in one for one in said for known in names), (column, row, said[:5])
        scene.session.rollback()


@pytest.mark.parametrize(
    "garbled",
    [
        pytest.param("UPDATE ledger_entry SET effective_on = '2026-05-0x' WHERE number = 3", id="a day"),
        pytest.param("UPDATE ledger_entry SET recorded_by = x'00' WHERE number = 3", id="a key"),
        pytest.param("UPDATE ledger_entry SET recorded_at = 9223372036854775807 WHERE number = 3", id="a moment"),
        pytest.param("UPDATE ledger_entry SET kind = 'posu' WHERE number = 3", id="a kind"),
        pytest.param("UPDATE ledger_posting SET account = x'00' WHERE number = 3 AND line = 1", id="an account"),
        pytest.param("UPDATE ledger_memo SET text = CAST(x'ff' AS TEXT)", id="a text that is no UTF-8"),
    ],
)
def test_an_entry_that_cannot_even_be_read_is_named(scene: Scene, engine_name: str, garbled: str) -> None:
    if engine_name == "postgresql":
        pytest.skip("PostgreSQL stores no such values")
    assert scene.session.connection().exec_driver_sql(garbled).rowcount > 0
    problems = audit(scene.session).problems
    assert problems == weighed_in_full(scene)
    which = "entry 1" if "memo" in garbled else "entry 3"
    assert any(problem.where.split(" (")[0] == which for problem in problems), problems
