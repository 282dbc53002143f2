"""Founding a timebank and changing its policy."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from ledger import AccountKind, Book, create_book
from timebank.network import queries
from timebank.network.rules import PolicyStartsTooEarly, PolicyTerms, check_terms, terms_of
from timebank.network.tables import Policy, Timebank


def found(
    session: Session, *, slug: str, name_en: str, name_cy: str, at: datetime, phone: str = "", terms: PolicyTerms
) -> Timebank:
    """A timebank comes to be, with a book, an issuing account, a community pot and a first policy."""
    check_terms(terms)
    book_id = create_book(session, at=at)
    book = Book(session, book_id)
    founded = Timebank(
        slug=slug,
        name_en=name_en,
        name_cy=name_cy,
        phone=phone,
        book_id=book_id,
        issuing_account_id=book.open_account(AccountKind.ISSUING, at=at),
        pot_account_id=book.open_account(AccountKind.POT, at=at),
        created_at=at,
    )
    session.add(founded)
    session.flush()
    session.add(terms.as_policy(timebank_id=founded.id, version=1, in_force_from=at))
    session.flush()
    return founded


def decide(
    session: Session, timebank_id: UUID, *, terms: PolicyTerms, after_version: int, by: UUID | None, at: datetime
) -> Policy:
    """A policy replaces the newest from now on. `after_version` is the one that was read before deciding.

    To decide what is in force already changes nothing: a form sent twice decides once.
    """
    check_terms(terms)
    queries.timebank_to_change(session, timebank_id)
    newest = queries.policies(session, timebank_id)[0]
    if terms_of(newest) == terms:
        return newest
    if newest.version != after_version or newest.in_force_from >= at:
        raise PolicyStartsTooEarly
    decided = terms.as_policy(timebank_id=timebank_id, version=newest.version + 1, in_force_from=at, decided_by=by)
    session.add(decided)
    session.flush()
    return decided
