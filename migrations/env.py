"""How a migration runs: everything in one transaction, on SQLite with foreign keys off and the guards set aside.

Alembic rebuilds a SQLite table by copying it, which drops its triggers, fails while another table's trigger names it,
and with foreign keys on deletes what cascades. So all triggers are taken down first; the revisions say what changes
among them (`op.create_guards`, `op.drop_guards`); what shall stand is put up at the end, and foreign keys are checked.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.types import TypeDecorator

from ledger.guards import install, statements

UPGRADES_QUEUE = 7_463_616  # the advisory lock on which two upgrades wait for one another


class Guards:
    """The triggers of a SQLite database, set aside while its tables change."""

    def __init__(self) -> None:
        self.standing: dict[str, str] = {}

    def take_down(self, connection: Connection) -> None:
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, sql in found:
            self.standing[name] = sql
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')

    def add(self, script: str) -> None:
        for statement in statements(script):
            self.standing[statement.split()[2]] = statement

    def drop(self, names: Sequence[str]) -> None:
        for name in names:
            del self.standing[name]

    def put_up(self, connection: Connection) -> None:
        for statement in self.standing.values():
            connection.exec_driver_sql(statement)


guards = Guards()


@Operations.register_operation("create_guards")
class CreateGuards(MigrateOperation):
    """`op.create_guards(sqlite=..., postgresql=...)`: triggers that stand from this revision on."""

    def __init__(self, sqlite: str, postgresql: str) -> None:
        self.scripts = {"sqlite": sqlite, "postgresql": postgresql}

    @classmethod
    def create_guards(cls, operations: Operations, *, sqlite: str, postgresql: str) -> None:
        operations.invoke(cls(sqlite, postgresql))


@Operations.implementation_for(CreateGuards)
def _create_guards(operations: Operations, operation: CreateGuards) -> None:
    connection = operations.get_bind()
    if connection.dialect.name == "sqlite":
        guards.add(operation.scripts["sqlite"])
    else:
        install(connection, operation.scripts["postgresql"])


@Operations.register_operation("drop_guards")
class DropGuards(MigrateOperation):
    """`op.drop_guards(sqlite=[names of triggers], postgresql="DROP ...")`."""

    def __init__(self, sqlite: Sequence[str], postgresql: str) -> None:
        self.sqlite = sqlite
        self.postgresql = postgresql

    @classmethod
    def drop_guards(cls, operations: Operations, *, sqlite: Sequence[str], postgresql: str) -> None:
        operations.invoke(cls(sqlite, postgresql))


@Operations.implementation_for(DropGuards)
def _drop_guards(operations: Operations, operation: DropGuards) -> None:
    connection = operations.get_bind()
    if connection.dialect.name == "sqlite":
        guards.drop(operation.sqlite)
    else:
        install(connection, operation.postgresql)


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Our column types by their names, with the import that they need; Alembic forgets it."""
    module = type(item).__module__
    is_ours = module.split(".")[0] in {"ledger", "timebank", "sqlmodel"}
    if kind == "type" and isinstance(item, TypeDecorator) and is_ours:
        autogen_context.imports.add(f"from {module} import {type(item).__name__}")
        return repr(item)
    return False


def tables() -> MetaData:
    try:
        from timebank.tables import metadata  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if missing.name != "timebank.tables":
            raise
        from ledger.tables import SQLModel  # noqa: PLC0415

        return SQLModel.metadata
    return metadata


def engine() -> Engine:
    given = context.config.attributes.get("engine")
    if given is not None:
        return given
    from timebank.database import engine_for  # noqa: PLC0415

    return engine_for(os.environ["TIMEBANK_DATABASE_URL"])


@contextmanager
def migrating(connection: Connection) -> Iterator[None]:
    """One transaction, with everything in it that this engine needs around a change of tables."""
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADES_QUEUE})")
            yield
        return

    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it was opened a line ago
    driver.execute("PRAGMA foreign_keys=OFF")  # inside a transaction this would do nothing
    try:
        with connection.begin():
            guards.take_down(connection)
            yield
            guards.put_up(connection)
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise RuntimeError(f"the migration would break foreign keys: {broken[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    with engine().connect().execution_options(timebank_writes=True) as connection, migrating(connection):
        context.configure(
            connection=connection,
            target_metadata=tables(),
            transactional_ddl=True,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_item,
            compare_type=True,
        )
        context.run_migrations()
        if role := context.config.attributes.get("serving_role"):
            from timebank.schema import let_serve  # noqa: PLC0415

            let_serve(connection, role)


run()
