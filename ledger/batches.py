"""Many entries in one transaction and few statements: imports and group sessions. Private to the ledger."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from ledger.entries import Entry
from ledger.errors import LedgerError
from ledger.request import Post, Request, check, posting
from ledger.writing import Outcome, write_all, write_each


def post_all(connection: Connection, book: UUID, posts: Iterable[Post], at: datetime) -> list[Entry]:
    """Every line, or none: the first refusal is raised, and says which line it was."""
    asked = []
    for line, post in enumerate(posts, start=1):
        try:
            asked.append(_checked(book, post, at))
        except LedgerError as refusal:
            refusal.line = line
            raise
    return write_all(connection, asked, is_batch=True)


def post_each(connection: Connection, book: UUID, posts: Iterable[Post], at: datetime) -> list[Outcome]:
    """Every line that can be posted; for each, in their order, its entry or why it was refused."""
    outcomes: list[Outcome | Request] = []
    for post in posts:
        try:
            outcomes.append(_checked(book, post, at))
        except LedgerError as refusal:
            outcomes.append(refusal)
    written = iter(write_each(connection, [asked for asked in outcomes if isinstance(asked, Request)]))
    found = [next(written) if isinstance(asked, Request) else asked for asked in outcomes]
    for line, outcome in enumerate(found, start=1):
        if isinstance(outcome, LedgerError):
            outcome.line = line
    return found


def _checked(book: UUID, post: Post, at: datetime) -> Request:
    request = posting(book, post, at)
    check(request)
    return request
