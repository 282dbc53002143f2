"""The verbs of an exchange, each with what has to be said and the action that it calls: for pages and API alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlmodel import Session

from timebank.clock import now
from timebank.donations import correcting
from timebank.exchanges import agreeing, approving, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.steps import check_unchanged
from timebank.exchanges.tables import Exchange, Verb
from timebank.members.finding import gift_meant
from timebank.members.rules import Standing
from timebank.network.rules import Extra
from timebank.web.schemas import Schema
from timebank.web.schemas.exchanges import (
    Said,
    SaidAgreement,
    SaidDecision,
    SaidDispute,
    SaidReport,
    SaidSuggestion,
    SaidWhy,
)
from timebank.web.session import me, zone
from timebank.web.voices import speaking

Words = dict[str, Any]
NOON = time(12)


@dataclass(frozen=True)
class Act:
    """What has to be said for a verb, and what is then done."""

    schema: type[Schema]
    do: Callable[[Session, UUID, Words], Exchange]


def agree(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return agreeing.agree(
        session,
        exchange_id,
        planned_for=moment_said(said),
        planned_seconds=said["hours"],
        place=said["place"],
        at=now(),
        **_as_party(said),
    )


def suggest(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    when = moment_said(said)
    assert when is not None  # noqa: S101 - the schema asks for the day
    return agreeing.suggest(
        session, exchange_id, planned_for=when, planned_seconds=said["hours"], at=now(), **_as_party(said)
    )


def keep(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return agreeing.keep(session, exchange_id, at=now(), **_as_party(said))


def decline(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return agreeing.decline(session, exchange_id, at=now(), **_as_party(said))


def withdraw(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return agreeing.withdraw(session, exchange_id, at=now(), **_as_party(said))


def cancel(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return agreeing.cancel(session, exchange_id, at=now(), **_as_party(said))


def did_not_happen(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return agreeing.did_not_happen(session, exchange_id, at=now(), **_as_party(said))


def report(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return reporting.report(session, exchange_id, at=now(), **_as_reporter(said))


def correct(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return reporting.correct(session, exchange_id, at=now(), **_as_reporter(said))


def confirm(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return reporting.confirm(session, exchange_id, at=now(), **_as_party(said))


def dispute(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return reporting.dispute(session, exchange_id, seconds=said["hours"], at=now(), **_as_party(said))


def approve(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return approving.approve(session, exchange_id, broker=me().standing, at=now(), note=said["note"])


def settle(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return approving.settle(session, exchange_id, at=now(), **_as_broker(said))


def adjust(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return correcting.adjust(session, exchange_id, at=now(), **_as_broker(said))


def reverse(session: Session, exchange_id: UUID, said: Words) -> Exchange:
    return correcting.reverse(session, exchange_id, note=said["note"], broker=me().standing, at=now())


ACTS: dict[Verb, Act] = {
    Verb.AGREE: Act(SaidAgreement, agree),
    Verb.SUGGEST: Act(SaidSuggestion, suggest),
    Verb.KEEP: Act(Said, keep),
    Verb.DECLINE: Act(Said, decline),
    Verb.WITHDRAW: Act(Said, withdraw),
    Verb.CANCEL: Act(Said, cancel),
    Verb.DID_NOT_HAPPEN: Act(Said, did_not_happen),
    Verb.REPORT: Act(SaidReport, report),
    Verb.CONFIRM: Act(Said, confirm),
    Verb.CORRECT: Act(SaidReport, correct),
    Verb.DISPUTE: Act(SaidDispute, dispute),
    Verb.APPROVE: Act(Said, approve),
    Verb.SETTLE: Act(SaidDecision, settle),
    Verb.ADJUST: Act(SaidDecision, adjust),
    Verb.REVERSE: Act(SaidWhy, reverse),
}


def act_on(verb: Verb, session: Session, exchange_id: UUID, said: Words) -> Exchange:
    """Do a verb, if the exchange still stands as whoever says it saw it."""
    if said["seen"] is not None:
        check_unchanged(session, exchange_id, verb, steps=said["seen"], by=me().standing)
    return ACTS[verb].do(session, exchange_id, said)


def moment_said(said: Words) -> datetime | None:
    """The day and time that somebody said, where their timebank is; a day without a time is noon."""
    return datetime.combine(said["day"], said["clock"] or NOON, zone()) if said["day"] else None


def between_said(said: Words, speaker: UUID) -> list[Between]:
    """Who gives to whom, as seen from who speaks; once for each of several others."""
    others = dict.fromkeys([said["party_id"], *said.get("others", [])])
    pairs = [(speaker, other) if said["direction"] == "given" else (other, speaker) for other in others]
    return [Between(giver_id=giver, receiver_id=receiver, proposer_id=speaker) for giver, receiver in pairs]


def log_said(session: Session, said: Words, *, speaker: UUID, by: Standing, submission: UUID) -> list[Exchange]:
    """Log what was said; the kind of help is that which was chosen, or the one that the words name."""
    kind = None if said["gift_id"] else gift_meant(session, by.timebank_id, said["title"])
    return reporting.log_several(
        session,
        between=between_said(said, speaker),
        title=said["title"],
        seconds=said["hours"],
        happened_on=said["happened_on"],
        by=by,
        at=now(),
        submission=submission,
        note=said["note"],
        gift_id=said["gift_id"] or (kind.id if kind else None),
        place=said["place"],
        extra=extra_said(said),
    )


def extra_said(said: Words) -> Extra:
    """Travel and preparation, as somebody said them."""
    return Extra(travel_seconds=said["travel"] or 0, preparation_seconds=said["preparation"] or 0)


def _as_reporter(said: Words) -> Words:
    return {
        "seconds": said["hours"],
        "happened_on": said["happened_on"],
        "place": said["place"],
        "extra": extra_said(said),
        **_as_party(said),
    }


def _as_party(said: Words) -> Words:
    return {"by": speaking(said), "for_party": said["for_party"], "note": said["note"]}


def _as_broker(said: Words) -> Words:
    return {
        "broker": me().standing,
        "seconds": said["hours"],
        "happened_on": said["happened_on"],
        "place": said["place"],
        "note": said["note"],
    }
