"""What everybody had: now, at any point of the chain, and by the day of service."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from ledger import AccountKind, Balance, Book, Malformed, UnknownAccount, create_book
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast, open_cast

YESTERDAY = TODAY - timedelta(days=1)


def test_a_trial_balance_names_the_accounts_that_anything_happened_to(cast: Cast) -> None:
    assert cast.book.trial_balance() == {}
    cast.give(cast.ana, cast.ben)
    cast.hold(cast.ana, cast.ben, 60)
    assert cast.book.trial_balance() == {cast.ana: Balance(HOUR, out=60), cast.ben: Balance(-HOUR, in_=60)}
    assert list(cast.book.trial_balance()) == sorted((cast.ana, cast.ben))


def test_a_trial_balance_as_of_a_number_is_that_of_then(cast: Cast) -> None:
    cast.limit(cast.pot)
    seen = [cast.book.trial_balance()]
    for giver, receiver in ((cast.ana, cast.ben), (cast.ben, cast.pot), (cast.pot, cast.ana)):
        cast.give(giver, receiver)
        seen.append(cast.book.trial_balance())
    assert [cast.book.trial_balance(number=number) for number in range(4)] == seen
    assert cast.book.trial_balance(number=99) == seen[-1]


def test_late_entries_count_on_the_day_of_their_service(cast: Cast) -> None:
    cast.give(cast.ana, cast.ben, HOUR)
    cast.give(cast.ana, cast.ben, 60, effective_on=YESTERDAY)  # recorded after, done before
    assert cast.book.balance_on(cast.ana, YESTERDAY) == Balance(60)
    assert cast.book.balance_on(cast.ana, TODAY) == cast.book.balance(cast.ana) == Balance(HOUR + 60)
    assert cast.book.balance_on(cast.ana, date(1999, 1, 1)) == Balance(0)
    assert cast.book.trial_balance(effective_on=YESTERDAY) == {cast.ana: Balance(60), cast.ben: Balance(-60)}
    assert cast.book.balance_as_of(cast.ana, number=1) == Balance(HOUR)


def test_another_books_accounts_have_no_balance_here(cast: Cast) -> None:
    elsewhere = Book(cast.session, create_book(cast.session, at=MORNING))
    cy = elsewhere.open_account(AccountKind.MEMBER, at=MORNING)
    cast.give(cast.ana, cast.ben)
    with pytest.raises(UnknownAccount):
        cast.book.balance_on(cy, TODAY)
    assert elsewhere.trial_balance() == elsewhere.trial_balance(number=9) == {}
    assert elsewhere.trial_balance(effective_on=TODAY) == {}


def test_a_moment_is_no_day_and_a_trial_balance_has_one_point(cast: Cast) -> None:
    with pytest.raises(Malformed):
        cast.book.balance_on(cast.ana, MORNING)
    with pytest.raises(ValueError, match="or as of a day"):
        cast.book.trial_balance(number=1, effective_on=TODAY)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 60)), max_size=8))
def test_every_trial_balance_sums_to_zero_and_the_last_of_each_sort_is_that_of_now(
    session: Session, days: list[tuple[int, int]]
) -> None:
    cast = open_cast(session)
    for ago, seconds in days:
        cast.give(cast.ana, cast.ben, seconds, effective_on=TODAY - timedelta(days=ago))
    by_day = [cast.book.trial_balance(effective_on=TODAY - timedelta(days=ago)) for ago in range(6)]
    by_number = [cast.book.trial_balance(number=number) for number in range(len(days) + 1)]
    assert {sum(balance.posted for balance in found.values()) for found in (*by_day, *by_number)} == {0}
    assert by_day[0] == by_number[-1] == cast.book.trial_balance()
    for ago, found in enumerate(by_day):
        assert found.get(cast.ana, Balance(0)) == cast.book.balance_on(cast.ana, TODAY - timedelta(days=ago))
