"""The community pot: its book, passing hours on, asking for some, and a broker's answers."""

from typing import Any
from uuid import UUID, uuid4

from timebank.clock import now
from timebank.donations import asking, giving, queries
from timebank.donations.leaving import leave as leave_timebank
from timebank.donations.tables import Donation, Wish
from timebank.members.rules import Standing
from timebank.web.api_room import Room
from timebank.web.pots import pot_for
from timebank.web.schemas.donations import (
    AskedPot,
    SaidNo,
    SentAllocation,
    SentDonation,
    SentGrant,
    SentLeaving,
    SentWish,
    ShownDonation,
    ShownPot,
    ShownWish,
)
from timebank.web.session import action, database, me
from timebank.web.voices import speaking

api = Room("api_pot", "pot", url_prefix="/api/v1/pot", description="Hours passed on, and the community pot")


@api.get("")
@api.arguments(AskedPot, location="query")
@api.response(200, ShownPot)
def show(asked: dict[str, Any]) -> dict[str, Any]:
    """What the pot holds, and its book."""
    pot = pot_for(me(), before=asked["before"])
    return {
        "balance_seconds": pot.balance_seconds,
        "older": pot.older,
        "lines": [
            {
                "number": each.line.number,
                "purpose": each.line.purpose,
                "effective_on": each.line.effective_on,
                "seconds": each.line.seconds,
                "balance_seconds": each.line.balance.posted,
                "who": each.who or None,
                "word": each.word or None,
            }
            for each in pot.lines
        ],
    }


@api.post("/donations")
@api.arguments(SentDonation)
@api.response(201, ShownDonation)
def give(said: dict[str, Any]) -> Donation:
    """Pass hours on. The same `submission` sent twice passes them on once."""
    with action() as session:
        return giving.donate(
            session,
            said["for_party"] or me().member_id,
            receiver_id=said["receiver_id"],
            seconds=said["hours"],
            word=said["word"],
            **_as_sent(said, by=speaking(said)),
        )


@api.post("/wishes")
@api.arguments(SentWish)
@api.response(201, ShownWish)
def ask(said: dict[str, Any]) -> Wish:
    """Ask the pot for hours."""
    with action() as session:
        return asking.ask(
            session,
            said["for_party"] or me().member_id,
            seconds=said["hours"],
            word=said["word"],
            **_as_sent(said, by=speaking(said)),
        )


@api.get("/wishes/<uuid:wish_id>")
@api.response(200, ShownWish)
def wish(wish_id: UUID) -> Wish:
    """One wish: one's own, or for a broker anybody's."""
    return queries.wish(database(), wish_id, by=me().standing).wish


@api.post("/wishes/<uuid:wish_id>/grant")
@api.arguments(SentGrant)
@api.response(201, ShownDonation)
def grant(said: dict[str, Any], wish_id: UUID) -> Donation:
    """A broker gives what was asked of the pot, or a part of it."""
    with action() as session:
        return asking.grant(session, wish_id, seconds=said["hours"], word=said["word"], **_as_broker(said))


@api.post("/wishes/<uuid:wish_id>/decline")
@api.arguments(SaidNo)
@api.response(200, ShownWish)
def decline(said: dict[str, Any], wish_id: UUID) -> Wish:
    """A broker says no, and why."""
    with action() as session:
        return asking.decline(session, wish_id, broker=me().standing, at=now(), word=said["word"])


@api.post("/wishes/<uuid:wish_id>/withdraw")
@api.response(200, ShownWish)
def withdraw(wish_id: UUID) -> Wish:
    """Whoever asked takes it back."""
    with action() as session:
        return asking.withdraw(session, wish_id, by=me().standing, at=now())


@api.post("/allocations")
@api.arguments(SentAllocation)
@api.response(201, ShownDonation)
def allocate(said: dict[str, Any]) -> Donation:
    """A broker gives hours from the pot unasked."""
    with action() as session:
        return asking.allocate(session, said["party_id"], seconds=said["hours"], word=said["word"], **_as_broker(said))


@api.post("/leaving")
@api.arguments(SentLeaving)
@api.response(204)
def leave(said: dict[str, Any]) -> None:
    """Somebody leaves the timebank, and their hours go where they choose."""
    with action() as session:
        leave_timebank(
            session,
            said["party_id"] or me().member_id,
            receiver_id=said["receiver_id"],
            word=said["word"],
            **_as_sent(said, by=speaking(said)),
        )


def _as_sent(said: dict[str, Any], *, by: Standing) -> dict[str, Any]:
    return {"by": by, "at": now(), "submission": said["submission"] or uuid4()}


def _as_broker(said: dict[str, Any]) -> dict[str, Any]:
    return {"broker": me().standing, "at": now(), "submission": said["submission"] or uuid4()}
