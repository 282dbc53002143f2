"""Group sessions: announce, sign up, keep the register, and credit them as one entry."""

from typing import Any
from uuid import UUID, uuid4

from flask import url_for

from timebank.clock import now
from timebank.donations import correcting
from timebank.group_sessions import announcing, checking_in, crediting, paying, queries, registering
from timebank.group_sessions.charging import Leg
from timebank.group_sessions.queries import Hosted
from timebank.web.api_room import Room
from timebank.web.group_sessions import session_for
from timebank.web.limits import address, failed_tries
from timebank.web.paging import place_in, token_of
from timebank.web.qr import whole_address
from timebank.web.schemas.codes import ShownCode
from timebank.web.schemas.group_sessions import (
    AskedSessions,
    SaidAbsence,
    SaidCheckIn,
    SaidCredit,
    SaidNote,
    SaidPart,
    SaidPayment,
    SaidPresence,
    SaidReason,
    SaidRefusal,
    SaidSession,
    SentSession,
    ShownSession,
    ShownSessions,
    announcement_said,
)
from timebank.web.session import action, database, me
from timebank.web.voices import speaking

api = Room("api_sessions", "sessions", url_prefix="/api/v1/sessions", description="Help among several at once")


@api.get("")
@api.arguments(AskedSessions, location="query")
@api.response(200, ShownSessions)
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """Those to come, the next one first; or those that are over."""
    page = queries.sessions(database(), me().timebank_id, is_open=asked["is_open"], after=place_in(asked["after"]))
    coming = queries.coming(database(), (each.session.id for each in page.items))
    items = [_as_listed(each, coming.get(each.session.id, 0)) for each in page.items]
    return {"items": items, "next": token_of(page.after) or None}


@api.post("")
@api.arguments(SentSession)
@api.response(201, ShownSession)
def announce(said: dict[str, Any]) -> dict[str, Any]:
    """Announce a session. The same `submission` sent twice announces one."""
    with action() as session:
        session_id = announcing.announce(
            session,
            said["for_party"] or me().member_id,
            what=announcement_said(said),
            by=speaking(said),
            at=now(),
            submission=said["submission"] or uuid4(),
        ).id
    return _now_stands(session_id)


@api.get("/<uuid:session_id>")
@api.response(200, ShownSession)
def show(session_id: UUID) -> dict[str, Any]:
    """One session."""
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/sign-up")
@api.arguments(SaidPart)
@api.response(200, ShownSession)
def sign_up(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Sign up; beyond the places one waits for one to come free."""
    with action() as session:
        announcing.sign_up(
            session,
            session_id,
            party_id=said["party_id"] or me().member_id,
            part=said["part"],
            by=speaking(said),
            at=now(),
        )
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/drop-out")
@api.arguments(SaidPart)
@api.response(200, ShownSession)
def drop_out(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Say that one cannot come after all."""
    with action() as session:
        announcing.drop_out(
            session, session_id, party_id=said["party_id"] or me().member_id, by=speaking(said), at=now()
        )
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/cancel")
@api.arguments(SaidNote)
@api.response(200, ShownSession)
def cancel(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Call it off."""
    with action() as session:
        announcing.cancel(session, session_id, by=me().standing, at=now(), note=said["note"])
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/register")
@api.arguments(SaidPresence)
@api.response(200, ShownSession)
def register(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Put down that somebody came, and for how long."""
    with action() as session:
        registering.register(
            session,
            session_id,
            party_id=said["party_id"],
            part=said["part"],
            seconds=said["hours"],
            prepared_seconds=said["preparation"] or 0,
            by=me().standing,
            at=now(),
        )
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/code")
@api.response(201, ShownCode)
def show_code(session_id: UUID) -> dict[str, Any]:
    """Make a code by which people check in. It is told this once."""
    with action() as session:
        code = checking_in.show_code(session, session_id, by=me().standing, at=now())
    return {"code": code, "address": whole_address(url_for("scan.arrive", code=code))}


@api.post("/<uuid:session_id>/check-in")
@failed_tries(address, "60 per 15 minutes")
@api.arguments(SaidCheckIn)
@api.response(200, ShownSession)
def check_in(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Check in with the code that is shown at the door, or as its host without."""
    with action() as session:
        checking_in.check_in(
            session,
            session_id,
            party_id=said["party_id"] or me().member_id,
            code=said["code"],
            by=me().standing,
            at=now(),
        )
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/undo-check-in")
@api.arguments(SaidPart)
@api.response(200, ShownSession)
def undo_check_in(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Take a check-in back."""
    with action() as session:
        checking_in.undo_check_in(
            session, session_id, party_id=said["party_id"] or me().member_id, by=me().standing, at=now()
        )
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/all-came")
@api.response(200, ShownSession)
def all_came(session_id: UUID) -> dict[str, Any]:
    """Put down that everybody who was coming came."""
    with action() as session:
        registering.register_all(session, session_id, by=me().standing, at=now())
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/absent")
@api.arguments(SaidAbsence)
@api.response(200, ShownSession)
def absent(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Put down that somebody did not come."""
    with action() as session:
        registering.mark_absent(session, session_id, party_id=said["party_id"], by=me().standing, at=now())
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/change")
@api.arguments(SaidSession)
@api.response(200, ShownSession)
def change(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Change what was announced, as long as no hours are credited."""
    with action() as session:
        announcing.change(session, session_id, what=announcement_said(said), by=me().standing, at=now())
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/agree-to-pay")
@api.arguments(SaidPayment)
@api.response(200, ShownSession)
def agree_to_pay(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Say for the organisation that is asked that it pays, perhaps up to so much."""
    with action() as session:
        paying.agree_to_pay(session, session_id, most_seconds=said["hours"], by=speaking(said), at=now())
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/decline-to-pay")
@api.arguments(SaidRefusal)
@api.response(200, ShownSession)
def decline_to_pay(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Say for the organisation that is asked that it does not pay."""
    with action() as session:
        paying.decline_to_pay(session, session_id, note=said["note"], by=speaking(said), at=now())
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/credit")
@api.arguments(SaidCredit)
@api.response(200, ShownSession)
def credit(said: dict[str, Any], session_id: UUID) -> dict[str, Any]:
    """Post the entry for everybody who came and is not counted yet; with a `mark`, only if it is the one shown."""
    with action() as session:
        crediting.credit(session, session_id, mark=said["mark"] or None, broker=me().standing, at=now())
    return _now_stands(session_id)


@api.post("/<uuid:session_id>/entries/<int(min=1, max=9999):number>/reverse")
@api.arguments(SaidReason)
@api.response(200, ShownSession)
def reverse(said: dict[str, Any], session_id: UUID, number: int) -> dict[str, Any]:
    """Take one entry back."""
    with action() as session:
        correcting.reverse_entry(session, session_id, number, note=said["note"], broker=me().standing, at=now())
    return _now_stands(session_id)


def _now_stands(session_id: UUID) -> dict[str, Any]:
    shown = session_for(me(), session_id)
    return _as_listed(Hosted(shown.session, shown.host), shown.coming) | {
        "attendances": [each.attendance.model_dump() | {"name": each.name} for each in shown.attending],
        "entries": [each.model_dump() | {"legs": _legs(shown.posted[each.entry_id])} for each in shown.entries],
        "plan": _legs(shown.plan.legs) if shown.plan else None,
        "helped": shown.plan.helped if shown.plan else None,
        "surplus_seconds": shown.plan.surplus_seconds if shown.plan else None,
        "mark": shown.plan.mark if shown.plan else None,
    }


def _legs(legs: list[Leg]) -> list[dict[str, Any]]:
    return [{"party_id": party_id, "seconds": seconds} for party_id, seconds in legs]


def _as_listed(hosted: Hosted, coming: int) -> dict[str, Any]:
    empty: dict[str, Any] = {"attendances": [], "entries": []} | dict.fromkeys(
        ("plan", "helped", "surplus_seconds", "mark")
    )
    return hosted.session.model_dump() | {"host": hosted.host, "coming": coming} | empty
