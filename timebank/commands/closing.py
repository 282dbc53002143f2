"""Closing a timebank's books up to a day, and printing the root to be published."""

from datetime import date

import click
from sqlmodel import Session

from ledger import ClosedPeriod, NothingToClose
from timebank.clock import now
from timebank.commands.databases import up_to_date
from timebank.commands.plain_words import Stopped
from timebank.config import Settings
from timebank.database import unit_of_work
from timebank.network.queries import book_of, policy_at, timebank_called
from timebank.network.rules import day_of


def close_books(slug: str, *, until: date) -> None:
    with up_to_date(Settings.from_environment().database_url) as engine, Session(engine) as session:
        timebank = timebank_called(session, slug)
        if timebank is None:
            raise Stopped(f"There is no timebank called {slug} here.")
        at = now()
        if until >= day_of(policy_at(session, timebank.id, at), at):
            raise Stopped(f"{until} is not over yet: books are closed up to a day that is.")
        timebank_id = timebank.id
        with unit_of_work(session):
            try:
                period = book_of(session, timebank_id).close_period(until=until, at=at, by=None)
            except ClosedPeriod as closed:
                raise Stopped(f"The books are closed already, until {closed.closed_until}.") from closed
            except NothingToClose as nothing:
                raise Stopped("There is no entry yet that a period could close on.") from nothing
    click.echo(f"Closed: {period.since} to {period.until}, {period.head.number} entries. Publish this root:")
    click.echo(period.merkle_root.hex())
