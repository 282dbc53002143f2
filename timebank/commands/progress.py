"""How far something has come: a bar for a person who waits, a line at its beginning for a log."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Tell = Callable[[float], None]
"""Called with the share that is done, from 0 to 1."""

PARTS = 1000


@contextmanager
def progress_of(label: str) -> Iterator[Tell]:
    if not sys.stderr.isatty():
        click.echo(f"{label} ...", err=True)
        yield lambda _share: None
        return
    with click.progressbar(length=PARTS, label=label, file=sys.stderr) as bar:
        yield lambda share: bar.update(round(share * PARTS) - bar.pos)
