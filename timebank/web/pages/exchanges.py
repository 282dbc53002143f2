"""Exchanges: one's own, the page of each, and the verbs of its life."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from timebank.afterwords.queries import echo
from timebank.clock import now
from timebank.errors import Refusal
from timebank.exchanges import agreeing, queries
from timebank.exchanges.evidence import approval_among, approval_beforehand
from timebank.exchanges.life import ENDS, moves_from, ruled_at, terms_for
from timebank.exchanges.rules import MovedOn, OpenVerb, may_show_code, open_verbs, out_of_time, suggestion
from timebank.exchanges.tables import Exchange, Verb
from timebank.listings.queries import listed
from timebank.listings.tables import Side
from timebank.members.queries import gifts
from timebank.members.rules import Guarded, check_broker
from timebank.network.queries import policies
from timebank.network.rules import in_force
from timebank.network.tables import Policy, PolicyRule
from timebank.web.applied_rules import applied
from timebank.web.conversations import talk_about
from timebank.web.errors import sentence
from timebank.web.exchange_ahead import ahead
from timebank.web.exchange_life import life_of, whose_turn
from timebank.web.exchange_verbs import ACTS, act_on, log_said, moment_said
from timebank.web.extra_words import sum_shown, what_counts
from timebank.web.filters import hours
from timebank.web.forms import Form
from timebank.web.paging import place_in, token_of
from timebank.web.people import recent_people
from timebank.web.policy_words import risk
from timebank.web.schemas.exchanges import SaidAnswer, SaidForWhom, SaidLog
from timebank.web.session import action, database, done, me, policy_now, today, zone
from timebank.web.voices import Voice, for_whom, speaking, voices
from timebank.web.wording import BUTTONS

pages = Blueprint("exchanges", __name__, url_prefix="/exchanges")

INSTEAD: dict[Verb, tuple[Verb, ...]] = {
    Verb.AGREE: (Verb.SUGGEST, Verb.KEEP, Verb.DECLINE),
    Verb.CONFIRM: (Verb.CORRECT, Verb.DISPUTE),
}
"""What else may be answered where a notice leads: no and otherwise are one press away from yes."""


@pages.get("")
def index() -> str:
    """One's own exchanges; a broker or an auditor sees everybody's."""
    standing = me().standing
    may_see_all = standing.is_broker or standing.is_auditor
    sees_all = may_see_all and request.args.get("whose") != "mine"
    is_open = request.args.get("which") != "ended"
    page = queries.exchanges_of(
        database(),
        standing.timebank_id,
        parties=None if sees_all else standing.sides,
        is_open=is_open,
        after=place_in(request.args.get("after")),
    )
    return render_template(
        "exchanges/index.html",
        page=page,
        more=token_of(page.after),
        sees_all=sees_all,
        may_see_all=may_see_all,
        is_open=is_open,
        mine=standing.parties,
    )


@pages.get("/<uuid:exchange_id>")
def show(exchange_id: UUID) -> str:
    """An exchange from proposal to thanks: its life, what happens next, and who is waited for."""
    talk = talk_about(exchange_id)
    standing = me().standing
    came_of_it = echo(database(), exchange_id, by=standing)
    named = came_of_it.named
    steps, rules = queries.steps(database(), exchange_id), policies(database(), standing.timebank_id)
    policy = in_force(rules, ruled_at(named.exchange, now()))
    return render_template(
        "exchanges/show.html",
        named=named,
        exchange=named.exchange,
        life=[
            *life_of(named, steps, applied([step for step, _, _ in steps], rules), came_of_it),
            *ahead(named, policy, standing, now()),
        ],
        turn=whose_turn(named, policy, standing, now()),
        verbs=open_verbs(named.exchange, policy, standing, at=now()),
        is_whole=None not in suggestion(named.exchange),
        is_over=named.exchange.state in ENDS,
        shows_code=may_show_code(named.exchange, standing),
        policy=policy,
        applied=terms_for(named.exchange, policy),
        was_approved=approval_among(step for step, _, _ in steps) is not None,
        mine=standing.parties,
        in_book=queries.in_book(database(), named.exchange),
        talk=talk,
        echo=came_of_it,
    )


@pages.get("/<uuid:exchange_id>/approval")
def approval(exchange_id: UUID) -> str:
    """That a broker approved it beforehand, on a sheet to print: what an insurer asks to see."""
    named = queries.exchange(database(), exchange_id, by=me().standing)
    evidence = approval_beforehand(database(), named.exchange)
    kinds = {gift.id: gift.name(me().language) for gift in gifts(database(), me().timebank_id, me().language)}
    applied = evidence.applied
    return render_template(
        "exchanges/approval.html",
        named=named,
        evidence=evidence,
        kind=kinds[named.exchange.gift_id] if named.exchange.gift_id else "",
        risk=risk(applied, kinds) if isinstance(applied, PolicyRule) else "",
    )


@pages.get("/<uuid:exchange_id>/proof")
def proof(exchange_id: UUID) -> ResponseReturnValue:
    """The proof that a closed period holds the hours, to be checked at home; see docs/for-auditors.md.

    The entry's own bytes hold both balances, so that only brokers and auditors get them with it.
    """
    standing = me().standing
    named = queries.exchange(database(), exchange_id, by=standing)
    sees_both = standing.is_broker or standing.is_auditor
    answer = jsonify(queries.proof(database(), named.exchange).as_json(with_record=sees_both))
    answer.headers["Content-Disposition"] = "attachment; filename=proof.json"
    return answer


@pages.route("/ask/<uuid:listing_id>", methods=["GET", "POST"])
def ask(listing_id: UUID) -> ResponseReturnValue:
    """Somebody asks for what is offered, or offers what is asked for."""
    found = listed(database(), me().timebank_id, listing_id)
    may_speak = voices(database(), me(), request.values.get("for"), Guarded.ASK)
    if not may_speak:
        check_broker(me().standing)
        return redirect(url_for(".ask_for", listing_id=listing_id), 303)
    form = Form(SaidAnswer)
    if (said := form.read()) is not None:
        with form.action() as session:
            exchange = agreeing.answer_listing(
                session,
                listing_id,
                by=speaking(said),
                at=now(),
                submission=form.submission,
                note=said["note"],
                planned_for=moment_said(said),
                planned_seconds=said["hours"],
                place=said["place"],
                for_party=said["for_party"],
            )
        if form.is_done:
            return done(gettext("Sent. You will be told as soon as they answer."), _page_of(exchange.id))
    return form.page(
        "exchanges/ask.html",
        found=found,
        is_offer=found.listing.side is Side.OFFER,
        voices=may_speak,
        today=today(),
    )


@pages.route("/ask/<uuid:listing_id>/for", methods=["GET", "POST"])
def ask_for(listing_id: UUID) -> ResponseReturnValue:
    """A broker chooses who it is that rang about something that is listed."""
    check_broker(me().standing)
    found = listed(database(), me().timebank_id, listing_id)
    form = Form(SaidForWhom)
    if (said := form.read()) is not None:
        return redirect(url_for(".ask", listing_id=listing_id, **{"for": said["party_id"]}), 303)
    return form.page("exchanges/ask_for.html", found=found, recent=recent_people(me().member_id))


@pages.route("/log", methods=["GET", "POST"])
def log() -> ResponseReturnValue:
    """Log hours that nothing was written down for before: the shortest road, and the one used most."""
    may_speak = voices(database(), me(), request.values.get("for"), Guarded.LOG)
    if not may_speak:
        return for_whom()
    likely = _likely_log(may_speak)
    form = Form(SaidLog, values=likely)
    speaker = may_speak[0].party_id
    policy = policy_now()
    said = form.read()
    shown = sum_shown(policy, said)
    if said is not None and not shown:
        with form.action() as session:
            own = said["for_party"] or speaker
            made = log_said(session, said, speaker=own, by=speaking(said), submission=form.submission)
        if form.is_done:
            return _logged(made)
    return form.page(
        "exchanges/log.html",
        voices=may_speak,
        speaker=speaker if len(may_speak) == 1 else None,
        recent=recent_people(speaker, form.values["party_id"]),
        again=queries.logged_last(database(), me().timebank_id, speaker),
        gifts=gifts(database(), me().timebank_id, me().language),
        today=today(),
        yesterday=today() - timedelta(days=1),
        extra=what_counts(policy),
        asks_where=any(rule.place for rule in policy.rules),
        sum=shown,
    )


def _logged(made: list[Exchange]) -> ResponseReturnValue:
    """Say what has been logged, and under which kind of help: it may have been found by its words."""
    kind = next((each for each in gifts(database(), me().timebank_id) if each.id == made[0].gift_id), None)
    if kind is not None:
        flash(gettext("Kind of help: %(kind)s.", kind=kind.name(me().language)), "success")
    if len(made) == 1:
        return done(gettext("Logged. Thank you!"), _page_of(made[0].id))
    said = ngettext(
        "Logged with %(num)s person.", "Logged with %(num)s people. Each confirms by themselves.", len(made)
    )
    return done(said, url_for(".index"))


def _likely_log(may_speak: list[Voice]) -> dict[str, str]:
    """What an address begins a log with: somebody (`with`), a listing (`about`), hours once more (`like`); today."""
    begun = {"happened_on_quick": today().isoformat(), "party_id": request.args.get("with", "")}
    own = {voice.party_id for voice in may_speak}
    if like := request.args.get("like", type=UUID):
        held = queries.exchange(database(), like, by=me().standing).exchange
        if not own & {held.giver_id, held.receiver_id}:
            return begun
        gave = held.giver_id in own
        seconds = held.reported_seconds or held.planned_seconds
        begun |= {
            "for_party": str(held.giver_id if gave else held.receiver_id),
            "direction": "given" if gave else "received",
            "party_id": str(held.receiver_id if gave else held.giver_id),
            "title": held.title,
            "hours": hours(seconds) if seconds else "",
            "gift_id": str(held.gift_id or ""),
            "place": held.place or "",
        }
    elif about := request.args.get("about", type=UUID):
        listing = listed(database(), me().timebank_id, about).listing
        begun |= {
            "direction": "received" if listing.side is Side.OFFER else "given",
            "party_id": str(listing.party_id),
            "title": listing.title,
            "gift_id": str(listing.gift_id or ""),
        }
    return begun


@pages.route("/<uuid:exchange_id>/<verb>", methods=["GET", "POST"])
def act(exchange_id: UUID, verb: str) -> ResponseReturnValue:
    """Do a verb. GET asks for what has to be said with it, or, from a notice, for the word itself."""
    if verb not in ACTS:
        abort(404)
    doing = Verb(verb)
    named = queries.exchange(database(), exchange_id, by=me().standing)
    form = Form(ACTS[doing].schema, values=_likely_values(named.exchange, doing))
    policy = policy_now()
    said = form.read()
    shown = sum_shown(policy, said)
    if said is not None and not shown:
        try:
            with action() as session:
                act_on(doing, session, exchange_id, said)
            return done(gettext(BUTTONS[doing].done), _return_to(exchange_id))
        except MovedOn as too_late:
            flash(sentence(too_late))
            return redirect(_return_to(exchange_id), 303)
        except Refusal as refusal:
            form.refuse(refusal)
    open_now = open_verbs(named.exchange, policy, me().standing, at=now())
    if request.method == "GET" and doing not in {each.verb for each in open_now}:
        flash(sentence(_why_not(named.exchange, doing, policy)))
        return redirect(_page_of(exchange_id), 303)
    is_whole = None not in suggestion(named.exchange)
    return form.page(
        "exchanges/act.html",
        named=named,
        exchange=named.exchange,
        verb=verb,
        button=BUTTONS[doing],
        instead=_instead(doing, open_now),
        asked={} if doing is Verb.AGREE and is_whole else form.schema.fields,
        needs_why=form.schema.fields["note"].required,
        is_whole=is_whole,
        for_party=request.values.get("for_party", ""),
        on_behalf_of=_on_behalf_of(doing, open_now),
        today=today(),
        extra=what_counts(policy),
        sum=shown,
    )


def _why_not(exchange: Exchange, doing: Verb, policy: Policy) -> Refusal:
    """Why a verb leads nowhere now: it is too early or too late for it, or something else was done meanwhile."""
    moves = (move for move in moves_from(exchange, policy) if move.verb is doing)
    late = next((why for move in moves if (why := out_of_time(move, exchange, now()))), None)
    return late or MovedOn(exchange.state)


def _on_behalf_of(doing: Verb, open_now: list[OpenVerb]) -> UUID | None:
    """For whom a broker does a verb who rang or wrote; None where the verb is their own."""
    asked_for = request.values.get("for_party", "")
    meant = [each for each in open_now if each.verb is doing and asked_for in {"", str(each.for_party)}]
    return meant[0].for_party if meant and meant[0].is_on_behalf else None


def _instead(doing: Verb, open_now: list[OpenVerb]) -> list[OpenVerb]:
    """What the same person may answer instead."""
    asked = next((each for each in open_now if each.verb is doing), None)
    others = [each for each in open_now if each.verb in INSTEAD.get(doing, ())]
    return [each for each in others if asked and each.for_party == asked.for_party]


def _likely_values(exchange: Exchange, doing: Verb) -> dict[str, str]:
    """What most people would type: what was said last, the agreed time, and as long as was planned.

    A broker decides on all that counts, travel too; who remembers it differently is given nothing to agree with.
    """
    when, how_long = suggestion(exchange)
    planned = when.astimezone(zone()) if when else None
    took_place = exchange.happened_on or (min(planned.date(), today()) if planned else today())
    counts = exchange.credited_seconds or exchange.reported_seconds or how_long
    likely = counts if doing in {Verb.SETTLE, Verb.ADJUST} else exchange.service_seconds or counts
    return {
        "day": planned.date().isoformat() if planned else "",
        "clock": planned.strftime("%H:%M") if planned else "",
        "happened_on": took_place.isoformat(),
        "hours": hours(likely) if likely and doing is not Verb.DISPUTE else "",
        "travel": hours(exchange.travel_seconds) if exchange.travel_seconds else "",
        "preparation": hours(exchange.preparation_seconds) if exchange.preparation_seconds else "",
        "place": exchange.place or "",
        "seen": str(exchange.steps),
    }


def _page_of(exchange_id: UUID) -> str:
    return url_for("exchanges.show", exchange_id=exchange_id)


def _return_to(exchange_id: UUID) -> str:
    """A broker who decides from Today goes on with Today."""
    return url_for("today.show") if request.form.get("from") == "today" else _page_of(exchange_id)
