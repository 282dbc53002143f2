"""Entering the sheet on which people signed in to a group session: its whole register at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.errors import Refusal
from timebank.group_sessions import registering
from timebank.group_sessions.queries import attendances, session_to_change
from timebank.group_sessions.rules import check_may_host
from timebank.group_sessions.tables import Part, Presence
from timebank.members.rules import Standing
from timebank.sheets.rules import LinesRefused, NothingEntered


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A line of such a sheet: who came, for which part and how long."""

    number: int
    party_id: UUID
    part: Part
    seconds: int


def enter_register(
    session: Session,
    session_id: UUID,
    *,
    lines: Sequence[SignedIn],
    others_absent: bool,
    by: Standing,
    at: datetime,
) -> None:
    """The host or a broker puts down everybody who signed, all or none; the others did not come, if that is said.

    Entered again, it corrects what was put down before, until the hours are credited. Raises LinesRefused.
    """
    check_may_host(session_to_change(session, by.timebank_id, session_id), by)
    if not lines:
        raise NothingEntered
    refused: dict[int, Refusal] = {}
    for line in lines:
        try:
            registering.register(
                session, session_id, party_id=line.party_id, part=line.part, seconds=line.seconds, by=by, at=at
            )
        except Refusal as why:
            refused[line.number] = why
    if refused:
        raise LinesRefused(refused)
    came = {line.party_id for line in lines}
    for each in attendances(session, session_id) if others_absent else ():
        known = each.attendance
        if known.party_id not in came and known.presence in {Presence.COMING, Presence.WAITING}:
            registering.mark_absent(session, session_id, party_id=known.party_id, by=by, at=at)
