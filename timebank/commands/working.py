"""The worker as a process of its own."""

import signal
from contextlib import ExitStack
from threading import Event

import click

from timebank import clock
from timebank.commands.databases import served_only_here, sqlite_file, up_to_date
from timebank.commands.logs import log_to_stderr
from timebank.commands.plain_words import address
from timebank.config import Settings
from timebank.work import work_once, work_until


def work(*, once: bool, every: int) -> None:
    """Until SIGTERM or Ctrl+C, or for one round. Beside a `serve` on SQLite it is refused: there it runs within."""
    log_to_stderr()
    settings = Settings.from_environment()
    with ExitStack() as stack:
        engine = stack.enter_context(up_to_date(settings.database_url))
        if file := sqlite_file(address(settings.database_url)):
            stack.enter_context(served_only_here(file))("timebank work")
        if once:
            done = work_once(engine, settings, at=clock.now())
            click.echo(f"Confirmed {done.confirmed}, sent {done.sent}, failed {done.failed}.")
            return
        stop = Event()
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_: stop.set())
        click.echo(f"Working every {every} seconds  (Ctrl+C stops)")
        work_until(stop, engine, settings, every=every)
        click.echo("Stopped.")
