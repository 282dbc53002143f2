"""Changing the language of the pages, and with it the one in which somebody is addressed."""

from flask import Blueprint, abort, make_response, request
from flask.typing import ResponseReturnValue

from timebank.language import Language
from timebank.members.actions import prefer
from timebank.web.language import keep_language
from timebank.web.session import action, back_to, me_or_nobody

pages = Blueprint("language", __name__)


@pages.post("/language")
def choose() -> ResponseReturnValue:
    said = request.form.get("language", "")
    if said not in set(Language):
        abort(400)
    asking = me_or_nobody()
    if asking is not None:
        with action() as session:
            prefer(session, asking.person_id, language=Language(said))
    answer = make_response(back_to(request.form.get("next", "/")))
    keep_language(answer, Language(said))
    return answer
