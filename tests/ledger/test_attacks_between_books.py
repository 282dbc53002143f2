"""Attacks on transfers between books (law 9), row by row: the database refuses them, and the audit names them."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text
from sqlmodel import Session

from ledger import Entry, audit
from tests.ledger.conftest import HOUR, MORNING, Cast
from tests.ledger.forging import Forged, forged, refused, table
from tests.ledger.test_clearing import Pair, open_pair
from tests.ledger.unguarded import take_guards_down

pytestmark = pytest.mark.owner  # whom nothing but the guards would stop


@pytest.fixture
def pair(session: Session) -> Pair:
    return open_pair(session)


def half(cast: Cast, mirror: UUID, seconds: int, clearing: UUID | None) -> Forged:
    """One half of a transfer: a member of this book gives (or, below zero, gets) so many seconds."""
    return forged(cast, legs={cast.ana: (seconds, 0, 0), mirror: (-seconds, 0, 0)}, clearing=clearing)


def note(pair: Pair, of: Forged, **changes: Any) -> Forged:
    """Insert the row that notes a half."""
    posting = of.postings[1]
    ours = of.entry["book"] == pair.here.book.id
    row = {"id": of.entry["clearing"], "book": of.entry["book"], "account": posting["account"]}
    row |= {"partner": (pair.there if ours else pair.here).book.id, "entry": of.entry["id"]}
    row |= {"seconds": posting["posted"], "counter": -posting["posted"], **changes}
    pair.session.connection().execute(insert(table("clearing")), row)
    return of


def test_two_halves_written_row_by_row_are_taken(pair: Pair) -> None:
    clearing = uuid4()
    for one in (half(pair.here, pair.our_mirror, HOUR, clearing), half(pair.there, pair.their_mirror, -HOUR, clearing)):
        note(pair, one.claim().post()).head()
    pair.session.commit()
    assert pair.mirrors() == (-HOUR, HOUR)
    assert pair.problems() == []


def test_half_a_transfer_is_not_committed(pair: Pair) -> None:
    one = half(pair.here, pair.our_mirror, HOUR, uuid4())
    with refused(pair.here, "foreign key", "fk_ledger_clearing_half"):
        note(pair, one.claim().post()).head()


def test_hours_on_a_mirror_without_a_clearing_id_are_refused(pair: Pair) -> None:
    one = half(pair.here, pair.our_mirror, HOUR, None)
    with refused(pair.here, "law 9"):
        one.claim().post().head()


def test_a_clearing_id_without_a_noted_half_is_refused(pair: Pair) -> None:
    one = half(pair.here, pair.our_mirror, HOUR, uuid4())
    with refused(pair.here, "law 9"):
        one.claim().post().head()


def test_a_clearing_id_on_an_entry_that_touches_no_mirror_is_refused(pair: Pair) -> None:
    one = forged(pair.here, clearing=uuid4())
    with refused(pair.here, "law 9"):
        one.claim().post().head()


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"seconds": -HOUR - 1, "counter": HOUR + 1}, "law 9"),
        ({"counter": HOUR + 1}, "ck_ledger_clearing_seconds"),
        ({"entry": uuid4()}, "law 9"),
        ({"id": uuid4()}, "law 9"),
    ],
)
def test_a_note_that_is_not_what_was_moved_is_refused(pair: Pair, changes: dict[str, Any], because: str) -> None:
    one = half(pair.here, pair.our_mirror, HOUR, uuid4())
    with refused(pair.here, because):
        note(pair, one.claim().post(), **changes).head()


def test_a_note_on_an_account_that_is_no_mirror_is_refused(pair: Pair) -> None:
    one = half(pair.here, pair.our_mirror, HOUR, uuid4())
    with refused(pair.here, "law 9", "foreign key", "fk_ledger_clearing_mirror"):
        note(pair, one.claim().post(), account=pair.here.ana, seconds=HOUR, counter=-HOUR).head()


def test_halves_that_do_not_sum_to_zero_are_refused(pair: Pair) -> None:
    clearing = uuid4()
    one, other = half(pair.here, pair.our_mirror, HOUR, clearing), half(pair.there, pair.their_mirror, -60, clearing)
    with refused(pair.here, "foreign key", "fk_ledger_clearing_half"):
        for side in (one, other):
            note(pair, side.claim().post()).head()


def test_a_half_cannot_be_noted_for_an_entry_that_stands(pair: Pair) -> None:
    stands = forged(pair.here)
    stands.write()
    stands.entry["clearing"] = uuid4()
    stands.postings[1]["account"] = pair.our_mirror
    with refused(pair.here, "law 9"):
        note(pair, stands)


def test_a_clearing_account_without_a_partner_or_another_with_one_is_refused(pair: Pair) -> None:
    row = {"id": uuid4(), "book": pair.here.book.id, "kind": "clearing", "partner": None, "opened_at": MORNING}
    for changes in ({}, {"kind": "member", "partner": pair.there.book.id}):
        with refused(pair.here, "ck_ledger_account_clearing", "law 5", "uq_ledger_account_partner"):
            pair.session.connection().execute(insert(table("account")), row | changes)
    with refused(pair.here, "ck_ledger_account_partner"):
        pair.session.connection().execute(insert(table("account")), row | {"partner": pair.here.book.id})


def test_a_hold_on_a_mirror_is_refused(pair: Pair) -> None:
    cast = pair.here
    one = forged(cast, "hold", {cast.ana: (0, HOUR, 0), pair.our_mirror: (0, 0, HOUR)})
    with refused(cast, "law 9"):
        one.write()


@pytest.mark.parametrize("attack", ["UPDATE ledger_clearing SET id = id", "DELETE FROM ledger_clearing"])
def test_what_was_noted_of_a_transfer_is_frozen(pair: Pair, attack: str) -> None:
    pair.transfer()
    pair.session.commit()
    with refused(pair.here, "law 5"):
        pair.session.connection().execute(text(attack))


# With the guards down

ADD_A_SECOND = """
    UPDATE ledger_balance SET posted = posted + 1
     WHERE posted > 0 AND account IN (SELECT id FROM ledger_account WHERE kind = 'clearing')"""


@pytest.mark.parametrize(
    ("tampering", "where", "what"),
    [
        ("DELETE FROM ledger_clearing WHERE seconds < 0", "entry 1", "noted of this half"),
        ("DELETE FROM ledger_clearing WHERE seconds > 0", "entry 1", "other half"),
        ("UPDATE ledger_clearing SET seconds = 60 WHERE seconds > 0", "entry 1", "other half"),
        ("UPDATE ledger_clearing SET entry = id WHERE seconds < 0", "entry 1", "noted of this half"),
        ("UPDATE ledger_clearing SET counter = 60 WHERE seconds < 0", "entry 1", "noted of this half"),
        ("UPDATE ledger_entry SET clearing = id", "entry 1", "noted of this half"),
        ("UPDATE ledger_entry SET clearing = NULL", "entry 1", "in this book alone"),
        (ADD_A_SECOND, "clearing account", "sum to 1"),
    ],
)
def test_a_transfer_that_was_changed_is_named(pair: Pair, tampering: str, where: str, what: str) -> None:
    pair.transfer()
    pair.session.commit()
    assert take_guards_down(pair.session).execute(text(tampering)).rowcount > 0
    problems = [problem for problem in audit(pair.session, pair.here.book.id).problems if problem.law == 9]
    assert problems
    assert problems[0].where.startswith(where)
    assert any(what in problem.what for problem in problems), problems
    pair.session.rollback()


def test_halves_of_two_reversals_that_were_crossed_are_named(pair: Pair) -> None:
    first, second = pair.transfer(), pair.transfer()
    undone: tuple[Entry, Entry] = (pair.reverse(first).given, pair.reverse(second).given)
    pair.session.commit()
    connection = take_guards_down(pair.session)
    for entry, reverses in ((undone[0], None), (undone[1], first.given.id), (undone[0], second.given.id)):
        changed = table("entry").update().where(table("entry").c.id == entry.id)
        connection.execute(changed.values(reverses=reverses))
    problems = audit(pair.session, pair.there.book.id).problems
    assert any(problem.law == 9 and "other half" in problem.what for problem in problems), problems
    pair.session.rollback()
