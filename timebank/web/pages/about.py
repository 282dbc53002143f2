"""What a stranger may read: what this timebank is, what it keeps of people, and how accessible its pages are."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from timebank.web.session import installation

pages = Blueprint("about", __name__)


@pages.get("/welcome")
def welcome() -> ResponseReturnValue:
    return render_template("about/welcome.html", is_demo=installation().settings.demo)


@pages.get("/privacy")
def privacy() -> ResponseReturnValue:
    return render_template("about/privacy.html")


@pages.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    return render_template("about/accessibility.html")
