"""Offers and requests as they are looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from timebank.folding import folded
from timebank.keyset import comes_after
from timebank.listings.rules import NoSuchListing
from timebank.listings.tables import Listing, ListingStatus, Side
from timebank.members.tables import Gift, Party, Status

Place = tuple[datetime, UUID]


@dataclass(frozen=True)
class Listed:
    """A listing as a row of a list: with whose it is and what kind of help."""

    listing: Listing
    party_name: str
    gift: Gift | None


@dataclass(frozen=True)
class ListingPage:
    """Some of the list; `after` is the place from which the next page goes on, None at the end."""

    items: list[Listed]
    after: Place | None


def listing(session: Session, timebank_id: UUID, listing_id: UUID) -> Listing:
    """A listing of this timebank; another timebank's does not exist here. Raises NoSuchListing."""
    found = session.get(Listing, listing_id)
    if found is None or found.timebank_id != timebank_id:
        raise NoSuchListing
    return found


def listed(session: Session, timebank_id: UUID, listing_id: UUID) -> Listed:
    """The same, with whose it is."""
    found = session.exec(
        select(Listing, Party.name, Gift)
        .join(Party, col(Party.id) == col(Listing.party_id))
        .outerjoin(Gift, col(Gift.id) == col(Listing.gift_id))
        .where(Listing.id == listing_id, Listing.timebank_id == timebank_id)
    ).one_or_none()
    if found is None:
        raise NoSuchListing
    return Listed(*found)


def sent_before(session: Session, party_id: UUID, submission: UUID) -> Listing | None:
    """What this very form has listed already."""
    return session.exec(
        select(Listing).where(Listing.party_id == party_id, Listing.submission == submission)
    ).one_or_none()


def open_listings(
    session: Session,
    timebank_id: UUID,
    *,
    side: Side | None = None,
    containing: str = "",
    gift_id: UUID | None = None,
    party_id: UUID | None = None,
    after: Place | None = None,
    limit: int = 30,
) -> ListingPage:
    """What is on offer and asked for now by those who take part, newest first; one page from a place on."""
    rows = (
        select(Listing, Party.name, Gift)
        .join(Party, col(Party.id) == col(Listing.party_id))
        .outerjoin(Gift, col(Gift.id) == col(Listing.gift_id))
        .where(
            Listing.timebank_id == timebank_id,
            Listing.status == ListingStatus.OPEN,
            Party.status == Status.ACTIVE,
        )
        .order_by(col(Listing.listed_at).desc(), col(Listing.id).desc())
        .limit(limit + 1)
    )
    if side is not None:
        rows = rows.where(Listing.side == side)
    if gift_id is not None:
        rows = rows.where(Listing.gift_id == gift_id)
    if party_id is not None:
        rows = rows.where(Listing.party_id == party_id)
    for word in folded(containing).split():
        rows = rows.where(col(Listing.folded).contains(word, autoescape=True))
    if after is not None:
        rows = rows.where(comes_after(after, Listing.listed_at, Listing.id, newest_first=True))
    found = [Listed(*row) for row in session.exec(rows).all()]
    page = found[:limit]
    last = page[-1].listing if page else None
    return ListingPage(page, (last.listed_at, last.id) if last and len(found) > limit else None)


def oldest_requests(session: Session, timebank_id: UUID, *, limit: int = 50) -> Sequence[tuple[Listing, str]]:
    """Open requests, oldest first, with who asks."""
    return session.exec(
        select(Listing, Party.name)
        .join(Party, col(Party.id) == col(Listing.party_id))
        .where(
            Listing.timebank_id == timebank_id,
            Listing.status == ListingStatus.OPEN,
            Listing.side == Side.REQUEST,
            Party.status == Status.ACTIVE,
        )
        .order_by(col(Listing.listed_at))
        .limit(limit)
    ).all()
