"""Who signs in with what, which browser and which token belongs to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from timebank.access.rules import Hasher, InvitationOver, NoSuchToken, WrongPassword, digest_of
from timebank.access.tables import ApiToken, Attempts, CalendarFeed, Invitation, Password, SignIn
from timebank.members.queries import memberships_of, person_with_email
from timebank.members.rules import NoSuchMember
from timebank.members.tables import Member, Party, Person, RoleHeld, Status
from timebank.network.tables import Timebank


@dataclass(frozen=True)
class Proof:
    """Somebody said a person's password. `hash` is what it was held against, `better_hash` what should replace it."""

    person_id: UUID
    hash: str
    better_hash: str | None = None


def proof(session: Session, *, email: str, password: str, using: Hasher) -> Proof:
    """The proof that somebody is who they say. Slow on purpose, so ask outside of a transaction that writes.

    Raises WrongPassword, after the same work, whether the address is unknown, has no password, another one, or belongs
    to somebody who has left every timebank here.
    """
    person = person_with_email(session, email)
    known = session.get(Password, person.id) if person else None
    fits = using.fits(password, known.hash if known else None)
    if person is None or known is None or not fits or not memberships_of(session, person.id):
        raise WrongPassword
    return Proof(person.id, known.hash, using.hash(password) if using.is_outdated(known.hash) else None)


def sign_in_of(session: Session, secret: str, at: datetime) -> SignIn | None:
    """The sign-in whose secret a browser holds, unless it is over."""
    found = session.get(SignIn, digest_of(secret))
    return found if found is not None and found.ends_at > at else None


def token_of(session: Session, secret: str) -> ApiToken | None:
    """The token that a program shows, unless it was ended."""
    return session.exec(
        select(ApiToken).where(ApiToken.digest == digest_of(secret), col(ApiToken.ended_at).is_(None))
    ).one_or_none()


def calendar_of(session: Session, secret: str) -> UUID | None:
    """Whose calendar stands at a secret address. Digests are compared: no guess comes nearer than another."""
    return session.exec(select(CalendarFeed.member_id).where(CalendarFeed.digest == digest_of(secret))).one_or_none()


def calendar_opened(session: Session, member_id: UUID) -> datetime | None:
    """Since when a member's calendar can be read; None if it cannot."""
    return session.exec(select(CalendarFeed.made_at).where(CalendarFeed.member_id == member_id)).one_or_none()


def tokens_of(session: Session, member_id: UUID) -> Sequence[ApiToken]:
    """The tokens that act as a member, newest first, without those that were ended."""
    return session.exec(
        select(ApiToken)
        .where(ApiToken.member_id == member_id, col(ApiToken.ended_at).is_(None))
        .order_by(col(ApiToken.made_at).desc(), col(ApiToken.id))
    ).all()


def own_token(session: Session, member_id: UUID, token_id: UUID) -> ApiToken:
    """A member's own token. Raises NoSuchToken."""
    found = session.get(ApiToken, token_id)
    if found is None or found.member_id != member_id:
        raise NoSuchToken
    return found


def invitation(session: Session, secret: str, at: datetime) -> Invitation:
    """The invitation that a link stands for. Raises InvitationOver when it was used, replaced or is too old."""
    found = session.get(Invitation, digest_of(secret))
    if found is None or found.used_at is not None or found.ends_at <= at:
        raise InvitationOver
    return found


def introduction(session: Session, member_id: UUID) -> tuple[Person, Party, Timebank]:
    """Who a member is, by what name, and where. Raises NoSuchMember."""
    found = session.exec(
        select(Person, Party, Timebank)
        .join(Member, col(Member.person_id) == col(Person.id))
        .join(Party, col(Party.id) == col(Member.id))
        .join(Timebank, col(Timebank.id) == col(Member.timebank_id))
        .where(Member.id == member_id)
    ).one_or_none()
    if found is None:
        raise NoSuchMember
    return found


def timebanks_of(session: Session, person_id: UUID) -> Sequence[tuple[Party, Timebank]]:
    """Every timebank that a person belongs to, with who they are there; the oldest membership first."""
    return session.exec(
        select(Party, Timebank)
        .join(Member, col(Member.id) == col(Party.id))
        .join(Timebank, col(Timebank.id) == col(Party.timebank_id))
        .where(Member.person_id == person_id, Party.status != Status.LEFT)
        .order_by(col(Member.since), col(Member.id))
    ).all()


@dataclass(frozen=True)
class Guest:
    """Somebody as whom a visitor of the demonstration may sign in."""

    name: str
    email: str
    timebank: Timebank
    roles: tuple[str, ...]


def guests(session: Session, *, limit: int = 12) -> list[Guest]:
    """People with a password, those with the rarest roles first: for the demonstration's sign-in page only."""
    rows = session.exec(
        select(Party, Person.email, Timebank)
        .join(Member, col(Member.id) == col(Party.id))
        .join(Person, col(Person.id) == col(Member.person_id))
        .join(Password, col(Password.person_id) == col(Person.id))
        .join(Timebank, col(Timebank.id) == col(Party.timebank_id))
        .where(Party.status == Status.ACTIVE, col(Person.email).is_not(None))
        .order_by(col(Party.sort_name), col(Party.id))
    ).all()
    held: dict[UUID, list[str]] = {}
    for member_id, role in session.exec(select(RoleHeld.member_id, RoleHeld.role)).all():
        held.setdefault(member_id, []).append(role)
    found = [
        Guest(party.name, email or "", timebank, tuple(sorted(held.get(party.id, []))))
        for party, email, timebank in rows
    ]
    return sorted(found, key=lambda guest: guest.roles == ("member",))[:limit]


def attempts_until(session: Session, what: str, at: datetime) -> tuple[int, datetime]:
    """How often something was tried in the while that runs now, and when that while ends."""
    found = session.get(Attempts, digest_of(what))
    return (found.count, found.ends_at) if found is not None and found.ends_at > at else (0, at)
