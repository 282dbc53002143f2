"""Every refusal carries what a caller needs to say it kindly, and nothing said to a book ends in a driver's error."""

import pickle
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import OperationalError

from ledger import (
    MAX_BALANCE,
    MAX_SECONDS,
    AccountKind,
    AlreadyOpened,
    AlreadyReversed,
    AmountOutOfRange,
    BetweenBooks,
    Book,
    BrokenLaw,
    Busy,
    ClosedPeriod,
    HoldFinished,
    KeyReused,
    LedgerError,
    LimitExceeded,
    Malformed,
    MirrorOpen,
    NoMirror,
    NotAHold,
    NothingToClose,
    NotReversible,
    NotSealed,
    Post,
    Posting,
    StorageFull,
    TooLong,
    Unbalanced,
    UnknownAccount,
    UnknownBook,
    UnknownEntry,
    UnknownTransfer,
    Unreachable,
    create_book,
    import_opening,
    locking,
    open_mirrors,
    reverse_between,
    transfer_between,
)
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast

SOMEBODY = UUID(int=7)
Asked = Callable[[Cast], tuple[Callable[[], Any], dict[str, Any]]]
"""What is asked of a book, and what its refusal should carry."""

refusals: dict[type[LedgerError], Asked] = {}


def refusal(kind: type[LedgerError]) -> Callable[[Asked], Asked]:
    def known(asked: Asked) -> Asked:
        refusals[kind] = asked
        return asked

    return known


@refusal(Unbalanced)
def _(cast: Cast) -> Any:
    legs = [Posting(cast.ana, HOUR), Posting(cast.ben, -60)]
    said = {"key": "bent", "purpose": "service", "effective_on": TODAY, "at": MORNING}
    return lambda: cast.book.post(legs, **said), {"by_seconds": HOUR - 60, "account": None}  # type: ignore[arg-type]


@refusal(AmountOutOfRange)
def _(cast: Cast) -> Any:
    carried = {"value": MAX_SECONDS + 1, "least": 1, "most": MAX_SECONDS}
    return lambda: cast.hold(cast.ana, cast.ben, MAX_SECONDS + 1), carried


@refusal(Malformed)
def _(cast: Cast) -> Any:
    return lambda: cast.give(cast.ana, cast.ben, key=""), {"what": "key", "value": ""}


@refusal(UnknownBook)
def _(cast: Cast) -> Any:
    return lambda: Book(cast.session, SOMEBODY).head(), {"book": SOMEBODY}


@refusal(UnknownAccount)
def _(cast: Cast) -> Any:
    return lambda: cast.give(cast.ana, SOMEBODY), {"account": SOMEBODY, "book": cast.book.id}


@refusal(UnknownEntry)
def _(cast: Cast) -> Any:
    return lambda: cast.book.entry(SOMEBODY), {"entry": SOMEBODY, "book": cast.book.id}


@refusal(LimitExceeded)
def _(cast: Cast) -> Any:
    carried = {"account": cast.ana, "which": "ceiling", "by_seconds": HOUR}
    return lambda: cast.give(cast.ana, cast.pot, 11 * HOUR), carried


@refusal(KeyReused)
def _(cast: Cast) -> Any:
    first = cast.give(cast.ana, cast.ben, key="one")
    return lambda: cast.give(cast.ana, cast.ben, 60, key="one"), {"key": "one", "entry": first.id}


@refusal(NotAHold)
def _(cast: Cast) -> Any:
    entry = cast.give(cast.ana, cast.ben)
    return lambda: cast.settle(entry), {"entry": entry.id, "kind": "post"}


@refusal(HoldFinished)
def _(cast: Cast) -> Any:
    hold = cast.hold(cast.ana, cast.ben)
    finish = cast.release(hold)
    return lambda: cast.settle(hold), {"hold": hold.id, "finish": finish.id}


@refusal(NotReversible)
def _(cast: Cast) -> Any:
    hold = cast.hold(cast.ana, cast.ben)
    return lambda: cast.reverse(hold), {"entry": hold.id, "kind": "hold"}


@refusal(AlreadyReversed)
def _(cast: Cast) -> Any:
    entry = cast.give(cast.ana, cast.ben)
    undone = cast.reverse(entry)
    return lambda: cast.reverse(entry), {"entry": entry.id, "reversal": undone.id}


def opened(cast: Cast) -> tuple[UUID, UUID]:
    """Another book, and the account that mirrors it here."""
    there = create_book(cast.session, at=MORNING)
    ours, _ = open_mirrors(cast.session, cast.book.id, there, floor=None, ceiling=None, at=MORNING, by=None)
    return there, ours


@refusal(BetweenBooks)
def _(cast: Cast) -> Any:
    there, mirror = opened(cast)
    return lambda: cast.give(cast.ana, mirror), {"account": mirror, "partner": there}


@refusal(NoMirror)
def _(cast: Cast) -> Any:
    return lambda: cast.book.mirror(SOMEBODY), {"book": cast.book.id, "partner": SOMEBODY}


@refusal(MirrorOpen)
def _(cast: Cast) -> Any:
    there, mirror = opened(cast)
    again = {"floor": None, "ceiling": None, "at": MORNING, "by": None}
    carried = {"book": cast.book.id, "partner": there, "account": mirror}
    return lambda: open_mirrors(cast.session, cast.book.id, there, **again), carried  # type: ignore[arg-type]


@refusal(UnknownTransfer)
def _(cast: Cast) -> Any:
    said: dict[str, Any] = {"key": "undo", "effective_on": TODAY, "at": MORNING}
    return lambda: reverse_between(cast.session, SOMEBODY, **said), {"clearing": SOMEBODY}


@refusal(ClosedPeriod)
def _(cast: Cast) -> Any:
    cast.give(cast.ana, cast.ben)
    cast.book.close_period(until=TODAY, at=MORNING, by=None)
    return lambda: cast.give(cast.ana, cast.ben), {"effective_on": TODAY, "closed_until": TODAY}


@refusal(NothingToClose)
def _(cast: Cast) -> Any:
    return lambda: cast.book.close_period(until=TODAY, at=MORNING, by=None), {"book": cast.book.id}


@refusal(NotSealed)
def _(cast: Cast) -> Any:
    entry = cast.give(cast.ana, cast.ben)
    return lambda: cast.book.inclusion_proof(entry.id), {"number": 1, "sealed_until": 0}


def trouble(cast: Cast, code: int) -> Callable[[], Any]:
    """What SQLite says with this code, in the midst of a verb."""
    said = sqlite3.OperationalError()
    said.sqlite_errorcode = code

    def work() -> None:
        raise OperationalError("", {}, said)

    return lambda: locking.in_savepoint(cast.session.connection(), work)


@refusal(Busy)
def _(cast: Cast) -> Any:
    return trouble(cast, sqlite3.SQLITE_BUSY), {}


@refusal(StorageFull)
def _(cast: Cast) -> Any:
    return trouble(cast, sqlite3.SQLITE_FULL), {}


@refusal(Unreachable)
def _(cast: Cast) -> Any:
    return trouble(cast, sqlite3.SQLITE_IOERR), {}


@refusal(AlreadyOpened)
def _(cast: Cast) -> Any:
    cast.give(cast.ana, cast.ben)
    said: dict[str, Any] = {"at": MORNING, "by": None, "effective_on": TODAY, "key": "opening"}
    return lambda: import_opening(cast.session, cast.book.id, {cast.ana: HOUR}, **said), {"account": cast.ana}


@refusal(BrokenLaw)
def _(cast: Cast) -> Any:
    from sqlalchemy import text  # noqa: PLC0415 - only here

    def work() -> None:
        cast.session.connection().execute(text("INSERT INTO ledger_book SELECT * FROM ledger_book"))

    return lambda: locking.in_savepoint(cast.session.connection(), work), {}


def kinds() -> list[type[LedgerError]]:
    """All but one, for which a book of millions would be needed: `test_journal.py` takes days from the calendar."""
    return [kind for kind in LedgerError.__subclasses__() if kind is not TooLong]


def test_every_refusal_is_asked_for_here() -> None:
    assert set(refusals) == set(kinds())


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_a_refusal_carries_what_a_caller_needs_and_leaves_no_trace(cast: Cast, kind: type[LedgerError]) -> None:
    attempt, carried = refusals[kind](cast)
    before = (cast.book.head(), cast.book.trial_balance())
    with pytest.raises(kind) as caught:
        attempt()
    assert {name: getattr(caught.value, name) for name in carried} == carried
    assert caught.value.line is None
    assert (cast.book.head(), cast.book.trial_balance()) == before
    told = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own; processes tell each other of refusals
    assert (type(told), f"{told}") == (kind, f"{caught.value}")


# What no database can store, or what means nothing

NAIVE = MORNING.replace(tzinfo=None)
HALF = "half of a \ud83d"
NOBODY: Any = "nobody"
FAR_EAST = timezone(timedelta(hours=23, minutes=59))
SLIPS: list[tuple[str, dict[str, Any]]] = [
    ("key", {"key": HALF}),
    ("key", {"key": "a\0b"}),
    ("key", {"key": "a\nb"}),
    ("key", {"key": None}),
    ("key", {"key": "x" * 201}),
    ("key", {"key": "ledger:expire:1"}),
    ("purpose", {"purpose": HALF}),
    ("purpose", {"purpose": "\0"}),
    ("purpose", {"purpose": "x" * 61}),
    ("memo", {"memo": HALF}),
    ("memo", {"memo": "a\0b"}),
    ("memo", {"memo": b"bytes"}),
    ("moment", {"at": NAIVE}),
    ("moment", {"at": TODAY}),
    ("moment", {"at": datetime.max.replace(tzinfo=UTC)}),
    ("moment", {"at": datetime.min.replace(tzinfo=FAR_EAST)}),
    ("day", {"effective_on": MORNING}),
    ("day", {"effective_on": date.min}),
    ("day", {"effective_on": date.max}),
    ("day", {"effective_on": "2026-05-04"}),
    ("reference", {"by": "Bea"}),
    ("reference", {"on_behalf_of": 7}),
]


@pytest.mark.parametrize(("what", "slip"), SLIPS, ids=lambda part: f"{part}"[:40].encode("ascii", "replace").decode())
def test_what_cannot_be_written_is_refused_by_every_verb_that_writes(cast: Cast, what: str, slip: Any) -> None:
    entry, hold = cast.give(cast.ana, cast.ben), cast.hold(cast.ana, cast.ben)
    there, _ = opened(cast)
    head = cast.book.head()
    said = {"key": "slip", "purpose": "service", "effective_on": TODAY, "at": MORNING, **slip}
    without_purpose = {name: word for name, word in said.items() if name != "purpose"}
    of_post = {name: word for name, word in said.items() if name != "at"}
    legs = (Posting(cast.ana, 60), Posting(cast.ben, -60))
    sides = {"giver": cast.ana, "giving_book": cast.book.id, "receiver": cast.ben, "receiving_book": there}
    attempts: list[Callable[[], object]] = [
        lambda: cast.book.post(legs, **said),
        lambda: cast.book.post_many([Post(legs, **of_post)], at=said["at"]),
        lambda: cast.hold(cast.ana, cast.ben, **said),
        lambda: cast.book.settle(hold.id, 60, **said),
        lambda: transfer_between(cast.session, seconds=60, **sides, **said),
    ]
    if what != "purpose":
        attempts += [
            lambda: cast.book.release(hold.id, **without_purpose),
            lambda: cast.book.reverse(entry.id, **without_purpose),
        ]
    for attempt in attempts:
        with pytest.raises(Malformed) as caught:
            attempt()
        assert caught.value.what == what
    assert cast.book.head() == head


@pytest.mark.parametrize(
    "attempt",
    [
        lambda cast: cast.give(NOBODY, cast.ben),
        lambda cast: cast.give(cast.ana, None),
        lambda cast: cast.hold(cast.ana, cast.ben, expires_at=NAIVE),
        lambda cast: cast.book.settle(NOBODY, 60, key="k", purpose="p", effective_on=TODAY, at=MORNING),
        lambda cast: cast.book.open_account("member", at=MORNING),
        lambda cast: cast.book.open_account(AccountKind.MEMBER, at=NAIVE),
        lambda cast: cast.book.open_account(AccountKind.MEMBER, at=MORNING, by=NOBODY),
        lambda cast: cast.book.set_limits(NOBODY, floor=0, ceiling=0, at=MORNING, by=None),
        lambda cast: cast.book.set_limits(cast.ana, floor=0, ceiling=0, at=NAIVE, by=None),
        lambda cast: create_book(cast.session, at=NAIVE),
        lambda cast: Book(cast.session, NOBODY),
        lambda cast: cast.book.close_period(until=MORNING, at=MORNING, by=None),
        lambda cast: cast.book.close_period(until=TODAY, at=NAIVE, by=None),
        lambda cast: cast.book.close_period(until=TODAY, at=MORNING, by=NOBODY),
        lambda cast: cast.book.close_period(until=date.max, at=MORNING, by=None),
        lambda cast: cast.book.expire(effective_on=MORNING, at=MORNING),
        lambda cast: cast.book.expire(effective_on=TODAY, at=NAIVE),
        lambda cast: cast.book.expire(effective_on=TODAY, at=MORNING, most=2**70),
        lambda cast: cast.book.balance(NOBODY),
        lambda cast: cast.book.balance_as_of(cast.ana, number=2**63),
        lambda cast: cast.book.balance_as_of(cast.ana, number=-1),
        lambda cast: cast.book.balance_on(cast.ana, MORNING),
        lambda cast: cast.book.trial_balance(number=2**63),
        lambda cast: cast.book.trial_balance(effective_on=MORNING),
        lambda cast: cast.book.statement(cast.ana, before=2**63),
        lambda cast: cast.book.statement(cast.ana, limit=-1),
        lambda cast: cast.book.totals(cast.ana, purpose=HALF),
        lambda cast: cast.book.volume(purpose="\0", since=TODAY, until=TODAY),
        lambda cast: cast.book.volume(purpose="service", since=MORNING, until=TODAY),
        lambda cast: cast.book.accounts_below(0, kind="member", limit=1),
        lambda cast: cast.book.accounts_below(0, kind=AccountKind.MEMBER, limit=2**70),
        lambda cast: cast.book.entry(NOBODY),
        lambda cast: cast.book.sealed(2**63),
        lambda cast: reverse_between(cast.session, NOBODY, key="k", effective_on=TODAY, at=MORNING),
    ],
)
def test_what_means_nothing_is_refused_before_the_database(cast: Cast, attempt: Callable[[Cast], object]) -> None:
    with pytest.raises(Malformed):
        attempt(cast)
    assert cast.give(cast.ana, cast.ben).number == 1


@pytest.mark.parametrize("seconds", [2**63, -(2**63) - 1, MAX_BALANCE + 1, 1.0, True, "60", None])
def test_amounts_out_of_range_never_reach_the_database(cast: Cast, seconds: Any) -> None:
    hold = cast.hold(cast.ana, cast.ben)
    there, _ = opened(cast)
    sides = {"giver": cast.ana, "giving_book": cast.book.id, "receiver": cast.ben, "receiving_book": there}
    said: dict[str, Any] = {"key": "k", "purpose": "service", "effective_on": TODAY, "at": MORNING}
    for attempt in (
        lambda: cast.give(cast.ana, cast.ben, seconds if isinstance(seconds, int) else 1.5),  # type: ignore[arg-type]
        lambda: cast.hold(cast.ana, cast.ben, seconds),
        lambda: cast.settle(hold, seconds),
        lambda: transfer_between(cast.session, seconds=seconds, **sides, **said),
        lambda: cast.book.accounts_below(seconds, kind=AccountKind.MEMBER, limit=1),
    ):
        with pytest.raises(AmountOutOfRange):
            attempt()


def test_a_balance_never_passes_what_is_stored_however_often_it_is_added_to(cast: Cast) -> None:
    for account in (cast.ana, cast.ben):
        cast.limit(account)
    full = [
        Post((Posting(cast.ana, MAX_SECONDS), Posting(cast.ben, -MAX_SECONDS)), f"{n}", "service", TODAY)
        for n in range(MAX_BALANCE // MAX_SECONDS + 1)
    ]
    with pytest.raises(AmountOutOfRange) as caught:
        cast.book.post_many(full, at=MORNING)
    assert (caught.value.value, caught.value.line) == (MAX_BALANCE + MAX_SECONDS, len(full))


def test_a_key_that_cannot_stand_anywhere_led_to_nothing(cast: Cast) -> None:
    assert [cast.book.find(key) for key in (HALF, "a\0b", "", "x" * 201)] == [None] * 4


def test_somebody_else_may_be_named_who_is_not_known_to_the_ledger(cast: Cast) -> None:
    assert cast.give(cast.ana, cast.ben, by=uuid4(), on_behalf_of=uuid4()).number == 1
