"""How it went, and thanks."""

from typing import Any
from uuid import UUID

from timebank.afterwords import actions
from timebank.afterwords.queries import echo
from timebank.clock import now
from timebank.web.api_room import Room
from timebank.web.schemas.afterwords import SaidFeeling, SaidNoted, SaidThanks, ShownEcho
from timebank.web.session import action, database, me
from timebank.web.voices import speaking

api = Room(
    "api_afterwords",
    "afterwords",
    url_prefix="/api/v1/exchanges/<uuid:exchange_id>",
    description="How it went, and thanks",
)


@api.get("/how-it-went")
@api.response(200, ShownEcho)
def show(exchange_id: UUID) -> dict[str, Any]:
    """What one's own side said, and the thanks of both. Nothing of it is for anybody else."""
    return _shown(exchange_id)


@api.post("/how-it-went")
@api.arguments(SaidFeeling)
@api.response(200, ShownEcho)
def say(said: dict[str, Any], exchange_id: UUID) -> dict[str, Any]:
    """Say how it went. Brokers see what did not go well; the other does not."""
    with action() as session:
        actions.say_how_it_went(
            session, exchange_id, said["feeling"], by=speaking(said), at=now(), for_party=said["for_party"]
        )
    return _shown(exchange_id)


@api.post("/thanks")
@api.arguments(SaidThanks)
@api.response(200, ShownEcho)
def thank(said: dict[str, Any], exchange_id: UUID) -> dict[str, Any]:
    """Thank the other, who is told."""
    with action() as session:
        actions.thank(
            session, exchange_id, words=said["words"], by=speaking(said), at=now(), for_party=said["for_party"]
        )
    return _shown(exchange_id)


@api.post("/how-it-went/noted")
@api.arguments(SaidNoted)
@api.response(204)
def note(said: dict[str, Any], exchange_id: UUID) -> None:
    """A broker has noted what did not go well."""
    with action() as session:
        actions.note(session, exchange_id, said["party_id"], broker=me().standing, at=now())


def _shown(exchange_id: UUID) -> dict[str, Any]:
    found = echo(database(), exchange_id, by=me().standing)
    return {
        "exchange_id": exchange_id,
        "feelings": [{"party_id": party_id, "feeling": feeling} for party_id, feeling in found.feelings.items()],
        "thanks": [
            {"party_id": party_id, "at": each.thanks.at, "authority": each.thanks.authority, "words": each.words}
            for party_id, each in found.thanks.items()
        ],
    }
