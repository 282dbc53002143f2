"""The members: the list, each one's page, and what a broker does for them: welcoming, inviting, pausing, correcting."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.access.actions import invite as invite_member
from timebank.clock import now
from timebank.exchanges.queries import GivenAndReceived, given_and_received
from timebank.listings.queries import Listed, open_listings
from timebank.members import actions, apart, queries
from timebank.members.finding import people_among
from timebank.members.rules import Standing, check_broker
from timebank.members.tables import Party, PartyKind, Person, Status
from timebank.organisations.queries import named, organisation
from timebank.web.forms import Form, asked
from timebank.web.language import language
from timebank.web.paging import name_in, token_of
from timebank.web.people import LONGEST_NAME, LONGEST_NAMES, ids_in, name_of, suggestions
from timebank.web.schemas.members import AskedMembers, AskedPeople, SaidMember
from timebank.web.session import action, database, done, installation, me

pages = Blueprint("members", __name__, url_prefix="/members")

SHOWN_LISTINGS = 20


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page tells of a party. From `person` on it is for brokers only, and empty for others."""

    party: Party
    about: str = ""
    area: str = ""
    standing: Standing | None = None
    acts_for: list[Party] = field(default_factory=list)
    listings: list[Listed] = field(default_factory=list)
    person: Person | None = None
    phone: str = ""
    delegates: list[tuple[UUID, str]] = field(default_factory=list)
    sides: GivenAndReceived = field(default_factory=GivenAndReceived)
    not_to_match: list[str] = field(default_factory=list)


@pages.get("")
def index() -> str:
    """Everybody who takes part, by name; brokers also see who is paused."""
    sought = asked(AskedMembers)
    page = queries.directory(
        database(),
        me().timebank_id,
        containing=sought["q"],
        with_inactive=me().standing.is_broker,
        after=name_in(request.args.get("after")),
    )
    return render_template("members/index.html", page=page, more=token_of(page.after), sought=sought)


@pages.get("/suggest")
def suggest() -> str:
    """Who may be meant by what is being typed into a form: its choices, and no page of their own."""
    sought = asked(AskedPeople)
    field = sought["field"]
    if sought["words"]:
        return render_template("members/names.html", people=suggestions(request.args.get(field, "")[:LONGEST_NAME]))
    names = request.args.get(name_of(field), "")[:LONGEST_NAMES].split(",")
    kept = ids_in(request.args.getlist(field)) if sought["several"] else []
    chosen = people_among(database(), me().timebank_id, kept)
    people = [each for each in suggestions(names[-1], sought["speaker"]) if each not in chosen]
    return render_template(
        "members/suggest.html",
        field=field,
        typed=names[-1].strip(),
        people=chosen + people,
        chosen=[each.id for each in chosen],
        several=sought["several"],
    )


@pages.get("/<uuid:party_id>")
def show(party_id: UUID) -> str:
    return _page_about(party_id)


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A broker welcomes somebody."""
    check_broker(me().standing)
    form = Form(SaidMember, values={"language": language()})
    if (said := form.read()) is not None:
        with form.action() as session:
            welcomed = actions.welcome(
                session,
                broker=me().standing,
                timebank_id=me().timebank_id,
                at=now(),
                submission=form.submission,
                **said,
            )
        if form.is_done:
            return done(
                gettext("Welcomed: %(name)s. What could they offer, and what would they welcome?", name=said["name"]),
                _address(welcomed.id),
            )
    return form.page("members/new.html")


@pages.route("/<uuid:party_id>/edit", methods=["GET", "POST"])
def edit(party_id: UUID) -> ResponseReturnValue:
    """A broker corrects what is known of somebody."""
    check_broker(me().standing)
    party = queries.party(database(), me().timebank_id, party_id)
    form = Form(SaidMember, values=_as_known(party))
    if (said := form.read()) is not None:
        email = said.pop("email")
        with form.action() as session:
            broker = me().standing
            actions.change_details(session, party_id, by=broker, **said)
            actions.correct_email(session, party_id, broker=broker, email=email)
        if form.is_done:
            return done(gettext("Changed."), _address(party_id))
    return form.page("members/edit.html", party=party)


@pages.post("/<uuid:party_id>/suspend")
def suspend(party_id: UUID) -> ResponseReturnValue:
    with action() as session:
        actions.suspend(session, party_id, broker=me().standing)
    return done(gettext("Paused. Nothing is lost, and nothing new begins until you end the pause."), _address(party_id))


@pages.post("/<uuid:party_id>/resume")
def resume(party_id: UUID) -> ResponseReturnValue:
    with action() as session:
        actions.resume(session, party_id, broker=me().standing)
    return done(gettext("The pause is over."), _address(party_id))


@pages.post("/<uuid:party_id>/invite")
def invite(party_id: UUID) -> ResponseReturnValue:
    """The link of an invitation is shown on the answer itself, this once: no cookie or cache ever holds it."""
    with action() as session:
        secret = invite_member(session, party_id, by=me().standing, at=now())
    base = installation().settings.base_url.rstrip("/") or request.url_root.rstrip("/")
    return _page_about(party_id, invitation=base + url_for("access.accept", link=secret))


def _page_about(party_id: UUID, *, invitation: str = "") -> str:
    party = queries.party(database(), me().timebank_id, party_id)
    shown = _person(party) if party.kind is PartyKind.PERSON else _organisation(party)
    standing = me().standing
    return render_template(
        "members/show.html",
        shown=shown,
        party=party,
        invitation=invitation,
        is_me=party.id == me().member_id,
        may_exchange=party.status is Status.ACTIVE and bool(standing.parties) and not standing.speaks_for(party.id),
        is_blocked=party.id in dict(apart.blocked_by(database(), standing.parties)),
    )


def _person(party: Party) -> Shown:
    """What others may see of somebody; for a broker also how to reach them, and what they gave and received."""
    member = queries.member(database(), party.timebank_id, party.id)
    standing = queries.standing_of(database(), party.id)
    is_broker = me().standing.is_broker
    tells = party.status is Status.ACTIVE or is_broker
    return Shown(
        party=party,
        about=member.about if tells else "",
        area=member.area if tells else "",
        standing=standing,
        acts_for=[*named(database(), standing.delegate_of)],
        listings=_listings_of(party),
        person=queries.person_behind(database(), party.timebank_id, party.id) if is_broker else None,
        phone=member.phone if is_broker else "",
        sides=_sides(party),
        not_to_match=_not_to_match(party),
    )


def _organisation(party: Party) -> Shown:
    _, body = organisation(database(), party.timebank_id, party.id)
    return Shown(
        party=party,
        about=body.about(language()),
        listings=_listings_of(party),
        delegates=[*queries.delegates_of(database(), party.id)] if me().standing.is_broker else [],
        sides=_sides(party),
        not_to_match=_not_to_match(party),
    )


def _listings_of(party: Party) -> list[Listed]:
    return open_listings(database(), party.timebank_id, party_id=party.id, limit=SHOWN_LISTINGS).items


def _not_to_match(party: Party) -> list[str]:
    broker = me().standing
    return apart.not_to_match(database(), party.id, broker=broker) if broker.is_broker else []


def _sides(party: Party) -> GivenAndReceived:
    return given_and_received(database(), party.id) if me().standing.is_broker else GivenAndReceived()


def _as_known(party: Party) -> dict[str, Any]:
    member = queries.member(database(), party.timebank_id, party.id)
    person = queries.person_behind(database(), party.timebank_id, party.id)
    return {
        "name": party.name,
        "email": person.email or "",
        "phone": member.phone,
        "language": person.language,
        "area": member.area,
        "about": member.about,
    }


def _address(party_id: UUID) -> str:
    return url_for(".show", party_id=party_id)
