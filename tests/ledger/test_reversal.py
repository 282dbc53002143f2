"""Giving back what an entry moved: once, and past a limit only with an approver's name."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ledger import AlreadyReversed, Balance, EntryKind, LimitExceeded, NotReversible, UnknownEntry, audit
from tests.ledger.conftest import HOUR, TODAY, Cast


def test_a_reversal_gives_the_hours_back(cast: Cast) -> None:
    entry = cast.give(cast.ana, cast.ben)
    undone = cast.reverse(entry, by=cast.bea)
    assert (undone.kind, undone.reverses, undone.purpose) == (EntryKind.REVERSE, entry.id, "service")
    assert cast.posted() == {"ana": 0, "ben": 0, "pot": 0}


def test_a_settlement_is_reversed_without_its_hold(cast: Cast) -> None:
    cast.reverse(cast.settle(cast.hold(cast.ana, cast.ben)))
    assert cast.book.balance(cast.ana) == cast.book.balance(cast.ben) == Balance(0)


def test_an_entry_is_reversed_once(cast: Cast) -> None:
    entry = cast.give(cast.ana, cast.ben)
    cast.reverse(entry)
    with pytest.raises(AlreadyReversed):
        cast.reverse(entry)


def test_what_moved_no_hours_and_a_reversal_itself_cannot_be_reversed(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben)
    for entry in (hold, cast.release(hold), cast.reverse(cast.give(cast.ana, cast.ben))):
        with pytest.raises(NotReversible):
            cast.reverse(entry)
    with pytest.raises(UnknownEntry):
        cast.book.reverse(uuid4(), key="nothing", effective_on=TODAY, at=hold.recorded_at)


def test_a_reversal_past_a_limit_names_who_approved_it(cast: Cast) -> None:
    cast.limit(cast.pot)
    entry = cast.give(cast.ana, cast.ben, 5 * HOUR)
    cast.give(cast.pot, cast.ana, 5 * HOUR)
    cast.limit(cast.ana, floor=0)
    with pytest.raises(LimitExceeded):
        cast.reverse(entry)
    undone = cast.reverse(entry, override_by=cast.bea)
    cast.session.commit()
    assert cast.book.entry(undone.id).override_by == cast.bea
    assert cast.posted()["ana"] == -5 * HOUR
    assert audit(cast.session, cast.book.id).problems == []


def test_what_is_reversed_counts_neither_as_given_nor_as_help(cast: Cast) -> None:
    cast.give(cast.ana, cast.ben, 2 * HOUR)
    cast.reverse(cast.give(cast.ben, cast.ana, HOUR))
    cast.give(cast.ana, cast.ben, 3 * HOUR, purpose="donation")
    cast.hold(cast.ana, cast.ben)
    assert cast.book.totals(cast.ana) == (5 * HOUR, 0)
    assert cast.book.totals(cast.ben) == (0, 5 * HOUR)
    assert cast.book.totals(cast.ana, purpose="service") == (2 * HOUR, 0)
    assert cast.book.totals(cast.pot) == (0, 0)
    volume = cast.book.volume(purpose="service", since=TODAY, until=TODAY)
    assert (volume.entries, volume.seconds) == (1, 2 * HOUR)
    assert (volume.reversed_entries, volume.reversed_seconds) == (1, HOUR)


def test_the_volume_of_days_is_that_of_effective_days(cast: Cast) -> None:
    yesterday = TODAY - timedelta(days=1)
    cast.give(cast.ana, cast.ben, effective_on=yesterday)
    cast.settle(cast.hold(cast.ana, cast.ben, effective_on=yesterday), 2 * HOUR)
    seconds = {day: cast.book.volume(purpose="service", since=day, until=day).seconds for day in (yesterday, TODAY)}
    assert seconds == {yesterday: HOUR, TODAY: 2 * HOUR}
    assert cast.book.volume(purpose="service", since=yesterday, until=TODAY).entries == 2
    assert cast.book.volume(purpose="grant", since=yesterday, until=TODAY).entries == 0
