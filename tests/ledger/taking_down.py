"""Databases with some of their guards taken down, and which guard it is that refuses.

A guard is a CHECK, a foreign key, a unique or primary key, or a trigger of the ledger's tables: whatever the database's
own catalogue lists. PostgreSQL takes them down in a transaction that is rolled back; SQLite is rebuilt without them.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from ledger import audit
from tests.ledger.scene import Act, Scene
from timebank.database import engine_for

KINDS = {"c": "check", "f": "foreign key", "u": "unique", "p": "primary key", "i": "unique", "t": "trigger"}


class Guard(NamedTuple):
    table: str
    name: str
    kind: str


class Outcome(NamedTuple):
    """Who refused an act; where nobody did, what the audit then says."""

    refused_by: frozenset[str]
    problems: frozenset[str]


class OnPostgresql:
    CATALOGUE = """
        SELECT conrelid::regclass::text, conname::text, contype::text FROM pg_constraint
         WHERE conrelid::regclass::text LIKE 'ledger%' AND contype IN ('c', 'f', 'u', 'p')
        UNION ALL
        SELECT indrelid::regclass::text, indexrelid::regclass::text, 'i' FROM pg_index
         WHERE indrelid::regclass::text LIKE 'ledger%' AND indisunique
           AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('u', 'p'))
        UNION ALL
        SELECT tgrelid::regclass::text, tgname::text, 't' FROM pg_trigger
         WHERE tgrelid::regclass::text LIKE 'ledger%' AND NOT tgisinternal"""
    FUNCTIONS = """
        SELECT tgname::text, proname::text, tgrelid::regclass::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
         WHERE tgrelid::regclass::text LIKE 'ledger%' AND NOT tgisinternal"""

    def __init__(self, engine: Engine, scene: Scene) -> None:
        self._engine, self._scene = engine, scene
        scene.session.rollback()
        with engine.connect() as connection:
            rows = connection.execute(text(self.CATALOGUE)).all()
            self._functions = connection.execute(text(self.FUNCTIONS)).all()
        self.guards = {name: Guard(table, name, KINDS[kind]) for table, name, kind in rows}
        self._indexes = {name for _, name, kind in rows if kind == "i"}

    def attempt(self, act: Act, without: Iterable[str]) -> Outcome:
        with Session(self._engine) as session:
            connection = session.connection()
            for name in without:
                connection.execute(text(self._drop(self.guards[name])))
            try:
                act(self._scene.on(session))
                connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
                problems = frozenset(f"{problem}" for problem in audit(session).problems)
            except DBAPIError as error:
                return Outcome(frozenset({self._named_by(error)}), frozenset())
            finally:
                session.rollback()
        return Outcome(frozenset(), problems)

    def _drop(self, guard: Guard) -> str:
        if guard.kind == "trigger":
            return f"DROP TRIGGER {guard.name} ON {guard.table}"
        if guard.name in self._indexes:
            return f"DROP INDEX {guard.name}"
        return f"ALTER TABLE {guard.table} DROP CONSTRAINT IF EXISTS {guard.name} CASCADE"

    def _named_by(self, error: DBAPIError) -> str:
        said = error.orig.diag  # type: ignore[union-attr]
        if said.constraint_name:
            return str(said.constraint_name)
        called = re.findall(r"PL/pgSQL function (\w+)\(", said.context or "")
        spoke = called[0] if called[0] in {function for _, function, _ in self._functions} else called[1]
        triggers = [trigger for trigger, function, _ in self._functions if function == spoke]
        if spoke == "ledger_frozen":
            table = re.search(r"law 5: (\w+) is frozen", said.message_primary)
            assert table
            verb = re.match(r"\w+", error.statement or "")
            assert verb
            return f"{table[1]}_{verb[0].lower()}"
        return str(triggers[0])


class OnSqlite:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        scene.session.rollback()
        driver = scene.session.connection().connection.driver_connection
        assert driver is not None
        self._schema: list[tuple[str, str, str, str]] = driver.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name LIKE 'ledger%' AND sql IS NOT NULL"
        ).fetchall()
        tables = [name for kind, name, _, _ in self._schema if kind == "table"]
        self._rows = {name: driver.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608
        scene.session.rollback()
        on_a_table = (row for row in self._schema if row[2] in tables)  # a view's trigger writes, and guards nothing
        self.guards = {guard.name: guard for kind, *rest in on_a_table for guard in self._of(kind, *rest)}

    def _of(self, kind: str, name: str, table: str, sql: str) -> Iterable[Guard]:
        if kind == "trigger":
            yield Guard(table, name, "trigger")
        elif kind == "index" and "UNIQUE" in sql:
            yield Guard(table, name, "unique")
        elif kind == "table":
            for found, what in re.findall(r"CONSTRAINT (\w+) (CHECK|FOREIGN KEY|UNIQUE|PRIMARY KEY)", sql):
                yield Guard(table, found, what.lower())

    def attempt(self, act: Act, without: Iterable[str]) -> Outcome:
        engine = engine_for("sqlite://")
        try:
            with Session(engine) as session:
                self._build(session, set(without))
                connection = session.connection()
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
                try:
                    act(self._scene.on(session))
                except DBAPIError as error:
                    return Outcome(frozenset({self._named_by(error, set(without))}), frozenset())
                if dangling := self._dangling(connection):
                    return Outcome(dangling, frozenset())
                session.commit()
                return Outcome(frozenset(), frozenset(f"{problem}" for problem in audit(session).problems))
        finally:
            engine.dispose()

    def _build(self, session: Session, without: set[str]) -> None:
        driver = session.connection().connection.driver_connection
        assert driver is not None
        session.rollback()
        driver.execute("PRAGMA foreign_keys=OFF")
        without |= self._leaning_on(without)
        for kind in ("table", "view", "index", "trigger"):
            for found, name, _, sql in self._schema:
                if found == kind and name not in without:
                    driver.execute(_bare(sql, without) if kind == "table" else sql)
            if kind == "table":
                for name, rows in self._rows.items():
                    if rows:
                        driver.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)  # noqa: S608
        driver.execute("PRAGMA foreign_keys=ON")

    def _leaning_on(self, without: set[str]) -> set[str]:
        """Foreign keys to a key which is gone: to SQLite they are mistakes, and PostgreSQL takes them along."""
        keys = {
            (table, columns)
            for kind, _, table, sql in self._schema
            if kind == "table"
            for name, columns in re.findall(r"CONSTRAINT (\w+) (?:UNIQUE|PRIMARY KEY) \(([^)]*)\)", sql)
            if name in without
        }
        pointing = r"CONSTRAINT (\w+) FOREIGN KEY\([^)]*\) REFERENCES (\w+) \(([^)]*)\)"
        return {
            name
            for kind, _, _, sql in self._schema
            if kind == "table"
            for name, table, columns in re.findall(pointing, sql)
            if (table, columns) in keys
        }

    def _dangling(self, connection: Connection) -> frozenset[str]:
        found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return frozenset(self._foreign_key(connection, table, number) for table, _, _, number in found)

    def _foreign_key(self, connection: Connection, table: str, number: int) -> str:
        columns = [
            row for row in connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").all() if row[0] == number
        ]
        mine = ", ".join(row[3] for row in sorted(columns, key=lambda row: row[1]))
        sql = next(sql for kind, name, _, sql in self._schema if kind == "table" and name == table)
        found = re.search(rf"CONSTRAINT (\w+) FOREIGN KEY\({re.escape(mine)}\) REFERENCES {columns[0][2]} ", sql)
        assert found, (table, mine)
        return found[1]

    def _named_by(self, error: DBAPIError, without: set[str]) -> str:
        said = f"{error.orig}"
        if found := re.match(r"CHECK constraint failed: (\w+)", said):
            return found[1]
        if found := re.match(r"UNIQUE constraint failed: (?:index ')?([^']+)", said):
            return self._unique(found[1])
        assert said.startswith("ledger:"), said
        verb, target = re.findall(r"^(INSERT|UPDATE|DELETE).*?(ledger_\w+)", error.statement or "")[0]
        stands = [
            (name, table, sql) for kind, name, table, sql in self._schema if kind == "trigger" and name not in without
        ]
        moved_along = "".join(sql for name, _, sql in stands if name == f"{target}_inserted")
        speaking = [(name, table, f" {verb} ON {target} " in sql) for name, table, sql in stands if said in sql]
        on_it = [name for name, _, is_first in speaking if is_first]
        along = [name for name, table, _ in speaking if f" {table}" in moved_along]
        return [*on_it, *along][0]

    def _unique(self, said: str) -> str:
        """A unique key by its columns, as SQLite names it; an index by its name."""
        if said in self.guards:
            return said
        table = said.partition(".")[0]
        columns = said.replace(f"{table}.", "")
        for kind, name, of, written in self._schema:
            if of != table:
                continue
            sql = written.replace('"', "")
            if kind == "index" and f"({columns})" in sql and "UNIQUE" in sql:
                return name
            if kind == "table":
                for found, theirs in re.findall(r"CONSTRAINT (\w+) (?:UNIQUE|PRIMARY KEY) \(([^)]*)\)", sql):
                    if theirs == columns:
                        return str(found)
        raise AssertionError(said)


def _bare(sql: str, without: set[str]) -> str:
    """A CREATE TABLE without some of its constraints; each stands on a line of its own."""
    lines = [
        line
        for line in sql.splitlines()
        if not ((found := re.match(r"\s*CONSTRAINT (\w+)", line)) and found[1] in without)
    ]
    bare = re.sub(r",\s*\n\)", "\n)", "\n".join(lines))
    return bare if "PRIMARY KEY" in bare else re.sub(r"WITHOUT ROWID,?", "", bare)
