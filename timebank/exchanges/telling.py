"""Who is told of a step, and by which sentence."""

from uuid import UUID

from timebank.exchanges.rules import other_than
from timebank.exchanges.steps import Turn
from timebank.exchanges.tables import Verb
from timebank.members.queries import names
from timebank.notices.actions import tell

ANSWERS: dict[str, Verb] = {
    "proposed": Verb.AGREE,
    "suggested": Verb.AGREE,
    "reported": Verb.CONFIRM,
    "corrected": Verb.CONFIRM,
    "remind_unanswered": Verb.AGREE,
    "remind_half_way": Verb.CONFIRM,
    "remind_last_day": Verb.CONFIRM,
}
"""What is asked of the one who is told: the notice leads straight there, and other answers stand beside it."""


def tell_other(made: Turn, kind: str, *, note: str = "") -> None:
    """Tell the one who did not do it."""
    assert made.for_party is not None  # noqa: S101 - the verbs of the two are always done for one of them
    _tell(made, other_than(made.exchange, made.for_party), kind, note)


def tell_parties(made: Turn, kind: str, *, note: str = "") -> None:
    """Tell both, but for the one who did it themselves."""
    for party_id in (made.exchange.giver_id, made.exchange.receiver_id):
        did_it_themselves = made.by is not None and party_id == made.for_party and made.by.speaks_for(party_id)
        if not did_it_themselves or kind == "credited":
            _tell(made, party_id, kind, note)


def _tell(made: Turn, party_id: UUID, kind: str, note: str) -> None:
    exchange = made.exchange
    other = other_than(exchange, party_id)
    seconds = (
        exchange.credited_seconds or exchange.reported_seconds or exchange.suggested_seconds or exchange.planned_seconds
    )
    when = exchange.suggested_for or exchange.planned_for
    act = f"/{ANSWERS[kind].value}" if kind in ANSWERS else ""
    tell(
        made.session,
        timebank_id=exchange.timebank_id,
        party_id=party_id,
        kind=kind,
        path=f"/exchanges/{exchange.id}{act}",
        at=made.at,
        other=names(made.session, [other])[other],
        title=exchange.title,
        seconds=seconds,
        when=when.isoformat() if when else "",
        zone=made.policy.time_zone,
        note=note,
    )
