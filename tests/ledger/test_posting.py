"""Moving hours at once, and what is refused."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from uuid import uuid4

import pytest

from ledger import (
    MAX_SECONDS,
    AccountKind,
    AmountOutOfRange,
    Book,
    ClosedPeriod,
    EntryKind,
    LimitExceeded,
    Posting,
    Unbalanced,
    UnknownAccount,
    UnknownBook,
    UnknownEntry,
    audit,
    create_book,
)
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast
from tests.ledger.test_attacks_on_the_chain import close


def test_an_hour_given_is_an_hour_received(cast: Cast) -> None:
    cast.give(cast.ana, cast.ben)
    assert cast.posted() == {"ana": HOUR, "ben": -HOUR, "pot": 0}


def test_an_entry_is_found_again_as_it_was_given_back(cast: Cast) -> None:
    entry = cast.give(cast.ana, cast.ben, key="hedges", by=cast.bea, on_behalf_of=cast.ana, memo="Two hedges")
    cast.session.commit()
    assert cast.book.entry(entry.id) == cast.book.find("hedges") == entry
    assert (entry.kind, entry.number, entry.recorded_by, entry.recorded_for) == (EntryKind.POST, 1, cast.bea, cast.ana)
    assert cast.book.head() == (1, entry.hash)
    assert cast.book.find("fences") is None


def test_one_gives_to_many_in_one_entry(cast: Cast) -> None:
    cast.limit(cast.pot)
    postings = [Posting(cast.ana, 2 * HOUR), Posting(cast.ben, -HOUR), Posting(cast.pot, -HOUR)]
    entry = cast.book.post(postings, key="class", purpose="group session", effective_on=TODAY, at=MORNING)
    assert len(entry.postings) == 3
    assert cast.posted() == {"ana": 2 * HOUR, "ben": -HOUR, "pot": -HOUR}


@pytest.mark.parametrize("seconds", [[HOUR, -HOUR + 1], [HOUR], [], [0, 0]])
def test_what_is_no_whole_entry_is_refused(cast: Cast, seconds: list[int]) -> None:
    postings = [Posting(account, amount) for account, amount in zip((cast.ana, cast.ben), seconds, strict=False)]
    with pytest.raises(Unbalanced):
        cast.book.post(postings, key="bent", purpose="service", effective_on=TODAY, at=MORNING)
    assert cast.book.find("bent") is None


def test_an_account_twice_in_one_entry_is_refused(cast: Cast) -> None:
    postings = [Posting(cast.ana, HOUR), Posting(cast.ana, -HOUR)]
    with pytest.raises(Unbalanced):
        cast.book.post(postings, key="bent", purpose="service", effective_on=TODAY, at=MORNING)


@pytest.mark.parametrize("seconds", [1.0, True, "60", None, MAX_SECONDS + 1, 2**63, float("nan")])
def test_only_whole_seconds_within_the_bound_are_amounts(cast: Cast, seconds: object) -> None:
    postings = [Posting(cast.ana, seconds), Posting(cast.ben, -HOUR)]  # type: ignore[arg-type]
    with pytest.raises(AmountOutOfRange):
        cast.book.post(postings, key="bent", purpose="service", effective_on=TODAY, at=MORNING)
    with pytest.raises(AmountOutOfRange):
        cast.hold(cast.ana, cast.ben, seconds)  # type: ignore[arg-type]


def test_an_unknown_account_book_or_entry_is_refused(cast: Cast) -> None:
    with pytest.raises(UnknownAccount):
        cast.give(cast.ana, uuid4())
    with pytest.raises(UnknownAccount):
        cast.book.balance(uuid4())
    with pytest.raises(UnknownEntry):
        cast.book.entry(uuid4())
    with pytest.raises(UnknownBook):
        Book(cast.session, uuid4()).open_account(AccountKind.MEMBER, at=MORNING)
    with pytest.raises(UnknownBook):
        Book(cast.session, uuid4()).head()


def test_another_books_accounts_and_entries_are_unknown(cast: Cast) -> None:
    elsewhere = Book(cast.session, create_book(cast.session, at=MORNING))
    cy = elsewhere.open_account(AccountKind.MEMBER, at=MORNING)
    entry = cast.give(cast.ana, cast.ben, key="ours")
    with pytest.raises(UnknownAccount):
        cast.give(cast.ana, cy)
    for ask in (elsewhere.balance, elsewhere.statement, elsewhere.totals):
        with pytest.raises(UnknownAccount):
            ask(cast.ana)
    with pytest.raises(UnknownEntry):
        elsewhere.entry(entry.id)
    with pytest.raises(UnknownEntry):
        elsewhere.reverse(entry.id, key="theirs", effective_on=TODAY, at=MORNING)
    assert elsewhere.find("ours") is None


def test_a_word_of_an_enumeration_is_a_purpose_like_any_text(cast: Cast) -> None:
    class Why(StrEnum):
        GIFT = "gift"

    entry = cast.give(cast.ana, cast.ben, purpose=Why.GIFT)
    assert cast.book.entry(entry.id).purpose == "gift"
    assert audit(cast.session).problems == []


def test_one_key_may_be_used_in_two_books(cast: Cast) -> None:
    elsewhere = Book(cast.session, create_book(cast.session, at=MORNING))
    cy, dee = (elsewhere.open_account(AccountKind.MEMBER, at=MORNING) for _ in range(2))
    cast.give(cast.ana, cast.ben, key="one")
    postings = [Posting(cy, HOUR), Posting(dee, -HOUR)]
    assert elsewhere.post(postings, key="one", purpose="service", effective_on=TODAY, at=MORNING).number == 1


def test_the_floor_and_the_ceiling_stop_an_entry_and_say_by_how_much(cast: Cast) -> None:
    with pytest.raises(LimitExceeded) as past_floor:
        cast.give(cast.pot, cast.ben, 11 * HOUR)
    assert (past_floor.value.account, past_floor.value.which, past_floor.value.by_seconds) == (cast.ben, "floor", HOUR)
    cast.limit(cast.ben)
    with pytest.raises(LimitExceeded) as past_ceiling:
        cast.give(cast.ana, cast.ben, 12 * HOUR)
    assert (past_ceiling.value.which, past_ceiling.value.by_seconds) == ("ceiling", 2 * HOUR)


def test_a_refused_call_leaves_the_transaction_usable_and_no_trace(cast: Cast) -> None:
    first = cast.give(cast.ana, cast.ben)
    with pytest.raises(LimitExceeded):
        cast.give(cast.ana, cast.ben, 10 * HOUR, key="too much")
    second = cast.give(cast.ana, cast.ben)
    cast.session.commit()
    assert (first.number, second.number) == (1, 2)
    assert cast.book.find("too much") is None


def test_a_movement_towards_the_range_passes(cast: Cast) -> None:
    cast.give(cast.ana, cast.ben, 8 * HOUR)
    cast.limit(cast.ana, ceiling=2 * HOUR)
    cast.limit(cast.ben, floor=-2 * HOUR)
    cast.give(cast.ben, cast.ana)
    assert cast.posted() == {"ana": 7 * HOUR, "ben": -7 * HOUR, "pot": 0}
    cast.limit(cast.pot)
    with pytest.raises(LimitExceeded):
        cast.give(cast.ana, cast.pot, 1)


def test_limits_can_be_lifted(cast: Cast) -> None:
    cast.limit(cast.ana)
    cast.limit(cast.ben)
    cast.give(cast.ana, cast.ben, 1000 * HOUR)
    assert cast.posted()["ana"] == 1000 * HOUR


@pytest.mark.parametrize("limits", [{"floor": 1, "ceiling": 0}, {"floor": 1.5}, {"ceiling": 10**16}, {"floor": True}])
def test_limits_that_are_no_range_are_refused(cast: Cast, limits: dict[str, int]) -> None:
    with pytest.raises(AmountOutOfRange):
        cast.limit(cast.ana, **limits)
    with pytest.raises(AmountOutOfRange):
        cast.book.open_account(AccountKind.MEMBER, at=MORNING, **limits)


def test_an_entry_is_never_recorded_before_the_one_before_it(cast: Cast) -> None:
    later = MORNING + timedelta(hours=1)
    assert cast.give(cast.ana, cast.ben, at=later).recorded_at == later
    assert cast.give(cast.ana, cast.ben, at=MORNING).recorded_at == later


def test_a_moment_is_recorded_in_utc(cast: Cast) -> None:
    in_cardiff = datetime(2026, 5, 4, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    entry = cast.give(cast.ana, cast.ben, at=in_cardiff)
    cast.session.commit()
    assert cast.book.entry(entry.id) == entry
    assert entry.recorded_at == datetime(2026, 5, 4, 11, 0, tzinfo=UTC)


def test_a_closed_period_takes_no_entry_and_no_expiry_falls_into_it(cast: Cast) -> None:
    cast.give(cast.ana, cast.ben)
    cast.hold(cast.ana, cast.ben, expires_at=MORNING + timedelta(minutes=1))
    cast.session.commit()
    close(cast)
    with pytest.raises(ClosedPeriod) as closed:
        cast.give(cast.ana, cast.ben)
    assert closed.value.closed_until == TODAY
    tomorrow = TODAY + timedelta(days=1)
    cast.give(cast.ana, cast.ben, effective_on=tomorrow, at=MORNING + timedelta(days=1))
    cast.session.commit()
    assert [line.effective_on for line in cast.book.statement(cast.ana).lines[:2]] == [tomorrow, tomorrow]


@pytest.mark.parametrize("words", [{"key": ""}, {"key": "x" * 201}, {"key": "a\0b"}, {"key": "ledger:expire:1"}])
def test_a_key_that_cannot_be_stored_is_a_programming_error(cast: Cast, words: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="key"):
        cast.give(cast.ana, cast.ben, **words)


@pytest.mark.parametrize("words", [{"purpose": ""}, {"purpose": "x" * 61}, {"memo": "a\0b"}])
def test_words_that_cannot_be_stored_are_a_programming_error(cast: Cast, words: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"purpose|memo"):
        cast.give(cast.ana, cast.ben, **words)


def test_a_naive_moment_or_a_moment_for_a_day_is_a_programming_error(cast: Cast) -> None:
    with pytest.raises(ValueError, match="zone"):
        cast.give(cast.ana, cast.ben, at=MORNING.replace(tzinfo=None))
    with pytest.raises(ValueError, match="date"):
        cast.give(cast.ana, cast.ben, effective_on=MORNING)


def test_an_erased_memo_leaves_the_chain_whole(cast: Cast) -> None:
    entry = cast.give(cast.ana, cast.ben, memo="Ben's bathroom")
    assert cast.book.memo(entry.id) == "Ben's bathroom"
    cast.book.erase_memo(entry.id)
    cast.session.commit()
    assert cast.book.memo(entry.id) is None
    assert cast.book.entry(entry.id).hash == entry.hash
