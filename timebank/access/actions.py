"""Signing in and out, choosing a password, inviting somebody to choose one, and making tokens for programs."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select, update
from sqlmodel.sql.expression import SelectOfScalar

from timebank.access import queries
from timebank.access.queries import Proof
from timebank.access.rules import (
    INVITATION_LASTS,
    Hasher,
    InvitationOver,
    InvitedElsewhere,
    NoEmail,
    NoSuchMembership,
    NotTheOldPassword,
    WrongPassword,
    check_password,
    digest_of,
    end_of_sign_in,
    new_secret,
)
from timebank.access.tables import ApiToken, Attempts, CalendarFeed, Invitation, Password, SignIn
from timebank.members.queries import memberships_of, party, party_to_change
from timebank.members.rules import MemberNotActive, Standing, check_active, check_broker
from timebank.members.tables import Member, Status


def sign_in(session: Session, proof: Proof, *, at: datetime) -> str:
    """Somebody who proved who they are is signed in to the timebank they joined first. Returns the browser's secret.

    Raises WrongPassword if the password was changed, or the last timebank left, since they proved it.
    """
    known = session.get(Password, proof.person_id)
    memberships = memberships_of(session, proof.person_id)
    if known is None or known.hash != proof.hash or not memberships:
        raise WrongPassword
    if proof.better_hash is not None:
        known.hash = proof.better_hash
    member_id = next((held.id for held in memberships if held.status is Status.ACTIVE), memberships[0].id)
    return _begin(session, proof.person_id, member_id, at=at)


def sign_out(session: Session, secret: str) -> None:
    """A browser is signed out: its secret opens nothing any more."""
    session.exec(delete(SignIn).where(col(SignIn.digest) == digest_of(secret)))


def sign_out_everywhere(session: Session, person_id: UUID) -> None:
    """Every browser of a person is signed out."""
    session.exec(delete(SignIn).where(col(SignIn.person_id) == person_id))


def stay(session: Session, secret: str, *, at: datetime) -> None:
    """A browser that is in use stays signed in for a while longer."""
    found = queries.sign_in_of(session, secret, at)
    if found is not None:
        found.ends_at = end_of_sign_in(found.began_at, at)
        session.flush()


def enter(session: Session, secret: str, *, member_id: UUID, at: datetime) -> None:
    """Somebody who belongs to several timebanks goes over to another of them. Raises NoSuchMembership."""
    found = queries.sign_in_of(session, secret, at)
    if found is None or member_id not in {held.id for held in memberships_of(session, found.person_id)}:
        raise NoSuchMembership
    found.member_id = member_id
    session.flush()


def set_password(session: Session, person_id: UUID, *, password: str, at: datetime, using: Hasher) -> None:
    """A person gets this password; whoever was signed in as them is signed out."""
    known = session.get(Password, person_id) or Password(person_id=person_id, hash="", changed_at=at)
    known.hash, known.changed_at = using.hash(password), at
    session.add(known)
    sign_out_everywhere(session, person_id)
    session.flush()


def change_password(
    session: Session, *, by: Standing, old_password: str, password: str, at: datetime, using: Hasher
) -> str:
    """Somebody changes their own password, and stays signed in with this browser alone. Returns its new secret.

    Raises NotTheOldPassword, or what is wrong with the new one. A paused member may: it protects nobody but them.
    """
    known = session.get(Password, by.person_id)
    if not using.fits(old_password, known.hash if known else None):
        raise NotTheOldPassword
    person, as_party, _ = queries.introduction(session, by.member_id)
    check_password(password, name=as_party.name, email=person.email or "")
    set_password(session, by.person_id, password=password, at=at, using=using)
    return _begin(session, by.person_id, by.member_id, at=at)


def invite(session: Session, member_id: UUID, *, by: Standing | None, at: datetime) -> str:
    """A broker invites a member to choose a password, for the first time or again. Returns the secret of the link.

    `by` is None only for the installation's own commands. An invitation replaces those before it. Who holds the link
    can sign in to every timebank of that person; so only brokers of the one they joined first may make it, or anybody
    could welcome a stranger's address and walk into their other timebank.
    """
    person, invited, _ = queries.introduction(session, member_id)
    if by is not None:
        check_broker(by)
        party(session, by.timebank_id, member_id)
        first = next((held.id for held in memberships_of(session, person.id)), member_id)
        if person.is_operator or first != member_id:
            raise InvitedElsewhere(name=invited.name)
    if invited.status is Status.LEFT:
        raise MemberNotActive(name=invited.name)
    if not person.email:
        raise NoEmail(name=invited.name)
    _end_invitations(session, person.id, at=at)
    secret = new_secret()
    session.add(Invitation(digest=digest_of(secret), member_id=member_id, made_at=at, ends_at=at + INVITATION_LASTS))
    session.flush()
    return secret


def accept(session: Session, secret: str, *, password: str, at: datetime, using: Hasher) -> str:
    """Somebody follows their invitation, chooses a password and is signed in. Returns the browser's secret.

    Whatever could act as them before ends, or read what is theirs: browsers, tokens, other invitations, the address of
    their calendar. Raises InvitationOver, or what is wrong with the password.
    """
    member_id = queries.invitation(session, secret, at).member_id
    person, invited, _ = queries.introduction(session, member_id)
    check_password(password, name=invited.name, email=person.email or "")
    if _end_invitations(session, person.id, at=at) == 0:
        raise InvitationOver  # somebody else accepted it just now, and holds the rows until they are done
    set_password(session, person.id, password=password, at=at, using=using)
    session.exec(
        update(ApiToken)
        .where(col(ApiToken.member_id).in_(_memberships(person.id)), col(ApiToken.ended_at).is_(None))
        .values(ended_at=at)
    )
    session.exec(delete(CalendarFeed).where(col(CalendarFeed.member_id).in_(_memberships(person.id))))
    return _begin(session, person.id, member_id, at=at)


def make_token(session: Session, *, by: Standing, name: str, at: datetime) -> tuple[ApiToken, str]:
    """A member makes a token with which a program acts as them. The secret is returned this once."""
    check_active(by)
    secret = f"timebank_{new_secret()}"
    made = ApiToken(digest=digest_of(secret), member_id=by.member_id, name=name, made_at=at)
    session.add(made)
    session.flush()
    return made, secret


def end_token(session: Session, token_id: UUID, *, by: Standing, at: datetime) -> None:
    """A member ends one of their tokens; a paused member may, too. Raises NoSuchToken."""
    token = queries.own_token(session, by.member_id, token_id)
    token.ended_at = token.ended_at or at
    session.flush()


def open_calendar(session: Session, *, by: Standing, at: datetime) -> str:
    """A member's calendar can be read at a new secret address, and at the old one no more. It is returned this once."""
    check_active(by)
    party_to_change(session, by.timebank_id, by.member_id)  # pressed twice at once, the second waits here
    secret = new_secret()
    session.merge(CalendarFeed(member_id=by.member_id, digest=digest_of(secret), made_at=at))
    session.flush()
    return secret


def close_calendar(session: Session, *, by: Standing) -> None:
    """Nobody can read it any more; a paused member may see to that, too."""
    session.exec(delete(CalendarFeed).where(col(CalendarFeed.member_id) == by.member_id))


def count_attempt(session: Session, what: str, *, lasting: timedelta, times: int = 1, at: datetime) -> int:
    """Something was tried. Returns how often by now, in a while that began with the first try."""
    over = select(Attempts.digest).where(Attempts.ends_at <= at).with_for_update(skip_locked=True)
    session.exec(delete(Attempts).where(col(Attempts.digest).in_(over)))
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    count, ends_at = col(Attempts.count), col(Attempts.ends_at)
    counted = (
        insert(Attempts)
        .values(digest=digest_of(what), count=times, ends_at=at + lasting)
        .on_conflict_do_update(
            index_elements=["digest"],
            set_={
                "count": case((ends_at <= at, times), else_=count + times),
                "ends_at": case((ends_at <= at, at + lasting), else_=ends_at),
            },
        )
        .returning(count)
    )
    return session.exec(counted).scalar_one()  # type: ignore[no-any-return]  # an insert of one engine's


def forget_attempts(session: Session, what: str) -> None:
    """Somebody who tried may try afresh."""
    session.exec(delete(Attempts).where(col(Attempts.digest) == digest_of(what)))


def sweep(session: Session, *, at: datetime) -> None:
    """Sign-ins and invitations that are over are forgotten."""
    session.exec(delete(SignIn).where(col(SignIn.ends_at) <= at))
    session.exec(delete(Invitation).where(col(Invitation.ends_at) <= at))


def _begin(session: Session, person_id: UUID, member_id: UUID, *, at: datetime) -> str:
    secret = new_secret()
    session.add(
        SignIn(
            digest=digest_of(secret),
            person_id=person_id,
            member_id=member_id,
            began_at=at,
            ends_at=end_of_sign_in(at, at),
        )
    )
    session.flush()
    return secret


def _memberships(person_id: UUID) -> SelectOfScalar[UUID]:
    return select(Member.id).where(Member.person_id == person_id)


def _end_invitations(session: Session, person_id: UUID, *, at: datetime) -> int:
    """All of a person's open invitations are spent. Returns how many there were."""
    spent = session.exec(
        update(Invitation)
        .where(col(Invitation.member_id).in_(_memberships(person_id)), col(Invitation.used_at).is_(None))
        .values(used_at=at)
    )
    return spent.rowcount
