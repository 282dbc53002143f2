"""Offering and asking, and taking it off the list again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, update

from timebank.listings import queries
from timebank.listings.rules import ListingClosed, check_may_change, searchable
from timebank.listings.tables import Listing, ListingStatus, Side
from timebank.members.queries import check_gift, party, party_to_change
from timebank.members.rules import Guarded, MemberNotActive, Standing, authority_for, check_active, check_speaks_for
from timebank.members.tables import Status


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a listing says: in words, as a kind of help, and when in the week (see `rules.times_from`)."""

    title: str
    details: str = ""
    gift_id: UUID | None = None
    times: int = 0


def post(
    session: Session,
    *,
    side: Side,
    party_id: UUID,
    wording: Wording,
    by: Standing,
    at: datetime,
    submission: UUID,
) -> Listing:
    """Somebody offers something or asks for it, or a broker does it for them. A form sent twice lists once."""
    check_speaks_for(by, party_id, Guarded.ASK)
    whose = party_to_change(session, by.timebank_id, party_id)
    if sent := queries.sent_before(session, party_id, submission):
        return sent
    if whose.status is not Status.ACTIVE:
        raise MemberNotActive(name=whose.name)
    check_gift(session, by.timebank_id, wording.gift_id)
    listing = Listing(
        timebank_id=by.timebank_id,
        party_id=party_id,
        side=side,
        title=wording.title,
        details=wording.details,
        gift_id=wording.gift_id,
        times=wording.times,
        folded=searchable(wording.title, wording.details),
        status=ListingStatus.OPEN,
        listed_at=at,
        listed_by=by.member_id,
        authority=authority_for(by, party_id),
        submission=submission,
    )
    session.add(listing)
    session.flush()
    return listing


def reword(session: Session, listing_id: UUID, *, wording: Wording, by: Standing) -> Listing:
    """What a listing says is changed."""
    listing = _own(session, listing_id, by)
    if listing.status is ListingStatus.CLOSED:
        raise ListingClosed
    check_gift(session, by.timebank_id, wording.gift_id)
    listing.title, listing.details = wording.title, wording.details
    listing.gift_id, listing.times = wording.gift_id, wording.times
    listing.folded = searchable(wording.title, wording.details)
    session.flush()
    return listing


def close(session: Session, listing_id: UUID, *, by: Standing, at: datetime) -> Listing:
    """A listing is taken off the list; closing it twice is closing it once."""
    listing = _own(session, listing_id, by)
    if listing.status is ListingStatus.OPEN:
        listing.status, listing.closed_at = ListingStatus.CLOSED, at
        session.flush()
    return listing


def close_all(session: Session, party_id: UUID, *, at: datetime) -> None:
    """Everything of somebody who leaves is taken off the list."""
    session.exec(
        update(Listing)
        .where(col(Listing.party_id) == party_id, col(Listing.status) == ListingStatus.OPEN)
        .values(status=ListingStatus.CLOSED, closed_at=at)
    )


def put_back(session: Session, listing_id: UUID, *, by: Standing) -> Listing:
    """A listing that was taken off the list stands on it again, where it stood."""
    listing = _own(session, listing_id, by)
    whose = party(session, by.timebank_id, listing.party_id)
    if whose.status is not Status.ACTIVE:
        raise MemberNotActive(name=whose.name)
    listing.status, listing.closed_at = ListingStatus.OPEN, None
    session.flush()
    return listing


def _own(session: Session, listing_id: UUID, by: Standing) -> Listing:
    check_active(by)
    listing = queries.listing(session, by.timebank_id, listing_id)
    check_may_change(listing, by)
    return listing
