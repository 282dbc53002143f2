"""What each kind of notice says. The worker and the mailbox page put in the values, in the reader's language."""

from dataclasses import dataclass

from timebank.language import N_


@dataclass(frozen=True)
class Wording:
    """A subject and a first sentence; `%(other)s`, `%(title)s`, `%(hours)s` and `%(when)s` are put in."""

    subject: str
    sentence: str


WORDINGS: dict[str, Wording] = {
    "proposed": Wording(
        N_("%(other)s would like to exchange with you: %(title)s"),
        N_("Have a look, and say whether it suits you. It is fine to say no."),
    ),
    "agreed": Wording(
        N_("%(other)s said yes: %(title)s"),
        N_("You have agreed on it: %(when)s, about %(hours)s."),
    ),
    "suggested": Wording(
        N_("%(other)s suggests another time: %(title)s"),
        N_("%(when)s, about %(hours)s. Please say whether it suits you. Nothing changes until you agree."),
    ),
    "kept": Wording(
        N_("It stays as it was agreed: %(title)s, with %(other)s"),
        N_("%(when)s, about %(hours)s. No other time was agreed on."),
    ),
    "approved": Wording(
        N_("Approved: %(title)s, with %(other)s"),
        N_("%(when)s, about %(hours)s. Once it is done, one of you says how long it took."),
    ),
    "declined": Wording(
        N_("Not this time: %(title)s, with %(other)s"),
        N_("It was declined. Others may well be glad to be asked."),
    ),
    "withdrawn": Wording(
        N_("Withdrawn: %(title)s, with %(other)s"),
        N_("It was taken back. You need not do anything."),
    ),
    "cancelled": Wording(
        N_("Cancelled: %(title)s, with %(other)s"),
        N_("It was called off. You need not do anything."),
    ),
    "not_happened": Wording(
        N_("Did not take place: %(title)s, with %(other)s"),
        N_("No hours are counted. You need not do anything."),
    ),
    "reported": Wording(
        N_("%(other)s logged %(hours)s: %(title)s"),
        N_("Please say whether that is right."),
    ),
    "corrected": Wording(
        N_("%(other)s corrected it to %(hours)s: %(title)s"),
        N_("Please say whether it is right now."),
    ),
    "confirmed": Wording(
        N_("Confirmed: %(hours)s, %(title)s, with %(other)s"),
        N_("Your time broker will have a look, and then the hours are credited."),
    ),
    "credited": Wording(
        N_("Credited: %(hours)s, %(title)s, with %(other)s"),
        N_("The hours are on your statement. Thank you!"),
    ),
    "disputed": Wording(
        N_("%(other)s remembers it differently: %(title)s"),
        N_("That happens. Your time broker will talk with you both."),
    ),
    "settled": Wording(
        N_("Settled: %(title)s, with %(other)s"),
        N_("Your time broker has decided about the hours. They are on your statement."),
    ),
    "adjusted": Wording(
        N_("Put right: %(hours)s, %(title)s, with %(other)s"),
        N_("Your time broker has put these hours right. Your statement shows both entries, and what counts now."),
    ),
    "message": Wording(
        N_("%(other)s wrote to you: %(title)s"),
        N_("You can answer on the page of your exchange, or through your time broker."),
    ),
    "thanked": Wording(
        N_("%(other)s thanks you: %(title)s"),
        N_("It was worth an hour, and it was noticed."),
    ),
    "session_place": Wording(
        N_("A place has come free: %(title)s"),
        N_("You are coming now. If it no longer suits you, let somebody else have the place."),
    ),
    "session_again": Wording(
        N_("Again soon: %(title)s"),
        N_("You were there last time. If you would like to come again, sign up."),
    ),
    "session_changed": Wording(
        N_("Changed: %(title)s"),
        N_("Please look at when, where and how it takes place now."),
    ),
    "session_payer": Wording(
        N_("Will your organisation pay? %(title)s"),
        N_("Please say yes or no on the page of the group session. Nothing is paid before you have."),
    ),
    "session_payer_agreed": Wording(
        N_("%(other)s pays: %(title)s"),
        N_("They have agreed to pay for the givers' hours."),
    ),
    "session_payer_declined": Wording(
        N_("%(other)s does not pay: %(title)s"),
        N_("Choose who else pays, or talk to your time broker."),
    ),
    "session_cancelled": Wording(
        N_("Cancelled: %(title)s"),
        N_("The group session was called off. You need not do anything."),
    ),
    "session_credited": Wording(
        N_("Credited: %(title)s, %(hours)s"),
        N_("The hours of the group session are on the statements. Thank you!"),
    ),
    "session_reversed": Wording(
        N_("Reversed: %(title)s, %(hours)s"),
        N_("Your time broker has taken these hours back. Your statement shows both entries."),
    ),
    "passed_on": Wording(
        N_("%(other)s passed %(hours)s on to you"),
        N_("They are on your statement. You owe nothing for them."),
    ),
    "allocated": Wording(
        N_("From the community pot: %(hours)s"),
        N_("They are on your statement. Others put them there for somebody like you."),
    ),
    "pot_declined": Wording(
        N_("Not this time: %(hours)s from the community pot"),
        N_("Your time broker says why. It is fine to ask again."),
    ),
    "remind_unanswered": Wording(
        N_("%(other)s still waits for your answer: %(title)s"),
        N_("Say whether it suits you. It is fine to say no."),
    ),
    "remind_half_way": Wording(
        N_("%(other)s waits for your word: %(hours)s, %(title)s"),
        N_("Please say whether the hours are right. It takes no more than a moment."),
    ),
    "remind_last_day": Wording(
        N_("Only until tomorrow: %(hours)s, %(title)s, with %(other)s"),
        N_("If you say nothing, the hours count as confirmed tomorrow."),
    ),
    "remind_day_before": Wording(
        N_("%(when)s: %(title)s, with %(other)s"),
        N_("You have agreed on this. If it no longer suits you, suggest another time or call it off in good time."),
    ),
    "reversed": Wording(
        N_("Reversed: %(title)s, with %(other)s"),
        N_("Your time broker has taken these hours back. Your statement shows both entries."),
    ),
}
