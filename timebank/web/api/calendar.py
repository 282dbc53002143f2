"""What one has before one: exchanges that were agreed on, and group sessions."""

from typing import Any

from timebank.clock import now
from timebank.web.api_room import Room
from timebank.web.calendars import appointments
from timebank.web.schemas.calendar import ShownCalendar
from timebank.web.session import database, me

api = Room("api_calendar", "calendar", url_prefix="/api/v1/calendar", description="What one has before one")


@api.get("")
@api.response(200, ShownCalendar)
def show() -> dict[str, Any]:
    """The same as in one's calendar file."""
    return {"items": appointments(database(), me().standing, now())}
