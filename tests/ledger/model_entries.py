"""How entries come about in the model: whatever is asked for, all requests take one path, `write`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from tests.ledger.wishes import Closed, Crossing, Leg, Name, Recorded, refuse


@dataclass
class Account:
    book: Name
    floor: int | None
    ceiling: int | None
    mirrors: Name | None = None
    posted: int = 0
    out: int = 0
    in_: int = 0
    lines: int = 0

    @property
    def layers(self) -> tuple[int, int, int]:
        return self.posted, self.out, self.in_


@dataclass(frozen=True)
class Request:
    """One entry to be; its legs may follow from the entry that it finishes or reverses."""

    book: Name
    kind: str
    said: dict[str, Any]
    legs: tuple[Leg, ...] = ()
    subject: Name | None = None
    seconds: int = 0
    partner: Name | None = None
    clearing: Name | None = None

    @property
    def content(self) -> object:
        """What is the same for the same request: `at` may differ."""
        said = {name: word for name, word in self.said.items() if name not in ("key", "at") and word is not None}
        return self.kind, self.legs, self.subject, self.seconds, self.partner, said


@dataclass
class Entries:
    """Everything that was written, and the accounts as that left them."""

    begun_at: datetime
    accounts: dict[Name, Account] = field(default_factory=dict)
    entries: dict[Name, Recorded] = field(default_factory=dict)
    asked_at: dict[Name, datetime] = field(default_factory=dict)
    over: set[Name] = field(default_factory=set)
    """What was finished or reversed."""
    first: dict[tuple[Name, str], tuple[object, Name]] = field(default_factory=dict)
    transfers: dict[Name, tuple[Recorded, Recorded]] = field(default_factory=dict)
    periods: dict[Name, list[Closed]] = field(default_factory=dict)

    # What can be asked

    def periods_of(self, book: Name) -> list[Closed]:
        return self.periods.get(book, [])

    def chain(self, book: Name) -> list[Recorded]:
        return [entry for entry in self.entries.values() if entry.book == book]

    def holds(self) -> list[Recorded]:
        return [entry for entry in self.entries.values() if entry.kind == "hold"]

    def open_holds(self, account: Name | None = None) -> list[Recorded]:
        holds = [hold for hold in self.holds() if hold.name not in self.over]
        return [hold for hold in holds if account is None or account in [leg.account for leg in hold.legs]]

    def mirror(self, book: Name, partner: Name) -> Name | None:
        return next((name for name, one in self.accounts.items() if (one.book, one.mirrors) == (book, partner)), None)

    # How it is done

    def opened(self, account: Account) -> Name:
        name = Name(f"account {len(self.accounts)}")
        self.accounts[name] = account
        return name

    def cross(self, halves: Sequence[Request]) -> Crossing:
        given, received = (self.write(half) for half in halves)
        assert given.clearing is not None
        self.transfers.setdefault(given.clearing, (given, received))
        return Crossing(given.clearing, given, received)

    def write(self, request: Request) -> Recorded:
        slot = request.book, request.said["key"]
        if slot in self.first:
            content, name = self.first[slot]
            return self.entries[name] if content == request.content else refuse("KeyReused")
        meant = self._meant(request)
        for hold in self._due(meant):
            self.expired(hold, meant.said["effective_on"], meant.said["at"])
        if meant.subject in self.over:
            refuse("AlreadyReversed" if meant.kind == "reverse" else "HoldFinished")
        entry = self._append(meant)
        self.first[slot] = request.content, entry.name
        return entry

    def _meant(self, request: Request) -> Request:
        """The request with what follows from the entry that it finishes or reverses."""
        if request.subject is None:
            return request
        was = self.entries.get(request.subject)
        if was is None or was.book != request.book:
            refuse("UnknownEntry")
        if request.kind == "reverse":
            if was.kind not in ("post", "settle"):
                refuse("NotReversible")
            legs = [Leg(leg.account, -leg.seconds) for leg in was.legs if leg.seconds]
        else:
            if was.kind != "hold":
                refuse("NotAHold")
            legs = [
                Leg(leg.account, -request.seconds if leg.out else request.seconds, -leg.out, -leg.in_)
                for leg in was.legs
            ]
        return replace(request, legs=tuple(legs), said={"purpose": was.purpose, **request.said})

    def _due(self, request: Request) -> list[Recorded]:
        """The expired holds on its accounts, in the order of their making; but to release one is never too late."""
        spared = request.subject if request.kind == "release" else None
        found = {hold.name: hold for leg in request.legs for hold in self.open_holds(leg.account)}
        due = [hold for hold in found.values() if hold.expires_at and hold.expires_at <= request.said["at"]]
        due = [hold for hold in due if hold.book == request.book and hold.name != spared]
        return sorted(due, key=lambda hold: self.asked_at[hold.name])

    def expired(self, hold: Recorded, effective_on: date, at: datetime) -> Recorded:
        assert hold.expires_at is not None
        said = {"effective_on": max(hold.expires_at.date(), effective_on), "at": at}
        return self._append(self._meant(Request(hold.book, "expire", said, subject=hold.name)))

    def _append(self, request: Request) -> Recorded:
        book, said, periods = request.book, request.said, self.periods_of(request.book)
        if periods and said["effective_on"] <= periods[-1].until:
            refuse("ClosedPeriod", effective_on=said["effective_on"], closed_until=periods[-1].until)
        for leg in request.legs:
            account = self.account(leg.account, book)
            if account.mirrors not in (None, request.partner):
                refuse("BetweenBooks")
            _move(account, leg, is_free=said.get("override_by") is not None)
        before = self.chain(book)
        finishes, reverses = (None, request.subject) if request.kind == "reverse" else (request.subject, None)
        entry = Recorded(
            name=Name(f"entry {len(before) + 1} of {book}"),
            book=book,
            kind=request.kind,
            purpose=said["purpose"],
            effective_on=said["effective_on"],
            recorded_at=max(said["at"], before[-1].recorded_at if before else self.begun_at),
            legs=request.legs,
            finishes=finishes,
            reverses=reverses,
            expires_at=said.get("expires_at"),
            clearing=request.clearing,
        )
        self.entries[entry.name], self.asked_at[entry.name] = entry, said["at"]
        self.over |= {request.subject} if request.subject else set()
        return entry

    def account(self, name: Name, book: Name) -> Account:
        account = self.accounts.get(name)
        if account is None or account.book != book:
            refuse("UnknownAccount", account=name)
        return account


def _move(account: Account, leg: Leg, *, is_free: bool) -> None:
    """A movement past a limit is refused; one towards the range never is."""
    account.posted += leg.seconds
    account.out += leg.out
    account.in_ += leg.in_
    account.lines += 1
    least, most = account.posted - account.out, account.posted + account.in_
    if account.floor is not None and least < account.floor and leg.seconds - leg.out < 0 and not is_free:
        refuse("LimitExceeded", account=leg.account, which="floor", by_seconds=account.floor - least)
    if account.ceiling is not None and most > account.ceiling and leg.seconds + leg.in_ > 0 and not is_free:
        refuse("LimitExceeded", account=leg.account, which="ceiling", by_seconds=most - account.ceiling)
