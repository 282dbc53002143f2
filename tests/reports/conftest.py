"""A season of help to report on, logged through the house's own actions, where the giver's word suffices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.exchanges import approving, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.tables import Exchange
from timebank.listings.actions import Wording, post
from timebank.listings.tables import Side
from timebank.members.actions import welcome
from timebank.members.rules import Standing
from timebank.members.tables import Authority
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval, Confirmation
from timebank.organisations.actions import join
from timebank.reports.periods import Period
from timebank.reports.reciprocity import ReciprocityReport, reciprocity_report

HOUR = 3600
WINTER = Period.parse("2026-Q1")
FEBRUARY = date(2026, 2, 10)
IN_TIME = datetime(2026, 2, 20, 12, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 20, 12, 0, tzinfo=UTC)


@dataclass
class Season:
    """Help in a timebank, one transaction each."""

    session: Session
    cast: Cast

    def members(self, count: int, *, at: datetime = LONG_AGO) -> list[UUID]:
        with unit_of_work(self.session) as session:
            return [
                welcome(session, broker=self.cast.bea, timebank_id=self.cast.timebank_id, name="A", at=at).id
                for _ in range(count)
            ]

    def organisation(self) -> UUID:
        with unit_of_work(self.session) as session:
            return join(session, timebank_id=self.cast.timebank_id, name="Tai Tawe", at=LONG_AGO).id

    def helped(
        self,
        giver: UUID,
        receiver: UUID,
        hours: float = 1,
        *,
        on: date = FEBRUARY,
        at: datetime = IN_TIME,
        by: Standing | None = None,
        answering: UUID | None = None,
    ) -> UUID:
        """Bryn, who takes part in nothing, logs hours of help, perhaps in answer to a request; they are credited."""
        with unit_of_work(self.session) as session:
            made = reporting.log(
                session,
                between=Between(giver_id=giver, receiver_id=receiver, proposer_id=giver),
                title="Help",
                seconds=round(hours * HOUR),
                happened_on=on,
                by=by or self.cast.bryn.told(Authority.LETTER),
                at=at,
                submission=uuid4(),
            )
            made.listing_id = answering
            session.add(made)
            return made.id

    def round(self, parties: Iterable[UUID], hours: float = 1, *, on: date = FEBRUARY, at: datetime = IN_TIME) -> None:
        """Each helps the next, and the last the first."""
        ring = list(parties)
        for giver, receiver in zip(ring, [*ring[1:], ring[0]], strict=True):
            self.helped(giver, receiver, hours, on=on, at=at)

    def reversed(self, exchange_id: UUID) -> Exchange:
        with unit_of_work(self.session) as session:
            return approving.reverse(session, exchange_id, note="Entered twice", broker=self.cast.bryn, at=APRIL)

    def asked(self, party_id: UUID, *, at: datetime = IN_TIME, side: Side = Side.REQUEST) -> UUID:
        with unit_of_work(self.session) as session:
            return post(
                session,
                side=side,
                party_id=party_id,
                wording=Wording(title="A lift"),
                by=self.cast.bea.told(Authority.PHONE),
                at=at,
                submission=uuid4(),
            ).id

    def report(
        self,
        period: Period = WINTER,
        *,
        by: Standing | None = None,
        organisation_id: UUID | None = None,
        at: datetime = APRIL,
    ) -> ReciprocityReport:
        self.session.rollback()
        return reciprocity_report(
            self.session,
            self.cast.timebank_id,
            period,
            by=by or self.cast.bea,
            organisation_id=organisation_id,
            at=at,
        )


@pytest.fixture
def terms() -> PolicyTerms:
    """Whoever gives says so, and it counts."""
    return PolicyTerms(approval=Approval.NONE, confirmation=Confirmation.GIVER, floor_seconds=None)


@pytest.fixture
def season(session: Session, cast: Cast) -> Season:
    return Season(session, cast)
