"""Signing in and out, accepting an invitation, changing a password, tokens, and going over to another timebank."""

from uuid import UUID

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.access import actions, queries
from timebank.access.rules import SHORTEST_PASSWORD, WrongPassword
from timebank.clock import now
from timebank.config import DEMO_PASSWORD
from timebank.web.forms import Form
from timebank.web.language import language, prefer_language
from timebank.web.limits import address, named_account, named_account_from_here, own_account, tries
from timebank.web.schemas.access import SaidNewPassword, SaidPassword, SaidSignIn, SaidToken
from timebank.web.session import (
    ShownTimebank,
    action,
    back_to,
    database,
    done,
    forget,
    installation,
    me,
    me_or_nobody,
    remember,
    secret,
)

pages = Blueprint("access", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@tries(named_account_from_here, "10 per 15 minutes")
@tries(named_account, "100 per 15 minutes")
@tries(address, "60 per 15 minutes")
def sign_in() -> ResponseReturnValue:
    onward = request.values.get("next", "/")
    if me_or_nobody() is not None and request.method == "GET":
        return back_to(onward)
    form = Form(SaidSignIn)
    if (said := form.read()) is not None:
        try:
            proof = queries.proof(database(), **said, using=installation().hasher)
        except WrongPassword as refusal:
            form.refuse(refusal)
        else:
            with form.action() as session:
                entered = actions.sign_in(session, proof, at=now())
            if form.is_done:
                remember(entered)
                return back_to(onward)
    guests = queries.guests(database()) if installation().settings.demo else []
    return form.page("access/sign_in.html", next=onward, guests=guests, demo_password=DEMO_PASSWORD)


@pages.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    with action() as session:
        actions.sign_out(session, secret())
    forget()
    return done(gettext("You are signed out."), url_for("about.welcome"))


@pages.route("/invitation/<link>", methods=["GET", "POST"])
@tries(address, "60 per 15 minutes")
def accept(link: str) -> ResponseReturnValue:
    """The address holds a secret: nobody is told where a reader of this page came from, and no copy of it is kept."""
    invitation = queries.invitation(database(), link, now())
    person, party, timebank = queries.introduction(database(), invitation.member_id)
    prefer_language(person.language)
    g.shown_timebank = ShownTimebank.of(timebank, language())
    form = Form(SaidPassword)
    if (said := form.read()) is not None:
        with form.action() as session:
            entered = actions.accept(session, link, **said, at=now(), using=installation().hasher)
        if form.is_done:
            remember(entered)
            return done(gettext("Your password is chosen, and you are signed in."), request.script_root + "/")
    drawn = form.page("access/accept.html", name=party.name, email=person.email, shortest=SHORTEST_PASSWORD, link=link)
    answer = make_response(drawn)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.route("/password", methods=["GET", "POST"])
@tries(own_account, "10 per 15 minutes")
def password() -> ResponseReturnValue:
    form = Form(SaidNewPassword)
    if (said := form.read()) is not None:
        with form.action() as session:
            entered = actions.change_password(session, by=me().standing, **said, at=now(), using=installation().hasher)
        if form.is_done:
            remember(entered)
            return done(gettext("Your password is changed. Every other browser is signed out."), url_for(".password"))
    return form.page("access/password.html", shortest=SHORTEST_PASSWORD)


@pages.route("/tokens", methods=["GET", "POST"])
def tokens() -> ResponseReturnValue:
    """The tokens there are. A new one is shown on the answer itself, this once: no cookie or cache ever holds it."""
    form = Form(SaidToken)
    made = None
    if (said := form.read()) is not None:
        with form.action() as session:
            _, made = actions.make_token(session, by=me().standing, **said, at=now())
        if form.is_done:
            form = Form(SaidToken)
    return form.page("access/tokens.html", tokens=queries.tokens_of(database(), me().member_id), made=made)


@pages.post("/tokens/<uuid:token_id>/end")
def end_token(token_id: UUID) -> ResponseReturnValue:
    with action() as session:
        actions.end_token(session, token_id, by=me().standing, at=now())
    return done(gettext("That token opens nothing any more."), url_for(".tokens"))


@pages.get("/timebanks")
def timebanks() -> ResponseReturnValue:
    return render_template("access/timebanks.html", known=queries.timebanks_of(database(), me().person_id))


@pages.post("/timebanks/<uuid:member_id>/enter")
def enter(member_id: UUID) -> ResponseReturnValue:
    with action() as session:
        actions.enter(session, secret(), member_id=member_id, at=now())
    return redirect(request.script_root + "/", 303)
