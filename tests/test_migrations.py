"""The migrated schema is the one that the tables and the guards describe, and data survives the way down and up."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, text
from sqlmodel import Session

from ledger import audit
from ledger.guards import install
from tests.databases import Databases
from tests.ledger.conftest import open_cast
from timebank.database import engine_for
from timebank.schema import alembic_config, downgrade, newest_revision, revision_of, upgrade
from timebank.tables import metadata

pytestmark = pytest.mark.owner  # who alone can change a table

REVISIONS = [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]

POSTGRESQL_SAYS = {
    "column": """
        SELECT c.relname || '.' || a.attname,
               format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
               || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || ' ' || a.attgenerated::text
          FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
          LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraint": """
        SELECT conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 't'""",
    "index": """
        SELECT c.relname::text, pg_get_indexdef(c.oid)
          FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'i'""",
    "trigger": """
        SELECT tgrelid::regclass::text || '.' || tgname, tgenabled::text || ' ' || pg_get_triggerdef(oid)
          FROM pg_trigger WHERE NOT tgisinternal""",
    "function": """
        SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ')',
               pg_get_functiondef(oid) || coalesce(proacl::text, '')
          FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'""",
    "sequence": """
        SELECT c.relname::text, '' FROM pg_class AS c
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'""",
}


@pytest.fixture
def empty(engine_name: str, databases: Databases) -> Iterator[Engine]:
    """A database without any table."""
    url = databases.empty(engine_name)
    made = engine_for(url)
    yield made
    made.dispose()
    databases.drop_one(url)


def stored_schema(connection: Connection) -> dict[str, str]:
    """What the database itself says that it holds, name by name."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {name: _normalised(sql) for name, sql in rows if "alembic_version" not in name}
    return {
        f"{kind} {name}": definition
        for kind, asked in POSTGRESQL_SAYS.items()
        for name, definition in connection.execute(text(asked))
        if not name.startswith("alembic_version")
    }


def _normalised(sql: str) -> str:
    """Without the accidents of white space, of quotes that need not be there, and of the order of constraints."""
    sql = re.sub(r'"(\w+)"', r"\1", sql)
    sql = re.sub(r"\s+", " ", sql).replace("( ", "(").replace(" )", ")").replace(" ,", ",")
    if not sql.startswith("CREATE TABLE"):
        return sql
    start, body, end = _parts(sql)
    return f"{start}({', '.join(sorted(body))}) {end}"


def _parts(sql: str) -> tuple[str, list[str], str]:
    """A CREATE TABLE, cut into what stands before, between and after its outer brackets; that between by its commas."""
    first, depth, begin, parts = sql.index("("), 0, 0, []
    for at, letter in enumerate(sql):
        depth += (letter == "(") - (letter == ")")
        if letter == "(" and at == first:
            begin = at + 1
        elif (letter == "," and depth == 1) or (letter == ")" and depth == 0):
            parts.append(sql[begin:at].strip())
            begin = at + 1
            if letter == ")":
                return sql[:first].strip(), parts, sql[at + 1 :].strip()
    raise AssertionError(sql)


def contents(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that stands."""
    if connection.dialect.name == "sqlite":
        asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    else:
        asked = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'"
    names = [name for name in connection.execute(text(asked)).scalars() if name != "alembic_version"]
    return {
        name: sorted((tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))), key=repr)  # noqa: S608
        for name in names
    }


def test_there_is_one_line_of_revisions_and_each_says_how_to_go_back() -> None:
    assert newest_revision() == REVISIONS[-1]
    for script in ScriptDirectory.from_config(alembic_config()).walk_revisions():
        source = Path(script.path).read_text(encoding="utf-8")
        assert not script.is_merge_point
        assert not re.search(r"def downgrade\(\) -> None:\s+pass", source), f"{script.revision} does not go back"
        assert "ledger.guards" not in source, f"{script.revision} reads guards that may change after it"


def test_the_migrated_schema_is_that_of_the_tables_and_the_guards(engine: Engine, empty: Engine) -> None:
    with empty.begin() as connection:
        metadata.create_all(connection)
        install(connection)
    with engine.connect() as migrated, empty.connect() as described:
        stands, should = stored_schema(migrated), stored_schema(described)
    assert stands.keys() == should.keys()
    for name, definition in should.items():
        assert stands[name] == definition, name


def test_alembic_finds_nothing_to_migrate(engine: Engine) -> None:
    config = alembic_config()
    config.attributes["engine"] = engine
    try:
        command.check(config)
    except CommandError as error:
        pytest.fail(str(error))


def test_every_revision_goes_down_and_up_again(empty: Engine) -> None:
    upgrade(empty)
    with empty.connect() as connection:
        whole = stored_schema(connection)
    downgrade(empty, "base")
    with empty.connect() as connection:
        assert stored_schema(connection) == {}
    for revision in REVISIONS:
        upgrade(empty, revision)
        assert revision_of(empty) == revision
    with empty.connect() as connection:
        assert stored_schema(connection) == whole


def test_the_ledger_survives_every_revision_above_it(engine: Engine) -> None:
    with Session(engine) as session:
        cast = open_cast(session)
        cast.give(cast.ana, cast.ben, memo="hedges")
        cast.settle(cast.hold(cast.ana, cast.ben))
        cast.hold(cast.ana, cast.ben)
        session.commit()
    with engine.connect() as connection:
        before = {name: rows for name, rows in contents(connection).items() if name.startswith("ledger_")}
        whole = stored_schema(connection)

    for revision in REVISIONS[-2::-1]:
        downgrade(engine, revision)
        with engine.connect() as connection:
            assert before.items() <= contents(connection).items(), f"down to {revision}"
    for revision in REVISIONS[1:]:
        upgrade(engine, revision)
        with engine.connect() as connection:
            assert before.items() <= contents(connection).items(), f"up to {revision}"

    with engine.connect() as connection:
        assert stored_schema(connection) == whole
    with Session(engine) as session:
        assert audit(session).problems == []


def test_a_migration_that_fails_leaves_the_schema_as_it_was(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine.connect() as connection:
        before = stored_schema(connection)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("alembic.operations.Operations.drop_table", fail)
    with pytest.raises(RuntimeError, match="the power went"):
        downgrade(engine, "base")
    with engine.connect() as connection:
        assert stored_schema(connection) == before
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_a_migration_that_would_break_a_foreign_key_is_taken_back(
    empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if empty.dialect.name != "sqlite":
        pytest.skip("PostgreSQL checks foreign keys during a migration")
    upgrade(empty, REVISIONS[0])
    orphan = "INSERT OR IGNORE INTO ledger_key VALUES (zeroblob(16), 'alone', zeroblob(16))"
    monkeypatch.setattr(
        "alembic.operations.Operations.create_table", lambda operations, *_, **__: operations.execute(orphan)
    )
    monkeypatch.setattr("alembic.operations.Operations.create_index", lambda *_, **__: None)
    with empty.connect() as connection:
        before = stored_schema(connection)
    with pytest.raises(RuntimeError, match="foreign keys"):
        upgrade(empty, REVISIONS[1])
    with empty.connect() as connection:
        assert stored_schema(connection) == before
