"""The broker's Today: everything that waits, whoever has waited longest first."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from timebank.clock import now
from timebank.errors import Refusal
from timebank.exchanges import approving
from timebank.today.queries import Waiting
from timebank.today.queries import today as queue
from timebank.web.errors import sentence
from timebank.web.session import action, database, me

pages = Blueprint("today", __name__, url_prefix="/today")

AT_ONCE = 100
TOLD_AT_ONCE = 5
"""Refusals wait in a cookie for the next page, and a cookie holds 4 kB."""


@pages.get("")
def show() -> str:
    """The queue, or one kind of it."""
    asked = request.args.get("only", "")
    only = Waiting(asked) if asked in set(Waiting) else None
    return render_template(
        "today/show.html", queue=queue(database(), broker=me().standing, at=now(), only=only), only=only
    )


@pages.post("/approve")
def approve() -> ResponseReturnValue:
    """Approve all picked rows, each in a transaction of its own: one that is refused does not stop the others."""
    done = 0
    refused: dict[str, None] = {}
    for exchange_id in _picked():
        try:
            with action() as session:
                approving.approve(session, exchange_id, broker=me().standing, at=now())
            done += 1
        except Refusal as refusal:
            refused[sentence(refusal)] = None
    for why in [*refused][:TOLD_AT_ONCE]:
        flash(why)
    if done:
        flash(ngettext("%(num)s exchange approved.", "%(num)s exchanges approved.", done), "success")
    elif not request.form.getlist("exchange"):
        flash(gettext("Tick what you would like to approve."))
    return redirect(url_for("today.show"), 303)


def _picked() -> list[UUID]:
    """What was ticked; what is no number of an exchange was not drawn by us, and is passed over."""
    picked = []
    for typed in request.form.getlist("exchange")[:AT_ONCE]:
        try:
            picked.append(UUID(typed))
        except ValueError:
            continue
    return picked
