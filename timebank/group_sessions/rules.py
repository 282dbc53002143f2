"""Who may do what with a group session, and when."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from timebank.errors import NotAllowed, NotFound, RuleBroken
from timebank.group_sessions.tables import Attendance, Charging, GroupSession, Presence, SessionState
from timebank.language import N_
from timebank.members.rules import Standing


class NoSuchSession(NotFound):
    sentence = N_("There is no such group session in this timebank.")


class SessionIsOver(RuleBroken):
    sentence = N_("This group session is over, or was cancelled.")


class TookPlace(RuleBroken):
    sentence = N_("It has taken place already. Ask its host to put you down, if you were there.")


class NotYetBegun(RuleBroken):
    sentence = N_("It has not begun yet. The register is kept from then on.")


class BegunAlready(RuleBroken):
    sentence = N_("That time has passed already. Choose a later one, or a day on which it will be.")
    field = "day"


class ForTheHost(NotAllowed):
    sentence = N_("Only whoever hosts the session, or a time broker, can do that.")


class ForABrokerWithoutPart(NotAllowed):
    sentence = N_("You have a part in this session yourself: another broker has to credit it.")


class OtherPart(RuleBroken):
    sentence = N_("%(name)s is down for the other part already.")
    field = "party_id"


class CountedAlready(RuleBroken):
    sentence = N_("The hours of %(name)s are credited already.")
    field = "party_id"


class NobodyToCharge(RuleBroken):
    sentence = N_("Put down at least one giver and one receiver who came.")


class NothingToCredit(RuleBroken):
    sentence = N_("Everybody who came is counted already.")


class NoSuchEntry(NotFound):
    sentence = N_("There is no such entry of this session.")


class EntryIsReversed(RuleBroken):
    sentence = N_("This entry was reversed already.")


class NeedsAPayer(RuleBroken):
    sentence = N_("Choose which organisation pays.")
    field = "payer_id"


class PayerHasNotAgreed(RuleBroken):
    sentence = N_("%(name)s has not agreed to pay yet.")


class BeyondWhatWasAgreed(RuleBroken):
    sentence = N_("%(name)s agreed to pay up to %(most_seconds)s. With this entry it would be %(over_seconds)s more.")


class ForThePayer(NotAllowed):
    sentence = N_("Only whoever acts for the organisation that is to pay, or a time broker, can say that.")


class NobodyIsAsked(RuleBroken):
    sentence = N_("No organisation is asked to pay for this session any more.")


class CreditedAlready(RuleBroken):
    sentence = N_("Its hours are credited already. Reverse them first.")


class RegisterHasChanged(RuleBroken):
    sentence = N_("The register has changed meanwhile, and so has the entry. Look at it once more.")


class CheckInIsOver(RuleBroken):
    sentence = N_("Nobody checks in any more: the session is over, or was called off. Talk to its host.")


class CheckInNotOpen(RuleBroken):
    sentence = N_("That is early. You can check in from: %(opens_at)s")


class CodeIsForAnother(NotAllowed):
    sentence = N_("Scan the code that is shown at this session, or ask its host to put you down.")
    field = "code"


class OnlyGiversPrepare(RuleBroken):
    sentence = N_("Only a giver has time to prepare it.")
    field = "preparation"


class OneSidePays(RuleBroken):
    sentence = N_("The organisation that pays cannot be a giver too: nothing would move.")
    field = "payer_id"


def has_part(session: GroupSession, attending: Iterable[Attendance], by: Standing) -> bool:
    """Whether somebody came to it, hosts it or pays for it, or speaks for whoever does: others credit it then."""
    came = {each.party_id for each in attending if each.presence is Presence.CAME}
    return bool(by.stakes & (came | {session.host_id, session.payer_id}))


def may_host(session: GroupSession, by: Standing) -> bool:
    return by.is_broker or by.speaks_for(session.host_id)


def check_may_host(session: GroupSession, by: Standing) -> None:
    if not may_host(session, by):
        raise ForTheHost


def check_announced(session: GroupSession) -> None:
    if session.state is not SessionState.ANNOUNCED:
        raise SessionIsOver


def has_taken_place(session: GroupSession, at: datetime) -> bool:
    """Whether its time is over, so that nobody can come any more; who came is put down by its host."""
    return session.starts_at + timedelta(seconds=session.planned_seconds) <= at


def counted_seconds(session: GroupSession, attendance: Attendance) -> int:
    """How long counts for somebody who came: a giver's preparation too, where this session's rule says so."""
    return (attendance.seconds or 0) + (attendance.prepared_seconds if session.counts_preparation else 0)


def is_counted(session: GroupSession, attendance: Attendance) -> bool:
    """Whether hours are credited for somebody already. Where nobody pays there are none: the register stays open."""
    return attendance.entry_number is not None and session.charging is not Charging.NOBODY


def may_answer_for_payer(session: GroupSession, by: Standing) -> bool:
    return session.payer_id is not None and (by.is_broker or by.speaks_for(session.payer_id))


def needs_payer(charging: Charging) -> bool:
    return charging is Charging.ORGANISATION
