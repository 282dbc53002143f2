"""The one path by which entries are written: claim the keys, lock, look, draft, insert. Private to the ledger.

One request or thousands take the same few statements. A request is looked at as if those before it stood already; where
lines may be refused one by one, the keys of refused lines are let go of and the rest is looked at again, since a key
that was claimed cannot be given back otherwise.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Connection

from ledger import claiming, expiring, reading, shortcut
from ledger.drafting import Draft, new_id
from ledger.entries import FINISHING, REVERSIBLE, Entry, EntryKind, Posting
from ledger.errors import (
    AlreadyReversed,
    BrokenLaw,
    Busy,
    HoldFinished,
    KeyReused,
    LedgerError,
    NotAHold,
    NotReversible,
    UnknownEntry,
)
from ledger.locking import MOST_TRIES, ask_balances, ask_heads, in_savepoint, locked_balances, locked_heads
from ledger.reading import Said, Slot
from ledger.request import Request, check

Outcome: TypeAlias = Entry | LedgerError
Refuse: TypeAlias = Callable[[int, LedgerError], LedgerError]
"""What becomes of the refusal of a line: it is raised, or given back."""


def write(connection: Connection, request: Request) -> Entry:
    """Append what is asked for, or give back what the same request led to before."""
    check(request)
    return shortcut.post(connection, request) or write_all(connection, [request])[0]


def write_all(connection: Connection, requests: Sequence[Request], *, is_batch: bool = False) -> list[Entry]:
    """Append all of these checked requests, or raise the first refusal and append nothing."""

    def refuse(line: int, refusal: LedgerError) -> LedgerError:
        refusal.line = line if is_batch else None
        raise refusal

    return [entry for entry in _write(connection, requests, refuse) if isinstance(entry, Entry)]


def write_each(connection: Connection, requests: Sequence[Request]) -> list[Outcome]:
    """Append what can be, and say of each request which entry it led to or why it was refused."""
    return _write(connection, requests, lambda _line, refusal: refusal)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is claimed and locked before anything is looked at: all keys at first, and the accounts of all requests."""

    slots: Collection[Slot]
    accounts: Collection[UUID] = frozenset()
    """Further accounts: those of holds which expired on the accounts of the requests."""


class _OthersWanted(Exception):
    """What was claimed and locked is not what the requests turned out to need: all is let go of and taken again."""

    def __init__(self, wanted: _Wanted) -> None:
        self.wanted = wanted


def _write(connection: Connection, requests: Sequence[Request], refuse: Refuse) -> list[Outcome]:
    wanted = _Wanted({request.slot for request in requests})
    for _ in range(MOST_TRIES):
        try:
            return in_savepoint(connection, partial(_attempt, connection, requests, wanted, refuse))
        except _OthersWanted as others:
            wanted = others.wanted
        except BrokenLaw:
            for request in requests:
                reading.head(connection, request.book)  # an unknown book is the caller's mistake, not ours
            raise
    raise Busy


def _attempt(connection: Connection, requests: Sequence[Request], wanted: _Wanted, refuse: Refuse) -> list[Outcome]:
    if not requests:
        return []
    batch = _Batch(requests, wanted)
    draft = batch.locked(connection)
    outcomes: list[Outcome] = []
    for line, request in enumerate(requests, start=1):
        try:
            draft, entry = batch.drafted(draft, request)
            outcomes.append(entry)
        except LedgerError as refusal:
            outcomes.append(refuse(line, refusal))
    if batch.ours.keys() != batch.written.keys():
        raise _OthersWanted(replace(wanted, slots=batch.written.keys()))
    draft.insert(connection)
    return outcomes


@dataclass(slots=True)
class _Batch:
    """What is known about some requests before, while and after they are drafted."""

    requests: Sequence[Request]
    wanted: _Wanted
    ours: Mapping[Slot, UUID] = field(default_factory=dict)
    """The keys that were claimed, and the entries that they will lead to."""
    standing: Mapping[Slot, tuple[Entry, Said]] = field(default_factory=dict)
    """Earlier entries under the keys of this batch."""
    subjects: Mapping[UUID, Entry] = field(default_factory=dict)
    """What is to be finished or reversed."""
    due: Mapping[UUID, list[Entry]] = field(default_factory=dict)
    """The expired holds of each account."""
    written: dict[Slot, tuple[Entry, Request, bytes]] = field(default_factory=dict)
    """What was drafted so far, under which key, for which request and its digest."""

    def locked(self, connection: Connection) -> Draft:
        """Claim the keys, lock what the requests and the holds that fall due touch, and begin a draft on it.

        All of it is asked for before any answer is read: on PostgreSQL it is one round trip.
        """
        self.subjects = reading.entries(connection, {request.subject for request in self.requests if request.subject})
        accounts = {leg.account for request in self.requests for leg in self._legs(request)}
        books = {request.book for request in self.requests}
        claim = claiming.claim(connection, self.wanted.slots, self.requests[0].at)
        asked_due = expiring.ask_due(connection, accounts, max(request.at for request in self.requests))
        asked_balances = ask_balances(connection, accounts.union(self.wanted.accounts))
        asked_heads = ask_heads(connection, books)

        self.ours = claim.ours()
        self.standing = claiming.standing(connection, {request.slot for request in self.requests} - self.ours.keys())
        due = expiring.due(connection, asked_due)
        balances, heads = locked_balances(asked_balances), locked_heads(asked_heads, books)
        touched = {leg.account for hold in due for leg in hold.postings}
        if not touched <= accounts.union(self.wanted.accounts):
            raise _OthersWanted(replace(self.wanted, accounts=touched))
        self.due = expiring.by_account(expiring.still_due(connection, due))
        return Draft(heads, balances, *reading.followed(connection, self.subjects))

    def drafted(self, draft: Draft, request: Request) -> tuple[Draft, Entry]:
        """The entry that a request leads to, and the draft with it; or a refusal, and the draft as it was."""
        digest = request.digest()
        if first := self.standing.get(request.slot):
            return draft, claiming.replay(request, digest, *first)
        if earlier := self.written.get(request.slot):
            entry, before, said = earlier
            if said != digest or before.memo != request.memo:
                raise KeyReused(request.key, entry.id)
            return draft, entry
        meant = self._meant(request)
        draft = self._without_expired(draft, meant)
        _refuse_twice(draft, meant)
        entry = draft.append(meant, self.ours.get(request.slot) or new_id(request.at), digest)
        self.written[request.slot] = entry, request, digest
        return draft, entry

    def _meant(self, request: Request) -> Request:
        """The request with the legs and the purpose that follow from the entry which it finishes or reverses."""
        if request.subject is None:
            return request
        subject = self.subjects.get(request.subject)
        if subject is None or subject.book != request.book:
            raise UnknownEntry(request.subject, request.book)
        if request.kind in FINISHING:
            if subject.kind is not EntryKind.HOLD:
                raise NotAHold(subject.id, subject.kind)
            legs = tuple(expiring.let_go(leg, request.seconds or 0) for leg in subject.postings)
        else:
            if subject.kind not in REVERSIBLE:
                raise NotReversible(subject.id, subject.kind)
            legs = tuple(Posting(leg.account, -leg.seconds) for leg in subject.postings if leg.seconds)
        return replace(request, legs=legs, purpose=request.purpose or subject.purpose)

    def _legs(self, request: Request) -> tuple[Posting, ...]:
        """What there is to lock for a request; nothing for one that will be refused."""
        try:
            return self._meant(request).legs
        except LedgerError:
            return ()

    def _without_expired(self, draft: Draft, request: Request) -> Draft:
        """The draft in which expired holds on these accounts are released. To release one oneself is never too late.

        An account of another book may be named by mistake: what expired over there is none of ours.
        """
        spared = request.subject if request.kind is EntryKind.RELEASE else None
        due = {
            hold.id: hold
            for leg in request.legs
            for hold in self.due.get(leg.account, ())
            if hold.book == request.book and hold.id not in draft.finished and hold.id != spared
        }
        if not due:
            return draft
        tried = draft.copy()
        for hold in sorted(due.values(), key=attrgetter("number")):
            expiring.expire_in(tried, hold, request.effective_on, request.at)
        return tried


def _refuse_twice(draft: Draft, request: Request) -> None:
    """Asked under the accounts' locks: nobody else can finish or reverse the same entry now."""
    if request.subject is None:
        return
    if request.kind in FINISHING:
        if finish := draft.finished.get(request.subject):
            raise HoldFinished(request.subject, finish)
    elif reversal := draft.reversed.get(request.subject):
        raise AlreadyReversed(request.subject, reversal)
