"""The cast, with enough neighbours who help each other that a report has something to show, and their rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

import ledger
from tests.cast import LONG_AGO, Cast, gather
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges import agreeing, approving, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.tables import Exchange, Step
from timebank.members.actions import welcome
from timebank.members.queries import standing_of
from timebank.members.rules import Standing
from timebank.members.tables import Party
from timebank.network.queries import book_of

HOUR = 3600
NEIGHBOURS = ("Ffion", "Gareth", "Hywel", "Iona", "Jac", "Lowri")
HELPED_SECONDS = len(NEIGHBOURS) * HOUR


@dataclass
class Village:
    """Abertawe, where each of six neighbours helped the next for an hour today. Reads its rows from the database."""

    session: Session
    cast: Cast

    @classmethod
    def settled(cls, session: Session) -> "Village":
        village = cls(session, gather(session))
        village._live()
        return village

    def _live(self) -> None:
        people = [self._welcomed(name) for name in NEIGHBOURS]
        for giver, receiver in zip(people, [*people[1:], people[0]], strict=True):
            self._helped(giver, receiver)

    def _welcomed(self, name: str) -> Standing:
        with unit_of_work(self.session) as session:
            timebank_id = self.cast.timebank_id
            member = welcome(session, broker=self.cast.bea, timebank_id=timebank_id, name=name, at=LONG_AGO)
        return standing_of(self.session, member.id)

    def _helped(self, giver: Standing, receiver: Standing) -> None:
        at = now() - timedelta(minutes=1)
        with unit_of_work(self.session) as session:
            exchange = reporting.log(
                session,
                between=Between(giver_id=giver.member_id, receiver_id=receiver.member_id, proposer_id=giver.member_id),
                title="Company",
                seconds=HOUR,
                happened_on=at.date(),
                by=giver,
                at=at,
                submission=uuid4(),
            )
            reporting.confirm(session, exchange.id, by=receiver, at=at)
            approving.approve(session, exchange.id, broker=self.cast.bea, at=at)

    # --- Bringing an exchange to where a test begins: Ben asked Ana ------------------------------------------

    def proposed(self, title: str) -> UUID:
        ana, ben = self.cast.ana, self.cast.ben
        with unit_of_work(self.session) as session:
            return agreeing.propose(
                session,
                between=Between(giver_id=ana.member_id, receiver_id=ben.member_id, proposer_id=ben.member_id),
                title=title,
                by=ben,
                at=now(),
                submission=uuid4(),
            ).id

    def agreed(self, title: str, *, at: datetime | None = None) -> UUID:
        """For the day after they agreed."""
        exchange_id, at = self.proposed(title), at or now()
        with unit_of_work(self.session) as session:
            planned_for = at + timedelta(days=1)
            agreeing.agree(session, exchange_id, planned_for=planned_for, planned_seconds=HOUR, by=self.cast.ana, at=at)
        return exchange_id

    def approved(self, title: str, *, at: datetime | None = None) -> UUID:
        exchange_id = self.agreed(title, at=at)
        with unit_of_work(self.session) as session:
            approving.approve(session, exchange_id, broker=self.cast.bea, at=at or now())
        return exchange_id

    def reported(self, title: str) -> UUID:
        """Ana logged an hour."""
        exchange_id = self.approved(title)
        with unit_of_work(self.session) as session:
            day = now().date()
            reporting.report(session, exchange_id, seconds=HOUR, happened_on=day, by=self.cast.ana, at=now())
        return exchange_id

    def credited(self, title: str) -> UUID:
        exchange_id = self.reported(title)
        with unit_of_work(self.session) as session:
            reporting.confirm(session, exchange_id, by=self.cast.ben, at=now())
        return exchange_id

    # --- What the rows say ----------------------------------------------------------------------------------

    def exchanges(self, title: str) -> list[Exchange]:
        self.session.rollback()
        return [*self.session.exec(select(Exchange).where(Exchange.title == title))]

    def the_one(self, title: str) -> Exchange:
        (exchange,) = self.exchanges(title)
        return exchange

    def verbs(self, title: str) -> list[str]:
        """What happened to the one exchange with that title, in order."""
        steps = select(Step).where(Step.exchange_id == self.the_one(title).id).order_by(col(Step.number))
        return [step.verb.value for step in self.session.exec(steps)]

    def balance(self, who: Standing | UUID) -> tuple[int, int, int]:
        """Seconds: given less received; promised by them; promised to them."""
        self.session.rollback()
        party = self.session.get_one(Party, who.member_id if isinstance(who, Standing) else who)
        balance = book_of(self.session, party.timebank_id).balance(party.account_id)
        return balance.posted, balance.out, balance.in_

    def prove(self) -> None:
        """The auditor finds nothing."""
        self.session.rollback()
        assert ledger.audit(self.session, None).problems == []
