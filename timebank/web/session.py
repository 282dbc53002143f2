"""A request's session with the database, and who sends the request: the guard at the door, `me()` and `action()`.

Browsers show a cookie, programs a bearer token. The cookie holds a random secret whose digest is a row (`SignIn`):
removing the row signs the browser out, whoever has a copy of the cookie. Under /api the cookie counts for nothing, so
that nothing there needs a form's token.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask, Request, Response, current_app, flash, g, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import Engine
from sqlmodel import Session
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import SecurityError, Unauthorized

from timebank.access import actions as access
from timebank.access.queries import introduction, sign_in_of, token_of
from timebank.access.rules import RENEWED_EVERY, Hasher, end_of_sign_in
from timebank.clock import now
from timebank.config import Settings
from timebank.database import unit_of_work
from timebank.language import Language
from timebank.members.queries import standing_of
from timebank.members.rules import Standing
from timebank.members.tables import Status
from timebank.network.queries import policy_at
from timebank.network.tables import Policy, Timebank

API = "/api/"
OPEN = frozenset({
    "static",
    "about.welcome",
    "about.privacy",
    "about.accessibility",
    "access.sign_in",
    "access.accept",
    "calendar.feed",
    "language.choose",
    "scan.arrive",
})  # fmt: skip
"""The endpoints that are for everybody. All others are for those who are signed in."""


@dataclass(frozen=True)
class Installation:
    """What every request shares."""

    settings: Settings
    engine: Engine
    hasher: Hasher


def installation() -> Installation:
    found: Installation = current_app.extensions["timebank"]
    return found


@dataclass(frozen=True)
class ShownTimebank:
    """A timebank by the name that it has in the reader's language."""

    id: UUID
    slug: str
    name: str
    phone: str

    @classmethod
    def of(cls, timebank: Timebank, language: str) -> "ShownTimebank":
        return cls(timebank.id, timebank.slug, timebank.name(language), timebank.phone)


@dataclass(frozen=True, kw_only=True)
class Me:
    """Who is asking, and where they stand in the timebank that they are in."""

    standing: Standing
    name: str
    email: str
    language: Language
    timebank: ShownTimebank

    @property
    def timebank_id(self) -> UUID:
        return self.standing.timebank_id

    @property
    def member_id(self) -> UUID:
        return self.standing.member_id

    @property
    def person_id(self) -> UUID:
        return self.standing.person_id


# --- The database -------------------------------------------------------------------------------------------


def database() -> Session:
    """This request's session, for reading. Closed when the request is over."""
    if "database" not in g:
        g.database = Session(installation().engine)
    opened: Session = g.database
    return opened


@contextmanager
def action() -> Iterator[Session]:
    """Around one action: it happens as a whole or not at all, and this is the only commit.

    Who asks is looked up again inside, so that the action decides on what is true now.
    """
    with unit_of_work(database()) as session:
        _forget()
        yield session
    _forget()


def _forget() -> None:
    """What was looked up before may have changed."""
    for looked_up in ("me", "policy"):
        g.pop(looked_up, None)


def _close(_error: BaseException | None) -> None:
    opened = g.pop("database", None)
    if opened is not None:
        opened.close()


# --- Who is asking ------------------------------------------------------------------------------------------


class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A browser or a program that showed a secret which is known here. Flask-Login keeps it for the request."""

    def __init__(self, secret: str, member_id: UUID) -> None:
        self.secret = secret
        self.member_id = member_id

    def get_id(self) -> str:
        return self.secret


def me_or_nobody() -> Me | None:
    """Who is asking, if they are signed in."""
    if "is_broken" in g:
        return None  # the page that says so must not depend on what broke
    if "me" not in g:
        g.me = _meet(current_user.member_id) if current_user.is_authenticated else None
    found: Me | None = g.me
    return found


def me() -> Me:
    """Who is asking. The guard lets nobody else through, so that 401 here means a race with a sign-out."""
    found = me_or_nobody()
    if found is None:
        raise _not_signed_in()
    return found


def secret() -> str:
    """The secret that this browser is signed in with."""
    held: str = current_user.get_id()
    return held


def policy_now() -> Policy:
    """The policy in force where the asking person is; read once for a request, and anew after something was done."""
    if "policy" not in g:
        g.policy = policy_at(database(), me().timebank_id, now())
    found: Policy = g.policy
    return found


def zone() -> ZoneInfo:
    """The time zone of the timebank that the asking person is in."""
    if "zone" not in g:
        asking = me_or_nobody()
        g.zone = ZoneInfo(policy_now().time_zone if asking else "Europe/London")
    found: ZoneInfo = g.zone
    return found


def today() -> date:
    """The date where the timebank is."""
    return now().astimezone(zone()).date()


def is_api() -> bool:
    return request.path.startswith(API)


def remember(secret: str) -> None:
    """This browser is signed in with a secret from now on. Its cookie begins anew, forms' tokens too."""
    cookie.clear()
    cookie.permanent = True  # until the sign-in is over, not until the browser is closed
    login_user(_browser(secret))
    _forget_who()


def forget() -> None:
    """This browser's cookie holds nothing any more."""
    logout_user()
    cookie.clear()
    _forget_who()


def _forget_who() -> None:
    for known in ("me", "zone"):
        g.pop(known, None)


def _meet(member_id: UUID) -> Me | None:
    standing = standing_of(database(), member_id, today=now().date())
    if standing.status is Status.LEFT:
        return None
    person, party, timebank = introduction(database(), member_id)
    return Me(
        standing=standing,
        name=party.name,
        email=person.email or "",
        language=person.language,
        timebank=ShownTimebank.of(timebank, person.language),
    )


def _browser(secret: str) -> Visitor | None:
    if is_api() or "is_broken" in g:
        return None
    found = sign_in_of(database(), secret, now())
    if found is None:
        return None
    if end_of_sign_in(found.began_at, now()) - found.ends_at > RENEWED_EVERY:
        with action() as session:
            access.stay(session, secret, at=now())
    return Visitor(secret, found.member_id)


def _program(asked: Request) -> Visitor | None:
    if not is_api() or "is_broken" in g or asked.authorization is None or asked.authorization.type != "bearer":
        return None
    secret = asked.authorization.token or ""
    found = token_of(database(), secret)
    return Visitor(secret, found.member_id) if found else None


# --- The guard ----------------------------------------------------------------------------------------------


def _guard() -> ResponseReturnValue | None:
    """Everybody may see what is open, and learn that something is not there; the rest wants a sign-in."""
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception  # for a host that is not ours
    if request.endpoint in OPEN or me_or_nobody() is not None:
        return None
    if request.path == "/":
        return redirect(url_for("about.welcome"))
    if request.endpoint is None:
        return None
    if is_api():
        raise _not_signed_in()
    if request.method in {"GET", "HEAD"}:
        return _show(url_for("access.sign_in", next=request.full_path.removesuffix("?")))
    flash(gettext("You have been signed out, so nothing was changed. Sign in and try again."))
    return _show(url_for("access.sign_in"))


def _not_signed_in() -> Unauthorized:
    return Unauthorized(www_authenticate=WWWAuthenticate("bearer"))


def _show(address: str) -> ResponseReturnValue:
    """Send the browser to a page; htmx would otherwise put that page into a part of this one."""
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)


def is_local(address: str) -> bool:
    """Whether an address that came with a form leads to a page of ours, and not to //evil.example."""
    return address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()


def back_to(address: str) -> ResponseReturnValue:
    """Send the browser on to an address that came with a form, or home if that would lead astray."""
    return redirect(request.script_root + (address if is_local(address) else "/"), 303)


def done(sentence: str, to: str) -> ResponseReturnValue:
    """Say that something happened, and show what has become of it."""
    flash(sentence, "success")
    return redirect(to, 303)


def open_doors(app: Flask, shared: Installation) -> None:
    """Set up sessions, sign-in and the guard."""
    app.extensions["timebank"] = shared
    login: Any = LoginManager(app)
    login.session_protection = None  # the row decides; phones change their address all day
    login.user_loader(_browser)
    login.request_loader(_program)
    app.before_request(_guard)
    app.teardown_appcontext(_close)
