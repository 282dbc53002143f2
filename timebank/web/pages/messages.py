"""Messages: the inbox, and what the two of an exchange write to each other."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.messages import actions, queries
from timebank.messages.rules import BetweenTheTwo
from timebank.web.conversations import talk_about
from timebank.web.forms import Form, asked
from timebank.web.paging import place_in, token_of
from timebank.web.schemas.messages import AskedConversation, SaidMessage
from timebank.web.session import action, database, done, me
from timebank.web.voices import speaking

pages = Blueprint("messages", __name__)

AT_ONCE = 30


@pages.get("/messages")
def index() -> str:
    """The conversations of the reader and of those they act for, newest first."""
    page = queries.inbox(database(), by=me().standing, after=place_in(request.args.get("after")))
    return render_template("messages/index.html", page=page, more=token_of(page.after))


@pages.route("/exchanges/<uuid:exchange_id>/messages", methods=["GET", "POST"])
def conversation(exchange_id: UUID) -> ResponseReturnValue:
    """A conversation by itself, from its beginning; and where a message is sent to."""
    form = Form(SaidMessage)
    if (said := form.read()) is not None:
        with form.action() as session:
            actions.write(
                session,
                exchange_id,
                words=said["words"],
                by=speaking(said),
                at=now(),
                submission=form.submission,
                for_party=said["for_party"],
            )
        if form.is_done:
            return done(gettext("Sent. They have been told."), _page_of(exchange_id))
    talk = talk_about(exchange_id, form=form, before=asked(AskedConversation)["before"], limit=AT_ONCE)
    if talk.conversation is None:
        raise BetweenTheTwo
    return form.page("messages/show.html", talk=talk, named=talk.conversation.named)


@pages.post("/exchanges/<uuid:exchange_id>/messages/<int(min=1, max=2147483647):number>/take-back")
def take_back(exchange_id: UUID, number: int) -> ResponseReturnValue:
    """What a message said is removed."""
    with action() as session:
        actions.take_back(session, exchange_id, number, by=me().standing)
    return done(gettext("Taken back. The words are gone."), _page_of(exchange_id))


@pages.post("/exchanges/<uuid:exchange_id>/messages/show")
def show_to_brokers(exchange_id: UUID) -> ResponseReturnValue:
    """One side lets the brokers read."""
    with action() as session:
        actions.show_to_brokers(session, exchange_id, by=me().standing, at=now())
    return done(gettext("Time brokers can read these messages now."), _page_of(exchange_id))


@pages.post("/exchanges/<uuid:exchange_id>/messages/keep")
def keep_from_brokers(exchange_id: UUID) -> ResponseReturnValue:
    """The same side does not any more."""
    with action() as session:
        actions.keep_from_brokers(session, exchange_id, by=me().standing)
    return done(gettext("You do not show these messages to time brokers any more."), _page_of(exchange_id))


def _page_of(exchange_id: UUID) -> str:
    return url_for("exchanges.show", exchange_id=exchange_id, _anchor="conversation")
