"""When something may be said of how it went, and for whom."""

from timebank.afterwords.tables import Feeling
from timebank.errors import NotAllowed, NotFound, RuleBroken
from timebank.exchanges.tables import Exchange, State
from timebank.language import N_

FOR_BROKERS = frozenset({Feeling.SO_SO, Feeling.NOT_WELL})
"""What brokers see; that something went well is nobody's work."""


class NotOverYet(RuleBroken):
    sentence = N_("You can say that once the hours are credited.")


class NotYoursToSay(NotAllowed):
    sentence = N_("Only the two of them say how it went.")


class NoSuchAfterword(NotFound):
    sentence = N_("Nobody has said that, or a broker has noted it already.")


def is_over(exchange: Exchange) -> bool:
    """Whether the hours are credited."""
    return exchange.state is State.CREDITED


def check_over(exchange: Exchange) -> None:
    if not is_over(exchange):
        raise NotOverYet
