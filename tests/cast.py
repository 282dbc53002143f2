"""The cast of every test: who they are and where they stand, made by the house's own actions.

Abertawe is a timebank. In it Ana and Ben exchange, Bea and Bryn are brokers, Olwen has no e-mail address, Dewi acts for
Gwalia, a housing association, and is no member himself, and Awen audits the books. Cy belongs to another timebank,
Brecon, where Bethan is the broker. Everybody who has an e-mail address signs in with PASSWORD, as "<name>@example.org".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Session

from timebank.access.actions import set_password
from timebank.access.rules import Hasher
from timebank.database import unit_of_work
from timebank.language import Language
from timebank.members.actions import let_act_for, welcome
from timebank.members.queries import standing_of
from timebank.members.rules import Standing
from timebank.members.tables import Role
from timebank.network.actions import found
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Timebank
from timebank.organisations.actions import join

PASSWORD = "one hour is one hour"
LONG_AGO = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
"""The Monday on which everybody joined: before everything that tests let happen."""

QUICK_KIB = 8
"""Passwords cost nothing here: a test is not attacked."""
QUICK = Hasher(memory_kib=QUICK_KIB)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everybody by name, as they stood at the beginning; parties by id."""

    timebank_id: UUID
    other_timebank_id: UUID
    gwalia: UUID
    standings: Mapping[str, Standing] = field(repr=False)

    @property
    def ana(self) -> Standing:
        return self.standings["ana"]

    @property
    def ben(self) -> Standing:
        return self.standings["ben"]

    @property
    def bea(self) -> Standing:
        return self.standings["bea"]

    @property
    def bryn(self) -> Standing:
        return self.standings["bryn"]

    @property
    def olwen(self) -> Standing:
        return self.standings["olwen"]

    @property
    def dewi(self) -> Standing:
        return self.standings["dewi"]

    @property
    def awen(self) -> Standing:
        return self.standings["awen"]

    @property
    def cy(self) -> Standing:
        return self.standings["cy"]

    @property
    def bethan(self) -> Standing:
        return self.standings["bethan"]


def email_of(name: str) -> str:
    return f"{name}@example.org"


def gather(session: Session, *, terms: PolicyTerms | None = None, at: datetime = LONG_AGO) -> Cast:
    """Both timebanks are founded and everybody is welcomed, in one committed transaction; `terms` are those of both."""
    with unit_of_work(session):
        return _gather(session, terms or PolicyTerms(), at)


def _gather(session: Session, terms: PolicyTerms, at: datetime) -> Cast:
    abertawe = found(
        session, slug="abertawe", name_en="Swansea", name_cy="Abertawe", phone="01792 000000", terms=terms, at=at
    )
    brecon = found(session, slug="brecon", name_en="Brecon", name_cy="Aberhonddu", terms=terms, at=at)
    members: dict[str, UUID] = {}

    def enters(name: str, timebank: Timebank, *roles: Role, language: Language = Language.ENGLISH) -> None:
        has_email = name != "olwen"
        member = welcome(
            session,
            broker=None,
            timebank_id=timebank.id,
            name=name.capitalize(),
            email=email_of(name) if has_email else None,
            phone="" if has_email else "01792 000001",
            language=language,
            roles=roles,
            at=at,
        )
        if has_email:
            set_password(session, member.person_id, password=PASSWORD, at=at, using=QUICK)
        members[name] = member.id

    enters("ana", abertawe, Role.MEMBER)
    enters("ben", abertawe, Role.MEMBER)
    enters("bea", abertawe, Role.MEMBER, Role.BROKER)
    enters("bryn", abertawe, Role.BROKER, language=Language.WELSH)
    enters("olwen", abertawe, Role.MEMBER, language=Language.WELSH)
    enters("awen", abertawe, Role.AUDITOR)
    enters("dewi", abertawe)
    enters("cy", brecon, Role.MEMBER)
    enters("bethan", brecon, Role.MEMBER, Role.BROKER)
    gwalia = join(session, timebank_id=abertawe.id, name="Gwalia Homes", at=at)
    let_act_for(session, members["dewi"], gwalia.id, at=at)
    return Cast(
        timebank_id=abertawe.id,
        other_timebank_id=brecon.id,
        gwalia=gwalia.id,
        standings={name: standing_of(session, member_id) for name, member_id in members.items()},
    )
