"""Where attacks on the ledger's rows take place, and what an attack is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session

from ledger import AccountKind, Book, create_book, open_mirrors, transfer_between
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast, open_cast
from tests.ledger.forging import Row, row_of, table

TABLES = (
    "book",
    "head",
    "account",
    "limit",
    "balance",
    "entry",
    "posting",
    "key",
    "memo",
    "open_hold",
    "clearing",
    "period",
    "seal",
)
TOMORROW = MORNING + timedelta(days=1)


@dataclass(frozen=True)
class Scene:
    """A book with every kind of row, and another one, closed up to today."""

    cast: Cast
    elsewhere: UUID
    cy: UUID
    dewi: UUID
    purse: UUID
    given: UUID
    reversed: UUID
    finished: UUID
    open: UUID
    expiring: UUID
    erased: UUID
    clearing: UUID
    mirror: UUID
    their_mirror: UUID

    def on(self, session: Session) -> "Scene":
        """The same, seen through another session."""
        return replace(self, cast=replace(self.cast, session=session, book=Book(session, self.cast.book.id)))

    @property
    def session(self) -> Session:
        return self.cast.session

    def insert(self, name: str, row: Row) -> None:
        self.session.connection().execute(insert(table(name)), row)


def set_scene(session: Session) -> Scene:
    cast = open_cast(session)
    cast.limit(cast.pot)
    purse = cast.book.open_account(AccountKind.ISSUING, at=MORNING)
    elsewhere = Book(session, create_book(session, at=MORNING))
    cy, dewi = (elsewhere.open_account(AccountKind.MEMBER, at=MORNING) for _ in range(2))
    terms: dict[str, Any] = {"floor": None, "ceiling": None, "at": MORNING, "by": None}
    mirrors = open_mirrors(session, cast.book.id, elsewhere.id, **terms)
    given = cast.give(cast.ana, cast.ben, memo="hedges").id
    erased = cast.give(cast.ana, cast.ben, memo="hedges").id
    cast.book.erase_memo(erased)
    undone = cast.give(cast.ben, cast.ana)
    cast.reverse(undone)
    finished, waiting = cast.hold(cast.ana, cast.ben), cast.hold(cast.ana, cast.ben)
    cast.settle(finished)
    expiring = cast.hold(cast.ana, cast.ben, expires_at=TOMORROW)
    Cast(session, elsewhere, cy, dewi, dewi).give(cy, dewi)
    clearing = transfer_between(
        session,
        giver=cast.ana,
        giving_book=cast.book.id,
        receiver=cy,
        receiving_book=elsewhere.id,
        seconds=HOUR,
        key="a lift",
        purpose="service",
        effective_on=TODAY,
        at=MORNING,
    ).clearing
    elsewhere.close_period(until=TODAY, at=MORNING, by=None)
    session.commit()
    ids = (elsewhere.id, cy, dewi, purse, given, undone.id, finished.id, waiting.id, expiring.id, erased, clearing)
    return Scene(cast, *ids, *mirrors)


def close_by_hand(session: Session, book: UUID, accounts: list[UUID], **changes: object) -> None:
    """Close a book up to today, row by row, with something bent."""
    head = row_of(session, "head", book=book)
    period = {"number": 1, "since": TODAY - timedelta(days=30), "until": TODAY, "closed_at": MORNING, "closed_by": None}
    period |= {"book": book, "head_number": head["number"], "head_hash": head["hash"]}
    period |= {"merkle_root": bytes(32), "hash": bytes(32), **changes}
    for account in accounts:
        balance = row_of(session, "balance", account=account)
        seal = {name: balance[name] for name in ("book", "account", "posted", "held_out", "held_in")}
        session.connection().execute(insert(table("seal")), seal | {"period": period["number"]})
    session.connection().execute(insert(table("period")), period)


def standing(scene: Scene, name: str) -> Row:
    return dict(scene.session.connection().execute(table(name).select().limit(1)).mappings().one())


Act = Callable[[Scene], None]


@dataclass(frozen=True)
class Attack:
    """What somebody does, and to which guard it would be enough to be gone for a sound act to do harm."""

    name: str
    act: Act
    only: str | None = None
    """The one engine on which it can be tried."""
    unmoved: str | None = None
    """The act is sound; what is attacked is the trigger that moves other rows along with it."""
