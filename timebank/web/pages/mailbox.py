"""The demonstration's mailbox: what everybody was told, as it would reach them."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template

from timebank.members.tables import Person
from timebank.notices.queries import latest
from timebank.notices.tables import Channel, Notice
from timebank.notices.worded import worded
from timebank.web.session import database, installation, me

pages = Blueprint("mailbox", __name__)

SHOWN = 50


@dataclass(frozen=True)
class Told:
    """A notice in its reader's language: to whom, and how it reaches them."""

    notice: Notice
    to: str
    person: Person
    subject: str
    sentence: str

    @property
    def is_mail(self) -> bool:
        return self.notice.channel is Channel.EMAIL


@pages.get("/mailbox")
def show() -> str:
    """Only where everybody may sign in as anybody; elsewhere there is no such page."""
    if not installation().settings.demo:
        abort(404)
    told = [_told(*each) for each in latest(database(), me().timebank_id, limit=SHOWN)]
    return render_template("mailbox/show.html", told=told)


def _told(notice: Notice, person: Person, to: str) -> Told:
    return Told(notice, to, person, *worded(notice, person.language))
