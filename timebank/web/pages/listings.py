"""Offers and requests: the list, each one's page with who could help, listing something and taking it off again."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.listings import actions, queries
from timebank.listings.actions import Wording
from timebank.listings.rules import check_may_change, may_change, slots_in, times_from
from timebank.listings.tables import ListingStatus, Side
from timebank.matching.queries import best_offers
from timebank.members.queries import gifts, party
from timebank.members.rules import Guarded
from timebank.members.tables import Status
from timebank.web.forms import Form, asked
from timebank.web.paging import place_in, token_of
from timebank.web.schemas.listings import AskedListings, SaidListing
from timebank.web.session import action, database, done, me
from timebank.web.voices import for_whom, speaking, voices

pages = Blueprint("listings", __name__, url_prefix="/listings")


@pages.get("")
def index() -> str:
    """What is on offer and asked for now, newest first."""
    sought = asked(AskedListings)
    page = queries.open_listings(
        database(),
        me().timebank_id,
        side=sought["side"],
        containing=sought["q"],
        gift_id=sought["gift"],
        after=place_in(request.args.get("after")),
    )
    return render_template(
        "listings/index.html",
        page=page,
        more=token_of(page.after),
        sought=sought,
        gifts=gifts(database(), me().timebank_id, me().language),
    )


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Somebody asks for something, or offers it; a broker also for others."""
    side = Side.OFFER if request.values.get("side") == Side.OFFER else Side.REQUEST
    may_speak = voices(database(), me(), request.values.get("for"), Guarded.ASK)
    if not may_speak:
        return for_whom()
    form = Form(SaidListing)
    if (said := form.read()) is not None:
        with form.action() as session:
            listed = actions.post(
                session,
                side=side,
                party_id=said["for_party"] or may_speak[0].party_id,
                wording=_wording(said),
                by=speaking(said),
                at=now(),
                submission=form.submission,
            )
        if form.is_done:
            return done(_thanks(side), url_for(".show", listing_id=listed.id))
    return form.page("listings/new.html", asks=side is Side.REQUEST, voices=may_speak, gifts=_kinds_of_help())


@pages.get("/<uuid:listing_id>")
def show(listing_id: UUID) -> str:
    """An offer or a request; a request shows its own people who could help."""
    standing = me().standing
    found = queries.listed(database(), me().timebank_id, listing_id)
    listing = found.listing
    is_open = listing.status is ListingStatus.OPEN
    is_mine = may_change(listing, standing)
    takes_part = party(database(), me().timebank_id, listing.party_id).status is Status.ACTIVE
    return render_template(
        "listings/show.html",
        found=found,
        listing=listing,
        slots=slots_in(listing.times),
        is_open=is_open,
        takes_part=takes_part,
        may_change=is_mine,
        may_answer=is_open and takes_part and bool(standing.parties) and not standing.speaks_for(listing.party_id),
        shows_matches=is_mine and is_open and listing.side is Side.REQUEST,
        matches=best_offers(database(), listing) if is_mine and listing.side is Side.REQUEST else [],
    )


@pages.route("/<uuid:listing_id>/edit", methods=["GET", "POST"])
def edit(listing_id: UUID) -> ResponseReturnValue:
    """What a listing says is put differently."""
    found = queries.listed(database(), me().timebank_id, listing_id)
    listing = found.listing
    check_may_change(listing, me().standing)
    as_it_is = {
        "title": listing.title,
        "details": listing.details,
        "gift_id": listing.gift_id or "",
        "times": slots_in(listing.times),
    }
    form = Form(SaidListing, values=as_it_is)
    if (said := form.read()) is not None:
        with form.action() as session:
            actions.reword(session, listing_id, wording=_wording(said), by=me().standing)
        if form.is_done:
            return done(gettext("Changed."), url_for(".show", listing_id=listing_id))
    return form.page("listings/edit.html", found=found, listing=listing, gifts=_kinds_of_help())


@pages.post("/<uuid:listing_id>/close")
def close(listing_id: UUID) -> ResponseReturnValue:
    with action() as session:
        actions.close(session, listing_id, by=me().standing, at=now())
    return done(gettext("It is off the list. You can put it back."), url_for(".show", listing_id=listing_id))


@pages.post("/<uuid:listing_id>/put-back")
def put_back(listing_id: UUID) -> ResponseReturnValue:
    with action() as session:
        actions.put_back(session, listing_id, by=me().standing)
    return done(gettext("It is on the list again."), url_for(".show", listing_id=listing_id))


def _wording(said: dict[str, Any]) -> Wording:
    return Wording(
        title=said["title"], details=said["details"], gift_id=said["gift_id"], times=times_from(said["times"])
    )


def _kinds_of_help() -> list[tuple[UUID, str]]:
    language = me().language
    return [(gift.id, gift.name(language)) for gift in gifts(database(), me().timebank_id, language)]


def _thanks(side: Side) -> str:
    if side is Side.REQUEST:
        return gettext("The request is on the list. Thank you for asking: it is what a timebank lives on.")
    return gettext("The offer is on the list. Thank you!")
