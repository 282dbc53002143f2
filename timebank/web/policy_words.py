"""A policy in plain sentences, one for each thing that it decides, in a fixed order."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext, ngettext

from timebank.exchanges.practices import Concerned, may_wait, meaning
from timebank.language import N_
from timebank.network.tables import Approval, Confirmation, Policy, PolicyRule
from timebank.web.extra_words import limits, travel
from timebank.web.filters import hours
from timebank.web.schemas.policy import limits_of
from timebank.web.wording import PLACES

Kinds = Mapping[UUID, str]
Practiced = Policy | PolicyRule

APPROVAL: dict[Approval, str] = {
    Approval.NONE: N_("No time broker needs to look at an exchange."),
    Approval.BEFOREHAND: N_("A time broker approves an exchange before it takes place."),
    Approval.AFTERWARDS: N_("A time broker approves the hours before they are credited."),
}
CONFIRMATION: dict[Confirmation, str] = {
    Confirmation.GIVER: N_("Hours count as soon as the giver has said how many."),
    Confirmation.RECEIVER: N_("Hours count as soon as the receiver has said how many."),
    Confirmation.EITHER: N_("Hours count as soon as either of the two has said how many."),
    Confirmation.BOTH: N_("Hours count when one of the two has said how many, and the other that it is right."),
}
CONCERNED: dict[Concerned, str] = {
    Concerned.GIVER: N_("To the giver"),
    Concerned.RECEIVER: N_("To the receiver"),
    Concerned.BROKER: N_("To the broker"),
    Concerned.HOUSE: N_("By itself"),
}


def sentences(policy: Policy) -> list[str]:
    """What a policy says in general."""
    return [
        *practice(policy),
        gettext("Hours are counted in steps of this length: %(step)s.", step=hours(policy.granularity_seconds)),
        travel(policy),
        gettext("Preparation counts.") if policy.preparation_counts else gettext("Preparation does not count."),
        *limits(policy),
        _start(policy.starting_credits_seconds),
        *_limits(policy),
        gettext("Days and times are those of this time zone: %(zone)s.", zone=policy.time_zone),
    ]


def differences(policy: Policy, before: Policy | None, kinds: Kinds) -> list[str]:
    """What a policy says that the one before it did not say, and which rules by risk it does not have any more."""
    rules, old = _by_risk(policy, kinds), _by_risk(before, kinds) if before else []
    known = {*sentences(before), *old} if before else set()
    new = [sentence for sentence in (*sentences(policy), *rules) if sentence not in known]
    gone = [gettext("No longer: %(rule)s", rule=rule) for rule in old if rule not in rules]
    if not new and not gone and rules != old:
        return [gettext("The rules by risk stand in another order.")]
    return [*new, *gone]


def practice(terms: Practiced) -> list[str]:
    """How an exchange comes to count, by a policy or one of its rules."""
    return [
        gettext(APPROVAL[terms.approval]),
        gettext(CONFIRMATION[terms.confirmation]),
        *([silence(terms.auto_confirm_days)] if may_wait(terms.confirmation) else []),
    ]


def risk(rule: PolicyRule, kinds: Kinds) -> str:
    """What a rule is for: a kind of help, a place, or both."""
    said = [kinds[rule.gift_id] if rule.gift_id else "", gettext(PLACES[rule.place]) if rule.place else ""]
    return " · ".join(filter(None, said))


def _by_risk(policy: Policy, kinds: Kinds) -> list[str]:
    return [f"{risk(rule, kinds)}: {' '.join(practice(rule))}" for rule in policy.rules]


def silence(days: int | None) -> str:
    """What it means that nobody answers."""
    if days is None:
        return gettext("Logged hours wait until they are confirmed, however long that takes.")
    return ngettext(
        "If nobody answers for %(num)s day, logged hours count as confirmed.",
        "If nobody answers for %(num)s days, logged hours count as confirmed.",
        days,
    )


def _start(seconds: int) -> str:
    if not seconds:
        return gettext("Everybody begins at zero, and may receive help straight away.")
    return gettext("Everybody begins with starting credits: %(hours)s.", hours=hours(seconds))


def _limits(policy: Policy) -> list[str]:
    most_received, talk_after = limits_of(policy)
    limit = (
        gettext("There is no limit to how much more somebody may receive than they gave.")
        if most_received is None
        else gettext("Nobody receives more than this beyond what they gave: %(hours)s.", hours=hours(most_received))
    )
    talk = gettext(
        "A time broker rings for a friendly word when somebody has received this much more than they gave: %(hours)s.",
        hours=hours(talk_after),
    )
    return [limit, talk]


def meanings(approval: str, confirmation: str) -> list[tuple[str, str]]:
    """What a practice means to each of the four whom it concerns; nothing where it is not chosen yet."""
    if approval not in set(Approval) or confirmation not in set(Confirmation):
        return []
    return [
        (
            gettext(CONCERNED[whom]),
            " ".join(map(gettext, meaning(Approval(approval), Confirmation(confirmation), whom))),
        )
        for whom in Concerned
    ]
