"""What somebody asks to be written, before the ledger has looked at any row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from ledger import chain
from ledger.entries import EntryKind, Posting, Seconds, check_whole
from ledger.errors import Malformed

OWN_KEYS = "ledger:"
"""Keys that begin so are the ledger's own: the expiry of a hold is written under one."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""A day outside of these is a slip of the pen, and some would not survive a change of time zone."""

LAST_NUMBER = 2**62
"""No chain is as long, and every database can count so far."""


@dataclass(frozen=True, slots=True)
class Post:
    """One line of a batch: hours to be moved, on each account once, summing to zero."""

    postings: Sequence[Posting]
    key: str
    purpose: str
    effective_on: date
    by: UUID | None = None
    on_behalf_of: UUID | None = None
    memo: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One entry to be. What follows from the entry that it finishes or reverses is left open."""

    book: UUID
    kind: EntryKind
    key: str
    at: datetime
    effective_on: date
    purpose: str | None = None
    """None: that of the entry which is finished or reversed."""
    legs: tuple[Posting, ...] = ()
    """Empty: they follow from the subject."""
    subject: UUID | None = None
    """The hold to finish, or the entry to reverse."""
    seconds: Seconds | None = None
    """What to settle."""
    by: UUID | None = None
    on_behalf_of: UUID | None = None
    override_by: UUID | None = None
    expires_at: datetime | None = None
    memo: str | None = None
    clearing: UUID | None = None
    """What the two halves of a transfer between books have in common."""
    partner: UUID | None = None
    """The other book of such a transfer."""

    @property
    def slot(self) -> tuple[UUID, str]:
        """Where its key stands: one key may be used once in each book."""
        return self.book, self.key

    def digest(self) -> bytes:
        """The same for the same request: `at` may differ, and the memo is compared by its own, salted digest."""
        legs = [part for leg in self.legs for part in (leg.account, leg.seconds, leg.out, leg.in_)]
        between = () if self.partner is None else ("between books", self.partner)
        return chain.digest(
            "timebank ledger request 1",
            self.kind.value,
            self.effective_on,
            self.purpose,
            self.subject,
            self.seconds,
            self.by,
            self.on_behalf_of,
            self.override_by,
            self.expires_at,
            *legs,
            *between,
        )


def posting(book: UUID, post: Post, at: datetime) -> Request:
    """The request to move hours now."""
    check_whole(post.postings)
    return Request(
        book=book,
        kind=EntryKind.POST,
        key=post.key,
        at=at,
        effective_on=post.effective_on,
        purpose=post.purpose,
        legs=tuple([leg if leg.out == leg.in_ == 0 else Posting(leg.account, leg.seconds) for leg in post.postings]),
        by=post.by,
        on_behalf_of=post.on_behalf_of,
        memo=post.memo,
    )


def check(request: Request) -> None:
    """What no database could tell a caller as plainly: these are mistakes of a program, not of a person."""
    if not is_key(request.key) or request.key.startswith(OWN_KEYS):
        raise Malformed("key", request.key)
    if request.purpose is not None:
        check_purpose(request.purpose)
    if request.memo is not None and not _is_text(request.memo):
        raise Malformed("memo", request.memo)
    check_moment(request.at)
    if request.expires_at is not None:
        check_moment(request.expires_at)
    check_day(request.effective_on)
    for leg in request.legs:
        check_reference(leg.account)
    for reference in (request.subject, request.by, request.on_behalf_of, request.override_by):
        if reference is not None:
            check_reference(reference)


def is_key(key: object) -> bool:
    """Whether a key could stand anywhere."""
    return _is_line(key, 200)


def check_purpose(purpose: object) -> None:
    if not _is_line(purpose, 60):
        raise Malformed("purpose", purpose)


def check_number(number: object) -> None:
    if type(number) is not int or not 0 <= number <= LAST_NUMBER:
        raise Malformed("number", number)


def check_moment(at: object) -> None:
    """A naive moment could be any hour of the day."""
    if not (isinstance(at, datetime) and at.utcoffset() is not None and FIRST_DAY.year < at.year < LAST_DAY.year):
        raise Malformed("moment", at)


def in_utc(at: datetime) -> datetime:
    check_moment(at)
    return at.astimezone(UTC)


def check_day(day: object, first: date = FIRST_DAY, last: date = LAST_DAY) -> None:
    """A moment is no day: which day it is depends on the time zone."""
    if not isinstance(day, date) or isinstance(day, datetime) or not first <= day <= last:
        raise Malformed("day", day)


def check_reference(reference: object) -> None:
    if not isinstance(reference, UUID):
        raise Malformed("reference", reference)


def _is_line(words: object, most: int) -> bool:
    return isinstance(words, str) and 0 < len(words) <= most and words.isprintable()


def _is_text(words: object) -> bool:
    if not isinstance(words, str) or "\0" in words:
        return False
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True
