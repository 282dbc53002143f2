"""What states, verbs and steps are called on the page: whole sentences, so that each language says them its way."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import gettext

from timebank.exchanges.tables import Exchange, State, Step, Verb
from timebank.language import N_
from timebank.sheets.rules import written_number
from timebank.today.queries import Waiting

STATES: dict[State, str] = {
    State.PROPOSED: N_("Proposed"),
    State.AGREED: N_("Agreed"),
    State.APPROVED: N_("Approved"),
    State.REPORTED: N_("Logged"),
    State.CONFIRMED: N_("Confirmed"),
    State.CREDITED: N_("Credited"),
    State.DISPUTED: N_("To be settled"),
    State.DECLINED: N_("Declined"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.CANCELLED: N_("Cancelled"),
    State.NOT_HAPPENED: N_("Did not happen"),
    State.REVERSED: N_("Reversed"),
}

STEPS: dict[Verb, str] = {
    Verb.PROPOSE: N_("%(who)s proposed it"),
    Verb.AGREE: N_("%(who)s agreed"),
    Verb.SUGGEST: N_("%(who)s suggested another time"),
    Verb.KEEP: N_("%(who)s kept to what was agreed"),
    Verb.DECLINE: N_("%(who)s declined"),
    Verb.WITHDRAW: N_("%(who)s withdrew it"),
    Verb.APPROVE: N_("%(who)s approved it"),
    Verb.CANCEL: N_("%(who)s cancelled it"),
    Verb.DID_NOT_HAPPEN: N_("%(who)s said that it did not happen"),
    Verb.REPORT: N_("%(who)s logged the hours"),
    Verb.CORRECT: N_("%(who)s corrected the hours"),
    Verb.CONFIRM: N_("%(who)s confirmed the hours"),
    Verb.DISPUTE: N_("%(who)s remembers it differently"),
    Verb.SETTLE: N_("%(who)s settled the hours"),
    Verb.ADJUST: N_("%(who)s put the hours right"),
    Verb.REVERSE: N_("%(who)s reversed the hours"),
}

HOUSE_STEPS: dict[Verb, str] = {
    Verb.CONFIRM: N_("The hours counted as confirmed under the policy"),
    Verb.CREDIT: N_("The hours were credited"),
}


@dataclass(frozen=True)
class Button:
    """A verb as a button: its words, what is said after it, whether it asks for more first, how it stands out."""

    text: str
    done: str
    asks: bool = False
    kind: str = "secondary"


BUTTONS: dict[Verb, Button] = {
    Verb.AGREE: Button(N_("Agree on a time"), N_("Agreed. They have been told."), asks=True, kind="primary"),
    Verb.APPROVE: Button(N_("Approve"), N_("Approved. Both have been told."), kind="primary"),
    Verb.CONFIRM: Button(N_("Confirm the hours"), N_("Confirmed. Thank you!"), kind="primary"),
    Verb.REPORT: Button(N_("Log the hours"), N_("Logged. Thank you!"), asks=True, kind="primary"),
    Verb.SETTLE: Button(N_("Settle the hours"), N_("Settled. Both have been told."), asks=True, kind="primary"),
    Verb.CORRECT: Button(N_("Correct the hours"), N_("Corrected. The other person is asked to confirm it."), asks=True),
    Verb.DISPUTE: Button(
        N_("That is not how I remember it"), N_("Your time broker will talk with you both."), asks=True
    ),
    Verb.SUGGEST: Button(N_("Suggest another time"), N_("Sent. You will be told as soon as they answer."), asks=True),
    Verb.KEEP: Button(N_("Keep to what was agreed"), N_("It stays as it was agreed. They have been told.")),
    Verb.DECLINE: Button(N_("Decline"), N_("Declined. They have been told."), asks=True),
    Verb.WITHDRAW: Button(N_("Withdraw it"), N_("Withdrawn. They have been told.")),
    Verb.CANCEL: Button(N_("Cancel it"), N_("Cancelled. They have been told."), asks=True),
    Verb.DID_NOT_HAPPEN: Button(N_("It did not happen"), N_("Noted. No hours are counted."), asks=True),
    Verb.ADJUST: Button(N_("Put the hours right"), N_("Put right. Both have been told."), asks=True),
    Verb.REVERSE: Button(N_("Reverse the hours"), N_("Reversed. Both have been told."), asks=True, kind="warning"),
}

WAITING: dict[Waiting, str] = {
    Waiting.APPROVE: N_("Approve"),
    Waiting.CREDIT: N_("Credit"),
    Waiting.SETTLE: N_("Settle"),
    Waiting.UNCONFIRMED: N_("Unconfirmed"),
    Waiting.UNLOGGED: N_("Not logged"),
    Waiting.UNANSWERED: N_("Unanswered"),
    Waiting.CONVERSATION: N_("A word with"),
    Waiting.NEVER_ASKS: N_("Never asks"),
    Waiting.POT: N_("Asks the pot"),
    Waiting.SESSION: N_("Group session"),
    Waiting.LETTER: N_("Letters and calls"),
    Waiting.CONCERN: N_("Concern"),
    Waiting.AFTERWORD: N_("How it went"),
}

WEEK: tuple[str, ...] = (
    N_("Monday morning"),
    N_("Monday afternoon"),
    N_("Monday evening"),
    N_("Tuesday morning"),
    N_("Tuesday afternoon"),
    N_("Tuesday evening"),
    N_("Wednesday morning"),
    N_("Wednesday afternoon"),
    N_("Wednesday evening"),
    N_("Thursday morning"),
    N_("Thursday afternoon"),
    N_("Thursday evening"),
    N_("Friday morning"),
    N_("Friday afternoon"),
    N_("Friday evening"),
    N_("Saturday morning"),
    N_("Saturday afternoon"),
    N_("Saturday evening"),
    N_("Sunday morning"),
    N_("Sunday afternoon"),
    N_("Sunday evening"),
)
"""The 21 parts of the week that `Listing.times` counts, each as a whole: Welsh puts them the other way round."""

APPROVALS: dict[str, str] = {
    "none": N_("A broker need not look"),
    "beforehand": N_("A broker, before it takes place"),
    "afterwards": N_("A broker, before the hours are credited"),
}

CONFIRMATIONS: dict[str, str] = {
    "giver": N_("The giver's word is enough"),
    "receiver": N_("The receiver's word counts"),
    "either": N_("The word of either is enough"),
    "both": N_("Both give their word"),
}

PLACES: dict[str, str] = {
    "givers_home": N_("At the giver’s home"),
    "receivers_home": N_("At the receiver’s home"),
    "public": N_("In a public place"),
    "remote": N_("By telephone or online"),
}

PURPOSES: dict[str, str] = {
    "service": N_("Help"),
    "grant": N_("Starting credits"),
    "donation": N_("Passed on"),
    "allocation": N_("From the community pot"),
    "closing": N_("Closing of the account"),
    "session": N_("Group session"),
}

CHARGINGS: dict[str, str] = {
    "each": N_("Everybody who receives pays in full"),
    "shared": N_("Those who receive share the givers' hours"),
    "pot": N_("The community pot pays"),
    "organisation": N_("An organisation pays"),
    "nobody": N_("Nobody pays"),
}

PARTS: dict[str, str] = {"giver": N_("gives"), "receiver": N_("receives")}

PRESENCES: dict[str, str] = {
    "coming": N_("is coming"),
    "waiting": N_("waits for a place"),
    "withdrawn": N_("cannot come"),
    "came": N_("came"),
    "absent": N_("did not come"),
}

FEELINGS: dict[str, str] = {
    "well": N_("It went well"),
    "so_so": N_("It was so-so"),
    "not_well": N_("It did not go well"),
}

SESSIONS: dict[str, str] = {
    "announced": N_("Announced"),
    "credited": N_("Credited"),
    "cancelled": N_("Cancelled"),
}

GUARDED: dict[str, str] = {
    "ask": N_("Ask for help and offer it"),
    "agree": N_("Agree on a time, or say no"),
    "log": N_("Log hours and confirm them"),
}

EVIDENCES: dict[str, str] = {
    "said_so": N_("The member said so themselves"),
    "letter": N_("A letter from the member"),
    "document": N_("A court's or an authority's document was seen"),
}

AUTHORITIES: dict[str, str] = {
    "phone": N_("By telephone"),
    "letter": N_("In writing"),
    "in_person": N_("In person"),
    "guardian": N_("As a guardian"),
}

MARKS: dict[str, str] = {
    "is_unapproved": N_("Nobody approved it beforehand."),
    "is_one_handed": N_("One person logged it for both sides."),
    "waits_for_limit": N_("It would pass a limit."),
}
"""Why a broker has to look at logged hours, whatever the policy says."""


def _marks(exchange: Exchange) -> list[str]:
    return [gettext(words) for mark, words in MARKS.items() if getattr(exchange, mark)]


def _step_words(step: Step, who: str) -> str:
    """A step as a sentence: "Ben confirmed the hours"."""
    return gettext(STEPS[step.verb]) % {"who": who}


def _times(slots: Iterable[int]) -> str:
    """Parts of the week in words: "Monday morning, Tuesday evening"."""
    return ", ".join(gettext(WEEK[slot]) for slot in slots)


def teach(app: Flask) -> None:
    """Templates say {{ exchange.state | state_word }}."""
    for name, words in (
        ("state_word", STATES),
        ("waiting_word", WAITING),
        ("feeling_word", FEELINGS),
        ("approval_word", APPROVALS),
        ("confirmation_word", CONFIRMATIONS),
        ("place_word", PLACES),
        ("purpose_word", PURPOSES),
        ("charging_word", CHARGINGS),
        ("part_word", PARTS),
        ("presence_word", PRESENCES),
        ("session_word", SESSIONS),
        ("authority_word", AUTHORITIES),
        ("guarded_word", GUARDED),
        ("evidence_word", EVIDENCES),
    ):
        app.add_template_filter(_translated(words), name)
    app.add_template_filter(written_number, "sheet_number")
    app.jinja_env.globals["places"] = PLACES
    app.add_template_filter(BUTTONS.__getitem__, "button")
    app.add_template_filter(_marks, "marks")
    app.add_template_filter(_step_words, "step_words")
    app.add_template_filter(_times, "times_words")


def _translated(words: Mapping[Any, str]) -> Callable[[Any], str]:
    return lambda key: gettext(words[key])
