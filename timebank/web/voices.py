"""In whose name somebody may speak: their own, that of an organisation they act for, or, as a broker, anybody's."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlmodel import Session

from timebank.members.queries import party
from timebank.members.rules import ForOthers, NoSuchMember, check_speaks_for
from timebank.organisations.queries import named
from timebank.web.session import Me, me


@dataclass(frozen=True)
class Voice:
    """A party in whose name the reader may speak. On behalf: as a broker, because somebody rang or wrote."""

    party_id: UUID
    name: str
    is_on_behalf: bool = False


def voices(session: Session, asking: Me, asked_for: str | None = None) -> list[Voice]:
    """Every voice of the reader, their own first; or only the one that an address asks for with `?for=`.

    Raises NoSuchMember where nobody is meant by that, and ForOthers where the reader may not speak for them.
    """
    if asked_for:
        return [_voice_for(session, asking, asked_for)]
    own = asking.standing.parties
    found = [Voice(each.id, each.name) for each in named(session, own)]
    return sorted(found, key=lambda voice: voice.party_id != asking.member_id)


def _voice_for(session: Session, asking: Me, asked_for: str) -> Voice:
    try:
        meant = party(session, asking.timebank_id, UUID(asked_for))
    except ValueError:
        raise NoSuchMember from None
    check_speaks_for(asking.standing, meant.id)
    return Voice(meant.id, meant.name, is_on_behalf=not asking.standing.speaks_for(meant.id))


def for_whom() -> ResponseReturnValue:
    """A broker without a voice of their own chooses a member first. Raises ForOthers for everybody else."""
    if not me().standing.is_broker:
        raise ForOthers
    flash(gettext("For whom? Choose a member first."))
    return redirect(url_for("members.index"), 303)
