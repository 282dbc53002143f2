"""Writing a timebank's book as text for other accounting tools: whole, or not at all."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sqlmodel import Session

from ledger import TooLong, beancount_lines, hledger_lines
from timebank.commands.databases import up_to_date
from timebank.commands.plain_words import Stopped
from timebank.config import Settings
from timebank.network.queries import timebank_called

WRITTEN_AS = {"hledger": hledger_lines, "beancount": beancount_lines}


def journal(slug: str, *, form: str, output: Path | None) -> None:
    with up_to_date(Settings.from_environment().database_url) as engine, Session(engine) as session:
        timebank = timebank_called(session, slug)
        if timebank is None:
            raise Stopped(f"There is no timebank called {slug} here.")
        with _opened(output) as text:
            try:
                text.writelines(WRITTEN_AS[form](session, timebank.book_id))
            except TooLong as error:
                raise Stopped(f"{error}: take --format hledger.") from error


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that stands under its name once it is whole."""
    if output is None:
        yield sys.stdout
        return
    unfinished = output.with_name(f"{output.name}.unfinished")
    try:
        with unfinished.open("w", encoding="ascii") as text:
            yield text
            text.flush()
            os.fsync(text.fileno())
        unfinished.replace(output)
    except FileNotFoundError as error:
        raise Stopped(f"{output} cannot be written: is its folder there?") from error
    finally:
        unfinished.unlink(missing_ok=True)
