"""A broker decides a policy, and its floor reaches the accounts that exist already."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

import ledger
from ledger import LimitExceeded, Posting
from tests.cast import LONG_AGO, Cast
from timebank.database import unit_of_work
from timebank.governance.actions import decide
from timebank.members.rules import ForBrokers
from timebank.members.tables import Party
from timebank.network.queries import book_of, policies
from timebank.network.rules import PolicyTerms

LATER = LONG_AGO + timedelta(days=30)
HOUR = 3600


def receive(session: Session, cast: Cast, *, hours: int, key: str) -> None:
    """Ana receives help from Gwalia."""
    ana, gwalia = session.get_one(Party, cast.ana.member_id), session.get_one(Party, cast.gwalia)
    with unit_of_work(session):
        book_of(session, cast.timebank_id).post(
            [Posting(gwalia.account_id, hours * HOUR), Posting(ana.account_id, -hours * HOUR)],
            key=key,
            purpose="service",
            effective_on=LATER.date(),
            at=LATER,
        )


def floor(session: Session, cast: Cast, hours: int | None, *, after_version: int) -> None:
    terms = replace(PolicyTerms(), floor_seconds=None if hours is None else -hours * HOUR)
    at = LATER + timedelta(minutes=after_version)
    with unit_of_work(session):
        decide(session, terms=terms, after_version=after_version, broker=cast.bea, at=at)


def test_a_higher_floor_stops_what_the_lower_one_allowed(session: Session, cast: Cast) -> None:
    receive(session, cast, hours=3, key="first")
    floor(session, cast, 2, after_version=1)
    with pytest.raises(LimitExceeded):
        receive(session, cast, hours=1, key="second")
    floor(session, cast, None, after_version=2)
    receive(session, cast, hours=100, key="third")
    session.rollback()
    assert ledger.audit(session, None).problems == []


def test_organisations_and_other_timebanks_keep_their_accounts_as_they_are(session: Session, cast: Cast) -> None:
    floor(session, cast, 0, after_version=1)
    gwalia, cy = session.get_one(Party, cast.gwalia), session.get_one(Party, cast.cy.member_id)
    bethan, ben = session.get_one(Party, cast.bethan.member_id), session.get_one(Party, cast.ben.member_id)
    for receiver, giver in ((gwalia, ben), (cy, bethan)):
        with unit_of_work(session):
            book_of(session, receiver.timebank_id).post(
                [Posting(giver.account_id, HOUR), Posting(receiver.account_id, -HOUR)],
                key="help",
                purpose="service",
                effective_on=LATER.date(),
                at=LATER,
            )


def test_only_a_broker_decides(session: Session, cast: Cast) -> None:
    with pytest.raises(ForBrokers), unit_of_work(session):
        decide(session, terms=PolicyTerms(floor_seconds=0), after_version=1, broker=cast.ana, at=LATER)
    session.rollback()
    assert len(policies(session, cast.timebank_id)) == 1
