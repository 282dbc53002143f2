"""What may be passed on, by whom, and how much of it."""

from timebank.errors import NotAllowed, NotFound, RuleBroken
from timebank.language import N_

MOST_SECONDS = 1000 * 3600


class NoSuchWish(NotFound):
    sentence = N_("Nothing like that was asked of the community pot.")


class ToThemselves(RuleBroken):
    sentence = N_("Choose somebody else, or the community pot.")
    field = "receiver_id"


class MoreThanThereIs(RuleBroken):
    sentence = N_("There is less to pass on: %(free_seconds)s.")
    field = "hours"


class PotHoldsLess(RuleBroken):
    sentence = N_("The community pot holds less: %(free_seconds)s.")
    field = "hours"


class AnsweredAlready(RuleBroken):
    sentence = N_("This was answered already.")


class ForTheirOwnPurse(NotAllowed):
    sentence = N_("This concerns you yourself: another broker has to decide.")


class StillOpen(RuleBroken):
    sentence = N_("Some exchanges are still open: %(count)s. Finish or cancel them first.")


class SessionsStillOpen(RuleBroken):
    sentence = N_("Some group sessions are not finished: %(count)s. See them credited, or call them off first.")


class LastBroker(RuleBroken):
    sentence = N_("You are the only time broker here. Somebody else has to become one before you go.")


def check_there_is(free_seconds: int, seconds: int) -> None:
    """Nobody passes on what they do not have: a balance below zero means help received, not hours to give."""
    if seconds > free_seconds:
        raise MoreThanThereIs(free_seconds=max(free_seconds, 0))


def check_pot_holds(free_seconds: int, seconds: int) -> None:
    if seconds > free_seconds:
        raise PotHoldsLess(free_seconds=max(free_seconds, 0))
