"""The reasons for which an offer suits a request. A match without a reason in words is no match."""

from dataclasses import dataclass

from timebank.folding import words
from timebank.listings.rules import slots_in
from timebank.listings.tables import Listing

SAME_GIFT, EACH_WORD, TIMES_OVERLAP = 4, 1, 2

LITTLE_WORDS = words(
    "are two three now have has had will good one once more much very from into over then than they them when what "
    "hour hours take takes day days this that our out who "
    "a an and the for with from help someone somebody can could would like please need needs want wants some any you "
    "your my i o yn ar am gyda help rhywun gallu hoffwn eisiau angen fy eich ychydig"
)


@dataclass(frozen=True)
class Reasons:
    """Why an offer suits a request: the same kind of help, words in common, parts of the week in common."""

    is_same_gift: bool
    shared_words: tuple[str, ...]
    shared_slots: tuple[int, ...]

    @property
    def weight(self) -> int:
        """Only for sorting; never shown."""
        gift = SAME_GIFT if self.is_same_gift else 0
        return gift + EACH_WORD * len(self.shared_words) + (TIMES_OVERLAP if self.shared_slots else 0)

    @property
    def is_enough(self) -> bool:
        """Being free at the same time is no reason by itself."""
        return self.is_same_gift or bool(self.shared_words)


def reasons(request: Listing, offer: Listing) -> Reasons:
    """Compare a request and an offer. Times that are not said suit any, but are then no reason."""
    shared = (words(request.folded) & words(offer.folded)) - LITTLE_WORDS
    return Reasons(
        is_same_gift=request.gift_id is not None and request.gift_id == offer.gift_id,
        shared_words=tuple(sorted(shared)),
        shared_slots=tuple(slots_in(request.times & offer.times)),
    )
