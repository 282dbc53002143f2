"""A broker's desk: sheets with their usual lines, each action in a transaction of its own."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

import ledger
from tests.cast import Cast
from timebank.database import unit_of_work
from timebank.exchanges.tables import Exchange, Help, State, Step
from timebank.members.queries import party
from timebank.members.rules import Standing
from timebank.network.queries import book_of
from timebank.sheets import entering
from timebank.sheets.rules import Line, Sheet

HOUR = 3600
MONDAY = date(2026, 3, 2)
FRIDAY = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


@dataclass
class Desk:
    session: Session
    cast: Cast

    def line(self, number: int = 1, **more: Any) -> Line:
        """Ana helped Ben for an hour on Monday, unless it is said otherwise."""
        said = {
            "happened_on": MONDAY,
            "giver_id": self.cast.ana.member_id,
            "receiver_id": self.cast.ben.member_id,
            "title": "Shopping",
            "seconds": HOUR,
        }
        return Line(number=number, **(said | more))

    def enter(self, *lines: Line, by: Standing | None = None, submission: UUID | None = None, **sheet: Any) -> UUID:
        with unit_of_work(self.session) as session:
            entered = entering.enter(
                session,
                lines,
                sheet=Sheet(**sheet),
                by=by or self.cast.bryn,
                at=FRIDAY,
                submission=submission or uuid4(),
            )
            return entered.id

    def exchanges(self) -> list[Exchange]:
        self.session.rollback()
        return [*self.session.exec(select(Exchange).order_by(col(Exchange.reported_seconds)))]

    def states(self) -> list[State]:
        return [each.state for each in self.exchanges()]

    def verbs(self, exchange_id: UUID) -> list[str]:
        steps = self.session.exec(select(Step).where(Step.exchange_id == exchange_id).order_by(col(Step.number)))
        return [step.verb.value for step in steps]

    def hours(self, who: Standing) -> float:
        self.session.rollback()
        whose = party(self.session, who.timebank_id, who.member_id)
        return book_of(self.session, whose.timebank_id).balance(whose.account_id).posted / HOUR

    def helped(self) -> list[int]:
        self.session.rollback()
        return [each.seconds for each in self.session.exec(select(Help).order_by(col(Help.seconds)))]

    def prove(self) -> None:
        """The auditor finds nothing."""
        assert ledger.audit(self.session, None).problems == []
