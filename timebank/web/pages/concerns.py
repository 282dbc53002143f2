"""Concerns: telling the time brokers something in private, and what a broker does with it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.concerns import actions, queries
from timebank.exchanges.queries import Named, exchange
from timebank.exchanges.rules import parties_of
from timebank.members.queries import party
from timebank.members.rules import ForOthers
from timebank.web.forms import Form
from timebank.web.paging import place_in, token_of
from timebank.web.schemas.concerns import SaidClosing, SaidConcern
from timebank.web.session import database, done, me
from timebank.web.voices import Voice, speaking, voices

pages = Blueprint("concerns", __name__)


@pages.get("/concerns")
def index() -> str:
    """All that a broker may read, newest first."""
    page = queries.concerns(database(), broker=me().standing, after=place_in(request.args.get("after")))
    return render_template("concerns/index.html", page=page, more=token_of(page.after))


@pages.route("/concerns/<uuid:concern_id>", methods=["GET", "POST"])
def show(concern_id: UUID) -> ResponseReturnValue:
    """One concern, and closing it with a note."""
    confided = queries.concern(database(), concern_id, broker=me().standing)
    form = Form(SaidClosing)
    if (said := form.read()) is not None:
        with form.action() as session:
            actions.close(session, concern_id, broker=me().standing, at=now(), note=said["note"])
        if form.is_done:
            return done(gettext("Closed, with your note."), url_for("today.show"))
    return form.page("concerns/show.html", confided=confided, concern=confided.concern)


@pages.route("/members/<uuid:party_id>/concern", methods=["GET", "POST"])
def about(party_id: UUID) -> ResponseReturnValue:
    """Somebody tells the brokers something about another, perhaps from an exchange of theirs."""
    whom = party(database(), me().timebank_id, party_id)
    named = _exchange_asked_for(party_id)
    may_speak = [
        each for each in voices(database(), me(), request.values.get("for")) if _may_speak(each, whom.id, named)
    ]
    if not may_speak:
        raise ForOthers
    form = Form(SaidConcern, values={"exchange_id": str(named.exchange.id) if named else ""})
    if (said := form.read()) is not None:
        with form.action() as session:
            actions.confide(
                session, party_id, by=speaking(said), at=now(), submission=form.submission, **_as_drawn(said, named)
            )
        if form.is_done:
            return done(gettext("Told. Only time brokers without a part in it can read it."), _back_to(party_id, named))
    return form.page("concerns/about.html", party=whom, named=named, voices=may_speak, back=_back_to(party_id, named))


def _exchange_asked_for(party_id: UUID) -> Named | None:
    asked_for = request.values.get("exchange_id")
    if not asked_for:
        return None
    try:
        named = exchange(database(), UUID(asked_for), by=me().standing)
    except ValueError:
        abort(404)
    if party_id not in parties_of(named.exchange):
        abort(404)
    return named


def _may_speak(voice: Voice, about_id: UUID, named: Named | None) -> bool:
    return voice.party_id != about_id and (named is None or voice.party_id in parties_of(named.exchange))


def _as_drawn(said: dict[str, Any], named: Named | None) -> dict[str, Any]:
    exchange_id = named.exchange.id if named else None
    return {name: said[name] for name in ("words", "shows_messages", "for_party")} | {"exchange_id": exchange_id}


def _back_to(party_id: UUID, named: Named | None) -> str:
    if named is not None:
        return url_for("exchanges.show", exchange_id=named.exchange.id)
    return url_for("members.show", party_id=party_id)
