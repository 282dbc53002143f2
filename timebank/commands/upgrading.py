"""Bringing a database up to date."""

from contextlib import nullcontext

import click

from timebank import schema
from timebank.commands.databases import Schema, opened, served_only_here, sqlite_file
from timebank.commands.plain_words import address, where
from timebank.config import Settings


def upgrade() -> None:
    """As the role that owns the tables, if one is set: the one that serves people could not take the guards down.

    A SQLite file that is being served is left alone.
    """
    settings = Settings.from_environment()
    url = settings.owner_url or settings.database_url
    file = sqlite_file(address(url))
    with served_only_here(file) if file else nullcontext(), opened(url) as (engine, stands):
        name = where(engine.url)
        if stands is not Schema.CURRENT:
            click.echo(f"Setting up {name} ..." if stands is Schema.EMPTY else f"Bringing {name} up to date ...")
            schema.upgrade(engine)
        click.echo(f"{name} is up to date: revision {schema.revision_of(engine)}.")
