"""The policy of a timebank: read it, and as a broker decide another."""

from typing import Any

from timebank.clock import now
from timebank.governance.actions import decide as decide_policy
from timebank.network.queries import policies
from timebank.network.rules import terms_of
from timebank.network.tables import Policy
from timebank.web.api_room import Room
from timebank.web.schemas.policy import SentPolicy, ShownPolicy, rules_said, terms_said
from timebank.web.session import action, database, me

api = Room("api_policy", "policy", url_prefix="/api/v1/policy", description="The rules of a timebank")


@api.get("")
@api.response(200, ShownPolicy)
def show() -> Policy:
    """The policy in force, for everybody in the timebank."""
    return policies(database(), me().timebank_id)[0]


@api.post("")
@api.arguments(SentPolicy)
@api.response(200, ShownPolicy)
def decide(said: dict[str, Any]) -> Policy:
    """A broker decides a policy, in force from now on. To decide what is in force already changes nothing."""
    newest = policies(database(), me().timebank_id)[0]
    rules = terms_of(newest).rules if said["rules"] is None else rules_said(said["rules"])
    with action() as session:
        decide_policy(
            session,
            terms=terms_said(said, rules=rules),
            after_version=said["after_version"],
            broker=me().standing,
            at=now(),
        )
    return policies(database(), me().timebank_id)[0]
