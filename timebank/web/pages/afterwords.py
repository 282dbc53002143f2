"""How it went, in two taps: a word to the brokers where it did not go well, and thanks to the other."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.afterwords import actions
from timebank.afterwords.queries import echo
from timebank.afterwords.rules import NotYoursToSay
from timebank.clock import now
from timebank.web.forms import Form, pressed
from timebank.web.schemas.afterwords import SaidFeeling, SaidNoted, SaidThanks
from timebank.web.session import action, database, done, me
from timebank.web.voices import speaking

pages = Blueprint("afterwords", __name__, url_prefix="/exchanges/<uuid:exchange_id>")


@pages.post("/how-it-went")
def say(exchange_id: UUID) -> ResponseReturnValue:
    """The first tap. What it leads on to stands where it was made."""
    said = pressed(SaidFeeling)
    with action() as session:
        actions.say_how_it_went(
            session, exchange_id, said["feeling"], by=speaking(said), at=now(), for_party=said["for_party"]
        )
    return redirect(_page_of(exchange_id), 303)


@pages.route("/thanks", methods=["GET", "POST"])
def thank(exchange_id: UUID) -> ResponseReturnValue:
    """The second tap. Drawn by itself only where its words have to be looked at again."""
    form = Form(SaidThanks)
    if (said := form.read()) is not None:
        with form.action() as session:
            actions.thank(
                session, exchange_id, words=said["words"], by=speaking(said), at=now(), for_party=said["for_party"]
            )
        if form.is_done:
            return done(gettext("Thank you for thanking. It has been passed on."), _page_of(exchange_id))
    found = echo(database(), exchange_id, by=me().standing)
    if not found.voices:
        raise NotYoursToSay
    return form.page("afterwords/thank.html", echo=found)


@pages.post("/how-it-went/noted")
def note(exchange_id: UUID) -> ResponseReturnValue:
    """A broker has noted it."""
    said = pressed(SaidNoted)
    with action() as session:
        actions.note(session, exchange_id, said["party_id"], broker=me().standing, at=now())
    return done(gettext("Noted."), url_for("today.show"))


def _page_of(exchange_id: UUID) -> str:
    return url_for("exchanges.show", exchange_id=exchange_id, _anchor="thanks")
