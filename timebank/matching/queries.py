"""The best offers for a request."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from timebank.folding import words
from timebank.listings.tables import Listing, ListingStatus, Side
from timebank.matching.rules import LITTLE_WORDS, Reasons, reasons
from timebank.members.apart import kept_apart
from timebank.members.tables import Party, Status

MOST_WORDS = 12
MOST_OFFERS = 500


@dataclass(frozen=True)
class Match:
    """An offer that suits a request, and why."""

    offer: Listing
    party_name: str
    reasons: Reasons


def best_offers(session: Session, request: Listing, *, limit: int = 3) -> list[Match]:
    """The offers of others that suit a request best, each with its reasons; newest first among equals."""
    return best_for_each(session, [request], limit=limit)[request.id]


def best_for_each(session: Session, requests: Sequence[Listing], *, limit: int = 3) -> dict[UUID, list[Match]]:
    """The same for several requests of one timebank, in two queries. Who blocked the other is not matched with them."""
    best: dict[UUID, list[Match]] = defaultdict(list)
    if not requests:
        return best
    candidates = session.exec(
        select(Listing, Party.name)
        .join(Party, col(Party.id) == col(Listing.party_id))
        .where(
            Listing.timebank_id == requests[0].timebank_id,
            Listing.status == ListingStatus.OPEN,
            Listing.side == Side.OFFER,
            Party.status == Status.ACTIVE,
            _may_suit(requests),
        )
        .order_by(col(Listing.listed_at).desc())
        .limit(MOST_OFFERS)
    ).all()
    apart = kept_apart(session, (request.party_id for request in requests))
    for request in requests:
        found = [
            Match(offer, name, why)
            for offer, name in candidates
            if offer.party_id != request.party_id
            and frozenset({offer.party_id, request.party_id}) not in apart
            and (why := reasons(request, offer)).is_enough
        ]
        best[request.id] = sorted(found, key=lambda match: -match.reasons.weight)[:limit]
    return best


def _may_suit(requests: Iterable[Listing]):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQLAlchemy's expression type
    gifts = {request.gift_id for request in requests if request.gift_id}
    said = sorted({word for request in requests for word in words(request.folded) - LITTLE_WORDS})
    return or_(
        col(Listing.gift_id).in_(gifts),
        *(col(Listing.folded).contains(word, autoescape=True) for word in said[:MOST_WORDS]),
    )
