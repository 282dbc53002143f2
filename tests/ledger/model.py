"""What books should do, as a pure model: no database, no chain, everything known by its name.

Its verbs take what those of the ledger take, and are refused for the same reasons in the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from ledger import MAX_BALANCE, MAX_SECONDS
from tests.ledger.model_entries import Account, Entries, Request
from tests.ledger.wishes import Closed, Crossing, Leg, Line, Name, Recorded, RefusedWish, Wish, at_line, refuse


@dataclass
class Model(Entries):
    def grant(self, wish: Wish) -> Any:
        """What comes of it; nothing is left of what is refused."""
        trial = replace(
            self,
            accounts={name: replace(account) for name, account in self.accounts.items()},
            periods={book: list(closed) for book, closed in self.periods.items()},
            over=set(self.over),
            **{name: dict(getattr(self, name)) for name in ("entries", "asked_at", "first", "transfers")},
        )
        outcome = getattr(trial, wish.verb)(**wish.said)
        self.__dict__ = trial.__dict__
        return outcome

    # The verbs of one book

    def open_account(self, book: Name, *, floor: int | None, ceiling: int | None, **_: object) -> Name:
        _check_range(floor, ceiling)
        return self.opened(Account(book, floor, ceiling))

    def set_limits(self, book: Name, account: Name, *, floor: int | None, ceiling: int | None, **_: object) -> None:
        _check_range(floor, ceiling)
        known = self.account(account, book)
        known.floor, known.ceiling = floor, ceiling

    def post(self, book: Name, postings: Sequence[Leg], **said: Any) -> Recorded:
        _check_whole(postings)
        return self.write(Request(book, "post", said, tuple(postings)))

    def post_many(self, book: Name, posts: Sequence[Line], *, at: datetime, by_line: bool) -> list[Any]:
        if not by_line:
            for line, post in enumerate(posts, start=1):
                with at_line(line):
                    _check_whole(post.postings)
        outcomes: list[Any] = []
        for line, post in enumerate(posts, start=1):
            try:
                with at_line(line):
                    outcomes.append(self.grant(Wish("post", {"book": book, "at": at, **post._asdict()})))
            except RefusedWish as refusal:
                if not by_line:
                    raise
                outcomes.append(refusal)
        return outcomes

    def hold(self, book: Name, *, payer: Name, payee: Name, seconds: int, **said: Any) -> Recorded:
        _check_positive(seconds)
        if payer == payee:
            refuse("Unbalanced")
        return self.write(Request(book, "hold", said, (Leg(payer, 0, out=seconds), Leg(payee, 0, in_=seconds))))

    def settle(self, book: Name, hold: Name, seconds: int, **said: Any) -> Recorded:
        _check_positive(seconds)
        return self.write(Request(book, "settle", said, subject=hold, seconds=seconds))

    def release(self, book: Name, hold: Name, **said: Any) -> Recorded:
        return self.write(Request(book, "release", said, subject=hold))

    def reverse(self, book: Name, entry: Name, **said: Any) -> Recorded:
        return self.write(Request(book, "reverse", said, subject=entry))

    def expire(self, book: Name, *, effective_on: date, at: datetime, most: int) -> list[Recorded]:
        due = [hold for hold in self.open_holds() if hold.book == book and hold.expires_at and hold.expires_at <= at]
        due.sort(key=lambda hold: (hold.expires_at, self.asked_at[hold.name]))
        return [self.expired(hold, effective_on, at) for hold in due[:most]]

    def close_period(self, book: Name, *, until: date, at: datetime, by: UUID | None) -> Closed:
        if until > (at + timedelta(hours=14)).date():
            refuse("Malformed")
        entries, periods = self.chain(book), self.periods.setdefault(book, [])
        if not entries:
            refuse("NothingToClose")
        if periods and until <= periods[-1].until:
            refuse("ClosedPeriod", effective_on=until, closed_until=periods[-1].until)
        first = min(until, *(entry.effective_on for entry in entries))
        since = periods[-1].until + timedelta(days=1) if periods else first
        seals = {name: one.layers for name, one in self.accounts.items() if one.book == book and one.lines}
        periods.append(Closed(len(periods) + 1, since, until, at, by, len(entries), seals))
        return periods[-1]

    # The verbs between books

    def open_mirrors(
        self, one: Name, other: Name, *, floor: int | None, ceiling: int | None, **_: object
    ) -> list[Name]:
        if one == other:
            refuse("NoMirror")
        _check_range(floor, ceiling)
        if self.mirror(one, other):
            refuse("MirrorOpen")
        back = [None if limit is None else -limit for limit in (ceiling, floor)]
        return [self.opened(Account(one, floor, ceiling, other)), self.opened(Account(other, *back, one))]

    def transfer_between(
        self, *, giver: Name, giving_book: Name, receiver: Name, receiving_book: Name, seconds: int, **said: Any
    ) -> Crossing:
        _check_positive(seconds)
        clearing = Name(f"transfer {len(self.transfers)}")
        halves = []
        for book, partner, member, given in (
            (giving_book, receiving_book, giver, seconds),
            (receiving_book, giving_book, receiver, -seconds),
        ):
            mirror = self.mirror(book, partner) or refuse("NoMirror")
            if member == mirror:
                refuse("BetweenBooks")
            legs = Leg(member, given), Leg(mirror, -given)
            halves.append(Request(book, "post", said, legs, partner=partner, clearing=clearing))
        return self.cross(halves)

    def reverse_between(self, clearing: Name, **said: Any) -> Crossing:
        if clearing not in self.transfers:
            refuse("UnknownTransfer")
        given, received = sorted(self.transfers[clearing], key=lambda half: half.legs[1].seconds)  # by their mirrors
        again = Name(f"transfer {len(self.transfers)}")
        return self.cross([
            Request(one.book, "reverse", said, subject=one.name, partner=other.book, clearing=again)
            for one, other in ((given, received), (received, given))
        ])  # fmt: skip


def _check_whole(postings: Sequence[Leg]) -> None:
    amounts = [leg.seconds for leg in postings]
    if any(abs(seconds) > MAX_SECONDS for seconds in amounts):
        refuse("AmountOutOfRange")
    if 0 in amounts or len(amounts) < 2 or len({leg.account for leg in postings}) < len(amounts) or sum(amounts):
        refuse("Unbalanced")


def _check_positive(seconds: int) -> None:
    if not 0 < seconds <= MAX_SECONDS:
        refuse("AmountOutOfRange")


def _check_range(floor: int | None, ceiling: int | None) -> None:
    outside = [limit for limit in (floor, ceiling) if limit is not None and abs(limit) > MAX_BALANCE]
    if outside or (floor is not None and ceiling is not None and floor > ceiling):
        refuse("AmountOutOfRange")
