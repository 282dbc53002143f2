"""Somebody passes hours on: to the community pot, or to a person or organisation."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.donations import queries
from timebank.donations.passing import Passing, free_seconds, pass_on
from timebank.donations.rules import ToThemselves, check_there_is
from timebank.donations.tables import Donation, Occasion
from timebank.exchanges.rules import ForAnotherBroker
from timebank.members.apart import check_may_meet
from timebank.members.queries import party, party_to_change
from timebank.members.rules import MemberNotActive, Standing, authority_for, check_speaks_for
from timebank.members.tables import Party, Status


def donate(
    session: Session,
    giver_id: UUID,
    *,
    receiver_id: UUID | None,
    seconds: int,
    by: Standing,
    at: datetime,
    submission: UUID,
    word: str = "",
) -> Donation:
    """Somebody passes on hours that they have, to the pot (None) or to somebody; a form sent twice does it once.

    Raises MoreThanThereIs, ToThemselves, MemberNotActive.
    """
    check_speaks_for(by, giver_id)
    giver = party_to_change(session, by.timebank_id, giver_id)  # of two forms at once, one waits here
    if sent := queries.sent_before(session, by, submission):
        return sent
    if giver.status is not Status.ACTIVE:
        raise MemberNotActive(name=giver.name, field="for_party")
    receiver = check_receiver(session, receiver_id, giver=giver, by=by)
    check_there_is(free_seconds(session, giver, by=by), seconds)
    passing = Passing(
        occasion=Occasion.DONATION,
        giver=giver,
        receiver=receiver,
        seconds=seconds,
        word=word,
        submission=submission,
        authority=authority_for(by, giver_id),
    )
    return pass_on(session, passing, by=by, at=at)


def check_receiver(session: Session, receiver_id: UUID | None, *, giver: Party, by: Standing) -> Party | None:
    """To whom hours may go: somebody else who takes part, and not the broker who passes them on for another."""
    if receiver_id is None:
        return None
    if receiver_id == giver.id:
        raise ToThemselves
    receiver = party(session, by.timebank_id, receiver_id)
    if receiver.status is not Status.ACTIVE:
        raise MemberNotActive(name=receiver.name, field="receiver_id")
    check_may_meet(session, giver.id, receiver_id)
    if receiver_id in by.stakes and not by.speaks_for(giver.id):
        raise ForAnotherBroker
    return receiver
