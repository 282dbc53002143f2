"""In whose name somebody may speak: their own, that of an organisation they act for, or, as a broker, anybody's."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from timebank.members.queries import party
from timebank.members.rules import NoSuchMember, check_speaks_for
from timebank.organisations.queries import named
from timebank.web.session import Me


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
