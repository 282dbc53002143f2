"""The broker's Today: everything that waits, whoever has waited longest first."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from timebank.clock import now
from timebank.errors import NotFound, Refusal
from timebank.exchanges import approving
from timebank.exchanges import queries as exchanges
from timebank.exchanges.steps import check_unchanged
from timebank.exchanges.tables import Verb
from timebank.members.rules import check_broker
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
    """Approve all picked rows as they were seen, each in a transaction of its own: one refused does not stop others."""
    check_broker(me().standing)
    done = 0
    refused: list[tuple[UUID, Refusal]] = []
    for exchange_id, steps in _picked().items():
        try:
            with action() as session:
                check_unchanged(session, exchange_id, Verb.APPROVE, steps=steps, by=me().standing)
                approving.approve(session, exchange_id, broker=me().standing, at=now())
            done += 1
        except Refusal as refusal:
            refused.append((exchange_id, refusal))
    seen = [exchange_id for exchange_id, refusal in refused if not isinstance(refusal, NotFound)]
    titles = exchanges.titles(database(), me().timebank_id, seen)
    why = dict.fromkeys(": ".join(filter(None, [titles.get(about), sentence(refusal)])) for about, refusal in refused)
    for said in [*why][:TOLD_AT_ONCE]:
        flash(said)
    if done:
        flash(ngettext("%(num)s exchange approved.", "%(num)s exchanges approved.", done), "success")
    elif not request.form.getlist("exchange"):
        flash(gettext("Tick what you would like to approve."))
    return redirect(url_for("today.show"), 303)


def _picked() -> dict[UUID, int]:
    """What was ticked, each with its number of steps as it was shown; what we did not draw so is passed over."""
    picked = {}
    for typed in request.form.getlist("exchange")[:AT_ONCE]:
        number, _, seen = typed.partition(".")
        try:
            picked[UUID(number)] = int(seen)
        except ValueError:
            continue
    return picked
