"""Changing a timebank's policy, and what follows from it."""

from datetime import datetime

from sqlmodel import Session

from timebank.members.actions import apply_floor
from timebank.members.queries import gifts
from timebank.members.rules import NoSuchGift, Standing, check_broker
from timebank.network import actions as network
from timebank.network.queries import policy_at
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Policy


def decide(session: Session, *, terms: PolicyTerms, after_version: int, broker: Standing, at: datetime) -> Policy:
    """A broker decides a policy, in force from now on; where it has another floor, every member's account gets that.

    Raises PolicyStartsTooEarly if `after_version`, which the broker has read, is not the newest any more.
    """
    check_broker(broker)
    known = {gift.id for gift in gifts(session, broker.timebank_id)}
    if {rule.gift_id for rule in terms.rules if rule.gift_id} - known:
        raise NoSuchGift
    floor_before = policy_at(session, broker.timebank_id, at).floor_seconds
    decided = network.decide(
        session, broker.timebank_id, terms=terms, after_version=after_version, by=broker.person_id, at=at
    )
    if decided.floor_seconds != floor_before:
        apply_floor(session, broker.timebank_id, floor_seconds=decided.floor_seconds, by=broker.person_id, at=at)
    return decided
