"""Whom to tell on paper or by telephone: the list, the letters to print, and noting that somebody was told."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup

from timebank.clock import now
from timebank.errors import RuleBroken
from timebank.notices import letters, queries
from timebank.notices.tables import Means
from timebank.web.errors import sentence
from timebank.web.forms import asked, pressed
from timebank.web.letters import WrittenLetter, in_language, written
from timebank.web.paging import place_in, token_of
from timebank.web.schemas.letters import AskedLetters, SaidNotices, SaidTold
from timebank.web.session import action, database, done, me, today

pages = Blueprint("letters", __name__, url_prefix="/letters")


@pages.get("")
def index() -> str:
    """Who waits to be told what, longest first, and whom brokers told lately."""
    said = asked(AskedLetters)
    page = queries.letters(database(), broker=me().standing, after=place_in(said["after"]))
    return render_template(
        "letters/index.html",
        waiting=[in_language(letter, me().language) for letter in page.items],
        after=said["after"],
        more=token_of(page.after),
        lately=queries.told_lately(database(), broker=me().standing),
    )


@pages.get("/print")
def printed() -> str:
    """One letter for each person, on a page of its own and in their language: those of the list, or one of them."""
    said = asked(AskedLetters)
    people = [said["person"]] if said["person"] else None
    page = queries.letters(database(), broker=me().standing, people=people, after=place_in(said["after"]))
    return render_template(
        "letters/print.html",
        letters=[_on_paper(written(letter)) for letter in page.items],
        notices=[notice.id for letter in page.items for notice in letter.notices],
    )


@pages.post("/told")
def told() -> ResponseReturnValue:
    """A broker has told somebody, in a letter or by telephone."""
    said = pressed(SaidTold)
    try:
        with action() as session:
            letters.note_told(session, said["notices"], how=said["how"], broker=me().standing, at=now())
    except RuleBroken as too_late:
        return _too_late(too_late)
    by_letter = said["how"] is Means.LETTER
    return done(gettext("Noted: sent by letter.") if by_letter else gettext("Noted: told by telephone."), _list())


@pages.post("/again")
def again() -> ResponseReturnValue:
    """It was not so: they wait to be told again."""
    said = pressed(SaidNotices)
    try:
        with action() as session:
            count = letters.tell_again(session, said["notices"], broker=me().standing)
    except RuleBroken as too_late:
        return _too_late(too_late)
    return done(ngettext("%(num)s notice waits again.", "%(num)s notices wait again.", count), _list())


def _on_paper(letter: WrittenLetter) -> Markup:
    with force_locale(letter.language):
        return Markup(render_template("letters/letter.html", letter=letter, today=today()))  # noqa: S704 - a template's


def _too_late(refusal: RuleBroken) -> ResponseReturnValue:
    flash(sentence(refusal))
    return redirect(_list(), 303)


def _list() -> str:
    return url_for(".index")
