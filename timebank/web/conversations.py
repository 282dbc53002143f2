"""A conversation as its exchange's page shows it."""

from dataclasses import dataclass
from uuid import UUID

from timebank.messages.actions import read
from timebank.messages.queries import Conversation, conversation
from timebank.messages.rules import BetweenTheTwo
from timebank.web.forms import Form
from timebank.web.schemas.messages import SaidMessage
from timebank.web.session import action, database, me

SHOWN = 6


@dataclass(frozen=True)
class Talk:
    """What was written (None: it is not for the reader), what was new in it, and the form to answer with."""

    conversation: Conversation | None
    newer_than: int
    form: Form


def talk_about(exchange_id: UUID, *, form: Form | None = None, before: int | None = None, limit: int = SHOWN) -> Talk:
    """What the reader may read of a conversation; looking at its newest messages is to have read them."""
    said = form or Form(SaidMessage)
    try:
        found = conversation(database(), exchange_id, by=me().standing, before=before, limit=limit)
    except BetweenTheTwo:
        return Talk(None, 0, said)
    newer_than, newest = found.read_number, found.last_number
    if found.voices and newest > newer_than:
        with action() as session:
            read(session, exchange_id, by=me().standing, number=newest)
        found = conversation(database(), exchange_id, by=me().standing, before=before, limit=limit)
    return Talk(found, newer_than, said)
