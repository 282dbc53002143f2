"""The application: `create_app` puts it together from settings."""

import logging
from types import TracebackType
from typing import Any, NoReturn

from flask import Flask, request
from flask_wtf import CSRFProtect
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader, UndefinedError
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from timebank.access.rules import LONGEST_SIGN_IN, Hasher
from timebank.config import Settings
from timebank.database import engine_for
from timebank.web import cells, extra_words, filters, qr, voices, wording
from timebank.web.api import speak_json
from timebank.web.errors import tell_errors
from timebank.web.headers import send_headers
from timebank.web.language import speak
from timebank.web.limits import limiter
from timebank.web.pages import (
    about,
    access,
    afterwords,
    blocks,
    calendar,
    check_in,
    concerns,
    details,
    exchanges,
    group_sessions,
    guardians,
    home,
    installation,
    language,
    leaving,
    letters,
    listings,
    mailbox,
    members,
    messages,
    paper,
    policy,
    pot,
    report,
    scan,
    sheets,
    statement,
    today,
)
from timebank.web.places import surround
from timebank.web.session import Installation, is_api, open_doors

PAGES = (
    about.pages,
    access.pages,
    afterwords.pages,
    blocks.pages,
    calendar.pages,
    check_in.pages,
    concerns.pages,
    details.pages,
    exchanges.pages,
    group_sessions.pages,
    guardians.pages,
    home.pages,
    installation.pages,
    language.pages,
    leaving.pages,
    letters.pages,
    listings.pages,
    mailbox.pages,
    members.pages,
    messages.pages,
    paper.pages,
    policy.pages,
    pot.pages,
    report.pages,
    scan.pages,
    sheets.pages,
    statement.pages,
    today.pages,
)
LARGEST_REQUEST = 1024 * 1024
log = logging.getLogger("timebank")


class Application(Flask):
    def log_exception(self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
        """By endpoint, not by path as Flask does: the path of an invitation holds its secret."""
        log.error("%s %s failed", request.method, request.endpoint, exc_info=exc_info)


class NotThere(ChainableUndefined):
    """What a page left out: the parts of pages may ask whether it is there, but writing it is a mistake."""

    def __str__(self) -> NoReturn:
        raise UndefinedError(self._undefined_message)

    __html__ = __str__


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """The application for these settings. Nothing is opened, asked or written before the first request."""
    app = Application("timebank", template_folder="web/templates", static_folder="web/static")
    app.config.from_mapping(_flask_settings(settings))
    # optimised, {{ "each" | charging_word }} would be worded once, in the language of whoever came first
    app.jinja_options = {"undefined": NotThere, "optimized": False}
    app.jinja_loader = ChoiceLoader([
        PackageLoader("timebank", "web/templates"),
        PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    ])  # fmt: skip
    # The order matters: the guard comes before the form's token, and that before the counting of tries.
    shared = Installation(
        settings=settings,
        # what goes wrong is logged, but not what people wrote
        engine=engine or engine_for(settings.database_url, hide_parameters=True),
        hasher=Hasher(memory_kib=settings.password_memory_kib),
    )
    open_doors(app, shared)
    speak(app)
    for words in (filters, wording, cells, extra_words, qr, voices):
        words.teach(app)
    surround(app)
    _ask_for_tokens(app)
    limiter.init_app(app)
    send_headers(app, is_https=settings.secure_cookies)
    for pages in PAGES:
        app.register_blueprint(pages)
    speak_json(app)
    tell_errors(app)  # after the API, which would answer in its own way
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    is_https = settings.secure_cookies
    return {
        "SECRET_KEY": settings.signing_key(),
        "SESSION_COOKIE_NAME": "__Host-timebank" if is_https else "timebank",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": LONGEST_SIGN_IN,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST,
        "TRUSTED_HOSTS": [settings.host] if settings.host else None,
        "WTF_CSRF_CHECK_DEFAULT": False,  # see _ask_for_tokens
        "WTF_CSRF_TIME_LIMIT": None,  # a page may lie open as long as somebody is signed in
        "WTF_CSRF_SSL_STRICT": False,  # it wants a Referer, which the page of an invitation keeps to itself
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
    }


def _ask_for_tokens(app: Flask) -> None:
    """Whatever a browser sends to change something carries a token. Programs need none: under /api no cookie counts."""
    tokens: Any = CSRFProtect(app)

    @app.before_request
    def ask() -> None:
        if request.endpoint is not None and not is_api():
            tokens.protect()
