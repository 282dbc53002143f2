"""The language of a page: the one that somebody chose for themselves, this browser's, or the first that it asks for."""

from flask import Flask, Response, g, request
from flask_babel import Babel, get_locale, refresh

from timebank.language import Language
from timebank.web.session import installation, me_or_nobody, zone

A_YEAR = 365 * 24 * 3600


def language() -> Language:
    """The language of what is being written; of a letter, its reader's."""
    locale = get_locale()
    return Language.WELSH if locale and locale.language == Language.WELSH else Language.ENGLISH


def other_language() -> Language:
    return Language.ENGLISH if language() is Language.WELSH else Language.WELSH


def keep_language(response: Response, chosen: Language) -> None:
    """This browser shows pages in a language from now on, also to whoever is not signed in."""
    response.set_cookie(
        _cookie(),
        chosen,
        max_age=A_YEAR,
        secure=installation().settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def prefer_language(chosen: Language) -> None:
    """This page is in a language unless its reader has chosen one: an invitation is in that of the person invited."""
    g.preferred_language = chosen
    refresh()


def _choose() -> str:
    asking = me_or_nobody()
    if asking is not None:
        return asking.language
    kept = request.cookies.get(_cookie())
    if kept in set(Language):
        return kept
    preferred: str | None = g.get("preferred_language")
    return preferred or request.accept_languages.best_match([*Language]) or Language.ENGLISH


def _cookie() -> str:
    return "__Host-language" if installation().settings.secure_cookies else "language"


def speak(app: Flask) -> None:
    """Set up the catalogues, and how dates are written."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "web/translations"
    Babel(app, locale_selector=_choose, timezone_selector=lambda: zone().key)
