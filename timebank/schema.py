"""The database's schema: where it stands, and how it is brought up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


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


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to a revision; all of a revision or nothing of it."""
    config = alembic_config()
    config.attributes["engine"] = engine
    command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    config = alembic_config()
    config.attributes["engine"] = engine
    command.downgrade(config, revision)
