"""One's own details: what the timebank knows of the reader, and how they change it."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, refresh

from timebank.members import apart, queries
from timebank.members.actions import change_details
from timebank.web.forms import Form
from timebank.web.schemas.members import SaidDetails
from timebank.web.session import database, done, me

pages = Blueprint("details", __name__)


@pages.route("/me", methods=["GET", "POST"])
def show() -> ResponseReturnValue:
    party = queries.party(database(), me().timebank_id, me().member_id)
    member = queries.member(database(), me().timebank_id, me().member_id)
    person = queries.person_behind(database(), me().timebank_id, me().member_id)
    as_known = {
        "name": party.name,
        "phone": member.phone,
        "language": person.language,
        "area": member.area,
        "about": member.about,
    }
    form = Form(SaidDetails, values=as_known)
    if (said := form.read()) is not None:
        with form.action() as session:
            change_details(session, me().member_id, by=me().standing, **said)
        if form.is_done:
            refresh()  # what is said next is said in the language that was just chosen
            return done(gettext("Your details are changed."), url_for(".show"))
    return form.page("details/show.html", blocked=apart.blocked_by(database(), me().standing.parties))
