"""An organisation that is to pay for a group session: it is asked, and agrees or declines. Nothing is paid before."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from timebank.group_sessions import queries
from timebank.group_sessions.rules import (
    ForThePayer,
    NeedsAPayer,
    NobodyIsAsked,
    SessionIsOver,
    may_answer_for_payer,
    needs_payer,
)
from timebank.group_sessions.tables import Charging, GroupSession, PayerWord, SessionState
from timebank.group_sessions.telling import tell_one
from timebank.members.queries import party
from timebank.members.rules import Standing, authority_for, check_active
from timebank.members.tables import PartyKind, Status


def agree_to_pay(
    session: Session, session_id: UUID, *, by: Standing, at: datetime, most_seconds: int | None = None
) -> GroupSession:
    """A delegate of the organisation says that it pays, perhaps up to so much; a broker, whom they told so.

    The host is told. Raises NobodyIsAsked, ForThePayer, NotToldHow, SessionIsOver.
    """
    held, payer_id = _asked(session, session_id, by=by)
    _give_word(held, PayerWord.AGREED, by=by, at=at, most_seconds=most_seconds)
    held.payer_authority = authority_for(by, payer_id)
    return _answered(session, held, "session_payer_agreed", at=at)


def decline_to_pay(session: Session, session_id: UUID, *, by: Standing, at: datetime, note: str = "") -> GroupSession:
    """The organisation does not pay, or not any more; the host is told, and chooses who does. Raises as above."""
    held, payer_id = _asked(session, session_id, by=by)
    _give_word(held, PayerWord.DECLINED, by=by, at=at)
    held.payer_authority = authority_for(by, payer_id)
    return _answered(session, held, "session_payer_declined", at=at, note=note)


def choose_payer(
    session: Session,
    held: GroupSession,
    charging: Charging,
    payer_id: UUID | None,
    *,
    by: Standing,
    at: datetime,
    is_new: bool = False,
) -> None:
    """Choose who pays. An organisation is asked, unless its own delegate chooses; one that was asked keeps its word.

    `is_new` where it is asked for something else than it knew of. Raises NeedsAPayer.
    """
    if not needs_payer(charging):
        held.charging = charging
        held.payer_id = held.payer_word = held.payer_word_at = held.payer_word_by = None
        held.payer_authority = held.payer_most_seconds = None
        return
    if payer_id is None:
        raise NeedsAPayer
    if payer_id == held.payer_id and held.payer_word is not PayerWord.DECLINED and not is_new:
        return
    payer = party(session, by.timebank_id, payer_id)
    if payer.kind is not PartyKind.ORGANISATION or payer.status is not Status.ACTIVE:
        raise NeedsAPayer
    held.charging, held.payer_id = charging, payer_id
    _give_word(held, PayerWord.AGREED if by.speaks_for(payer_id) else PayerWord.ASKED, by=by, at=at)


def tell_payer(session: Session, held: GroupSession, *, at: datetime) -> None:
    """The organisation that is asked to pay is told so."""
    if held.payer_id is not None and held.payer_word is PayerWord.ASKED:
        tell_one(session, held, held.payer_id, "session_payer", at=at)


def _asked(session: Session, session_id: UUID, *, by: Standing) -> tuple[GroupSession, UUID]:
    check_active(by)
    held = queries.session_to_change(session, by.timebank_id, session_id)
    if held.state is SessionState.CANCELLED:
        raise SessionIsOver
    if held.payer_id is None:
        raise NobodyIsAsked
    if not may_answer_for_payer(held, by):
        raise ForThePayer
    return held, held.payer_id


def _give_word(
    held: GroupSession, word: PayerWord, *, by: Standing, at: datetime, most_seconds: int | None = None
) -> None:
    held.payer_word, held.payer_word_at, held.payer_word_by = word, at, by.member_id
    held.payer_authority, held.payer_most_seconds = None, most_seconds


def _answered(session: Session, held: GroupSession, kind: str, *, at: datetime, note: str = "") -> GroupSession:
    session.flush()
    assert held.payer_id is not None  # noqa: S101 - somebody was asked
    payer = party(session, held.timebank_id, held.payer_id)
    if held.host_id != held.payer_id:
        tell_one(session, held, held.host_id, kind, at=at, other=payer.name, note=note)
    return held
