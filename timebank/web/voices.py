"""In whose name somebody may speak: their own, that of an organisation they act for, or, as a broker, anybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask, flash, redirect, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlmodel import Session

from timebank.clock import now
from timebank.members.queries import party
from timebank.members.rules import ForOthers, Guarded, NoSuchMember, Standing, check_speaks_for
from timebank.organisations.queries import named
from timebank.web.session import Me, is_api, me

ONE_CALL = timedelta(minutes=15)
TOLD = "told"


@dataclass(frozen=True)
class Voice:
    """A party in whose name the reader may speak. On behalf: as a broker, because somebody rang or wrote.

    `told` is how they told the reader to do something a little while ago: the same call, most likely.
    """

    party_id: UUID
    name: str
    is_on_behalf: bool = False
    told: str = ""


def voices(session: Session, asking: Me, asked_for: str | None = None, act: Guarded | None = None) -> list[Voice]:
    """Every voice of the reader, their own first; or only the one that an address asks for with `?for=`.

    `act` is what they will do: where a guardian may do it, their wards are among the voices.

    Raises NoSuchMember where nobody is meant by that, and ForOthers where the reader may not speak for them.
    """
    if asked_for:
        return [_voice_for(session, asking, asked_for, act)]
    own = asking.standing.parties | {ward for ward in asking.standing.wards if asking.standing.may_for(ward, act)}
    found = [Voice(each.id, each.name) for each in named(session, own)]
    return sorted(found, key=lambda voice: voice.party_id != asking.member_id)


def _voice_for(session: Session, asking: Me, asked_for: str, act: Guarded | None) -> Voice:
    try:
        meant = party(session, asking.timebank_id, UUID(asked_for))
    except ValueError:
        raise NoSuchMember from None
    check_speaks_for(asking.standing, meant.id, act)
    return Voice(meant.id, meant.name, meant.id not in asking.standing.sides, told_lately(meant.id))


def speaking(said: Mapping[str, Any]) -> Standing:
    """Whoever asks, as they were told to act for another. A broker is not asked twice how, during one call."""
    if said["authority"] and said.get("for_party") and not is_api():
        until = now() + ONE_CALL
        cookie[TOLD] = [str(said["for_party"]), said["authority"], int(until.timestamp())]
    return me().standing.told(said["authority"])


def told_lately(party_id: UUID | str) -> str:
    """How a member told this browser's reader to do something for them, if that was a little while ago."""
    party, how, until = cookie.get(TOLD) or ("", "", 0)
    return how if party == str(party_id) and now().timestamp() < until else ""


def for_whom() -> ResponseReturnValue:
    """A broker without a voice of their own chooses a member first. Raises ForOthers for everybody else."""
    if not me().standing.is_broker:
        raise ForOthers
    flash(gettext("For whom? Choose a member first."))
    return redirect(url_for("members.index"), 303)


def teach(app: Flask) -> None:
    """Templates say {{ party_id | told_lately }}."""
    app.add_template_filter(told_lately)
