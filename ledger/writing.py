"""The one path by which entries are written: lock the book, look, draft, insert. Private to the ledger.

One request or thousands take the same few statements. A request is looked at as if those before it stood already.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Connection

from ledger import expiring, once, reading, shortcut
from ledger.drafting import Draft
from ledger.entries import FINISHING, REVERSIBLE, Entry, EntryKind, Posting
from ledger.errors import (
    AlreadyReversed,
    HoldFinished,
    KeyReused,
    LedgerError,
    NotAHold,
    NotReversible,
    UnknownEntry,
)
from ledger.locking import in_savepoint, lock_heads
from ledger.plans import Row
from ledger.reading import Said, Slot
from ledger.request import Request

Outcome: TypeAlias = Entry | LedgerError
Refuse: TypeAlias = Callable[[int, LedgerError], LedgerError]
"""What becomes of the refusal of a line: it is raised, or given back."""


def write(connection: Connection, request: Request) -> Entry:
    """Append what a checked request asks for, or give back what the same request led to before."""
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


def _write(connection: Connection, requests: Sequence[Request], refuse: Refuse) -> list[Outcome]:
    return in_savepoint(connection, partial(_attempt, connection, requests, refuse)) if requests else []


def _attempt(connection: Connection, requests: Sequence[Request], refuse: Refuse) -> list[Outcome]:
    heads = lock_heads(connection, {request.book for request in requests})
    batch, draft = _looked_at(connection, requests, heads)
    outcomes: list[Outcome] = []
    for line, request in enumerate(requests, start=1):
        try:
            draft, entry = batch.drafted(draft, request)
            outcomes.append(entry)
        except LedgerError as refusal:
            outcomes.append(refuse(line, refusal))
    draft.insert(connection)
    return outcomes


def _looked_at(connection: Connection, requests: Sequence[Request], heads: dict[UUID, Row]) -> "tuple[_Batch, Draft]":
    """What stands where these requests are to be written, and a draft that begins there."""
    subjects = reading.entries(connection, {request.subject for request in requests if request.subject})
    standing = once.standing(connection, {request.slot for request in requests})
    batch = _Batch(standing, subjects)
    accounts = {leg.account for request in requests for leg in batch.legs(request)}
    due = expiring.due(connection, accounts, max(request.at for request in requests))
    batch.due = expiring.by_account(due)
    balances = reading.balance_rows(connection, accounts.union(leg.account for hold in due for leg in hold.postings))
    return batch, Draft(heads, balances, *reading.followed(connection, subjects))


@dataclass(slots=True)
class _Batch:
    """What is known about some requests before and while they are drafted."""

    standing: Mapping[Slot, tuple[Entry, Said]]
    """Earlier entries under the keys of this batch."""
    subjects: Mapping[UUID, Entry]
    """What is to be finished or reversed."""
    due: Mapping[UUID, list[Entry]] = field(default_factory=dict)
    """The expired holds of each account."""
    written: dict[Slot, tuple[Entry, Request, bytes]] = field(default_factory=dict)
    """What was drafted so far, under which key, for which request and its digest."""

    def legs(self, request: Request) -> tuple[Posting, ...]:
        """What a request will touch; nothing for one that will be refused."""
        try:
            return self._meant(request).legs
        except LedgerError:
            return ()

    def drafted(self, draft: Draft, request: Request) -> tuple[Draft, Entry]:
        """The entry that a request leads to, and the draft with it; or a refusal, and the draft as it was."""
        digest = request.digest()
        if first := self.standing.get(request.slot):
            return draft, once.replay(request, digest, *first)
        if earlier := self.written.get(request.slot):
            entry, before, said = earlier
            if said != digest or before.memo != request.memo:
                raise KeyReused(request.key, entry.id)
            return draft, entry
        meant = self._meant(request)
        draft = self._without_expired(draft, meant)
        _refuse_twice(draft, meant)
        entry = draft.append(meant, digest)
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
    """Asked under the book's lock: nobody else can finish or reverse the same entry now."""
    if request.subject is None:
        return
    if request.kind in FINISHING:
        if finish := draft.finished.get(request.subject):
            raise HoldFinished(request.subject, finish)
    elif reversal := draft.reversed.get(request.subject):
        raise AlreadyReversed(request.subject, reversal)
