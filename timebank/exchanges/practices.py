"""What each practice means to the four it concerns: giver, receiver, broker and the house, in whole sentences.

The page of the rules says it from here, and so does docs/practices.md: `python -m timebank.exchanges.practices`.
"""

import sys
from collections.abc import Iterator
from enum import StrEnum
from itertools import product

from timebank.language import N_
from timebank.network.tables import Approval, Confirmation


class Concerned(StrEnum):
    """Whom a practice concerns."""

    GIVER = "giver"
    RECEIVER = "receiver"
    BROKER = "broker"
    HOUSE = "house"


_ASKS_BOTH = N_("One of the two logs the hours, and the other says whether they are right.")
_ASKS_EITHER = N_("Whichever of the two logs the hours, they count; the other is told.")

BY_CONFIRMATION: dict[Concerned, dict[Confirmation, str]] = {
    Concerned.GIVER: {
        Confirmation.GIVER: N_("Hours that the giver logs count. If the receiver logs them, the giver is asked."),
        Confirmation.RECEIVER: N_("Hours that the giver logs wait for the receiver’s word."),
        Confirmation.EITHER: _ASKS_EITHER,
        Confirmation.BOTH: _ASKS_BOTH,
    },
    Concerned.RECEIVER: {
        Confirmation.GIVER: N_("Hours that the receiver logs wait for the giver’s word."),
        Confirmation.RECEIVER: N_("Hours that the receiver logs count. If the giver logs them, the receiver is asked."),
        Confirmation.EITHER: _ASKS_EITHER,
        Confirmation.BOTH: _ASKS_BOTH,
    },
}
BY_APPROVAL: dict[Concerned, dict[Approval, str]] = {
    Concerned.GIVER: {
        Approval.BEFOREHAND: N_("The giver waits until a broker has approved it, and only then helps."),
    },
    Concerned.RECEIVER: {
        Approval.BEFOREHAND: N_("The receiver waits until a broker has approved it; then the hours are set aside."),
    },
    Concerned.BROKER: {
        Approval.NONE: N_(
            "The broker need not look, unless they disagree, a limit is met or one person logged for both."
        ),
        Approval.BEFOREHAND: N_(
            "The broker approves it before it takes place. Hours that nobody approved come to the broker at the end."
        ),
        Approval.AFTERWARDS: N_("The broker looks at the hours once they are confirmed, and then they are credited."),
    },
    Concerned.HOUSE: {
        Approval.NONE: N_("The hours are credited as soon as they are confirmed."),
        Approval.BEFOREHAND: N_("The hours of what was approved are credited as soon as they are confirmed."),
        Approval.AFTERWARDS: N_("Nothing is credited before the broker has looked."),
    },
}
SILENCE = N_("If somebody who is asked does not answer in time, their silence counts as a yes.")

KNOWN_AS: tuple[tuple[str, Approval, Confirmation], ...] = (
    ("The one who pays says so", Approval.NONE, Confirmation.RECEIVER),
    ("The giver’s word is good enough", Approval.NONE, Confirmation.GIVER),
    ("Either may say so", Approval.NONE, Confirmation.EITHER),
    ("Both say so", Approval.NONE, Confirmation.BOTH),
    ("The broker always looks", Approval.AFTERWARDS, Confirmation.EITHER),
    ("The broker always looks, after both", Approval.AFTERWARDS, Confirmation.BOTH),
    ("The broker beforehand, as the insurance wants it", Approval.BEFOREHAND, Confirmation.BOTH),
)
"""The practices that timebanks are known to have, as what they are here."""


PREFACE = """\
# Approval and confirmation, and what they mean

For time brokers who decide about the rules. Drawn from `timebank/exchanges/practices.py`; a test holds this page to it,
and `tests/exchanges/test_practices.py` lives through every line of it.

A timebank decides two things: whether a broker looks at an exchange (*approval*), and whose word makes hours count
(*confirmation*). It decides them once for everything, and differently where the risk differs: a *rule by risk* names a
kind of help, a place, or a kind of help in a place. The first rule that fits an exchange applies, and the general rules
where none does.

- A kind of help or a place that nobody named fits no rule that asks for one: let the general rules be the careful ones.
- What is decided holds from that moment on, also for exchanges that are under way. Each of their steps keeps the
  version of the rules, and the rule by risk, under which it was made.
- Silence counts as a yes after the number of days that the rule says; without one, hours wait until they are confirmed.

## The practices by name

| practice | approval | confirmation |
|---|---|---|"""


def meaning(approval: Approval, confirmation: Confirmation, whom: Concerned) -> list[str]:
    """What a practice means to one of the four, as sentences for the catalogue."""
    said = [BY_APPROVAL[whom].get(approval), BY_CONFIRMATION.get(whom, {}).get(confirmation)]
    if whom is Concerned.HOUSE and may_wait(confirmation):
        said.append(SILENCE)
    return [sentence for sentence in said if sentence]


def may_wait(confirmation: Confirmation) -> bool:
    """Whether anybody is ever asked for their word: where either's is enough, who logs has given it."""
    return confirmation is not Confirmation.EITHER


def page() -> str:
    """The whole of docs/practices.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield PREFACE
    yield from (f"| {name} | {approval} | {confirmation} |" for name, approval, confirmation in KNOWN_AS)
    yield ""
    yield "## Every combination"
    yield ""
    yield f"| approval | confirmation | {' | '.join(Concerned)} |"
    yield "|---" * (2 + len(Concerned)) + "|"
    for approval, confirmation in product(Approval, Confirmation):
        told = [" ".join(meaning(approval, confirmation, whom)) for whom in Concerned]
        yield f"| {approval} | {confirmation} | {' | '.join(told)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
