"""Whether an entry keeps every law, asked in the fewest steps: most do. Private to the ledger.

Of an entry that may not, `audit` reads the rows again and says which law it breaks; so what needs more than its own
rows to be weighed (reversals, transfers between books) is left to it as well. Tests hold both against one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from ledger import chain
from ledger.entries import FINISHING
from ledger.raw import Values, link

FINISHES = {kind.value for kind in FINISHING}
SIMPLE = FINISHES | {"post", "hold"}

Layers = tuple[int, int]
"""Hours held out and in."""
Range = tuple[int | None, int | None]


@dataclass(slots=True, eq=False)
class Account:
    """What an account's postings came to, as far as they were read."""

    mirrors: UUID | None
    ranges: dict[int, Range] = field(default_factory=dict)
    sequence: int = 0
    number: int = 0
    posted: int = 0
    out: int = 0
    in_: int = 0
    limits: int = 0


@dataclass(slots=True)
class Reached:
    """What a book came to, as far as its entries were read. Keys are as they are read: 16 bytes."""

    book: bytes
    hash: bytes
    moment: int
    number: int = 0
    accounts: dict[bytes, Account] = field(default_factory=dict)
    open: dict[bytes, dict[bytes, Layers]] = field(default_factory=dict)
    reversed: set[bytes] = field(default_factory=set)

    def takes(self, header: Values, postings: Sequence[Values]) -> bool:
        """Whether this entry follows and keeps every law; if so, go on to it."""
        book, number, key, kind, _, _, moment, _, _, _, _, memo_digest, finishes, reverses, *header_ends = header
        override_by, _, clearing, moved, lines, said, previous, previous_number, overrides = header_ends[:9]
        key_entry, salt, memo = header_ends[9:]
        if (
            number != self.number + 1
            or previous_number != (self.number or None)
            or previous != self.hash
            or said != link(header, previous, postings)
            or moment < self.moment
            or book != self.book
            or key_entry != key
            or kind not in SIMPLE
            or (finishes is None) == (kind in FINISHES)
            or reverses is not None
            or clearing is not None
            or overrides
            or override_by is not None
            or (memo is not None and memo_digest != chain.memo_digest(salt, memo))
        ):
            return False
        touched = self._touched(kind, postings)
        if touched is None or len(touched) != lines or not _is_whole(postings, moved):
            return False
        if kind != "post" and not self._is_held(key, finishes, postings):
            return False
        for account, posting in zip(touched, postings, strict=True):
            _, _, account.sequence, _, _, _, account.posted, account.out, account.in_, account.limits, *_ = posting
            account.number = number
        self.number, self.hash, self.moment = number, said, moment
        return True

    def _touched(self, kind: str, postings: Sequence[Values]) -> list[Account] | None:
        """The accounts of these postings, if each posting continues its own within its limits, and no other's."""
        touched: list[Account] = []
        for posting in postings:
            line, key, sequence, posted, out, in_, posted_after, out_after, in_after, limits, *rest = posting
            floor, ceiling, repeats, _ = rest
            account = self.accounts.get(key)
            if (
                account is None
                or not repeats
                or account in touched
                or account.mirrors is not None
                or line != len(touched) + 1
                or sequence != account.sequence + 1
                or posted_after != account.posted + posted
                or out_after != account.out + out
                or in_after != account.in_ + in_
                or out_after < 0
                or in_after < 0
                or limits < account.limits
                or account.ranges.get(limits) != (floor, ceiling)
                or not (posted and not out and not in_ if kind == "post" else has_shape(kind, posted, out, in_))
                or (floor is not None and posted_after - out_after < floor and posted < out)
                or (ceiling is not None and posted_after + in_after > ceiling and posted + in_ > 0)
            ):
                return None
            touched.append(account)
        return touched

    def _is_held(self, key: bytes, finishes: bytes | None, postings: Sequence[Values]) -> bool:
        """Whether a hold is new, or is finished as a whole; what is open is then known."""
        if finishes is None:
            self.open[key] = {posting[1]: (posting[4], posting[5]) for posting in postings}
            return True
        freed = {posting[1]: (-posting[4], -posting[5]) for posting in postings}
        if self.open.get(finishes) != freed:
            return False
        del self.open[finishes]
        return True


def _is_whole(postings: Sequence[Values], moved: int) -> bool:
    """Whether the postings sum to zero, hold as much out as in, and gave what the header says."""
    if len(postings) < 2:  # noqa: PLR2004 - double entry
        return False
    total = held = given = 0
    for posting in postings:
        posted = posting[3]
        total += posted
        held += posting[4] - posting[5]
        if posted > 0:
            given += posted
    return total == 0 and held == 0 and given == moved


def has_shape(kind: str, posted: int, out: int, in_: int) -> bool:
    """Whether a posting does what an entry of its kind may do."""
    if kind in ("post", "reverse"):
        return posted != 0 and out == in_ == 0
    if (out == 0) == (in_ == 0):
        return False
    if kind == "hold":
        return posted == 0 and out >= 0 and in_ >= 0
    if out > 0 or in_ > 0:
        return False
    if kind == "settle":
        return posted <= 0 if out else posted >= 0
    return posted == 0
