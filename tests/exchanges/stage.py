"""Brings Ana's baking for Ben to where a test begins. Ana gives, Ben receives, unless a test says otherwise."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, select

import ledger
from tests.cast import Cast
from timebank.database import unit_of_work
from timebank.donations import correcting
from timebank.exchanges import agreeing, approving, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.tables import Exchange, Help, State, Step
from timebank.members.rules import Standing
from timebank.members.tables import Party
from timebank.network.queries import book_of
from timebank.notices.tables import Notice

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
HALF_PAST_ONE = 5400
TWO_HOURS = 7200


@dataclass
class Stage:
    """One session, the cast, and the verbs with their usual arguments, each in a transaction of its own."""

    session: Session
    cast: Cast
    at: datetime = MONDAY
    last: Exchange | None = field(default=None)

    @property
    def between(self) -> Between:
        """Ben asks Ana."""
        return Between(
            giver_id=self.cast.ana.member_id, receiver_id=self.cast.ben.member_id, proposer_id=self.cast.ben.member_id
        )

    def propose(self, **more: Any) -> UUID:
        given = {
            "between": self.between,
            "title": "Baking bread",
            "by": self.cast.ben,
            "at": self.at,
            "submission": uuid4(),
        } | more
        with unit_of_work(self.session) as session:
            return agreeing.propose(session, **given).id

    def agree(self, exchange_id: UUID, **more: Any) -> None:
        given = {
            "by": self.cast.ana,
            "at": self.at,
            "planned_for": TUESDAY,
            "planned_seconds": HALF_PAST_ONE,
        } | more
        with unit_of_work(self.session) as session:
            agreeing.agree(session, exchange_id, **given)

    def suggest(self, exchange_id: UUID, **more: Any) -> None:
        """Ana would rather come on Wednesday, for two hours."""
        given = {"by": self.cast.ana, "at": self.at, "planned_for": WEDNESDAY, "planned_seconds": TWO_HOURS} | more
        with unit_of_work(self.session) as session:
            agreeing.suggest(session, exchange_id, **given)

    def keep(self, exchange_id: UUID, **more: Any) -> None:
        given = {"by": self.cast.ben, "at": self.at} | more
        with unit_of_work(self.session) as session:
            agreeing.keep(session, exchange_id, **given)

    def accept(self, exchange_id: UUID, **more: Any) -> None:
        """Ben agrees to what was suggested."""
        given = {"by": self.cast.ben, "at": self.at} | more
        with unit_of_work(self.session) as session:
            agreeing.agree(session, exchange_id, **given)

    def approve(self, exchange_id: UUID, *, broker: Standing | None = None, **more: Any) -> None:
        given = {"at": self.at} | more
        with unit_of_work(self.session) as session:
            approving.approve(session, exchange_id, broker=broker or self.cast.bea, **given)

    def report(self, exchange_id: UUID, **more: Any) -> None:
        given = {
            "by": self.cast.ana,
            "at": WEDNESDAY,
            "seconds": HALF_PAST_ONE,
            "happened_on": date(2026, 3, 3),
        } | more
        with unit_of_work(self.session) as session:
            reporting.report(session, exchange_id, **given)

    def log(self, **more: Any) -> UUID:
        """Ana logs that she helped Ben."""
        given = {
            "between": Between(
                giver_id=self.cast.ana.member_id,
                receiver_id=self.cast.ben.member_id,
                proposer_id=self.cast.ana.member_id,
            ),
            "title": "Baking bread",
            "seconds": HALF_PAST_ONE,
            "happened_on": date(2026, 3, 2),
            "by": self.cast.ana,
            "at": self.at,
            "submission": uuid4(),
        } | more
        with unit_of_work(self.session) as session:
            return reporting.log(session, **given).id

    def confirm(self, exchange_id: UUID, **more: Any) -> None:
        given = {"by": self.cast.ben, "at": WEDNESDAY} | more
        with unit_of_work(self.session) as session:
            reporting.confirm(session, exchange_id, **given)

    def correct(self, exchange_id: UUID, **more: Any) -> None:
        """Ben remembers two hours."""
        given = {"by": self.cast.ben, "at": WEDNESDAY, "seconds": TWO_HOURS, "happened_on": date(2026, 3, 3)} | more
        with unit_of_work(self.session) as session:
            reporting.correct(session, exchange_id, **given)

    def dispute(self, exchange_id: UUID, **more: Any) -> None:
        given = {"by": self.cast.ben, "at": WEDNESDAY, "note": "It was two hours", "seconds": TWO_HOURS} | more
        with unit_of_work(self.session) as session:
            reporting.dispute(session, exchange_id, **given)

    def settle(self, exchange_id: UUID, **more: Any) -> None:
        given = {"broker": self.cast.bea, "at": WEDNESDAY, "seconds": TWO_HOURS, "note": "We have talked"} | more
        with unit_of_work(self.session) as session:
            approving.settle(session, exchange_id, **given)

    def adjust(self, exchange_id: UUID, **more: Any) -> None:
        given = {"broker": self.cast.bea, "at": WEDNESDAY, "seconds": TWO_HOURS, "note": "It was two hours"} | more
        with unit_of_work(self.session) as session:
            correcting.adjust(session, exchange_id, **given)

    def reverse(self, exchange_id: UUID, **more: Any) -> None:
        given = {"broker": self.cast.bea, "at": WEDNESDAY, "note": "Logged twice"} | more
        with unit_of_work(self.session) as session:
            correcting.reverse(session, exchange_id, **given)

    def approved(self) -> UUID:
        exchange_id = self.propose()
        self.agree(exchange_id)
        self.approve(exchange_id)
        return exchange_id

    def credited(self) -> UUID:
        exchange_id = self.approved()
        self.report(exchange_id)
        self.confirm(exchange_id)
        return exchange_id

    def cancel(self, exchange_id: UUID, **more: Any) -> None:
        given = {"by": self.cast.ben, "at": self.at} | more
        with unit_of_work(self.session) as session:
            agreeing.cancel(session, exchange_id, **given)

    def of_bea(self) -> UUID:
        """Bea, a broker, has helped Ben; Bryn has approved it."""
        bea, ben = self.cast.bea.member_id, self.cast.ben.member_id
        exchange_id = self.log(between=Between(giver_id=bea, receiver_id=ben, proposer_id=bea), by=self.cast.bea)
        self.confirm(exchange_id)
        self.approve(exchange_id, broker=self.cast.bryn, at=WEDNESDAY)
        return exchange_id

    def exchange(self, exchange_id: UUID) -> Exchange:
        self.session.rollback()
        return self.session.get_one(Exchange, exchange_id)

    def state(self, exchange_id: UUID) -> State:
        return self.exchange(exchange_id).state

    def balance(self, who: Standing | UUID) -> int:
        """What the ledger says of somebody, in seconds; positive is given."""
        party = self.session.get_one(Party, who.member_id if isinstance(who, Standing) else who)
        return book_of(self.session, party.timebank_id).balance(party.account_id).posted

    def held(self, who: Standing) -> tuple[int, int]:
        """Hours promised by somebody and to them."""
        party = self.session.get_one(Party, who.member_id)
        balance = book_of(self.session, party.timebank_id).balance(party.account_id)
        return balance.out, balance.in_

    def verbs(self, exchange_id: UUID) -> list[str]:
        steps = self.session.exec(select(Step).where(Step.exchange_id == exchange_id).order_by(Step.number))  # type: ignore[arg-type]
        return [step.verb.value for step in steps]

    def told(self, who: Standing) -> list[tuple[str, str]]:
        """What somebody was told, oldest first, and where it leads."""
        self.session.rollback()
        rows = self.session.exec(select(Notice).where(Notice.person_id == who.person_id).order_by(Notice.made_at)).all()  # type: ignore[arg-type]
        return [(row.kind, row.path) for row in rows]

    def help(self) -> list[tuple[UUID, UUID, int]]:
        rows = self.session.exec(select(Help)).all()
        return [(row.giver_id, row.receiver_id, row.seconds) for row in rows if row.reversed_at is None]

    def prove(self) -> None:
        """The auditor finds nothing."""
        assert ledger.audit(self.session, None).problems == []
