"""Who may read what two people write to each other, and who may write."""

from collections.abc import Collection
from uuid import UUID

from timebank.errors import NotAllowed, NotFound
from timebank.exchanges.rules import is_party, parties_of
from timebank.exchanges.tables import Exchange
from timebank.language import N_
from timebank.members.rules import Standing


class BetweenTheTwo(NotAllowed):
    sentence = N_("What the two write to each other is theirs. One of them can show it to the time brokers.")


class NoSuchMessage(NotFound):
    sentence = N_("There is no such message.")


class NotYourWords(NotAllowed):
    sentence = N_("Only the side that wrote a message can take it back.")


def voices_in(exchange: Exchange, by: Standing, *, through_broker: Collection[UUID]) -> list[UUID]:
    """The sides for which somebody reads and writes: their own; for a broker without a part, those without e-mail.

    `through_broker` are the sides that only a broker reaches: what is written to them has to be read out by somebody.
    """
    if own := sorted(by.parties & parties_of(exchange)):
        return own
    if by.is_broker and not is_party(exchange, by):
        return sorted(parties_of(exchange) & set(through_broker))
    return []


def may_read(exchange: Exchange, by: Standing, *, voices: Collection[UUID], is_shown: bool) -> bool:
    """Whoever has a voice here, and a broker without a part once one of the two has shown it."""
    return bool(voices) or (is_shown and by.is_broker and not is_party(exchange, by))
