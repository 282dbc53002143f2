"""What a book should do, as a pure model: no database, no chain, accounts and entries known by their numbers.

Its verbs take what those of `ledger.Book` take, and are refused for the same reasons in the same order.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, NoReturn

from ledger import MAX_BALANCE, MAX_SECONDS


class AccountNo(int):
    """An account by its place; one that is not there stands for a stranger's."""


class EntryNo(int):
    """An entry by its number in the chain; one that is not there stands for another book's."""


class Leg(NamedTuple):
    account: AccountNo
    seconds: int
    out: int = 0
    in_: int = 0


class Recorded(NamedTuple):
    """An entry, as far as everybody has to agree on it."""

    number: EntryNo
    kind: str
    purpose: str
    effective_on: date
    recorded_at: datetime
    legs: tuple[Leg, ...]
    finishes: EntryNo | None = None
    reverses: EntryNo | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Wish:
    """A verb and what it is told."""

    verb: str
    said: dict[str, Any]


class RefusedWish(Exception):
    """The name of the ledger's error, and what it tells its caller."""

    def __init__(self, error: str, **told: object) -> None:
        super().__init__(error)
        self.outcome = error, told


@dataclass
class Account:
    floor: int | None
    ceiling: int | None
    posted: int = 0
    out: int = 0
    in_: int = 0
    lines: int = 0


@dataclass
class Model:
    recorded_at: datetime
    accounts: list[Account] = field(default_factory=list)
    entries: list[Recorded] = field(default_factory=list)
    asked_at: dict[int, datetime] = field(default_factory=dict)
    over: set[int] = field(default_factory=set)
    first: dict[str, tuple[object, EntryNo]] = field(default_factory=dict)

    def grant(self, wish: Wish) -> Any:
        """What comes of it; nothing is left of what is refused."""
        trial = deepcopy(self)
        outcome = getattr(trial, wish.verb)(**wish.said)
        self.__dict__ = trial.__dict__
        return outcome

    # The verbs

    def open_account(self, kind: str, *, floor: int | None, ceiling: int | None, at: datetime) -> AccountNo:  # noqa: ARG002
        _check_range(floor, ceiling)
        self.accounts.append(Account(floor, ceiling))
        return AccountNo(len(self.accounts) - 1)

    def set_limits(self, account: AccountNo, *, floor: int | None, ceiling: int | None, **_: object) -> None:
        _check_range(floor, ceiling)
        self._check_known([account])
        self.accounts[account].floor, self.accounts[account].ceiling = floor, ceiling

    def post(self, postings: Sequence[Leg], **said: Any) -> Recorded:
        amounts = [leg.seconds for leg in postings]
        if any(abs(seconds) > MAX_SECONDS for seconds in amounts):
            _refuse("AmountOutOfRange")
        if 0 in amounts or len(amounts) < 2 or len({leg.account for leg in postings}) < len(amounts) or sum(amounts):
            _refuse("Unbalanced")
        return self._write("post", tuple(postings), None, None, said)

    def hold(self, *, payer: AccountNo, payee: AccountNo, seconds: int, **said: Any) -> Recorded:
        _check_positive(seconds)
        if payer == payee:
            _refuse("Unbalanced")
        return self._write("hold", (Leg(payer, 0, out=seconds), Leg(payee, 0, in_=seconds)), None, None, said)

    def settle(self, hold: EntryNo, seconds: int, **said: Any) -> Recorded:
        _check_positive(seconds)
        return self._write("settle", None, hold, seconds, said)

    def release(self, hold: EntryNo, **said: Any) -> Recorded:
        return self._write("release", None, hold, None, said)

    def reverse(self, entry: EntryNo, **said: Any) -> Recorded:
        return self._write("reverse", None, entry, None, said)

    def expire(self, *, effective_on: date, at: datetime, most: int) -> list[Recorded]:
        due = [hold for hold in self.open_holds() if hold.expires_at and hold.expires_at <= at]
        due.sort(key=lambda hold: (hold.expires_at, self.asked_at[hold.number]))
        return [self._expire(hold, effective_on, at) for hold in due[:most]]

    # What can be asked

    def open_holds(self, account: int | None = None) -> list[Recorded]:
        holds = [entry for entry in self.entries if entry.kind == "hold" and entry.number not in self.over]
        return [hold for hold in holds if account is None or account in [leg.account for leg in hold.legs]]

    # How it is done

    def _write(
        self,
        kind: str,
        legs: tuple[Leg, ...] | None,
        subject: EntryNo | None,
        seconds: int | None,
        said: dict[str, Any],
    ) -> Recorded:
        content = kind, legs, subject, seconds, {name: word for name, word in said.items() if name not in ("key", "at")}
        if said["key"] in self.first:
            asked, number = self.first[said["key"]]
            return self.entries[number - 1] if asked == content else _refuse("KeyReused")
        purpose = said.get("purpose")
        if subject is not None:
            was = self._subject(kind, subject)
            legs, purpose = _following(kind, was, seconds or 0), purpose or was.purpose
        assert legs is not None
        assert purpose is not None
        self._check_known(leg.account for leg in legs)
        for hold in self._due(legs, said["at"], spared=subject if kind == "release" else None):
            self._expire(hold, said["effective_on"], said["at"])
        if subject in self.over:
            _refuse("AlreadyReversed" if kind == "reverse" else "HoldFinished")
        entry = self._append(kind, purpose, legs, subject, said)
        self.first[said["key"]] = content, entry.number
        return entry

    def _subject(self, kind: str, number: EntryNo) -> Recorded:
        if not 0 < number <= len(self.entries):
            _refuse("UnknownEntry")
        was = self.entries[number - 1]
        if kind == "reverse" and was.kind not in ("post", "settle"):
            _refuse("NotReversible")
        if kind != "reverse" and was.kind != "hold":
            _refuse("NotAHold")
        return was

    def _due(self, legs: Sequence[Leg], at: datetime, *, spared: int | None) -> list[Recorded]:
        touched = {leg.account for leg in legs}
        due = [hold for hold in self.open_holds() if hold.expires_at and hold.expires_at <= at]
        due = [hold for hold in due if hold.number != spared and touched & {leg.account for leg in hold.legs}]
        return sorted(due, key=lambda hold: self.asked_at[hold.number])

    def _expire(self, hold: Recorded, effective_on: date, at: datetime) -> Recorded:
        assert hold.expires_at is not None
        effective_on = max(hold.expires_at.date(), effective_on)
        said = {"effective_on": effective_on, "at": at}
        return self._append("expire", hold.purpose, _following("expire", hold, 0), hold.number, said)

    def _append(
        self, kind: str, purpose: str, legs: tuple[Leg, ...], subject: EntryNo | None, said: dict[str, Any]
    ) -> Recorded:
        for leg in legs:
            self._move(leg, is_free=said.get("override_by") is not None)
        self.recorded_at = max(said["at"], self.recorded_at)
        number = EntryNo(len(self.entries) + 1)
        finishes, reverses = (None, subject) if kind == "reverse" else (subject, None)
        row = (number, kind, purpose, said["effective_on"], self.recorded_at, legs, finishes, reverses)
        self.entries.append(Recorded(*row, said.get("expires_at")))
        self.asked_at[number] = said["at"]
        self.over |= {subject} if subject is not None else set()
        return self.entries[-1]

    def _move(self, leg: Leg, *, is_free: bool) -> None:
        """A movement past a limit is refused; one towards the range never is."""
        account = self.accounts[leg.account]
        account.posted, account.out, account.in_ = (
            account.posted + leg.seconds,
            account.out + leg.out,
            account.in_ + leg.in_,
        )
        account.lines += 1
        least, most = account.posted - account.out, account.posted + account.in_
        if account.floor is not None and least < account.floor and leg.seconds - leg.out < 0 and not is_free:
            _refuse("LimitExceeded", account=leg.account, which="floor", by_seconds=account.floor - least)
        if account.ceiling is not None and most > account.ceiling and leg.seconds + leg.in_ > 0 and not is_free:
            _refuse("LimitExceeded", account=leg.account, which="ceiling", by_seconds=most - account.ceiling)

    def _check_known(self, accounts: Iterable[AccountNo]) -> None:
        if any(account >= len(self.accounts) for account in accounts):
            _refuse("UnknownAccount")


def _following(kind: str, was: Recorded, seconds: int) -> tuple[Leg, ...]:
    """The legs that follow from what is finished (all of it, however much is settled) or reversed."""
    if kind == "reverse":
        return tuple(Leg(leg.account, -leg.seconds) for leg in was.legs if leg.seconds)
    return tuple(Leg(leg.account, -seconds if leg.out else seconds, -leg.out, -leg.in_) for leg in was.legs)


def _check_positive(seconds: int) -> None:
    if not 0 < seconds <= MAX_SECONDS:
        _refuse("AmountOutOfRange")


def _check_range(floor: int | None, ceiling: int | None) -> None:
    outside = [limit for limit in (floor, ceiling) if limit is not None and abs(limit) > MAX_BALANCE]
    if outside or (floor is not None and ceiling is not None and floor > ceiling):
        _refuse("AmountOutOfRange")


def _refuse(error: str, **told: object) -> NoReturn:
    raise RefusedWish(error, **told)
