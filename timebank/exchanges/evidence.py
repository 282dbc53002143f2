"""That a broker approved an exchange before it took place: what an insurer asks to see."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from ledger import Entry
from timebank.errors import NotFound
from timebank.exchanges import queries
from timebank.exchanges.tables import Exchange, State, Step, Verb
from timebank.language import N_
from timebank.network.queries import book_of, policies
from timebank.network.tables import Policy, PolicyRule

AGREED_UPON = frozenset({State.AGREED, State.APPROVED})


class NotApprovedBeforehand(NotFound):
    sentence = N_("Nobody has approved this beforehand, as it was agreed last.")


@dataclass(frozen=True)
class Evidence:
    """An approval: the step, by whom, under which version of the rules and which of them, and what the ledger held.

    `applied` is the policy itself, or its rule by risk.
    """

    step: Step
    broker: str
    policy: Policy
    applied: Policy | PolicyRule
    hold: Entry | None


def promise_key(exchange_id: UUID, *, step: int) -> str:
    """The key under which a step promised hours in the ledger."""
    return f"{exchange_id}:promise:{step - 1}"


def approval_among(steps: Iterable[Step]) -> Step | None:
    """The step that approved what was agreed last; another time than was approved is not approved."""
    decided = [step for step in steps if step.verb in {Verb.AGREE, Verb.APPROVE} and step.after in AGREED_UPON]
    return decided[-1] if decided and decided[-1].after is State.APPROVED else None


def approval_beforehand(session: Session, exchange: Exchange) -> Evidence:
    """The approval of what was agreed last. Raises NotApprovedBeforehand."""
    steps = queries.steps(session, exchange.id)
    step = approval_among(each for each, _, _ in steps)
    if step is None:
        raise NotApprovedBeforehand
    versions = policies(session, exchange.timebank_id)
    policy = next(version for version in versions if version.version == step.policy_version)
    return Evidence(
        step=step,
        broker=next(who or "" for each, who, _ in steps if each is step),
        policy=policy,
        applied=next((rule for rule in policy.rules if rule.number == step.policy_rule), policy),
        hold=book_of(session, exchange.timebank_id).find(promise_key(exchange.id, step=step.number)),
    )
