"""Two books on a real database that are asked by the model's names, and answer by them."""

from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import select, text
from sqlmodel import Session

from ledger import (
    Book,
    Entry,
    LedgerError,
    Period,
    Post,
    Posting,
    Transfer,
    audit,
    create_book,
    open_mirrors,
    reverse_between,
    transfer_between,
)
from tests.databases import Databases
from tests.ledger.conftest import MORNING
from tests.ledger.forging import table
from tests.ledger.scene import TABLES
from tests.ledger.wishes import Closed, Crossing, Leg, Line, Name, Recorded, RefusedWish, Wish
from timebank.database import engine_for

BOOKS = Name("book 0"), Name("book 1")
BETWEEN = {"open_mirrors": open_mirrors, "transfer_between": transfer_between, "reverse_between": reverse_between}
TOLD = {
    "LimitExceeded": ("account", "which", "by_seconds"),
    "ClosedPeriod": ("effective_on", "closed_until"),
    "UnknownAccount": ("account",),
}
"""What of a refusal the model tells as well."""
DIGEST = "(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ledger_{} AS t)"


class RealBooks:
    """Two new books in a database of their own."""

    def __init__(self, databases: Databases, engine_name: str) -> None:
        self._databases = databases
        self._url = databases.fresh(engine_name)
        self._engine = engine_for(self._url)
        self.session = Session(self._engine)
        self.books = {name: Book(self.session, create_book(self.session, at=MORNING)) for name in BOOKS}
        self.ids: dict[Name, UUID] = {}
        self.names: dict[UUID, Name] = {}
        for name, book in self.books.items():
            self._call(name, book.id)
        self.session.commit()

    def grant(self, wish: Wish) -> Any:
        """What comes of it, committed; or the model's refusal, when nothing was there to commit."""
        said = dict(wish.said)
        if wish.verb in BETWEEN:
            verb, where = BETWEEN[wish.verb], (self.session,)
        else:
            verb, where = getattr(self.books[said.pop("book")], wish.verb), ()
        try:
            outcome = verb(*where, **{name: self._real(word) for name, word in said.items()})
        except LedgerError as error:
            raise self._refused(error) from error
        finally:
            self.session.commit()
        self._learn(wish.verb, outcome)
        return self._told(outcome)

    def digest(self) -> bytes:
        """Of every row of the ledger."""
        if self._engine.dialect.name == "postgresql":
            of_each = [DIGEST.format(name) for name in TABLES]
            rows = self.session.connection().execute(text(f"SELECT concat_ws(',', {', '.join(of_each)})")).all()
        else:
            driver = self.session.connection().connection.driver_connection
            assert driver is not None
            rows = [sorted(driver.execute(f"SELECT * FROM ledger_{name}"), key=repr) for name in TABLES]  # noqa: S608
        return sha256(repr(rows).encode()).digest()

    def balances(self, book: Name) -> dict[Name, tuple[int, int, int]]:
        """The layers of every account to which anything happened."""
        trial = self.books[book].trial_balance()
        return {self.names[account]: (one.posted, one.out, one.in_) for account, one in trial.items()}

    def length(self, book: Name) -> int:
        return self.books[book].head().number

    def open_holds(self, book: Name, account: Name) -> list[Recorded]:
        return [self._recorded(hold) for hold in self.books[book].open_holds(self.ids[account])]

    def statement_length(self, book: Name, account: Name) -> int:
        return len(self.books[book].statement(self.ids[account], limit=10_000).lines)

    def periods(self, book: Name) -> list[Closed]:
        return [self._closed(book, period) for period in self.books[book].periods()]

    def problems(self) -> list[Any]:
        return audit(self.session).problems

    def close(self) -> None:
        self.session.close()
        self._engine.dispose()
        self._databases.drop_one(self._url)

    def _call(self, name: Name, key: UUID) -> None:
        self.ids[name], self.names[key] = key, name

    def _learn(self, verb: str, outcome: Any) -> None:
        """The names of new accounts and transfers, and of new entries: expiries come unasked."""
        opened = {"open_account": [outcome], "open_mirrors": outcome}.get(verb, ())
        for key in opened:
            self._call(Name(f"account {self._count('account')}"), key)
        if isinstance(outcome, Transfer) and outcome.clearing not in self.names:
            self._call(Name(f"transfer {self._count('transfer')}"), outcome.clearing)
        entry = table("entry")
        for book in self.books.values():
            known = self._count("entry", f" of {self.names[book.id]}")
            new = select(entry.c.id, entry.c.number).where(entry.c.book == book.id, entry.c.number > known)
            for key, number in self.session.connection().execute(new).all():
                self._call(Name(f"entry {number} of {self.names[book.id]}"), key)

    def _count(self, start: str, end: str = "") -> int:
        return sum(name.startswith(start) and name.endswith(end) for name in self.ids)

    def _real(self, word: Any) -> Any:
        match word:
            case Name():
                if word not in self.ids:
                    self.names[stranger := uuid5(NAMESPACE_OID, word)] = word
                    return stranger
                return self.ids[word]
            case Leg():
                return Posting(self._real(word.account), word.seconds)
            case Line():
                return Post(**word._asdict() | {"postings": self._real(word.postings)})
            case list() | tuple():
                return [self._real(one) for one in word]
        return word

    def _told(self, word: Any) -> Any:  # noqa: PLR0911 - one line per type reads best
        match word:
            case UUID():
                return self.names.get(word, word)
            case Entry():
                return self._recorded(word)
            case Transfer():
                return Crossing(self.names[word.clearing], self._recorded(word.given), self._recorded(word.received))
            case Period():
                return self._closed(next(name for name, book in self.books.items() if word in book.periods()), word)
            case LedgerError():
                return self._refused(word)
            case list() | tuple():
                return [self._told(one) for one in word]
        return word

    def _refused(self, refusal: LedgerError) -> RefusedWish:
        error = type(refusal).__name__
        names = [name for name in (*TOLD.get(error, ()), "line") if getattr(refusal, name) is not None]
        return RefusedWish(error, **{name: self._told(getattr(refusal, name)) for name in names})

    def _recorded(self, entry: Entry) -> Recorded:
        return Recorded(
            name=self.names[entry.id],
            book=self.names[entry.book],
            kind=entry.kind.value,
            purpose=entry.purpose,
            effective_on=entry.effective_on,
            recorded_at=entry.recorded_at,
            legs=tuple(Leg(self.names[leg.account], leg.seconds, leg.out, leg.in_) for leg in entry.postings),
            finishes=self._told(entry.finishes),
            reverses=self._told(entry.reverses),
            expires_at=entry.expires_at,
            clearing=self._told(entry.clearing),
        )

    def _closed(self, book: Name, period: Period) -> Closed:
        sealed = self.books[book].sealed(period.number)
        seals = {self.names[account]: (one.posted, one.out, one.in_) for account, one in sealed.items()}
        said = period.number, period.since, period.until, period.closed_at, period.closed_by, period.head.number
        return Closed(*said, seals)
