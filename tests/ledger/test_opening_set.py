"""Balances brought from another system: one entry, the first of each account, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from ledger import (
    AccountKind,
    AlreadyOpened,
    AmountOutOfRange,
    Entry,
    KeyReused,
    LimitExceeded,
    Unbalanced,
    UnknownAccount,
    audit,
    import_opening,
)
from ledger.tables import AccountRow
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast
from timebank.database import unit_of_work


def bring(cast: Cast, balances: dict[UUID, int], key: str = "from the other system") -> Entry:
    return import_opening(
        cast.session, cast.book.id, balances, at=MORNING, by=cast.bea, effective_on=TODAY - timedelta(days=1), key=key
    )


def opening_accounts(cast: Cast) -> list[UUID]:
    of_that_kind = col(AccountRow.kind) == AccountKind.OPENING.value
    return list(cast.session.exec(select(AccountRow.id).where(of_that_kind)).all())


def test_the_same_set_sent_twice_at_once_is_brought_once(cast: Cast, engine: Engine) -> None:
    cast.session.commit()
    together = Barrier(2)

    def send(_: int) -> UUID:
        with Session(engine) as session:
            together.wait()
            with unit_of_work(session):
                words = {"at": MORNING, "by": None, "effective_on": TODAY, "key": "once"}
                return import_opening(session, cast.book.id, {cast.ana: HOUR}, **words).id  # type: ignore[arg-type]

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(send, range(2))
    assert one == other
    assert len(opening_accounts(cast)) == 1


def test_accounts_are_brought_to_their_balances_against_the_opening_account(cast: Cast) -> None:
    entry = bring(cast, {cast.ana: 3 * HOUR, cast.ben: -HOUR, cast.pot: 0})
    cast.session.commit()
    (opening,) = opening_accounts(cast)
    assert cast.posted() == {"ana": 3 * HOUR, "ben": -HOUR, "pot": 0}
    assert cast.book.balance(opening).posted == -2 * HOUR
    assert (entry.purpose, entry.recorded_by, cast.book.head().number) == ("opening", cast.bea, 1)
    assert cast.book.statement(cast.pot).lines == ()
    assert audit(cast.session, cast.book.id).problems == []


def test_balances_that_sum_to_zero_leave_nothing_on_the_opening_account(cast: Cast) -> None:
    entry = bring(cast, {cast.ana: HOUR, cast.ben: -HOUR})
    assert {posting.account for posting in entry.postings} == {cast.ana, cast.ben}


def test_the_same_set_sent_again_is_the_first_entry(cast: Cast) -> None:
    first = bring(cast, {cast.ana: 3 * HOUR, cast.ben: -HOUR})
    cast.give(cast.ana, cast.ben)
    assert bring(cast, {cast.ben: -HOUR, cast.ana: 3 * HOUR}) == first
    with pytest.raises(KeyReused):
        bring(cast, {cast.ana: 3 * HOUR, cast.ben: -HOUR, cast.pot: HOUR})
    assert len(opening_accounts(cast)) == 1


def test_an_account_that_has_lived_is_refused_by_name_and_nothing_is_brought(cast: Cast) -> None:
    cast.reverse(cast.give(cast.ana, cast.ben))  # they have nothing, and yet something was posted
    before = cast.book.head()
    with pytest.raises(AlreadyOpened) as caught:
        bring(cast, {cast.pot: HOUR, cast.ben: HOUR})
    assert caught.value.account == cast.ben
    assert (cast.book.head(), opening_accounts(cast)) == (before, [])


def test_a_second_set_goes_to_the_same_opening_account(cast: Cast) -> None:
    bring(cast, {cast.ana: HOUR})
    bring(cast, {cast.ben: 2 * HOUR}, key="the other half")
    (opening,) = opening_accounts(cast)
    assert cast.book.balance(opening).posted == -3 * HOUR


def test_limits_hold_also_for_what_is_brought_unless_they_are_set_afterwards(cast: Cast) -> None:
    with pytest.raises(LimitExceeded) as caught:
        bring(cast, {cast.ana: -30 * HOUR})
    assert (caught.value.account, caught.value.which, caught.value.by_seconds) == (cast.ana, "floor", 20 * HOUR)
    cast.limit(cast.ana)
    bring(cast, {cast.ana: -30 * HOUR})
    cast.limit(cast.ana, floor=-10 * HOUR, ceiling=10 * HOUR)
    cast.give(cast.ana, cast.ben)
    with pytest.raises(LimitExceeded):
        cast.give(cast.ben, cast.ana)
    cast.session.commit()
    assert audit(cast.session, cast.book.id).problems == []


def test_a_set_that_cannot_be_brought_is_refused_whole(cast: Cast) -> None:
    with pytest.raises(Unbalanced):
        bring(cast, {cast.ana: 0})
    with pytest.raises(AmountOutOfRange):
        bring(cast, {cast.ana: 10**12 + 1})
    with pytest.raises(UnknownAccount):
        bring(cast, {uuid4(): HOUR})
    with pytest.raises(ValueError, match="10000"):
        bring(cast, {uuid4(): HOUR for _ in range(10_001)})
    assert (cast.book.head().number, opening_accounts(cast)) == (0, [])
