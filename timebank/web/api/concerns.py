"""Concerns: told to the brokers in private, read and closed by those without a part."""

from typing import Any
from uuid import UUID, uuid4

from timebank.clock import now
from timebank.concerns import actions, queries
from timebank.concerns.queries import Confided
from timebank.web.api_room import Room
from timebank.web.paging import place_in, token_of
from timebank.web.schemas.concerns import AskedConcerns, SaidClosing, SentConcern, ShownConcern, ShownConcerns
from timebank.web.session import action, database, me
from timebank.web.voices import speaking

api = Room("api_concerns", "concerns", url_prefix="/api/v1/concerns", description="For brokers without a part only")


@api.post("")
@api.arguments(SentConcern)
@api.response(204)
def confide(said: dict[str, Any]) -> None:
    """Tell the brokers something about somebody. The same `submission` sent twice says it once."""
    about_id, submission, by = said.pop("about_id"), said.pop("submission") or uuid4(), speaking(said)
    del said["authority"]
    with action() as session:
        actions.confide(session, about_id, by=by, at=now(), submission=submission, **said)


@api.get("")
@api.arguments(AskedConcerns, location="query")
@api.response(200, ShownConcerns)
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """All that a broker may read, newest first."""
    page = queries.concerns(database(), broker=me().standing, after=place_in(asked["after"]))
    return {"items": [_shown(each) for each in page.items], "next": token_of(page.after) or None}


@api.get("/<uuid:concern_id>")
@api.response(200, ShownConcern)
def show(concern_id: UUID) -> dict[str, Any]:
    """One of them."""
    return _shown(queries.concern(database(), concern_id, broker=me().standing))


@api.post("/<uuid:concern_id>/close")
@api.arguments(SaidClosing)
@api.response(200, ShownConcern)
def close(said: dict[str, Any], concern_id: UUID) -> dict[str, Any]:
    """A broker has seen to it."""
    with action() as session:
        actions.close(session, concern_id, broker=me().standing, at=now(), note=said["note"])
    return _shown(queries.concern(database(), concern_id, broker=me().standing))


def _shown(confided: Confided) -> dict[str, Any]:
    words = confided.words
    return confided.concern.model_dump() | {
        "name": confided.name,
        "about": confided.about,
        "words": words.words if words else None,
        "note": (words.note or None) if words else None,
    }
