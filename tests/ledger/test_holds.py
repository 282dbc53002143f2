"""Hours promised: held, settled, released, expired; exactly one of these, once."""

from datetime import timedelta

import pytest

from ledger import (
    AmountOutOfRange,
    Balance,
    EntryKind,
    HoldFinished,
    LimitExceeded,
    NotAHold,
    Posting,
    Unbalanced,
    UnknownAccount,
    audit,
)
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast, open_cast

NOON = MORNING + timedelta(hours=3)


def test_a_hold_promises_hours_and_moves_none(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, 2 * HOUR)
    assert hold.postings == (Posting(cast.ana, 0, out=2 * HOUR), Posting(cast.ben, 0, in_=2 * HOUR))
    assert cast.book.balance(cast.ana) == Balance(0, out=2 * HOUR)
    assert cast.book.balance(cast.ana).available == -2 * HOUR
    assert cast.book.balance(cast.ben) == Balance(0, in_=2 * HOUR)
    assert cast.book.open_holds(cast.ana) == cast.book.open_holds(cast.ben) == [hold]


def test_held_hours_cannot_be_promised_or_spent_twice(cast: Cast) -> None:
    cast.limit(cast.pot)
    cast.hold(cast.ana, cast.ben, 8 * HOUR)
    with pytest.raises(LimitExceeded):
        cast.hold(cast.ana, cast.pot, 3 * HOUR)
    with pytest.raises(LimitExceeded):
        cast.give(cast.pot, cast.ana, 3 * HOUR)


def test_hours_to_come_count_against_the_ceiling(cast: Cast) -> None:
    cast.limit(cast.ana)
    cast.hold(cast.ana, cast.ben, 8 * HOUR)
    with pytest.raises(LimitExceeded) as caught:
        cast.give(cast.ben, cast.ana, 3 * HOUR)
    assert (caught.value.account, caught.value.which, caught.value.by_seconds) == (cast.ben, "ceiling", HOUR)


def test_settling_moves_the_hours_and_ends_the_hold(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, 2 * HOUR)
    entry = cast.settle(hold, 2 * HOUR)
    assert (entry.kind, entry.finishes) == (EntryKind.SETTLE, hold.id)
    assert cast.book.balance(cast.ana) == Balance(-2 * HOUR)
    assert cast.book.balance(cast.ben) == Balance(2 * HOUR)
    assert cast.book.open_holds(cast.ana) == []


def test_settling_a_part_lets_go_of_the_rest(cast: Cast) -> None:
    cast.settle(cast.hold(cast.ana, cast.ben, 2 * HOUR), HOUR)
    assert cast.book.balance(cast.ana) == Balance(-HOUR)


def test_settling_more_than_was_held_moves_all_of_it(cast: Cast) -> None:
    cast.settle(cast.hold(cast.ana, cast.ben, HOUR), 3 * HOUR)
    assert cast.book.balance(cast.ben) == Balance(3 * HOUR)


def test_settling_what_was_held_passes_after_limits_were_cut(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, 5 * HOUR)
    cast.limit(cast.ana, floor=0)
    cast.limit(cast.ben, ceiling=0)
    cast.settle(hold, 5 * HOUR)
    assert cast.posted() == {"ana": -5 * HOUR, "ben": 5 * HOUR, "pot": 0}


def test_only_hours_above_the_hold_meet_the_limit(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, 5 * HOUR)
    cast.limit(cast.ana, floor=-6 * HOUR)
    with pytest.raises(LimitExceeded) as caught:
        cast.settle(hold, 7 * HOUR)
    assert caught.value.by_seconds == HOUR
    cast.settle(hold, 6 * HOUR)
    assert cast.posted()["ana"] == -6 * HOUR


def test_one_second_above_a_hold_outside_the_range_is_refused(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, 5 * HOUR)
    cast.limit(cast.ana, floor=0)
    with pytest.raises(LimitExceeded):
        cast.settle(hold, 5 * HOUR + 1)


def test_a_released_hold_leaves_nothing(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben)
    entry = cast.release(hold)
    assert (entry.kind, entry.finishes, entry.purpose) == (EntryKind.RELEASE, hold.id, "service")
    assert cast.book.balance(cast.ana) == cast.book.balance(cast.ben) == Balance(0)


def test_a_hold_is_finished_once(cast: Cast) -> None:
    settled, released = cast.hold(cast.ana, cast.ben), cast.hold(cast.ana, cast.ben)
    cast.settle(settled)
    cast.release(released)
    for hold in (settled, released):
        with pytest.raises(HoldFinished):
            cast.settle(hold)
        with pytest.raises(HoldFinished):
            cast.release(hold)


def test_only_a_hold_is_settled_or_released(cast: Cast) -> None:
    entry = cast.give(cast.ana, cast.ben)
    with pytest.raises(NotAHold):
        cast.settle(entry)
    with pytest.raises(NotAHold):
        cast.release(entry)


def test_nobody_promises_hours_to_themselves_or_none_at_all(cast: Cast) -> None:
    with pytest.raises(Unbalanced):
        cast.hold(cast.ana, cast.ana)
    with pytest.raises(AmountOutOfRange):
        cast.hold(cast.ana, cast.ben, 0)
    with pytest.raises(AmountOutOfRange):
        cast.settle(cast.hold(cast.ana, cast.ben), -HOUR)


def test_an_expired_hold_is_let_go_of_when_its_account_is_touched(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, 10 * HOUR, expires_at=NOON)
    with pytest.raises(LimitExceeded):
        cast.give(cast.ben, cast.ana, HOUR, at=NOON - timedelta(seconds=1))
    entry = cast.give(cast.ben, cast.ana, HOUR, at=NOON)
    cast.session.commit()
    expiry, given = cast.book.statement(cast.ana).lines[1], cast.book.statement(cast.ana).lines[0]
    assert (expiry.kind, given.entry) == (EntryKind.EXPIRE, entry.id)
    assert cast.book.entry(expiry.entry).finishes == hold.id
    assert cast.book.balance(cast.ana) == Balance(-HOUR)
    assert audit(cast.session, cast.book.id).problems == []


def test_touching_one_side_lets_go_of_both(cast: Cast) -> None:
    cast.limit(cast.pot)
    cast.hold(cast.ana, cast.ben, expires_at=NOON)
    cast.give(cast.ben, cast.pot, HOUR, at=NOON)
    assert cast.book.balance(cast.ana) == Balance(0)


def test_holds_that_fall_due_together_end_in_the_order_of_their_making(cast: Cast) -> None:
    made = [cast.hold(cast.ana, cast.ben, 60, expires_at=NOON).id for _ in range(5)]
    cast.give(cast.ben, cast.ana, HOUR, at=NOON)
    lines = cast.book.statement(cast.ana).lines[1:6]
    assert [cast.book.entry(line.entry).finishes for line in reversed(lines)] == made


def test_the_sweep_ends_them_in_that_order_too(cast: Cast) -> None:
    late = cast.hold(cast.ana, cast.ben, 60, expires_at=NOON + timedelta(minutes=1)).id
    made = [cast.hold(cast.ana, cast.ben, 60, expires_at=NOON).id for _ in range(5)]
    sweep = NOON + timedelta(hours=1)
    ended = [entry.finishes for most in (3, 3) for entry in cast.book.expire(effective_on=TODAY, at=sweep, most=most)]
    assert ended == [*made, late]


def test_an_expired_hold_cannot_be_settled_but_released(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, expires_at=NOON)
    with pytest.raises(HoldFinished):
        cast.settle(hold, at=NOON)
    assert cast.release(hold, at=NOON).kind is EntryKind.RELEASE


def test_what_expired_in_another_book_is_left_alone_by_whoever_names_its_account(cast: Cast) -> None:
    elsewhere = open_cast(cast.session)
    hold = elsewhere.hold(elsewhere.ana, elsewhere.ben, expires_at=NOON)
    with pytest.raises(UnknownAccount) as caught:
        cast.give(cast.ana, elsewhere.ben, at=NOON)
    assert (caught.value.account, caught.value.book) == (elsewhere.ben, cast.book.id)
    assert elsewhere.book.open_holds(elsewhere.ana) == [hold]


def test_what_nobody_touches_expires_by_the_hand_of_the_worker(cast: Cast) -> None:
    holds = [cast.hold(cast.ana, cast.ben, expires_at=NOON + timedelta(minutes=n)) for n in range(3)]
    first = cast.book.expire(effective_on=TODAY, at=NOON + timedelta(hours=1), most=2)
    assert [entry.finishes for entry in first] == [hold.id for hold in holds[:2]]
    assert [entry.finishes for entry in cast.book.expire(effective_on=TODAY, at=NOON + timedelta(hours=1))] == [
        holds[2].id
    ]
    assert cast.book.expire(effective_on=TODAY, at=NOON + timedelta(hours=1)) == []
    assert cast.book.balance(cast.ana) == Balance(0)
