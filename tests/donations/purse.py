"""Hours to pass on, and what became of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, select

import ledger
from ledger import Posting
from tests.cast import Cast
from timebank.database import unit_of_work
from timebank.donations import asking, giving
from timebank.donations.leaving import leave
from timebank.donations.queries import pot
from timebank.members.queries import party
from timebank.members.rules import Standing
from timebank.network.queries import book_of, timebank
from timebank.notices.tables import Notice

HOUR = 3600
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


@dataclass
class Purse:
    """The verbs with their usual arguments, each in a transaction of its own."""

    session: Session
    cast: Cast

    def has(self, who: Standing, hours: int) -> None:
        """Somebody has these hours, from the issuing account."""
        with unit_of_work(self.session) as session:
            issuing = timebank(session, who.timebank_id).issuing_account_id
            account = party(session, who.timebank_id, who.member_id).account_id
            book_of(session, who.timebank_id).post(
                [Posting(issuing, -hours * HOUR), Posting(account, hours * HOUR)],
                key=f"{uuid4()}",
                purpose="grant",
                effective_on=MONDAY.date(),
                at=MONDAY,
            )

    def donate(self, who: Standing, hours: int, **more: Any) -> UUID:
        said = {"receiver_id": None, "by": who, "at": MONDAY, "submission": uuid4(), "word": "With love"} | more
        with unit_of_work(self.session) as session:
            return giving.donate(session, more.pop("giver", who.member_id), seconds=hours * HOUR, **said).id

    def fill_pot(self, hours: int) -> None:
        self.has(self.cast.ana, hours)
        self.donate(self.cast.ana, hours)

    def ask(self, who: Standing, hours: int, **more: Any) -> UUID:
        said = {"by": who, "at": MONDAY, "submission": uuid4(), "word": "For the move"} | more
        with unit_of_work(self.session) as session:
            return asking.ask(session, who.member_id, seconds=hours * HOUR, **said).id

    def grant(self, wish_id: UUID, hours: int, **more: Any) -> UUID:
        said = {"broker": self.cast.bryn, "at": MONDAY, "submission": uuid4()} | more
        with unit_of_work(self.session) as session:
            return asking.grant(session, wish_id, seconds=hours * HOUR, **said).id

    def leave(self, who: Standing, **more: Any) -> None:
        said = {"receiver_id": None, "by": who, "at": MONDAY, "submission": uuid4()} | more
        with unit_of_work(self.session) as session:
            leave(session, who.member_id, **said)

    def hours(self, who: Standing | UUID) -> float:
        self.session.rollback()
        whose = party(self.session, self.cast.timebank_id, who.member_id if isinstance(who, Standing) else who)
        return book_of(self.session, whose.timebank_id).balance(whose.account_id).posted / HOUR

    def in_pot(self) -> float:
        self.session.rollback()
        return pot(self.session, self.cast.timebank_id).balance.posted / HOUR

    def told(self, who: Standing) -> list[str]:
        return [*self.session.exec(select(Notice.kind).where(Notice.person_id == who.person_id))]

    def prove(self) -> None:
        """The auditor finds nothing."""
        assert ledger.audit(self.session, None).problems == []
