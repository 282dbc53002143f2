"""What a code leads to that somebody scanned or typed in, whichever room made it: for pages and API alike."""

from timebank.access.codes import NoSuchCode
from timebank.clock import now
from timebank.exchanges import queries as exchanges
from timebank.exchanges.rules import check_scanned
from timebank.exchanges.tables import Exchange
from timebank.group_sessions import queries as group_sessions
from timebank.group_sessions.tables import GroupSession
from timebank.language import N_
from timebank.members.rules import Standing
from timebank.web.session import database

NO_PLACE = N_("All places are taken. You are on the waiting list, and the host can let you in.")


def behind_code(code: str) -> Exchange | GroupSession:
    """The logged hours or the group session that a code leads to. Raises NoSuchCode."""
    try:
        return exchanges.behind_code(database(), code, now())
    except NoSuchCode:
        return group_sessions.behind_code(database(), code)


def check_leads(found: Exchange | GroupSession, by: Standing) -> None:
    """Whether a code leads somebody there. Raises NoSuchCode in another timebank, YourOwnCode, CodeForAnother."""
    if isinstance(found, Exchange):
        check_scanned(found, by)
    elif found.timebank_id != by.timebank_id:
        raise NoSuchCode
