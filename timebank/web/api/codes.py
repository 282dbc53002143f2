"""Codes that one side shows and the other scans, for programs that show and scan them."""

from typing import Any
from uuid import UUID

from flask import url_for

from timebank.clock import now
from timebank.exchanges.codes import show_code
from timebank.exchanges.tables import Exchange
from timebank.web.api_room import Room
from timebank.web.codes import behind_code, check_leads
from timebank.web.limits import address, failed_tries
from timebank.web.qr import whole_address
from timebank.web.schemas.codes import SaidCode, ShownCode, ShownWay
from timebank.web.session import action, me

api = Room("api_codes", "codes", url_prefix="/api/v1", description="Codes to scan")


@api.post("/exchanges/<uuid:exchange_id>/code")
@api.response(201, ShownCode)
def show(exchange_id: UUID) -> dict[str, Any]:
    """Make a code for the other side to confirm logged hours by. It is told this once, and ends the one before."""
    with action() as session:
        code = show_code(session, exchange_id, by=me().standing, at=now())
    return {"code": code, "address": whole_address(url_for("scan.arrive", code=code))}


@api.post("/codes")
@failed_tries(address, "60 per 15 minutes")
@api.arguments(SaidCode)
@api.response(200, ShownWay)
def follow(said: dict[str, Any]) -> dict[str, Any]:
    """Where a code leads that was scanned or typed in. To confirm or to check in is a step of its own."""
    found = behind_code(said["code"])
    check_leads(found, me().standing)
    is_exchange = isinstance(found, Exchange)
    return {"exchange_id" if is_exchange else "session_id": found.id}
