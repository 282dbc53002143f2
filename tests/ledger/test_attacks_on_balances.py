"""Attacks on entries, running balances and limits (laws 1 to 4), row by row: the database refuses them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from uuid import uuid4

import pytest
from sqlalchemy import Engine, insert, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from ledger import audit
from tests.ledger.conftest import HOUR, Cast
from tests.ledger.forging import bend, forged, refused, row_of, table

pytestmark = pytest.mark.owner  # whom nothing but the guards would stop


def test_a_sound_entry_written_row_by_row_is_taken(cast: Cast) -> None:
    forged(cast).write()
    assert cast.posted() == {"ana": HOUR, "ben": -HOUR, "pot": 0}
    assert audit(cast.session, cast.book.id).problems == []


# Law 1: an entry sums to zero, and is whole


def test_an_entry_that_does_not_sum_to_zero_is_refused(cast: Cast) -> None:
    entry = bend(cast, 1, posted=2 * HOUR, posted_after=2 * HOUR)
    entry.entry["moved"] = 2 * HOUR
    with refused(cast, "law 1"):
        entry.write()


def test_a_hold_that_promises_more_than_somebody_gets_is_refused(cast: Cast) -> None:
    entry = forged(cast, "hold", {cast.ana: (0, HOUR, 0), cast.ben: (0, 0, 2 * HOUR)})
    with refused(cast, "law 1"):
        entry.write()


def test_a_header_without_postings_is_refused(cast: Cast) -> None:
    entry = forged(cast)
    with refused(cast, "law 1"):
        entry.claim().head()


def test_a_header_that_says_it_moved_more_is_refused(cast: Cast) -> None:
    entry = forged(cast, moved=2 * HOUR)
    with refused(cast, "law 1"):
        entry.write()


def test_postings_without_a_header_are_refused(cast: Cast) -> None:
    entry = forged(cast)
    with refused(cast, "foreign key"):
        entry.claim().post()


def test_postings_of_an_entry_without_a_key_are_refused(cast: Cast) -> None:
    entry = forged(cast)
    with refused(cast, "foreign key", "law 6"):
        entry.post()


def test_an_entry_of_one_posting_is_refused(cast: Cast) -> None:
    entry = forged(cast, legs={cast.ana: (HOUR, 0, 0)})
    with refused(cast, "lines", "law 1"):
        entry.write()


def test_a_posting_cannot_be_added_to_an_entry_that_stands(lived_in: Cast) -> None:
    cast = lived_in
    cast.limit(cast.pot)
    cast.session.commit()
    first = row_of(cast.session, "entry", number=1)
    late = forged(cast, legs={cast.pot: (HOUR, 0, 0)}, id=first["id"], number=100, lines=3)
    late.postings[0]["line"] = 3
    with refused(cast, "law 1"):
        late.post()


@pytest.mark.parametrize("place", [{"lines": 2, "line": 2}, {"lines": 3, "line": 3}])
def test_a_posting_of_another_session_cannot_join_an_entry_before_it_commits(
    cast: Cast, engine: Engine, place: dict[str, int]
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    entry = forged(cast)
    intruder = forged(cast, legs={cast.pot: (HOUR, 0, 0)}, id=entry.entry["id"])
    intruder.postings[0] |= place
    cast.session.rollback()
    entry.claim().post().head()

    def intrude() -> None:
        with Session(engine) as intruder.session:
            intruder.post()  # where the line is taken, it waits here until the other has committed
            started.set()
            sleep(0.2)
            intruder.session.commit()

    started = Event()
    with ThreadPoolExecutor() as pool:
        intrusion = pool.submit(intrude)
        started.wait(0.3)
        cast.session.commit()
        with pytest.raises(DBAPIError, match=r"fk_ledger_posting_entry|pk_ledger_posting"):
            intrusion.result()
    assert audit(cast.session, cast.book.id).problems == []


def test_two_postings_on_one_account_in_one_entry_are_refused(cast: Cast) -> None:
    entry = forged(cast)
    second = entry.postings[1]
    second |= {"account": cast.ana, "sequence": 2, "previous_sequence": 1, "posted_before": HOUR, "posted_after": 0}
    with refused(cast, "law 2"):
        entry.write()


# Law 2: running balances cannot be wrong


@pytest.mark.parametrize(
    "changes",
    [
        {"posted_after": 5 * HOUR},
        {"posted_before": HOUR, "posted_after": 2 * HOUR},
        {"sequence": 2, "previous_sequence": 1},
        {"sequence": 0, "previous_sequence": None},
        {"out_before": 60, "out_after": 60},
    ],
)
def test_a_wrong_running_balance_is_refused(cast: Cast, changes: dict[str, int]) -> None:
    entry = bend(cast, 1, **changes)
    with refused(cast, "law 2", "ck_ledger_posting"):
        entry.write()


def test_less_than_nothing_is_never_held(lived_in: Cast) -> None:
    cast = lived_in
    entry = forged(cast, "release", {cast.ana: (0, -HOUR, 0), cast.pot: (0, 0, -HOUR)}, finishes=uuid4())
    with refused(cast, "ck_ledger_posting"):
        entry.write()


@pytest.mark.parametrize("seconds", [10**12 + 1, 2**62])
def test_an_amount_out_of_bounds_is_refused(cast: Cast, seconds: int) -> None:
    entry = forged(cast, legs={cast.ana: (-seconds, 0, 0), cast.ben: (seconds, 0, 0)})
    for posting in entry.postings:
        posting |= {"floor": None, "ceiling": None}
    with refused(cast, "ck_ledger_posting", "law 4"):
        entry.write()


# Law 3: the balance is a posting's balance


def test_an_invented_balance_is_refused(lived_in: Cast) -> None:
    cast = lived_in
    had = row_of(cast.session, "balance", account=cast.ana)
    with refused(cast, "law 5", "fk_ledger_balance_posting"):
        cast.session.connection().execute(
            update(table("balance"))
            .where(table("balance").c.account == cast.ana)
            .values(sequence=had["sequence"] + 1, repeats=had["sequence"] + 1, number=9, posted=100 * HOUR)
        )


def test_an_older_balance_written_back_is_refused(lived_in: Cast) -> None:
    cast = lived_in
    with refused(cast, "law 5"):
        cast.session.connection().execute(
            update(table("balance"))
            .where(table("balance").c.account == cast.ana)
            .values(sequence=1, repeats=1, number=1, posted=HOUR, held_out=0, held_in=0)
        )


def test_a_second_balance_is_refused(lived_in: Cast) -> None:
    cast = lived_in
    row = row_of(cast.session, "balance", account=cast.ana)
    row |= {"sequence": 0, "repeats": None, "number": 0, "posted": 0, "held_out": 0, "held_in": 0, "limits": 0}
    with refused(cast, "law 5", "law 3", "pk_ledger_balance"):
        cast.session.connection().execute(insert(table("balance")), row | {"floor": None, "ceiling": None})


# Law 4: limits hold at the row


def test_a_posting_past_the_floor_is_refused(cast: Cast) -> None:
    entry = forged(cast, legs={cast.ana: (-11 * HOUR, 0, 0), cast.pot: (11 * HOUR, 0, 0)})
    with refused(cast, "ck_ledger_posting_floor"):
        entry.write()


def test_a_posting_past_the_ceiling_is_refused(cast: Cast) -> None:
    cast.limit(cast.pot)
    entry = forged(cast, legs={cast.ana: (11 * HOUR, 0, 0), cast.pot: (-11 * HOUR, 0, 0)})
    cast.session.commit()
    with refused(cast, "ck_ledger_posting_ceiling"):
        entry.write()


def test_a_hold_past_the_floor_is_refused(cast: Cast) -> None:
    entry = forged(cast, "hold", {cast.ana: (0, 11 * HOUR, 0), cast.pot: (0, 0, 11 * HOUR)})
    with refused(cast, "ck_ledger_posting_floor"):
        entry.write()


@pytest.mark.parametrize("changes", [{"floor": -20 * HOUR}, {"floor": None}, {"ceiling": None}, {"limits": 2}])
def test_a_posting_that_carries_other_limits_is_refused(cast: Cast, changes: dict[str, int | None]) -> None:
    entry = bend(cast, 1, **changes)
    with refused(cast, "law 4"):
        entry.write()


def test_limits_that_skip_a_number_are_refused(cast: Cast) -> None:
    row = row_of(cast.session, "limit", account=cast.ana)
    with refused(cast, "law 4"):
        cast.session.connection().execute(insert(table("limit")), row | {"number": 3})


def test_a_post_that_claims_an_override_is_refused(cast: Cast) -> None:
    legs = {cast.ana: (-11 * HOUR, 0, 0), cast.pot: (11 * HOUR, 0, 0)}
    entry = forged(cast, legs=legs, overrides=1, override_by=cast.bea)
    with refused(cast, "ck_ledger_entry_overrides"):
        entry.write()


def test_a_posting_that_claims_an_override_its_header_lacks_is_refused(cast: Cast) -> None:
    entry = forged(cast, legs={cast.ana: (-11 * HOUR, 0, 0), cast.pot: (11 * HOUR, 0, 0)})
    for posting in entry.postings:
        posting["overrides"] = 1
    with refused(cast, "foreign key"):
        entry.write()
