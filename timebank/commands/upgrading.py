"""Bringing a database up to date."""

from contextlib import nullcontext

import click
from sqlalchemy import Engine, func, select

from timebank import schema
from timebank.commands.databases import Schema, opened, role_on, served_only_here, sqlite_file
from timebank.commands.plain_words import Stopped, address, where
from timebank.config import Settings


def upgrade() -> None:
    """As the role that owns the tables, if one is set; the role that serves people is let do what it must.

    A SQLite file that is being served is left alone.
    """
    settings = Settings.from_environment()
    url = settings.owner_url or settings.database_url
    file = sqlite_file(address(url))
    with served_only_here(file) if file else nullcontext(), opened(url) as (engine, stands):
        name = where(engine.url)
        serving = _serving_role(engine, settings)
        if stands is not Schema.CURRENT:
            click.echo(f"Setting up {name} ..." if stands is Schema.EMPTY else f"Bringing {name} up to date ...")
        if stands is not Schema.CURRENT or serving:
            schema.upgrade(engine, serving_role=serving)
        click.echo(f"{name} is up to date: revision {schema.revision_of(engine)}.")
        if serving:
            click.echo(f"{serving} may serve people with it, and owns nothing.")


def _serving_role(engine: Engine, settings: Settings) -> str | None:
    """The role that serves people; None where the owner does so itself."""
    if not settings.owner_url:
        return None
    if address(settings.database_url).get_backend_name() != engine.dialect.name:
        raise Stopped("TIMEBANK_OWNER_URL and TIMEBANK_DATABASE_URL are not the same database.")
    if engine.dialect.name == "sqlite":
        return None
    owner, serving = role_on(settings.owner_url), role_on(settings.database_url)
    if owner.database != serving.database:
        raise Stopped(
            f"TIMEBANK_OWNER_URL leads to the database {owner.database}, TIMEBANK_DATABASE_URL to {serving.database}."
        )
    if serving.name == owner.name:
        return None
    with engine.connect() as connection:
        may_be_owner = select(func.pg_has_role(serving.name, owner.name, "MEMBER"))
        if connection.scalar(may_be_owner):
            raise Stopped(
                f"{serving.name} may become {owner.name}, or is a superuser: choose another role to serve people."
            )
    return serving.name
