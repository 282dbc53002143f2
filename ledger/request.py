"""What somebody asks to be written, before the ledger has looked at any row."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ledger import chain
from ledger.entries import EntryKind, Posting, Seconds

OWN_KEYS = "ledger:"
"""Keys that begin so are the ledger's own: the expiry of a hold is written under one."""


@dataclass(frozen=True, slots=True)
class Request:
    """One entry to be. What follows from the entry that it finishes or reverses is left open."""

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

    def digest(self) -> bytes:
        """The same for the same request: `at` may differ, and the memo is compared by its own, salted digest."""
        legs = [part for leg in self.legs for part in (leg.account, leg.seconds, leg.out, leg.in_)]
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
        )


def check(request: Request) -> None:
    """What no database could tell a caller as plainly: these are mistakes of a program, not of a person."""
    for name, words, most in (("key", request.key, 200), ("purpose", request.purpose, 60)):
        if words is not None and not (0 < len(words) <= most and words.isprintable()):
            raise ValueError(f"a {name} has 1 to {most} printable characters, unlike {words!r}")
    if request.key.startswith(OWN_KEYS):
        raise ValueError(f"keys beginning with {OWN_KEYS!r} are the ledger's own")
    if request.memo is not None and "\0" in request.memo:
        raise ValueError("a memo is text: PostgreSQL stores no NUL")
    if request.at.tzinfo is None or (request.expires_at is not None and request.expires_at.tzinfo is None):
        raise ValueError("a moment has a time zone: a naive datetime could be any hour of the day")
    if isinstance(request.effective_on, datetime):
        raise TypeError("effective_on is a date: ask the timebank's time zone for it")
