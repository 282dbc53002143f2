"""The commands: their names, options and help. What they do is loaded as they run, so that --help answers at once."""

from datetime import datetime
from pathlib import Path

import click


class Commands(click.Group):
    """Commands whose mishaps are told in one line, without a stack trace, wherever an operator can mend them."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from timebank.commands.plain_words import in_plain_words

            mishap = in_plain_words(error)
            if mishap is None:
                raise
            raise mishap from None


port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where to listen; 0 takes any free one.",
)
timebank_option = click.option(
    "--timebank", "slug", required=True, metavar="SLUG", help="Which timebank, by its short name."
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="timebank")
def main() -> None:
    """A timebank: one hour is one hour.

    Settings are read from the environment: TIMEBANK_DATABASE_URL says where the database is, docs/operating.md lists
    the others. Exit codes: 0 done, 1 could not be done, 2 not understood.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@port_option
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="How many requests at once.")
def serve(host: str, port: int, threads: int) -> None:
    """Serve the pages and the API.

    An empty SQLite file is set up first, and a worker runs within. On PostgreSQL run `upgrade` before it and `work`
    beside it.
    """
    from timebank.commands import serving

    serving.serve(host=host, port=port, threads=threads)


@main.command()
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("var/demo.db"),
    show_default=True,
    help="Where the demonstration is kept.",
)
@port_option
@click.option("--fresh", is_flag=True, help="Forget what was there, and start over.")
@click.option("--build-only", is_flag=True, help="Build it, and do not serve it.")
def demo(file: Path, port: int, fresh: bool, build_only: bool) -> None:
    """Serve a timebank full of life, on this machine only.

    The community is built on the first run and kept from then on.
    """
    from timebank.commands import demonstration

    demonstration.demo(file, port=port, fresh=fresh, build_only=build_only)


@main.command()
def upgrade() -> None:
    """Bring the database up to date, or set up an empty one."""
    from timebank.commands import upgrading

    upgrading.upgrade()


@main.command()
@click.option("--slug", required=True, help="A short name for addresses and commands: letters, digits and dashes.")
@click.option("--name", "name_en", required=True, help="The timebank's name in English.")
@click.option("--name-cy", help="Its name in Welsh, if it has another one.")
@click.option("--broker-name", required=True, help="Who looks after it.")
@click.option("--broker-email", required=True, help="Their e-mail address, with which they sign in.")
def create_timebank(slug: str, name_en: str, name_cy: str | None, broker_name: str, broker_email: str) -> None:
    """Found a timebank, and invite its first time broker.

    Prints the link by which they choose a password.
    """
    from timebank.commands import founding

    founding.create_timebank(
        slug=slug, name_en=name_en, name_cy=name_cy or name_en, broker_name=broker_name, broker_email=broker_email
    )


@main.command()
@click.argument("email")
@timebank_option
def invite(email: str, slug: str) -> None:
    """Print a link by which a member chooses a password.

    For the first time, or again: it replaces the links before it, and lasts for a fortnight.
    """
    from timebank.commands import founding

    founding.invite(email, slug=slug)


@main.command()
@click.argument("email")
def make_operator(email: str) -> None:
    """Let somebody see the whole installation.

    They are an operator from now on, beside whatever they are in their timebanks.
    """
    from timebank.commands import founding

    founding.make_operator(email)


@main.command()
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
@click.option(
    "--every", type=click.IntRange(1, 3600), default=30, show_default=True, help="Seconds between two rounds."
)
def work(once: bool, every: int) -> None:
    """Send what waits, and confirm what waited for too long.

    On PostgreSQL this runs beside `serve`; two of them take turns. On SQLite `serve` does it by itself.
    """
    from timebank.commands import working

    working.work(once=once, every=every)


@main.command()
def audit() -> None:
    """Prove every ledger here again, from its rows alone.

    Exit code 1, and the first row that is wrong, if anything is.
    """
    from timebank.commands import auditing

    auditing.audit()


@main.command()
@timebank_option
@click.option(
    "--until", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The last day to close."
)
def close_books(slug: str, until: datetime) -> None:
    """Close a timebank's books up to a day, for good.

    Nothing can be dated then any more; hours that are logged late count on the first open day. Prints the root to be
    published: with it members prove that an entry stood in the book.
    """
    from timebank.commands import closing

    closing.close_books(slug, until=until.date())


@main.command()
@timebank_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["hledger", "beancount"]),
    default="hledger",
    show_default=True,
    help="The tool that will read it.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write; without it, standard output."
)
def journal(slug: str, form: str, output: Path | None) -> None:
    """Write a timebank's book as text for hledger or beancount.

    Each posting asserts the balance that it left, so those tools prove the balances without this program.
    """
    from timebank.commands import journalling

    journalling.journal(slug, form=form, output=output)
