"""Guardians: who may act for a member and how far, what they did, and ending it."""

from typing import Any
from uuid import UUID

from timebank.clock import now
from timebank.exchanges.queries import done_by_guardians
from timebank.members import guarding
from timebank.members.queries import guardianships
from timebank.web.api_room import Room
from timebank.web.schemas.guardians import SaidGuardian, ShownGuardians, limits_said
from timebank.web.session import action, database, me, today

api = Room("api_guardians", "guardians", url_prefix="/api/v1", description="Acting for another within limits")


@api.get("/members/<uuid:party_id>/guardians")
@api.response(200, ShownGuardians)
def index(party_id: UUID) -> dict[str, Any]:
    """For the member and for brokers: who acts or acted for them, for whom they do, and what was done lately."""
    return _about(party_id)


@api.post("/members/<uuid:party_id>/guardians")
@api.arguments(SaidGuardian)
@api.response(201, ShownGuardians)
def appoint(said: dict[str, Any], party_id: UUID) -> dict[str, Any]:
    """A broker lets somebody act for a member; what that guardian was let do before ends with it."""
    with action() as session:
        guarding.appoint(
            session,
            party_id,
            guardian_id=said["guardian_id"],
            limits=limits_said(said),
            evidence=said["evidence"],
            note=said["note"],
            broker=me().standing,
            at=now(),
            today=today(),
        )
    return _about(party_id)


@api.post("/guardianships/<uuid:guardianship_id>/end")
@api.response(204)
def end(guardianship_id: UUID) -> None:
    """The ward, the guardian or a broker ends it at once."""
    with action() as session:
        guarding.end(session, guardianship_id, by=me().standing, at=now())


def _about(party_id: UUID) -> dict[str, Any]:
    found = guardianships(database(), party_id, by=me().standing)
    return {
        "items": [
            each.held.model_dump()
            | {"guardian": each.guardian, "ward": each.ward, "note": each.held.note if me().standing.is_broker else ""}
            for each in found
        ],
        "done": [step for step, _, _ in done_by_guardians(database(), party_id)],
    }
