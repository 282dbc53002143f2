"""Proving every ledger again, with what a treasurer writes down: entries, hours, and the head of the chain."""

from datetime import date

import click
from sqlmodel import Session

from ledger import AuditReport, Book
from ledger import audit as prove
from timebank import hours
from timebank.commands.databases import up_to_date
from timebank.commands.plain_words import Stopped
from timebank.commands.progress import progress_of
from timebank.config import Settings
from timebank.exchanges.rules import SERVICE
from timebank.network.queries import all_timebanks
from timebank.network.tables import Timebank


def audit() -> None:
    wrong = 0
    with up_to_date(Settings.from_environment().database_url) as engine, Session(engine) as session:
        timebanks = all_timebanks(session)
        if not timebanks:
            click.echo("There is no timebank here yet.")
        for timebank in timebanks:
            with progress_of(f"Reading {timebank.slug}") as tell:
                report = prove(session, timebank.book_id, lambda reached, last: tell(reached / last))
            _say(session, timebank, report)
            wrong += len(report.problems)
    if wrong:
        raise Stopped(
            f"{wrong} broken {'law' if wrong == 1 else 'laws'}: do not post to this ledger before it is understood."
        )


def _say(session: Session, timebank: Timebank, report: AuditReport) -> None:
    counted = f"{report.entries} entries, {report.postings} postings, {report.accounts} accounts"
    click.echo(f"{timebank.slug}: {counted}, {report.periods} closed periods")
    click.echo(f"  hours moved    {hours.written(report.moved_seconds)}")
    help_given = Book(session, timebank.book_id).volume(purpose=SERVICE, since=date.min, until=date.max)
    click.echo(f"  hours of help  {hours.written(help_given.seconds)} in {help_given.entries} entries")
    click.echo(f"  chain's head   {report.head_number} {report.head_hash.hex()}")
    if report.closed_until:
        click.echo(f"  closed until   {report.closed_until}, root {report.merkle_root.hex()}")
    for problem in report.problems[:1]:
        click.echo(f"  wrong          {problem}", err=True)
    if report.is_clean:
        click.echo("  proved         entries sum to zero, balances follow from them, the chain is whole")
