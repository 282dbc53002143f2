"""A timebank full of life, to look at: built once, kept in one SQLite file, served on this machine only."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import click
from sqlalchemy.engine import URL

from timebank import clock, schema
from timebank.commands.databases import Schema, opened, served_only_here
from timebank.commands.progress import progress_of
from timebank.commands.serving import answer, at, listening
from timebank.config import Settings
from timebank.database import engine_for
from timebank.demo.building import build
from timebank.demo.who_signs_in import DEMO_ACCESS

HOST = "127.0.0.1"


def demo(file: Path, *, port: int, fresh: bool, build_only: bool) -> None:
    """The file appears when it is complete: a build that was killed leaves nothing that could be taken for it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        tell_where = stack.enter_context(served_only_here(file))
        door = None if build_only else stack.enter_context(listening(HOST, port))
        tell_where(at(door) if door else "a build")
        if fresh:
            _forget(file)
        if not file.exists():
            _build(file)
        with opened(_url(file)) as (engine, stands):
            if stands is Schema.BEHIND:
                click.echo(f"Bringing {file} up to date ...")
                schema.upgrade(engine)
        _say_who()
        if door:
            answer(door, Settings(database_url=_url(file), demo=True, secure_cookies=False), with_worker=True)


def _build(file: Path) -> None:
    building = file.with_name(f"{file.name}.building")
    _forget(building)
    engine = engine_for(_url(building))
    try:
        schema.upgrade(engine)
        with progress_of("Building the demonstration") as tell:
            build(engine, at=clock.now(), progress=lambda _month, share: tell(share))
        engine.dispose()
        with closing(sqlite3.connect(building)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        building.replace(file)
    finally:
        engine.dispose()
        _forget(building)


def _say_who() -> None:
    click.echo(f'\nSign in with the password "{DEMO_ACCESS.password}" as\n')
    for person in DEMO_ACCESS.people:
        click.echo(f"  {person.email:32} {person.name}: {person.role_en}")
    click.echo()


def _forget(file: Path) -> None:
    for part in ("", "-wal", "-shm"):
        file.with_name(file.name + part).unlink(missing_ok=True)


def _url(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)
