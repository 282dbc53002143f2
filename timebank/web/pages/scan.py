"""Codes: somebody shows one, another scans it or types it in, and finds hours to confirm or a session to check in to.

A code stands in one address only, which tells nobody where its reader came from, and of which no copy is kept.
"""

from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.access.codes import as_made
from timebank.clock import now
from timebank.errors import Refusal
from timebank.exchanges import queries
from timebank.exchanges.codes import show_code
from timebank.exchanges.tables import Exchange
from timebank.group_sessions.checking_in import check_in
from timebank.group_sessions.tables import GroupSession, Presence
from timebank.web.codes import NO_PLACE, behind_code, check_leads
from timebank.web.forms import Form, pressed
from timebank.web.group_sessions import session_for
from timebank.web.limits import address, failed_tries
from timebank.web.qr import whole_address
from timebank.web.schemas.codes import SaidCode
from timebank.web.schemas.group_sessions import SaidPart
from timebank.web.session import action, database, done, me, me_or_nobody
from timebank.web.voices import voices

pages = Blueprint("scan", __name__)


@pages.post("/exchanges/<uuid:exchange_id>/code")
def show(exchange_id: UUID) -> ResponseReturnValue:
    """The code is shown on the answer itself, this once: no cookie or cache ever holds it."""
    with action() as session:
        code = show_code(session, exchange_id, by=me().standing, at=now())
    return render_template(
        "scan/show.html",
        named=queries.exchange(database(), exchange_id, by=me().standing),
        code=code,
        address=whole_address(url_for(".arrive", code=code)),
        typed_at=whole_address(url_for(".enter")),
    )


@pages.route("/scan", methods=["GET", "POST"])
@failed_tries(address, "60 per 15 minutes")
def enter() -> ResponseReturnValue:
    """Somebody types in a code that they cannot scan."""
    form = Form(SaidCode)
    if (said := form.read()) is not None:
        try:
            return redirect(_way_on(behind_code(said["code"]), said["code"]), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return form.page("scan/enter.html")


@pages.route("/scan/<code>", methods=["GET", "POST"])
@failed_tries(address, "60 per 15 minutes")
def arrive(code: str) -> ResponseReturnValue:
    """A phone that scanned a code arrives. Whoever is not signed in signs in first, and goes on from there."""
    found = behind_code(code)
    if isinstance(found, Exchange) or me_or_nobody() is None:
        answer = make_response(redirect(_way_on(found, code), 303))
    else:
        answer = make_response(_check_in(found, code))
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _way_on(found: Exchange | GroupSession, code: str) -> str:
    """Where a code leads. Raises NoSuchCode, YourOwnCode, CodeForAnother."""
    on = (
        url_for("exchanges.act", exchange_id=found.id, verb="confirm")
        if isinstance(found, Exchange)
        else url_for(".arrive", code=as_made(code))
    )
    asking = me_or_nobody()
    if asking is None:
        return url_for("access.sign_in", next=on)
    check_leads(found, asking.standing)
    return on


def _check_in(held: GroupSession, code: str) -> ResponseReturnValue:
    """Somebody stands at the door of a group session: one tap, and they are here."""
    check_leads(held, me().standing)
    if request.method == "POST":
        said = pressed(SaidPart)
        with action() as session:
            came = check_in(
                session,
                held.id,
                party_id=said["party_id"] or me().member_id,
                code=code,
                by=me().standing,
                at=now(),
            )
            is_in = came.presence is Presence.CAME
        words = gettext("You are here. Welcome!") if is_in else gettext(NO_PLACE)
        return done(words, url_for("group_sessions.show", session_id=held.id))
    return render_template(
        "scan/check_in.html", shown=session_for(me(), held.id), voices=voices(database(), me()), code=code
    )
