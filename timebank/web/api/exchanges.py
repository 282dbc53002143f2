"""Exchanges: begin one, read it, and do the verbs of its life."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

from timebank.clock import now
from timebank.exchanges import agreeing, queries
from timebank.exchanges.evidence import approval_beforehand
from timebank.exchanges.life import ruled_at, terms_for
from timebank.exchanges.queries import Named
from timebank.exchanges.rules import open_verbs
from timebank.exchanges.tables import Verb
from timebank.network.queries import policies
from timebank.network.rules import in_force
from timebank.network.tables import Policy, PolicyRule
from timebank.web.api_room import Room
from timebank.web.exchange_verbs import ACTS, Act, act_on, log_said, moment_said
from timebank.web.paging import place_in, token_of
from timebank.web.schemas.exchanges import (
    AskedExchanges,
    SentAnswer,
    SentLog,
    SentLogs,
    ShownApproval,
    ShownExchanges,
    ShownLife,
    ShownLogged,
)
from timebank.web.session import action, database, me
from timebank.web.voices import speaking

api = Room("api_exchanges", "exchanges", url_prefix="/api/v1/exchanges", description="Help from proposal to credit")


@api.get("")
@api.arguments(AskedExchanges, location="query")
@api.response(200, ShownExchanges)
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """One's own exchanges, those that moved last first."""
    standing = me().standing
    versions = _policies()
    page = queries.exchanges_of(
        database(),
        standing.timebank_id,
        parties=standing.sides,
        is_open=asked["is_open"],
        after=place_in(asked["after"]),
    )
    return {"items": [_shown(named, versions) for named in page.items], "next": token_of(page.after) or None}


@api.get("/<uuid:exchange_id>")
@api.response(200, ShownLife)
def show(exchange_id: UUID) -> dict[str, Any]:
    """One exchange with its life so far, and the verbs that are open to whoever asks."""
    return _now_stands(exchange_id)


@api.get("/<uuid:exchange_id>/approval")
@api.response(200, ShownApproval)
def approval(exchange_id: UUID) -> dict[str, Any]:
    """That a broker approved what was agreed, before it took place: when, and under which rule."""
    named = queries.exchange(database(), exchange_id, by=me().standing)
    evidence = approval_beforehand(database(), named.exchange)
    return {
        "approved_at": evidence.step.at,
        "approved_by": evidence.broker,
        "note": evidence.step.note,
        "seconds": evidence.step.seconds,
        "hold_entry": evidence.hold.number if evidence.hold else None,
        "terms": _terms(evidence.policy, evidence.applied),
    }


@api.post("")
@api.arguments(SentAnswer)
@api.response(201, ShownLife)
def answer(said: dict[str, Any]) -> dict[str, Any]:
    """Ask for what is offered, or offer what is asked for. The same `submission` sent twice begins one exchange."""
    with action() as session:
        exchange_id = agreeing.answer_listing(
            session,
            said["listing_id"],
            by=speaking(said),
            at=now(),
            submission=said["submission"] or uuid4(),
            note=said["note"],
            planned_for=moment_said(said),
            planned_seconds=said["hours"],
            place=said["place"],
            for_party=said["for_party"],
        ).id
    return _now_stands(exchange_id)


@api.post("/log")
@api.arguments(SentLog)
@api.response(201, ShownLife)
def log(said: dict[str, Any]) -> dict[str, Any]:
    """Log hours that nothing was written down for before. The same `submission` sent twice logs them once."""
    return _now_stands(_logged(said)[0])


@api.post("/log-several")
@api.arguments(SentLogs)
@api.response(201, ShownLogged)
def log_several(said: dict[str, Any]) -> dict[str, Any]:
    """Log the same hours with each of several others: all of them or none, and sent twice once."""
    return {"items": [_now_stands(exchange_id) for exchange_id in _logged(said)]}


def _logged(said: dict[str, Any]) -> list[UUID]:
    by, speaker = speaking(said), said["for_party"] or me().member_id
    with action() as session:
        made = log_said(session, said, speaker=speaker, by=by, submission=said["submission"] or uuid4())
        return [exchange.id for exchange in made]


def _now_stands(exchange_id: UUID) -> dict[str, Any]:
    named = queries.exchange(database(), exchange_id, by=me().standing)
    return _shown(named, _policies()) | {"life": [step for step, _, _ in queries.steps(database(), exchange_id)]}


def _route(verb: Verb, act: Act) -> None:
    """`POST /api/v1/exchanges/<id>/approve` and its like: the same schema and action as on the page."""

    def do(said: dict[str, Any], exchange_id: UUID) -> dict[str, Any]:
        with action() as session:
            act_on(verb, session, exchange_id, said)
        return _now_stands(exchange_id)

    do.__name__, do.__doc__ = verb.value, act.schema.__doc__
    described: Callable[..., Any] = api.response(200, ShownLife)(api.arguments(act.schema)(do))
    api.post(f"/<uuid:exchange_id>/{verb.value}")(described)


for _verb, _act in ACTS.items():
    _route(_verb, _act)


def _policies() -> Sequence[Policy]:
    return policies(database(), me().timebank_id)


def _terms(policy: Policy, applied: Policy | PolicyRule) -> dict[str, Any]:
    return {
        "policy_version": policy.version,
        "rule": applied.number if isinstance(applied, PolicyRule) else None,
        "decided_at": policy.in_force_from,
        "approval": applied.approval,
        "confirmation": applied.confirmation,
        "auto_confirm_days": applied.auto_confirm_days,
    }


def _shown(named: Named, versions: Sequence[Policy]) -> dict[str, Any]:
    policy = in_force(versions, ruled_at(named.exchange, now()))
    verbs = open_verbs(named.exchange, policy, me().standing, at=now())
    return named.exchange.model_dump() | {
        "terms": _terms(policy, terms_for(named.exchange, policy)),
        "giver": named.giver,
        "receiver": named.receiver,
        "verbs": [{"verb": each.verb, "for_party": each.for_party} for each in verbs],
    }
