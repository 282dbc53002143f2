"""Messages: inboxes, conversations, writing and reading."""

from typing import Any
from uuid import UUID, uuid4

from timebank.clock import now
from timebank.messages import actions, queries
from timebank.messages.queries import Conversation
from timebank.web.api_room import Room
from timebank.web.paging import place_in, token_of
from timebank.web.schemas.messages import (
    AskedConversation,
    AskedInbox,
    SaidRead,
    SentMessage,
    ShownConversation,
    ShownInbox,
)
from timebank.web.session import action, database, me
from timebank.web.voices import speaking

api = Room("api_messages", "messages", url_prefix="/api/v1", description="What the two of an exchange write")


@api.get("/messages")
@api.arguments(AskedInbox, location="query")
@api.response(200, ShownInbox)
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """One's conversations, those that moved last first, and how many have something new in them."""
    page = queries.inbox(database(), by=me().standing, after=place_in(asked["after"]))
    return {
        "unread": queries.unread(database(), me().standing.parties),
        "items": [
            {
                "exchange_id": kept.exchange.id,
                "title": kept.exchange.title,
                "other": kept.other,
                "last_at": kept.side.last_at,
                "is_unread": kept.is_unread,
                "words": kept.words,
            }
            for kept in page.items
        ],
        "next": token_of(page.after) or None,
    }


@api.get("/exchanges/<uuid:exchange_id>/messages")
@api.arguments(AskedConversation, location="query")
@api.response(200, ShownConversation)
def show(asked: dict[str, Any], exchange_id: UUID) -> dict[str, Any]:
    """What the two wrote. To ask for it is not to have read it: say so with `read`."""
    return _shown(queries.conversation(database(), exchange_id, by=me().standing, before=asked["before"]))


@api.post("/exchanges/<uuid:exchange_id>/messages")
@api.arguments(SentMessage)
@api.response(201, ShownConversation)
def write(said: dict[str, Any], exchange_id: UUID) -> dict[str, Any]:
    """Write to the other. The same `submission` sent twice is one message."""
    with action() as session:
        actions.write(
            session,
            exchange_id,
            words=said["words"],
            by=speaking(said),
            at=now(),
            submission=said["submission"] or uuid4(),
            for_party=said["for_party"],
        )
    return _now_stands(exchange_id)


@api.post("/exchanges/<uuid:exchange_id>/messages/read")
@api.arguments(SaidRead)
@api.response(200, ShownConversation)
def read(said: dict[str, Any], exchange_id: UUID) -> dict[str, Any]:
    """Say how far one has read."""
    with action() as session:
        actions.read(session, exchange_id, by=me().standing, number=said["number"])
    return _now_stands(exchange_id)


@api.post("/exchanges/<uuid:exchange_id>/messages/<int(min=1, max=2147483647):number>/take-back")
@api.response(200, ShownConversation)
def take_back(exchange_id: UUID, number: int) -> dict[str, Any]:
    """Remove what a message of one's own said."""
    with action() as session:
        actions.take_back(session, exchange_id, number, by=me().standing)
    return _now_stands(exchange_id)


@api.post("/exchanges/<uuid:exchange_id>/messages/show")
@api.response(200, ShownConversation)
def show_to_brokers(exchange_id: UUID) -> dict[str, Any]:
    """Let the brokers read."""
    with action() as session:
        actions.show_to_brokers(session, exchange_id, by=me().standing, at=now())
    return _now_stands(exchange_id)


@api.post("/exchanges/<uuid:exchange_id>/messages/keep")
@api.response(200, ShownConversation)
def keep_from_brokers(exchange_id: UUID) -> dict[str, Any]:
    """Let the brokers read no longer."""
    with action() as session:
        actions.keep_from_brokers(session, exchange_id, by=me().standing)
    return _now_stands(exchange_id)


def _now_stands(exchange_id: UUID) -> dict[str, Any]:
    return _shown(queries.conversation(database(), exchange_id, by=me().standing))


def _shown(found: Conversation) -> dict[str, Any]:
    return {
        "exchange_id": found.named.exchange.id,
        "read_number": found.read_number,
        "voices": found.voices,
        "messages": [
            each.message.model_dump() | {"words": each.words, "writer": each.writer} for each in found.messages
        ],
        "earlier": found.earlier,
    }
