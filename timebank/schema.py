"""The database's schema: where it stands, and how it is brought up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from ledger.guards import roles


def _migrations() -> Path:
    """Inside the installed wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_migrations()))
    return config


def revision_of(engine: Engine) -> str | None:
    """The revision a database stands at; None where there is none."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def upgrade(engine: Engine, revision: str = "head", *, serving_role: str | None = None) -> None:
    """Bring the schema to a revision; all of a revision or nothing of it.

    On PostgreSQL, what the role that serves people may do is said anew in the same transaction.
    """
    config = alembic_config()
    config.attributes |= {"engine": engine, "serving_role": serving_role}
    command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    config = alembic_config()
    config.attributes["engine"] = engine
    command.downgrade(config, revision)


def let_serve(connection: Connection, role: str) -> None:
    """A role may read and write the timebank's rows, add to the ledger's, and nothing else."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    ours = connection.exec_driver_sql(
        "SELECT tablename::regclass::text FROM pg_tables WHERE schemaname = 'public'"
        " AND NOT starts_with(tablename, 'ledger_') AND tablename <> 'alembic_version'"
    ).scalars()
    for statement in (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {quoted}",
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT SELECT ON alembic_version TO {quoted}",
        *(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {quoted}" for table in ours),
    ):
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    roles.grant(connection, role)
