"""What may be listed and by whom, and the parts of the week."""

from collections.abc import Iterable

from timebank.errors import NotAllowed, NotFound, RuleBroken
from timebank.folding import folded
from timebank.language import N_
from timebank.listings.tables import Listing
from timebank.members.rules import Guarded, Standing

DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
PARTS = (N_("morning"), N_("afternoon"), N_("evening"))


class NoSuchListing(NotFound):
    sentence = N_("There is no such offer or request in this timebank.")


class NotYourListing(NotAllowed):
    sentence = N_("Only those who listed it, or a time broker, can change this.")


class ListingClosed(RuleBroken):
    sentence = N_("This is no longer listed.")


def may_change(listing: Listing, by: Standing) -> bool:
    """Whoever speaks for the one who listed it, and brokers."""
    return by.timebank_id == listing.timebank_id and (by.may_for(listing.party_id, Guarded.ASK) or by.is_broker)


def check_may_change(listing: Listing, by: Standing) -> None:
    if not may_change(listing, by):
        raise NotYourListing


def times_from(slots: Iterable[int]) -> int:
    """The set of parts of the week with these numbers, 0 (Monday morning) to 20 (Sunday evening), as bits."""
    return sum(1 << slot for slot in set(slots))


def slots_in(times: int) -> list[int]:
    """The numbers of the parts of the week in a set."""
    return [slot for slot in range(len(DAYS) * len(PARTS)) if times >> slot & 1]


def searchable(title: str, details: str) -> str:
    return folded(f"{title} {details}")
