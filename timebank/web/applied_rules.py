"""Which rule of the timebank a step was made under, and since when it had been in force."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from timebank.exchanges.tables import Step, Verb
from timebank.network.tables import Policy, PolicyRule
from timebank.web.policy_words import APPROVAL, CONFIRMATION, silence


@dataclass(frozen=True)
class Applied:
    """A rule as a sentence, the policy that said so, and where that stands on the page of the rules."""

    sentence: str
    policy: Policy
    href: str


def applied(steps: Sequence[Step], policies: Sequence[Policy]) -> dict[int, Applied]:
    """By the number of a step, for those where a rule decided: whose word was enough, and whether a broker looks."""
    by_version = {policy.version: policy for policy in policies}
    found = {}
    for before, step in zip((None, *steps), steps, strict=False):
        policy = by_version.get(step.policy_version)
        sentence = _sentence(step, before, terms_of(step, policy)) if policy else ""
        if policy and sentence:
            href = url_for("policy.show", _anchor=f"version-{policy.version}")
            found[step.number] = Applied(sentence, policy, href)
    return found


def terms_of(step: Step, policy: Policy) -> Policy | PolicyRule:
    """The rule by risk that applied to a step, or the policy's own terms."""
    return next((rule for rule in policy.rules if rule.number == step.policy_rule), policy)


def _sentence(step: Step, before: Step | None, terms: Policy | PolicyRule) -> str:
    match step.verb:
        case Verb.CONFIRM if step.by_member_id is None and before and before.at < step.at:
            return silence(terms.auto_confirm_days)  # where a word was enough, the house confirms in that very moment
        case Verb.CONFIRM:
            return gettext(CONFIRMATION[terms.confirmation])
        case Verb.CREDIT | Verb.APPROVE:
            return gettext(APPROVAL[terms.approval])
        case _:
            return ""
