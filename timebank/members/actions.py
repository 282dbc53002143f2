"""Welcoming people into a timebank, changing their details, pausing and resuming their membership."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from sqlmodel import Session, col, delete

from ledger import AccountKind, Posting
from timebank.folding import folded, name_words, sort_name
from timebank.language import Language
from timebank.members import queries
from timebank.members.rules import (
    AddressTaken,
    ChoosesTheirLanguage,
    ForOthers,
    KeepsAnAddress,
    KnownElsewhere,
    MemberNotActive,
    NotYourself,
    Standing,
    check_active,
    check_broker,
)
from timebank.members.tables import ActsFor, Gift, Member, NameWord, Party, PartyKind, Person, Role, RoleHeld, Status
from timebank.network.queries import book_of, policy_at, timebank, timebank_to_change
from timebank.network.rules import day_of

STARTING_CREDITS = "grant"


def welcome(
    session: Session,
    *,
    broker: Standing | None,
    timebank_id: UUID,
    name: str,
    at: datetime,
    email: str | None = None,
    phone: str = "",
    language: Language = Language.ENGLISH,
    area: str = "",
    about: str = "",
    roles: Iterable[Role] = (Role.MEMBER,),
    submission: UUID | None = None,
) -> Member:
    """A broker welcomes somebody: they get an account, and the starting credits that the policy gives a member.

    `broker` is None only for the installation's own commands. A person who is already known here by their e-mail
    address keeps their one access and joins another timebank with it. A form sent twice welcomes once: its number
    `submission` decides about the id, which nobody can choose.
    """
    if broker is not None:
        check_broker(broker)
        timebank_id = broker.timebank_id
    timebank_to_change(session, timebank_id)
    party_id = uuid5(timebank_id, f"{submission}") if submission else uuid4()
    if welcomed := session.get(Member, party_id):
        return welcomed
    person = _person(session, email=email, language=language, at=at)
    if queries.is_known_here(session, person.id, timebank_id):
        raise AddressTaken
    party = open_party(session, timebank_id=timebank_id, kind=PartyKind.PERSON, name=name, at=at, party_id=party_id)
    member = Member(
        id=party.id, person_id=person.id, timebank_id=timebank_id, since=at, phone=phone, area=area, about=about
    )
    session.add(member)
    session.flush()
    roles = frozenset(roles)
    for role in sorted(roles):
        session.add(RoleHeld(member_id=member.id, role=role, since=at))
    session.flush()
    if Role.MEMBER in roles:
        _grant_starting_credits(session, party, by=broker.person_id if broker else None, at=at)
    return member


def open_party(
    session: Session, *, timebank_id: UUID, kind: PartyKind, name: str, at: datetime, party_id: UUID | None = None
) -> Party:
    """A party with a ledger account of its own; only people's accounts have the policy's floor."""
    policy = policy_at(session, timebank_id, at)
    is_person = kind is PartyKind.PERSON
    account_id = book_of(session, timebank_id).open_account(
        AccountKind.MEMBER if is_person else AccountKind.ORGANISATION,
        floor=policy.floor_seconds if is_person else None,
        at=at,
    )
    party = Party(
        id=party_id or uuid4(),
        timebank_id=timebank_id,
        kind=kind,
        account_id=account_id,
        status=Status.ACTIVE,
        joined_on=day_of(policy, at),
        **_known_as(name),
    )
    session.add(party)
    session.flush()
    _note_words(session, party)
    return party


def _known_as(name: str) -> dict[str, str]:
    return {"name": name, "sort_name": sort_name(name), "folded_name": folded(name)[:200]}


def _note_words(session: Session, party: Party) -> None:
    """By which words somebody is found from now on."""
    session.exec(delete(NameWord).where(col(NameWord.party_id) == party.id))
    for word in sorted(name_words(party.folded_name)):
        session.add(NameWord(party_id=party.id, word=word, timebank_id=party.timebank_id))
    session.flush()


def change_details(
    session: Session,
    member_id: UUID,
    *,
    by: Standing,
    name: str,
    phone: str,
    language: Language,
    area: str,
    about: str,
) -> None:
    """Somebody changes what the timebank knows of them, or a broker does it for them.

    The language is the same in all timebanks of a person: who belongs to others too chooses it themselves. Raises
    ChoosesTheirLanguage.
    """
    check_active(by)
    if not (by.member_id == member_id or by.is_broker):
        raise ForOthers
    party = queries.party(session, by.timebank_id, member_id)
    member = queries.member(session, by.timebank_id, member_id)
    person = queries.person_behind(session, by.timebank_id, member_id)
    if language != person.language and by.member_id != member_id and _is_shared(session, person, member_id):
        raise ChoosesTheirLanguage(name=party.name)
    if name != party.name:
        party.sqlmodel_update(_known_as(name))
        _note_words(session, party)
    member.phone, member.area, member.about = phone, area, about
    person.language = language
    session.flush()


def correct_email(session: Session, member_id: UUID, *, broker: Standing, email: str | None) -> None:
    """A broker gives somebody an e-mail address, or corrects it.

    Who holds the address can be invited to sign in with it, to every timebank of that person; so nobody else's brokers
    may touch it. Raises KnownElsewhere, KeepsAnAddress, AddressTaken.
    """
    check_broker(broker)
    person = queries.person_behind(session, broker.timebank_id, member_id)
    address = email.casefold() if email else None
    if address == person.email:
        return
    name = queries.party(session, broker.timebank_id, member_id).name
    if _is_shared(session, person, member_id):
        raise KnownElsewhere(name=name)
    if address is None:
        raise KeepsAnAddress(name=name)
    if queries.person_with_email(session, address) is not None:
        raise AddressTaken
    person.email = address
    session.flush()


def apply_floor(
    session: Session, timebank_id: UUID, *, floor_seconds: int | None, by: UUID | None, at: datetime
) -> None:
    """The account of every person in a timebank gets this floor. Who stands below it stays there, and can only rise."""
    accounts = queries.accounts_of_people(session, timebank_id)
    book_of(session, timebank_id).set_limits_of(accounts, floor=floor_seconds, ceiling=None, at=at, by=by)


def prefer(session: Session, person_id: UUID, *, language: Language) -> None:
    """Somebody chooses the language in which they are addressed."""
    person = session.get_one(Person, person_id)
    person.language = language
    session.flush()


def suspend(session: Session, party_id: UUID, *, broker: Standing) -> None:
    """A broker pauses a membership: nothing is lost, and nothing new can begin."""
    _set_status(session, party_id, broker=broker, status=Status.SUSPENDED)


def resume(session: Session, party_id: UUID, *, broker: Standing) -> None:
    """A broker ends a pause."""
    _set_status(session, party_id, broker=broker, status=Status.ACTIVE)


def give_role(session: Session, member_id: UUID, role: Role, *, at: datetime) -> None:
    if session.get(RoleHeld, (member_id, role)) is None:
        session.add(RoleHeld(member_id=member_id, role=role, since=at))
        session.flush()


def make_operator(session: Session, person_id: UUID) -> None:
    """Somebody runs this installation from now on. Only a command does this: no page gives such rights."""
    session.get_one(Person, person_id).is_operator = True
    session.flush()


def let_act_for(session: Session, member_id: UUID, party_id: UUID, *, at: datetime) -> None:
    """A member becomes a delegate of an organisation."""
    session.add(ActsFor(member_id=member_id, party_id=party_id, since=at))
    session.flush()


def name_gift(session: Session, timebank_id: UUID, *, name_en: str, name_cy: str) -> Gift:
    gift = Gift(timebank_id=timebank_id, name_en=name_en, name_cy=name_cy)
    session.add(gift)
    session.flush()
    return gift


def _set_status(session: Session, party_id: UUID, *, broker: Standing, status: Status) -> None:
    check_broker(broker)
    if party_id == broker.member_id:
        raise NotYourself
    party = queries.party(session, broker.timebank_id, party_id)
    if party.status is Status.LEFT:
        raise MemberNotActive(name=party.name)
    party.status = status
    session.flush()


def _person(session: Session, *, email: str | None, language: Language, at: datetime) -> Person:
    address = email.casefold() if email else None
    known = queries.person_with_email(session, address) if address else None
    if known is not None:
        return known
    person = Person(email=address, language=language, created_at=at)
    session.add(person)
    session.flush()
    return person


def _is_shared(session: Session, person: Person, member_id: UUID) -> bool:
    """Whether a person is somebody outside the timebank of this membership, too."""
    return person.is_operator or any(held.id != member_id for held in queries.memberships_of(session, person.id))


def _grant_starting_credits(session: Session, party: Party, *, by: UUID | None, at: datetime) -> None:
    policy = policy_at(session, party.timebank_id, at)
    amount = policy.starting_credits_seconds
    if amount:
        issuing = timebank(session, party.timebank_id).issuing_account_id
        book_of(session, party.timebank_id).post(
            [Posting(issuing, -amount), Posting(party.account_id, amount)],
            key=f"{STARTING_CREDITS}:{party.id}",
            purpose=STARTING_CREDITS,
            effective_on=day_of(policy, at),
            at=at,
            by=by,
        )
