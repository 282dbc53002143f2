"""Who is in a timebank, where they stand, and who is behind a party."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from timebank.folding import folded
from timebank.keyset import comes_after
from timebank.language import Language
from timebank.members.rules import (
    ForOthers,
    Guarded,
    NoSuchGift,
    NoSuchMember,
    Standing,
    Ward,
)
from timebank.members.tables import (
    ActsFor,
    Gift,
    Guardianship,
    Member,
    Party,
    PartyKind,
    Person,
    Role,
    RoleHeld,
    Status,
)


def standing_of(session: Session, member_id: UUID, *, today: date | None = None) -> Standing:
    """Where a member stands now; guardianships that were over before `today` are left out. Raises NoSuchMember."""
    found = session.exec(
        select(Party, Member, Person.is_operator)
        .join(Member, col(Member.id) == col(Party.id))
        .join(Person, col(Person.id) == col(Member.person_id))
        .where(Party.id == member_id)
    ).one_or_none()
    if found is None:
        raise NoSuchMember
    party, member, is_operator = found
    return Standing(
        timebank_id=party.timebank_id,
        person_id=member.person_id,
        member_id=member.id,
        status=party.status,
        roles=frozenset(held.role for held in session.exec(select(RoleHeld).where(RoleHeld.member_id == member_id))),
        delegate_of=frozenset(session.exec(select(ActsFor.party_id).where(ActsFor.member_id == member_id)).all()),
        is_operator=is_operator,
        guards=_guards(session, member_id, today),
    )


def _guards(session: Session, member_id: UUID, today: date | None) -> tuple[Ward, ...]:
    held = session.exec(
        select(Guardianship).where(Guardianship.guardian_id == member_id, col(Guardianship.ended_at).is_(None))
    ).all()
    return tuple(
        Ward(each.ward_id, frozenset(act for act in Guarded if getattr(each, f"may_{act}")))
        for each in held
        if not (today and each.until and each.until < today)
    )


@dataclass(frozen=True)
class Guarding:
    """A guardianship with the names of those in it."""

    held: Guardianship
    guardian: str
    ward: str
    set_by: str
    ended_by: str = ""


def guardianships(session: Session, member_id: UUID, *, by: Standing) -> list[Guarding]:
    """Who is or was somebody's guardian, and whose guardian they are or were; the newest first. Raises ForOthers."""
    member(session, by.timebank_id, member_id)
    if not (by.is_broker or by.member_id == member_id):
        raise ForOthers
    held = session.exec(
        select(Guardianship)
        .where((col(Guardianship.guardian_id) == member_id) | (col(Guardianship.ward_id) == member_id))
        .order_by(col(Guardianship.since).desc(), col(Guardianship.id))
        .limit(100)
    ).all()
    called = names(
        session, {who for each in held for who in (each.guardian_id, each.ward_id, each.set_by, each.ended_by) if who}
    )
    return [
        Guarding(
            each,
            called[each.guardian_id],
            called[each.ward_id],
            called[each.set_by],
            called[each.ended_by] if each.ended_by else "",
        )
        for each in held
    ]


def party(session: Session, timebank_id: UUID, party_id: UUID) -> Party:
    """A party of this timebank; another timebank's does not exist here. Raises NoSuchMember."""
    found = session.get(Party, party_id)
    if found is None or found.timebank_id != timebank_id:
        raise NoSuchMember
    return found


def party_to_change(session: Session, timebank_id: UUID, party_id: UUID) -> Party:
    """The same, and nobody else who asks for it in this way gets it before this is done."""
    locked = select(Party).where(Party.id == party_id, Party.timebank_id == timebank_id).with_for_update(key_share=True)
    found = session.exec(locked).one_or_none()
    if found is None:
        raise NoSuchMember
    return found


def lock_parties(session: Session, timebank_id: UUID, party_ids: Collection[UUID]) -> None:
    """Several in the same way, in one order, so that nobody waits for one of them while another waits for theirs."""
    theirs = col(Party.id).in_(party_ids), Party.timebank_id == timebank_id
    session.exec(select(Party.id).where(*theirs).order_by(col(Party.id)).with_for_update(key_share=True)).all()


def member(session: Session, timebank_id: UUID, member_id: UUID) -> Member:
    found = session.get(Member, member_id)
    if found is None or found.timebank_id != timebank_id:
        raise NoSuchMember
    return found


def person_behind(session: Session, timebank_id: UUID, member_id: UUID) -> Person:
    found = session.get(Person, member(session, timebank_id, member_id).person_id)
    if found is None:
        raise NoSuchMember
    return found


def person_with_email(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == email.casefold())).one_or_none()


def is_known_here(session: Session, person_id: UUID, timebank_id: UUID) -> bool:
    """Whether a person belongs to a timebank, or did."""
    known = select(Member.id).where(Member.person_id == person_id, Member.timebank_id == timebank_id)
    return session.exec(known).first() is not None


def memberships_of(session: Session, person_id: UUID) -> Sequence[Party]:
    """The timebanks a person belongs to, oldest membership first; those that they left are not among them."""
    return session.exec(
        select(Party)
        .join(Member, col(Member.id) == col(Party.id))
        .where(Member.person_id == person_id, Party.status != Status.LEFT)
        .order_by(col(Member.since), col(Member.id))
    ).all()


def names(session: Session, party_ids: Iterable[UUID]) -> dict[UUID, str]:
    found = session.exec(select(Party.id, Party.name).where(col(Party.id).in_(set(party_ids)))).all()
    return dict(found)


@dataclass(frozen=True)
class ListedParty:
    """A row of the list of members: what every other member may see."""

    id: UUID
    name: str
    kind: PartyKind
    status: Status
    area: str


@dataclass(frozen=True)
class PartyPage:
    """Some of the list; `after` is the place from which the next page goes on, None at the end."""

    parties: list[ListedParty]
    after: tuple[str, UUID] | None


def takes_part(timebank_id: UUID) -> list[ColumnElement[bool]]:
    """What is true of the parties with whom hours can be exchanged: organisations, and people who are members."""
    holds_membership = select(RoleHeld.member_id).where(RoleHeld.member_id == Party.id, RoleHeld.role == Role.MEMBER)
    return [
        col(Party.timebank_id) == timebank_id,
        (col(Party.kind) == PartyKind.ORGANISATION) | holds_membership.exists(),
    ]


def directory(
    session: Session,
    timebank_id: UUID,
    *,
    containing: str = "",
    with_inactive: bool = False,
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> PartyPage:
    """Those who take part, people and organisations, by name; one page from a place on."""
    rows = (
        select(Party, Member.area)
        .outerjoin(Member, col(Member.id) == col(Party.id))
        .where(*takes_part(timebank_id))
        .order_by(col(Party.sort_name), col(Party.id))
        .limit(limit + 1)
    )
    if not with_inactive:
        rows = rows.where(Party.status == Status.ACTIVE)
    for word in folded(containing).split():
        rows = rows.where(col(Party.folded_name).contains(word, autoescape=True))
    if after is not None:
        rows = rows.where(comes_after(after, Party.sort_name, Party.id))
    found = session.exec(rows).all()
    page = [ListedParty(each.id, each.name, each.kind, each.status, area or "") for each, area in found[:limit]]
    last = found[limit - 1][0] if len(found) > limit else None
    return PartyPage(page, (last.sort_name, last.id) if last else None)


def people_behind(session: Session, party_id: UUID) -> Sequence[Person]:
    """The people to tell when something concerns a party: the member, or an organisation's delegates."""
    delegates = select(ActsFor.member_id).where(ActsFor.party_id == party_id)
    return session.exec(
        select(Person)
        .join(Member, col(Member.person_id) == col(Person.id))
        .where((col(Member.id) == party_id) | col(Member.id).in_(delegates))
    ).all()


def without_email(session: Session, party_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those among these people who have no e-mail address, and take part through their broker."""
    found = session.exec(
        select(Member.id)
        .join(Person, col(Person.id) == col(Member.person_id))
        .where(col(Member.id).in_(set(party_ids)), col(Person.email).is_(None))
    ).all()
    return frozenset(found)


def people_behind_each(session: Session, party_ids: Iterable[UUID]) -> dict[UUID, list[Person]]:
    """The same for many parties, in two queries."""
    ids, behind = set(party_ids), defaultdict[UUID, list[Person]](list)
    for party_id, person in session.exec(
        select(Member.id, Person).join(Person, col(Person.id) == col(Member.person_id)).where(col(Member.id).in_(ids))
    ):
        behind[party_id].append(person)
    for party_id, person in session.exec(
        select(ActsFor.party_id, Person)
        .join(Member, col(Member.id) == col(ActsFor.member_id))
        .join(Person, col(Person.id) == col(Member.person_id))
        .where(col(ActsFor.party_id).in_(ids), ActsFor.party_id != ActsFor.member_id)
    ):
        behind[party_id].append(person)
    return behind


def names_behind(session: Session, timebank_id: UUID, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """By what names people are known in a timebank."""
    found = session.exec(
        select(Member.person_id, Party.name)
        .join(Party, col(Party.id) == col(Member.id))
        .where(Member.timebank_id == timebank_id, col(Member.person_id).in_(set(person_ids)))
    ).all()
    return dict(found)


def delegates_of(session: Session, party_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Who acts for an organisation, by name."""
    return session.exec(
        select(Party.id, Party.name)
        .join(ActsFor, col(ActsFor.member_id) == col(Party.id))
        .where(ActsFor.party_id == party_id)
        .order_by(col(Party.sort_name), col(Party.id))
    ).all()


def accounts_of_people(session: Session, timebank_id: UUID) -> Sequence[UUID]:
    """The ledger accounts of the people who belong to a timebank, in the order in which the ledger locks them."""
    return session.exec(
        select(Party.account_id)
        .where(Party.timebank_id == timebank_id, Party.kind == PartyKind.PERSON, Party.status != Status.LEFT)
        .order_by(col(Party.account_id))
    ).all()


def member_counts(session: Session) -> dict[UUID, int]:
    """How many active members each timebank has; organisations are not members in this sense."""
    found = session.exec(
        select(Party.timebank_id, func.count())
        .join(RoleHeld, col(RoleHeld.member_id) == col(Party.id))
        .where(RoleHeld.role == Role.MEMBER, Party.status == Status.ACTIVE)
        .group_by(col(Party.timebank_id))
    ).all()
    return dict(found)


def check_gift(session: Session, timebank_id: UUID, gift_id: UUID | None) -> None:
    """A kind of help that is known in this timebank, or none. Raises NoSuchGift."""
    found = session.get(Gift, gift_id) if gift_id else None
    if gift_id is not None and (found is None or found.timebank_id != timebank_id):
        raise NoSuchGift


def gifts(session: Session, timebank_id: UUID, language: str = Language.ENGLISH) -> Sequence[Gift]:
    """The kinds of help known here, by their name in a language."""
    found = session.exec(select(Gift).where(Gift.timebank_id == timebank_id)).all()
    return sorted(found, key=lambda gift: folded(gift.name(language)))
