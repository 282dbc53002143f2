"""Members: whose names begin like what is typed."""

from typing import Any

from timebank.web.api_room import Room
from timebank.web.people import suggestions
from timebank.web.schemas.members import AskedMembers, ShownPeople

api = Room("api_members", "members", url_prefix="/api/v1/members", description="With whom hours can be exchanged")


@api.get("")
@api.arguments(AskedMembers, location="query")
@api.response(200, ShownPeople)
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """The first few who are called like `q`, each word of it the beginning of one of theirs; nobody without it."""
    return {"items": suggestions(asked["q"])}
