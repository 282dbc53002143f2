"""A policy in plain sentences, one for each thing that it decides, in a fixed order."""

from flask_babel import gettext, ngettext

from timebank.language import N_
from timebank.network.tables import Approval, Confirmation, Policy
from timebank.web.filters import hours
from timebank.web.schemas.policy import limits_of

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


def sentences(policy: Policy) -> list[str]:
    """What a policy says."""
    return [
        gettext(APPROVAL[policy.approval]),
        gettext(CONFIRMATION[policy.confirmation]),
        _silence(policy.auto_confirm_days),
        gettext("Hours are counted in steps of this length: %(step)s.", step=hours(policy.granularity_seconds)),
        _start(policy.starting_credits_seconds),
        *_limits(policy),
        gettext("Days and times are those of this time zone: %(zone)s.", zone=policy.time_zone),
    ]


def differences(policy: Policy, before: Policy | None) -> list[str]:
    """What a policy says that the one before it did not say."""
    known = set(sentences(before)) if before else set()
    return [sentence for sentence in sentences(policy) if sentence not in known]


def _silence(days: int | None) -> str:
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
