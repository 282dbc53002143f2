"""What stands around every page: the places that somebody can go to, by what they are here, and whose page it is."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext

from timebank.language import N_
from timebank.members.queries import memberships_of
from timebank.members.tables import Role
from timebank.messages.queries import unread
from timebank.network.queries import all_timebanks
from timebank.web.language import language, other_language
from timebank.web.session import Me, ShownTimebank, database, installation, me_or_nobody

HOME = ("home.show", N_("Home"))
LISTINGS = ("listings.index", N_("Offers and requests"))
EXCHANGES = ("exchanges.index", N_("Exchanges"))
OUR_EXCHANGES = ("exchanges.index", N_("Our exchanges"))
MESSAGES = ("messages.index", N_("Messages"))
STATEMENT = ("statement.show", N_("Statement"))
MEMBERS = ("members.index", N_("Members"))
TODAY = ("today.show", N_("Today"))
REPORT = ("report.show", N_("Report"))
POLICY = ("policy.show", N_("Policy"))
INSTALLATION = ("installation.show", N_("Installation"))
MY_OWN = ("home.mine", N_("My own"))
TIMEBANKS = ("access.timebanks", N_("My timebanks"))

FOR_BROKERS = (TODAY, MEMBERS, EXCHANGES, LISTINGS, REPORT, POLICY)
FOR_MEMBERS = (HOME, LISTINGS, EXCHANGES, STATEMENT, MESSAGES, MEMBERS)
FOR_DELEGATES = (REPORT, OUR_EXCHANGES, STATEMENT, MESSAGES, LISTINGS)
FOR_AUDITORS = (REPORT,)


@dataclass(frozen=True)
class Place:
    """Somewhere to go, and how much that is new waits there."""

    text: str
    href: str
    current: bool
    count: int = 0


def places(asking: Me) -> list[Place]:
    """Where somebody can go, the first being where they land."""
    known = [*_for(asking)]
    if len(memberships_of(database(), asking.person_id)) > 1:
        known.append(TIMEBANKS)
    new = unread(database(), asking.standing.parties) if MESSAGES in known else 0
    return [_place(endpoint, text, new if (endpoint, text) == MESSAGES else 0) for endpoint, text in known]


def _place(endpoint: str, text: str, count: int) -> Place:
    return Place(gettext(text), url_for(endpoint), endpoint.partition(".")[0] == request.blueprint, count)


def _for(asking: Me) -> tuple[tuple[str, str], ...]:
    own = _within_timebank(asking)
    return (*own, INSTALLATION) if asking.standing.is_operator else own


def _within_timebank(asking: Me) -> tuple[tuple[str, str], ...]:
    standing = asking.standing
    if standing.is_broker:
        own = (MESSAGES, MY_OWN) if Role.MEMBER in standing.roles else (MESSAGES,) if standing.delegate_of else ()
        return (*FOR_BROKERS, *own)
    if Role.MEMBER in standing.roles:
        return FOR_MEMBERS
    if standing.delegate_of:
        return FOR_DELEGATES
    return FOR_AUDITORS


def shown_timebank() -> ShownTimebank | None:
    """The timebank that a page is about: the reader's, the one that a page names, or the only one there is."""
    asking = me_or_nobody()
    if asking is not None:
        return asking.timebank
    if "is_broken" in g:
        return None
    if "shown_timebank" not in g:
        known = all_timebanks(database())
        g.shown_timebank = ShownTimebank.of(known[0], language()) if len(known) == 1 else None
    found: ShownTimebank | None = g.shown_timebank
    return found


def _surroundings() -> dict[str, Any]:
    asking = me_or_nobody()
    return {
        "language": language(),
        "other_language": other_language(),
        "timebank": shown_timebank(),
        "me": asking,
        "is_demo": installation().settings.demo,
        "nav": places(asking) if asking else [],
    }


def surround(app: Flask) -> None:
    app.context_processor(_surroundings)
