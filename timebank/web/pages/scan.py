"""Codes: one side shows one, the other scans it or types it in, and finds the hours to confirm.

A code stands in one address only, which answers with a way on and no page: nothing that is loaded afterwards could tell
others where its reader came from.
"""

from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from timebank.clock import now
from timebank.errors import Refusal
from timebank.exchanges import queries
from timebank.exchanges.codes import show_code
from timebank.exchanges.rules import check_scanned
from timebank.web.forms import Form
from timebank.web.limits import address, failed_tries
from timebank.web.qr import whole_address
from timebank.web.schemas.codes import SaidCode
from timebank.web.session import action, database, me, me_or_nobody

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
            return redirect(_way_on(said["code"]), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    return form.page("scan/enter.html")


@pages.get("/scan/<code>")
@failed_tries(address, "60 per 15 minutes")
def arrive(code: str) -> ResponseReturnValue:
    """A phone that scanned a code arrives. Whoever is not signed in signs in first, and goes on from there."""
    answer = make_response(redirect(_way_on(code), 303))
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _way_on(code: str) -> str:
    """Where a code leads. Raises NoSuchCode, YourOwnCode, CodeForAnother."""
    exchange = queries.behind_code(database(), code, now())
    confirm = url_for("exchanges.act", exchange_id=exchange.id, verb="confirm")
    asking = me_or_nobody()
    if asking is None:
        return url_for("access.sign_in", next=confirm)
    check_scanned(exchange, asking.standing)
    return confirm
