"""How anything that goes wrong is told: a page in the reader's language, or a problem (RFC 9457) under /api."""

import logging
import re

from flask import Flask, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, SecurityError

from ledger import Busy, StorageFull, Unreachable, mishap_of
from timebank.errors import NotAllowed, NotFound, NotSaid, Refusal
from timebank.language import N_
from timebank.web.filters import as_written
from timebank.web.limits import seconds_to_wait
from timebank.web.session import is_api

TITLES = {
    400: N_("That did not arrive as it should"),
    401: N_("Sign in first"),
    403: N_("That is not yours to do"),
    404: N_("There is nothing here"),
    405: N_("That cannot be done here"),
    409: N_("That cannot be done now"),
    413: N_("That is too much at once"),
    415: N_("That is of a kind that is not read here"),
    422: N_("Some of that cannot be right"),
    429: N_("Too many tries"),
    500: N_("Something went wrong here"),
    503: N_("Nothing can be written down just now"),
}
SENTENCES = {
    400: N_("Go back and try again. Nothing was changed."),
    401: N_("Show a token that is still in use."),
    403: N_("If you think that it should be, talk to your time broker."),
    404: N_("The address may be mistyped, or what was here is gone."),
    405: N_("Go back and try again. Nothing was changed."),
    413: N_("Send less, or in several parts. Nothing was changed."),
    415: N_("Send JSON."),
    422: N_("Look at it again, and correct what is marked."),
    429: N_("Wait a quarter of an hour, then try again."),
    503: N_("Go back and try again in a few minutes. What arrives twice counts only once."),
    500: N_("It is not your fault, and what you see elsewhere is still true. We have noted what happened."),
}
STATUSES: dict[type[Refusal], int] = {NotFound: 404, NotAllowed: 403, NotSaid: 422}
TRY_AGAIN_SECONDS = 60
OPEN_TOO_LONG = N_("This page was open for too long, so nothing was changed. Go back, load it again and try once more.")
log = logging.getLogger("timebank")


def sentence(refusal: Refusal) -> str:
    """A refusal in the reader's language, with days, moments and hours as they are written there."""
    return gettext(refusal.sentence, **as_written(refusal.values))


def status_of(refusal: Refusal) -> int:
    """How HTTP says what kind of refusal it is."""
    return next((status for kind, status in STATUSES.items() if isinstance(refusal, kind)), 409)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    status = status_of(refusal)
    reason = re.sub(r"(?<!^)(?=[A-Z])", "-", type(refusal).__name__).lower()
    said = sentence(refusal)
    unsaid = {"json": {refusal.field: [said]}} if isinstance(refusal, NotSaid) else None
    return _answer(status, said, reason=reason, field=refusal.field, errors=unsaid)


def _failed(error: HTTPException) -> ResponseReturnValue:
    """What Flask, marshmallow or a page refused by status. A header that goes with it (Allow) is kept."""
    status = error.code or 500
    if status < 400 or isinstance(error, SecurityError):  # noqa: PLR2004
        return error  # a redirection, or a host that is not ours, for which no page can be drawn
    if status >= 500:  # noqa: PLR2004
        g.is_broken = True
    said = gettext(OPEN_TOO_LONG if isinstance(error, CSRFError) else SENTENCES.get(status, SENTENCES[400]))
    faults = getattr(error, "data", {}).get("messages")  # webargs puts a schema's errors here
    answer = _answer(status, said, errors=faults)
    kept = [(name, value) for name, value in error.get_headers() if name not in {"Content-Type", "Content-Length"}]
    if isinstance(error, RateLimitExceeded):
        kept.append(("Retry-After", str(seconds_to_wait())))
    return (*answer, kept)


def _cannot_write(error: Exception) -> ResponseReturnValue:
    """The database has no room, went away, or is too busy: whoever runs it reads in the log which, others wait."""
    mishap = mishap_of(error) if isinstance(error, DBAPIError) else error
    if mishap is None:
        raise error
    if isinstance(mishap, Unreachable) or mishap is not error:
        g.is_broken = True
    log.error("%s %s: %s", request.method, request.endpoint, mishap)
    return (*_answer(503, gettext(SENTENCES[503])), {"Retry-After": str(TRY_AGAIN_SECONDS)})


def _answer(status: int, said: str, **more: object) -> tuple[str | Response, int]:
    title = gettext(TITLES.get(status, TITLES[500 if status > 500 else 400]))  # noqa: PLR2004
    if not is_api():
        again = _sent_again() if status == 503 else []  # noqa: PLR2004
        return render_template("errors/page.html", title=title, sentence=said, status=status, again=again), status
    known = {name: value for name, value in more.items() if value is not None}
    problem = jsonify(type="about:blank", title=title, status=status, detail=said, **known)
    problem.content_type = "application/problem+json"
    return problem, status


def _sent_again() -> list[tuple[str, str]]:
    """A form as it was sent, to be sent once more from here. Passwords and files are not shown to anybody."""
    is_secret = request.files or any("password" in name for name in request.form) or request.method != "POST"
    return [] if is_secret else list(request.form.items(multi=True))


def tell_errors(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _failed)
    for mishap in (Busy, StorageFull, Unreachable, DBAPIError):
        app.register_error_handler(mishap, _cannot_write)
