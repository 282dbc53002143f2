"""The same request twice is one entry, however it comes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from ledger import Book, KeyReused, Posting, audit
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast
from timebank.database import unit_of_work


def test_the_same_request_gives_back_the_first_entry(cast: Cast) -> None:
    first = cast.give(cast.ana, cast.ben, key="one", memo="hedges")
    cast.session.commit()
    again = cast.give(cast.ana, cast.ben, key="one", memo="hedges", at=MORNING + timedelta(days=1))
    assert again == first
    assert cast.book.head().number == 1


@pytest.mark.parametrize(
    "words", [{"seconds": 2 * HOUR}, {"memo": "fences"}, {"memo": None}, {"purpose": "grant"}, {"on_behalf_of": True}]
)
def test_the_same_key_for_another_request_is_refused(cast: Cast, words: dict[str, Any]) -> None:
    cast.give(cast.ana, cast.ben, key="one", memo="hedges")
    if "on_behalf_of" in words:
        words = {"on_behalf_of": cast.bea}
    with pytest.raises(KeyReused):
        cast.give(cast.ana, cast.ben, **{"key": "one", "memo": "hedges", **words})
    assert cast.book.head().number == 1


def test_a_settlement_release_or_reversal_sent_again_is_the_first_one(cast: Cast) -> None:
    hold, other = cast.hold(cast.ana, cast.ben), cast.hold(cast.ana, cast.ben, key="hold")
    settled = cast.settle(hold, key="settle")
    released, reversed_ = cast.release(other, key="release"), cast.reverse(settled, key="reverse")
    assert cast.settle(hold, key="settle") == settled
    assert cast.release(other, key="release") == released
    assert cast.reverse(settled, key="reverse") == reversed_
    assert cast.hold(cast.ana, cast.ben, key="hold") == other
    with pytest.raises(KeyReused):
        cast.release(hold, key="settle")


def test_a_request_sent_again_after_its_memo_was_erased_is_still_the_first(cast: Cast) -> None:
    first = cast.give(cast.ana, cast.ben, key="one", memo="hedges")
    cast.book.erase_memo(first.id)
    assert cast.give(cast.ana, cast.ben, key="one", memo="hedges") == first


def test_a_refused_request_may_be_sent_again_under_its_key(cast: Cast) -> None:
    cast.limit(cast.ben, floor=0)
    with pytest.raises(Exception, match="floor"):
        cast.give(cast.ana, cast.ben, key="one")
    cast.limit(cast.ben)
    assert cast.give(cast.ana, cast.ben, key="one").number == 1


def test_two_who_send_one_key_at_once_get_one_entry(cast: Cast, engine: Engine) -> None:
    together = Barrier(2)
    postings = [Posting(cast.ana, HOUR), Posting(cast.ben, -HOUR)]

    def send(key: str) -> object:
        with Session(engine) as session:
            together.wait()
            with unit_of_work(session):
                entry = Book(session, cast.book.id).post(
                    postings, key=key, purpose="service", effective_on=TODAY, at=MORNING
                )
            return entry.id

    cast.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        for turn in range(10):
            one, other = pool.map(send, [f"turn {turn}"] * 2)
            assert one == other
    assert cast.book.head().number == 10
    assert audit(cast.session, cast.book.id).problems == []
