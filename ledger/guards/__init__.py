"""The ledger's laws as database triggers, one file per engine; and the short way of a plain entry under their eyes."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

FILES = {
    "sqlite": ["sqlite.sql", "shortcut_sqlite.sql"],
    "postgresql": ["postgresql.sql", "shortcut_postgresql.sql"],
}


def guards(engine_name: str) -> str:
    """The text of an engine's guards: `sqlite` or `postgresql`."""
    return "\n".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in FILES[engine_name])


def statements(script: str) -> Iterator[str]:
    """The statements of a SQLite script, one by one; a trigger's body holds semicolons of its own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        if statement or (line.strip() and not line.startswith("--")):
            statement += line
        if statement and sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""


def install(connection: Connection, script: str | None = None) -> None:
    """Put guards in place, inside the connection's transaction."""
    name = connection.dialect.name
    script = guards(name) if script is None else script
    if name == "sqlite":
        for statement in statements(script):
            connection.exec_driver_sql(statement)
    else:
        connection.exec_driver_sql(script, execution_options={"no_parameters": True})
