"""The rules of a timebank, now and before, and how a broker changes them."""

from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.governance.actions import decide
from timebank.members.queries import gifts, names_behind
from timebank.members.rules import check_broker
from timebank.network.queries import policies
from timebank.network.rules import terms_of
from timebank.network.tables import Policy
from timebank.web.filters import hours
from timebank.web.forms import Form
from timebank.web.policy_words import differences, meanings, practice, risk, sentences
from timebank.web.rows import RowsForm
from timebank.web.schemas.policy import SaidPolicy, SaidRule, SaidRules, limits_of, rules_said, terms_said, travel_of
from timebank.web.session import database, done, me

pages = Blueprint("policy", __name__, url_prefix="/policy")

STEPS_SECONDS = (60, 5 * 60, 10 * 60, 15 * 60, 30 * 60, 60 * 60)


@pages.get("")
def show() -> str:
    """The rules in plain sentences, since when, and what changed when; for everybody."""
    versions, kinds = policies(database(), me().timebank_id), _kinds()
    deciders = {version.decided_by for version in versions if version.decided_by}
    return render_template(
        "policy/show.html",
        policy=versions[0],
        sentences=sentences(versions[0]),
        by_risk=[(rule, risk(rule, kinds), practice(rule)) for rule in versions[0].rules],
        versions=[(each, differences(each, before, kinds)) for each, before in pairwise([*versions, None]) if each],
        names=names_behind(database(), me().timebank_id, deciders),
    )


@pages.route("/change", methods=["GET", "POST"])
def change() -> ResponseReturnValue:
    """A broker changes the general rules, from now on."""
    check_broker(me().standing)
    newest = policies(database(), me().timebank_id)[0]
    form = Form(SaidPolicy, values=_as_decided(newest))
    if (said := form.read()) is not None:
        with form.action() as session:
            decided = decide(
                session,
                terms=terms_said(said, rules=terms_of(newest).rules),
                after_version=said["after_version"],
                broker=me().standing,
                at=now(),
            )
        if form.is_done:
            return done(_what_is_new(decided, said["after_version"]), url_for(".show"))
    return form.page("policy/change.html", steps=_steps(newest))


@pages.route("/risks", methods=["GET", "POST"])
def risks() -> ResponseReturnValue:
    """A broker changes the rules by risk, from now on. Adding, moving and removing them on the page decides nothing."""
    check_broker(me().standing)
    newest = policies(database(), me().timebank_id)[0]
    form = RowsForm(SaidRules, "rules", SaidRule, values=_risks_decided(newest))
    if (said := form.read()) is not None:
        with form.action() as session:
            decided = decide(
                session,
                terms=replace(terms_of(newest), rules=rules_said(said["rules"])),
                after_version=said["after_version"],
                broker=me().standing,
                at=now(),
            )
        if form.is_done:
            return done(_what_is_new(decided, said["after_version"]), url_for(".show"))
    return form.page("policy/risks.html", kinds=_kinds(), meanings=meanings)


def _kinds() -> dict[UUID, str]:
    """What the kinds of help are called, in the reader's language and its order."""
    language = me().language
    return {gift.id: gift.name(language) for gift in gifts(database(), me().timebank_id, language)}


def _risks_decided(policy: Policy) -> dict[str, Any]:
    rows = [
        {field: "" if (said := getattr(rule, field)) is None else said for field in SaidRule().fields}
        for rule in policy.rules
    ]
    return {"rules": rows, "after_version": policy.version}


def _as_decided(policy: Policy) -> dict[str, Any]:
    most_received, talk_after = limits_of(policy)
    return {
        "granularity_seconds": policy.granularity_seconds,
        "approval": policy.approval,
        "confirmation": policy.confirmation,
        "auto_confirm_days": policy.auto_confirm_days or "",
        "travel": travel_of(policy),
        "travel_beyond": hours(policy.travel_beyond_seconds) if policy.travel_beyond_seconds else "",
        "preparation_counts": "yes" if policy.preparation_counts else "no",
        "extra_most": hours(policy.extra_most_seconds) if policy.extra_most_seconds else "",
        "starting_credits": hours(policy.starting_credits_seconds),
        "most_received": "" if most_received is None else hours(most_received),
        "talk_after": hours(talk_after),
        "time_zone": policy.time_zone,
        "after_version": policy.version,
    }


def _what_is_new(decided: Policy, after_version: int) -> str:
    """What differs from before, and since when."""
    if decided.version == after_version:
        return gettext("The rules are as they were.")
    newest, before, *_ = policies(database(), me().timebank_id)
    new = " ".join(differences(newest, before, _kinds()))
    return gettext("The rules are changed, from now on: %(sentences)s", sentences=new)


def _steps(policy: Policy) -> list[tuple[int, str]]:
    """The lengths to choose from; also one that was decided elsewhere."""
    return [(seconds, hours(seconds)) for seconds in sorted({*STEPS_SECONDS, policy.granularity_seconds})]
