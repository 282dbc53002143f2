"""An organisation joins."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.members.actions import open_party
from timebank.members.tables import PartyKind
from timebank.organisations.tables import Organisation


def join(
    session: Session, *, timebank_id: UUID, name: str, at: datetime, about_en: str = "", about_cy: str = ""
) -> Organisation:
    """An organisation becomes a party of a timebank, with an account without a floor."""
    party = open_party(session, timebank_id=timebank_id, kind=PartyKind.ORGANISATION, name=name, at=at)
    organisation = Organisation(id=party.id, about_en=about_en, about_cy=about_cy)
    session.add(organisation)
    session.flush()
    return organisation
