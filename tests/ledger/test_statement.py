"""What a member sees of an account, and what it was at any number of the chain."""

from ledger import Balance
from tests.ledger.conftest import HOUR, Cast


def test_a_statement_is_read_page_by_page_newest_first(cast: Cast) -> None:
    given = [cast.give(cast.ana, cast.ben, seconds) for seconds in range(1, 8)]
    first = cast.book.statement(cast.ana, limit=3)
    cast.give(cast.ana, cast.ben)  # what comes later moves no page
    second = cast.book.statement(cast.ana, before=first.next, limit=3)
    third = cast.book.statement(cast.ana, before=second.next, limit=3)
    assert third.next is None
    lines = [*first.lines, *second.lines, *third.lines]
    assert [line.entry for line in lines] == [entry.id for entry in reversed(given)]
    assert [line.balance.posted for line in lines] == [28, 21, 15, 10, 6, 3, 1]


def test_a_last_page_that_is_just_full_knows_it(cast: Cast) -> None:
    for _ in range(3):
        cast.give(cast.ana, cast.ben)
    assert cast.book.statement(cast.ana, limit=3).next is None


def test_an_account_nothing_happened_to_has_an_empty_statement(cast: Cast) -> None:
    assert cast.book.statement(cast.pot).lines == ()
    assert cast.book.balance_as_of(cast.pot, number=100) == Balance(0)


def test_a_balance_can_be_asked_for_as_of_any_number_of_the_chain(cast: Cast) -> None:
    cast.limit(cast.pot)
    cast.give(cast.ana, cast.ben)
    cast.give(cast.pot, cast.ben)
    cast.hold(cast.ana, cast.ben, 2 * HOUR)
    seen = [cast.book.balance_as_of(cast.ana, number=number) for number in range(5)]
    assert seen == [Balance(0), Balance(HOUR), Balance(HOUR), Balance(HOUR, out=2 * HOUR), Balance(HOUR, out=2 * HOUR)]


def test_balances_of_many_accounts_are_asked_for_at_once(cast: Cast) -> None:
    cast.give(cast.ana, cast.ben)
    assert cast.book.balances([cast.ana, cast.ben]) == {cast.ana: Balance(HOUR), cast.ben: Balance(-HOUR)}
    assert cast.book.balances([]) == {}
