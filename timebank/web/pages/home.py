"""Where somebody lands: a member at home, a broker at Today, an organisation at its report."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from timebank.clock import now
from timebank.exchanges import queries
from timebank.exchanges.life import confirmed_by_silence
from timebank.exchanges.queries import Named
from timebank.exchanges.rules import has_come, open_verbs, other_than
from timebank.exchanges.tables import Exchange, Verb
from timebank.group_sessions.queries import asked_to_pay
from timebank.listings.queries import open_listings
from timebank.listings.tables import Listing, Side
from timebank.matching.queries import Match, best_offers
from timebank.members.rules import Standing
from timebank.members.tables import Role
from timebank.network.tables import Policy
from timebank.web.session import Me, database, me, policy_now, zone

pages = Blueprint("home", __name__)


@dataclass(frozen=True)
class WaitsForMe:
    """An exchange that waits for the reader's word: which, with whom, and until when silence will do.

    `for_party` is in whose name they would say it, and `whose` that name, where it is not their own.
    """

    exchange: Exchange
    verb: Verb
    name: str
    for_party: UUID
    whose: str
    until: datetime | None


@pages.get("/")
def show() -> ResponseReturnValue:
    """The first page after signing in."""
    standing = me().standing
    if standing.is_broker:
        return redirect(url_for("today.show"))
    if Role.MEMBER not in standing.roles:
        return redirect(url_for("report.show"))
    return mine()


@pages.get("/home")
def mine() -> str:
    """A member's home, asking first; also for a broker who is a member themselves."""
    asking = me()
    policy = policy_now()
    request, matches = _who_could_help(asking)
    return render_template(
        "home/show.html",
        greeting=_part_of_day(),
        asked_to_pay=asked_to_pay(database(), asking.timebank_id, asking.standing.parties),
        waiting=_waits_for(asking.standing, policy),
        sides=queries.given_and_received(database(), asking.member_id),
        request_listed=request,
        matches=matches,
    )


def _waits_for(standing: Standing, policy: Policy) -> list[WaitsForMe]:
    """What waits for the reader, and for whose side they take, longest first, out of the latest hundred open ones."""
    open_ones = queries.exchanges_of(
        database(), standing.timebank_id, parties=standing.sides, is_open=True, limit=100
    ).items
    found = [waits for named in open_ones if (waits := _asked_of(standing, named, policy))]
    return sorted(found, key=lambda waits: waits.exchange.since)


def _asked_of(standing: Standing, named: Named, policy: Policy) -> WaitsForMe | None:
    """What the reader is asked to do: to answer, to confirm, or to log what should have taken place."""
    exchange = named.exchange
    own = {
        each.verb: each.for_party
        for each in open_verbs(exchange, policy, standing, at=now())
        if each.for_party and not each.is_on_behalf
    }
    wanted = [Verb.AGREE, Verb.CONFIRM]
    if has_come(exchange, now()):
        wanted.append(Verb.REPORT)
    verb = next((verb for verb in wanted if verb in own), None)
    if verb is None:
        return None
    speaker = own[verb]
    return WaitsForMe(
        exchange,
        verb,
        name=named.name_of(other_than(exchange, speaker)),
        for_party=speaker,
        whose="" if speaker == standing.member_id else named.name_of(speaker),
        until=confirmed_by_silence(exchange, policy),
    )


def _who_could_help(asking: Me) -> tuple[Listing | None, list[Match]]:
    """The reader's newest request for which there are matches, and those."""
    mine = open_listings(database(), asking.timebank_id, side=Side.REQUEST, party_id=asking.member_id, limit=1).items
    if not mine:
        return None, []
    request = mine[0].listing
    return request, best_offers(database(), request)


def _part_of_day() -> str:
    hour = now().astimezone(zone()).hour
    return "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"  # noqa: PLR2004 - noon, and six o'clock
