"""Blocks: whom one keeps away from."""

from typing import Any
from uuid import UUID

from timebank.clock import now
from timebank.members import blocking
from timebank.members.apart import blocked_by
from timebank.web.api_room import Room
from timebank.web.schemas.members import SaidBlock, ShownBlocks
from timebank.web.session import action, database, me
from timebank.web.voices import speaking

api = Room("api_blocks", "blocks", url_prefix="/api/v1", description="Keeping away from somebody, quietly")


@api.get("/blocks")
@api.response(200, ShownBlocks)
def index() -> dict[str, Any]:
    """Whom one has blocked."""
    found = blocked_by(database(), me().standing.parties)
    return {"items": [{"party_id": party_id, "name": name} for party_id, name in found]}


@api.post("/members/<uuid:party_id>/block")
@api.arguments(SaidBlock)
@api.response(204)
def block(said: dict[str, Any], party_id: UUID) -> None:
    """Block somebody. To do it twice is to do it once."""
    with action() as session:
        blocking.block(session, party_id, by=speaking(said), at=now(), for_party=said["for_party"])


@api.post("/members/<uuid:party_id>/unblock")
@api.arguments(SaidBlock)
@api.response(204)
def unblock(said: dict[str, Any], party_id: UUID) -> None:
    """Undo it."""
    with action() as session:
        blocking.unblock(session, party_id, by=me().standing, for_party=said["for_party"])
