"""A book on a real database that is asked in the model's numbers, and answers in them."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import Session

from ledger import Balance, Book, Entry, LedgerError, Posting, audit, create_book
from tests.databases import Databases
from tests.ledger.conftest import MORNING
from tests.ledger.forging import table
from tests.ledger.model import AccountNo, EntryNo, Leg, Recorded, RefusedWish, Wish
from tests.ledger.scene import TABLES
from timebank.database import engine_for

DIGEST = "(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ledger_{} AS t)"


class RealBook:
    """A new book in a database of its own."""

    def __init__(self, databases: Databases, engine_name: str) -> None:
        self._databases = databases
        self._url = databases.fresh(engine_name)
        self._engine = engine_for(self._url)
        self.session = Session(self._engine)
        self.book = Book(self.session, create_book(self.session, at=MORNING))
        self.accounts: list[UUID] = []
        self.entries: list[UUID] = []
        self.session.commit()

    def grant(self, wish: Wish) -> Any:
        """What comes of it, committed; or the model's refusal, when nothing was there to commit."""
        try:
            outcome = getattr(self.book, wish.verb)(**{name: self._real(word) for name, word in wish.said.items()})
        except LedgerError as error:
            raise RefusedWish(
                type(error).__name__, **{n: self._told(word) for n, word in vars(error).items()}
            ) from error
        finally:
            self.session.commit()
        if wish.verb == "open_account":
            self.accounts.append(outcome)
        self._learn()
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

    def balances(self) -> list[Balance]:
        found = self.book.balances(self.accounts)
        return [found[account] for account in self.accounts]

    def open_holds(self, account: AccountNo) -> list[Recorded]:
        return [self._recorded(hold) for hold in self.book.open_holds(self.accounts[account])]

    def statement_length(self, account: AccountNo) -> int:
        return len(self.book.statement(self.accounts[account], limit=10_000).lines)

    def problems(self) -> list[Any]:
        return audit(self.session, self.book.id).problems

    def close(self) -> None:
        self.session.close()
        self._engine.dispose()
        self._databases.drop_one(self._url)

    def _learn(self) -> None:
        """The ids of new entries: expiries come unasked."""
        entry = table("entry")
        new = select(entry.c.id).where(entry.c.number > len(self.entries)).order_by(entry.c.number)
        self.entries += self.session.connection().execute(new).scalars()

    def _real(self, word: Any) -> Any:
        match word:
            case AccountNo():
                return self.accounts[word] if word < len(self.accounts) else UUID(int=word)
            case EntryNo():
                return self.entries[word - 1] if 0 < word <= len(self.entries) else UUID(int=word)
            case Leg():
                return Posting(self._real(word.account), word.seconds)
            case list():
                return [self._real(one) for one in word]
        return word

    def _told(self, word: Any) -> Any:
        match word:
            case UUID():
                return AccountNo(self.accounts.index(word))
            case Entry():
                return self._recorded(word)
            case list():
                return [self._told(one) for one in word]
        return word

    def _recorded(self, entry: Entry) -> Recorded:
        numbers = {key: EntryNo(number) for number, key in enumerate(self.entries, start=1)}
        legs = [Leg(self._told(leg.account), leg.seconds, leg.out, leg.in_) for leg in entry.postings]
        return Recorded(
            number=EntryNo(entry.number),
            kind=entry.kind.value,
            purpose=entry.purpose,
            effective_on=entry.effective_on,
            recorded_at=entry.recorded_at,
            legs=tuple(legs),
            finishes=numbers.get(entry.finishes) if entry.finishes else None,
            reverses=numbers.get(entry.reverses) if entry.reverses else None,
            expires_at=entry.expires_at,
        )
