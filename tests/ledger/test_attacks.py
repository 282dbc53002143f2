"""The database refuses what the Python would never send: each law, attacked row by row, on both engines."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Engine, delete, insert, make_url, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from ledger import AccountKind, Book, audit, create_book
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast
from tests.ledger.forging import Forged, forged, row_of, table

FROZEN = ("book", "account", "limit", "entry", "posting", "key", "open_hold", "head", "balance", "period", "seal")


@pytest.fixture
def lived_in(cast: Cast) -> Cast:
    """A book with every kind of row."""
    cast.give(cast.ana, cast.ben, memo="hedges")
    cast.settle(cast.hold(cast.ana, cast.ben))
    cast.hold(cast.ben, cast.ana, 2 * HOUR)
    cast.session.commit()
    return cast


@contextmanager
def refused(cast: Cast, *because: str) -> Iterator[None]:
    """The attack fails at the latest when it commits, for one of these reasons, and leaves no trace."""
    before = cast.book.head()
    cast.session.rollback()
    with pytest.raises(DBAPIError) as caught:  # noqa: PT012 - what is deferred speaks at the commit
        yield
        cast.session.commit()
    said = str(caught.value.orig).lower()
    assert any(reason.lower() in said for reason in because), said
    cast.session.rollback()
    assert cast.book.head() == before
    assert audit(cast.session, cast.book.id).problems == []


def bend(cast: Cast, line: int, **changes: object) -> Forged:
    """An entry whose posting on that line is not what it should be."""
    entry = forged(cast)
    cast.session.rollback()
    entry.postings[line - 1] |= changes
    return entry


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


# Law 5: frozen


@pytest.mark.parametrize("name", [name for name in FROZEN if name not in ("period", "seal")])
def test_no_row_can_be_updated(lived_in: Cast, name: str) -> None:
    column = next(iter(table(name).primary_key))
    with refused(lived_in, "law 5"):
        lived_in.session.connection().execute(update(table(name)).values({column.name: column}))


@pytest.mark.parametrize("name", [name for name in FROZEN if name not in ("period", "seal")])
def test_no_row_can_be_deleted(lived_in: Cast, name: str) -> None:
    with refused(lived_in, "law 5"):
        lived_in.session.connection().execute(delete(table(name)))


@pytest.mark.parametrize("name", [*FROZEN, "memo"])
def test_no_table_can_be_truncated(lived_in: Cast, engine_name: str, name: str) -> None:
    if engine_name == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE: a DELETE without WHERE fires the triggers")
    with refused(lived_in, "law 5"):
        lived_in.session.connection().execute(text(f"TRUNCATE ledger_{name} CASCADE"))


@pytest.mark.parametrize("name", ["book", "account", "limit", "entry", "posting", "key", "head", "balance", "memo"])
def test_no_row_can_be_replaced(lived_in: Cast, engine_name: str, name: str) -> None:
    """INSERT OR REPLACE deletes without firing the triggers on DELETE, unless told to."""
    cast = lived_in
    row = dict(cast.session.connection().execute(table(name).select()).mappings().first() or {})
    with refused(cast, "ledger:", "duplicate key"):
        if engine_name == "sqlite":
            cast.session.connection().exec_driver_sql("PRAGMA recursive_triggers=OFF")
            cast.session.connection().execute(insert(table(name)).prefix_with("OR REPLACE"), row)
        else:
            cast.session.connection().execute(insert(table(name)), row)


@pytest.mark.parametrize("name", ["account", "limit", "entry", "posting", "key", "balance", "memo"])
def test_no_row_can_be_updated_by_a_conflicting_insert(lived_in: Cast, engine_name: str, name: str) -> None:
    cast = lived_in
    row = dict(cast.session.connection().execute(table(name).select()).mappings().first() or {})
    keys = [column.name for column in table(name).primary_key]
    write = (sqlite if engine_name == "sqlite" else postgresql).insert(table(name))
    with refused(cast, "ledger:"):
        cast.session.connection().execute(write.on_conflict_do_update(index_elements=keys, set_=row), row)


def test_an_insert_that_ignores_its_errors_leaves_no_balance_behind(cast: Cast, engine_name: str) -> None:
    if engine_name == "postgresql":
        pytest.skip("PostgreSQL knows no OR IGNORE")
    entry = bend(cast, 1, posted_after=5 * HOUR)
    with refused(cast, "law 1"):
        entry.claim()
        for posting in entry.postings:
            cast.session.connection().execute(insert(table("posting")).prefix_with("OR IGNORE"), posting)
        entry.head()


def test_a_posting_that_does_nothing_on_conflict_advances_no_balance(cast: Cast, engine_name: str) -> None:
    if engine_name == "sqlite":
        pytest.skip("SQLite checks before it inserts")
    entry = forged(cast)
    with refused(cast, "fk_ledger"):
        entry.claim().post()
        again = entry.postings[0] | {
            "sequence": 2,
            "previous_sequence": 1,
            "posted_before": HOUR,
            "posted_after": 2 * HOUR,
            "number": 2,
        }
        write = postgresql.insert(table("posting")).on_conflict_do_nothing()
        cast.session.connection().execute(write, again)
        entry.head()


def test_an_open_hold_cannot_be_hidden(lived_in: Cast) -> None:
    with refused(lived_in, "law 5"):
        lived_in.session.connection().execute(delete(table("open_hold")))


def test_a_finished_hold_cannot_be_opened_again(lived_in: Cast) -> None:
    cast = lived_in
    hold = row_of(cast.session, "entry", number=2)
    with refused(cast, "law 5"):
        row = {"account": cast.ana, "hold": hold["id"], "book": cast.book.id, "expires_at": None}
        cast.session.connection().execute(insert(table("open_hold")), row)


def test_a_memo_can_be_erased_but_neither_changed_nor_put_beside_another_entry(lived_in: Cast) -> None:
    cast = lived_in
    with refused(cast, "law 5"):
        cast.session.connection().execute(update(table("memo")).values(text="fences"))
    second = row_of(cast.session, "entry", number=2)
    with refused(cast, "law 5"):
        row = {"entry": second["id"], "salt": bytes(16), "text": "fences"}
        cast.session.connection().execute(insert(table("memo")), row)
    cast.session.connection().execute(delete(table("memo")))
    cast.session.commit()
    assert audit(cast.session, cast.book.id).problems == []


# Law 6: once


def test_a_key_that_is_taken_is_refused(lived_in: Cast) -> None:
    cast = lived_in
    entry = forged(cast)
    entry.key["key"] = entry.entry["key"] = row_of(cast.session, "entry", number=1)["key"]
    with refused(cast, "law 6", "pk_ledger_key"):
        entry.write()


def test_an_entry_without_a_key_is_refused(cast: Cast) -> None:
    entry = forged(cast)
    with refused(cast, "law 6"):
        entry.post().head()


def test_a_key_that_leads_nowhere_is_refused(cast: Cast) -> None:
    entry = forged(cast)
    with refused(cast, "foreign key"):
        entry.claim()


def test_a_second_key_for_one_entry_is_refused(lived_in: Cast) -> None:
    cast = lived_in
    first = row_of(cast.session, "entry", number=1)
    with refused(cast, "law 6", "uq_ledger_key_entry"):
        row = {"book": cast.book.id, "key": "another", "entry": first["id"]}
        cast.session.connection().execute(insert(table("key")), row)


def finish(cast: Cast, hold: UUID, payer: UUID, payee: UUID, *, seconds: int = HOUR, kind: str = "settle") -> Forged:
    posted = seconds if kind == "settle" else 0
    return forged(cast, kind, {payer: (-posted, -seconds, 0), payee: (posted, 0, -seconds)}, finishes=hold)


def test_a_second_settlement_of_a_hold_is_refused(cast: Cast) -> None:
    first = cast.hold(cast.ana, cast.ben)
    cast.hold(cast.ana, cast.ben)  # so that there would be something left to let go of
    cast.settle(first)
    cast.session.commit()
    again = finish(cast, first.id, cast.ana, cast.ben)
    with refused(cast, "law 6", "uq_ledger_entry_finishes"):
        again.write()


@pytest.mark.parametrize("kind", ["release", "expire"])
def test_a_settled_hold_can_neither_be_released_nor_expire(cast: Cast, kind: str) -> None:
    noon = MORNING + timedelta(hours=3)
    first = cast.hold(cast.ana, cast.ben, expires_at=noon)
    cast.hold(cast.ana, cast.ben)
    cast.settle(first)
    cast.session.commit()
    again = finish(cast, first.id, cast.ana, cast.ben, kind=kind)
    again.entry["recorded_at"] = noon
    with refused(cast, "law 6", "uq_ledger_entry_finishes"):
        again.write()


def test_a_hold_that_has_not_expired_does_not_expire(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, expires_at=MORNING + timedelta(days=1))
    cast.session.commit()
    early = finish(cast, hold.id, cast.ana, cast.ben, kind="expire")
    with refused(cast, "law 6"):
        early.write()


def test_a_finish_of_only_a_part_of_what_is_held_is_refused(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, 2 * HOUR)
    cast.session.commit()
    part = finish(cast, hold.id, cast.ana, cast.ben)
    with refused(cast, "law 6"):
        part.write()


def test_a_finish_on_other_accounts_than_those_held_is_refused(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben)
    cast.hold(cast.ana, cast.pot)
    cast.session.commit()
    astray = finish(cast, hold.id, cast.ana, cast.pot)
    with refused(cast, "law 6"):
        astray.write()


def test_a_finish_that_touches_one_account_more_is_refused(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben)
    cast.hold(cast.ana, cast.pot)
    cast.session.commit()
    legs = {cast.ana: (0, -2 * HOUR, 0), cast.ben: (0, 0, -HOUR), cast.pot: (0, 0, -HOUR)}
    more = forged(cast, "release", legs, finishes=hold.id)
    with refused(cast, "law 6"):
        more.write()


def test_a_settlement_that_pays_the_payer_is_refused(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben)
    cast.session.commit()
    legs = {cast.ana: (HOUR, -HOUR, 0), cast.ben: (-HOUR, 0, -HOUR)}
    backwards = forged(cast, "settle", legs, finishes=hold.id)
    with refused(cast, "ck_ledger_posting_shape"):
        backwards.write()


def reversal(cast: Cast, of: UUID, seconds: int = HOUR, **header: Any) -> Forged:
    legs = {cast.ana: (-seconds, 0, 0), cast.ben: (seconds, 0, 0)}
    return forged(cast, "reverse", legs, reverses=of, **header)


def test_a_second_reversal_is_refused(cast: Cast) -> None:
    entry = cast.give(cast.ana, cast.ben)
    cast.reverse(entry)
    cast.session.commit()
    again = reversal(cast, entry.id)
    with refused(cast, "law 6", "uq_ledger_entry_reverses"):
        again.write()


def test_a_reversal_that_does_not_mirror_is_refused(cast: Cast) -> None:
    entry = cast.give(cast.ana, cast.ben)
    cast.session.commit()
    other = reversal(cast, entry.id, 2 * HOUR)
    with refused(cast, "law 6"):
        other.write()


def test_a_reversal_of_a_hold_or_of_a_reversal_is_refused(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben)
    undone = cast.reverse(cast.give(cast.ben, cast.ana))
    cast.session.commit()
    for entry in (hold, undone):
        attempt = reversal(cast, entry.id)
        with refused(cast, "law 6"):
            attempt.write()


def test_an_entry_of_another_book_can_neither_be_finished_nor_reversed(cast: Cast) -> None:
    elsewhere = Book(cast.session, create_book(cast.session, at=MORNING))
    cys = Cast(cast.session, elsewhere, *(elsewhere.open_account(AccountKind.MEMBER, at=MORNING) for _ in range(3)))
    given, hold = cys.give(cys.ana, cys.ben), cys.hold(cys.ana, cys.ben)
    cast.hold(cast.ana, cast.ben)
    cast.session.commit()
    for attempt in (reversal(cast, given.id), finish(cast, hold.id, cast.ana, cast.ben)):
        with refused(cast, "law 6"):
            attempt.write()


def test_a_posting_on_an_account_of_another_book_is_refused(cast: Cast) -> None:
    elsewhere = Book(cast.session, create_book(cast.session, at=MORNING))
    cy = elsewhere.open_account(AccountKind.MEMBER, at=MORNING)
    cast.session.commit()
    entry = forged(cast, legs={cast.ana: (HOUR, 0, 0), cy: (-HOUR, 0, 0)})
    with refused(cast, "law 2"):
        entry.write()


# Law 7: chained


@pytest.mark.parametrize(
    "changes",
    [
        {"previous_hash": bytes(32)},
        {"number": 6, "previous_number": 5},
        {"number": 4, "previous_number": 3},
        {"previous_number": None},
        {"recorded_at": MORNING - timedelta(seconds=1)},
    ],
)
def test_an_entry_that_breaks_the_chain_is_refused(lived_in: Cast, changes: dict[str, object]) -> None:
    entry = forged(lived_in, **changes)
    with refused(lived_in, "law 7", "law 2", "ck_ledger_entry_previous"):
        entry.write()


def test_an_invented_head_is_refused(lived_in: Cast) -> None:
    with refused(lived_in, "law 5", "fk_ledger_head_entry"):
        lived_in.session.connection().execute(update(table("head")).values(number=5, links=5, hash=bytes(32)))


def test_the_head_cannot_be_set_back(lived_in: Cast) -> None:
    first = row_of(lived_in.session, "entry", number=1)
    with refused(lived_in, "law 5"):
        lived_in.session.connection().execute(update(table("head")).values(number=1, links=1, hash=first["hash"]))


# Law 8: closed is closed


def close(cast: Cast, **changes: object) -> None:
    """Close the book up to today, by hand: the verb comes with the seals."""
    connection = cast.session.connection()
    head = row_of(cast.session, "head", book=cast.book.id)
    period = {"number": 1, "since": TODAY - timedelta(days=30), "until": TODAY, "closed_at": MORNING, "closed_by": None}
    period |= {"book": cast.book.id, "head_number": head["number"], "head_hash": head["hash"]}
    period |= {"merkle_root": bytes(32), "hash": bytes(32), **changes}
    for account in (cast.ana, cast.ben):
        balance = row_of(cast.session, "balance", account=account)
        seal = {name: balance[name] for name in ("book", "account", "posted", "held_out", "held_in")}
        connection.execute(insert(table("seal")), seal | {"period": 1})
    connection.execute(insert(table("period")), period)


def test_an_entry_dated_in_a_closed_period_is_refused(lived_in: Cast) -> None:
    cast = lived_in
    close(cast)
    cast.session.commit()
    late, next_day = forged(cast), forged(cast, effective_on=TODAY + timedelta(days=1))
    with refused(cast, "law 8"):
        late.write()
    next_day.write()
    assert audit(cast.session, cast.book.id).problems == []


def test_a_period_is_closed_at_the_head_with_its_trial_balance_or_not_at_all(lived_in: Cast) -> None:
    cast = lived_in
    first = row_of(cast.session, "entry", number=1)
    with refused(cast, "law 8"):
        close(cast, head_number=1, head_hash=first["hash"])
    with refused(cast, "law 8", "fk_ledger_seal_period"):
        close(cast, number=2)


@pytest.mark.parametrize("name", ["period", "seal"])
def test_a_closed_period_can_neither_be_changed_nor_opened(lived_in: Cast, name: str) -> None:
    close(lived_in)
    lived_in.session.commit()
    column = next(iter(table(name).primary_key))
    with refused(lived_in, "law 5"):
        lived_in.session.connection().execute(update(table(name)).values({column.name: column}))
    with refused(lived_in, "law 5"):
        lived_in.session.connection().execute(delete(table(name)))


# Connections with their safeguards off


Attack = Callable[[sqlite3.Connection], object]


@pytest.mark.parametrize(
    "attack",
    [
        lambda raw: raw.execute("INSERT INTO ledger_book VALUES (randomblob(16), 0, zeroblob(32))"),
        lambda raw: raw.execute("UPDATE ledger_posting SET posted = 0"),
        lambda raw: raw.execute("DELETE FROM ledger_entry"),
        lambda raw: raw.execute(
            "UPDATE ledger_balance SET sequence = sequence + 1, repeats = sequence + 1, number = 9, posted = 0"
        ),
        lambda raw: raw.execute("INSERT OR REPLACE INTO ledger_key SELECT * FROM ledger_key"),
        lambda raw: raw.execute("UPDATE ledger_head SET number = number + 1, links = number + 1"),
    ],
)
def test_a_sqlite_connection_with_foreign_keys_off_writes_nothing(
    lived_in: Cast, engine: Engine, attack: Attack
) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no such switch")
    lived_in.session.rollback()
    with closing(sqlite3.connect(str(engine.url.database))) as raw:
        assert raw.execute("PRAGMA foreign_keys").fetchone() == (0,)
        with pytest.raises(sqlite3.IntegrityError, match="ledger:"):
            attack(raw)


def test_a_sqlite_connection_with_checks_off_writes_nothing(lived_in: Cast, engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no such switch")
    entry = forged(lived_in, legs={lived_in.ana: (-11 * HOUR, 0, 0), lived_in.pot: (11 * HOUR, 0, 0)})
    with refused(lived_in, "checks are off"):
        lived_in.session.connection().exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        entry.write()


def test_a_postgresql_session_that_plays_replica_meets_the_guards_all_the_same(lived_in: Cast, engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no such switch")
    lived_in.session.rollback()
    url = make_url(str(engine.url)).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute("SET session_replication_role = replica")
        for attack in (
            "UPDATE ledger_posting SET posted = 0",
            "DELETE FROM ledger_entry",
            "TRUNCATE ledger_balance",
            "UPDATE ledger_balance SET posted = 0",
        ):
            with pytest.raises(psycopg.errors.IntegrityError, match="law 5"):
                raw.execute(attack)  # type: ignore[call-overload]


def test_a_guard_names_its_law_in_the_sqlstate(lived_in: Cast, engine_name: str) -> None:
    if engine_name == "sqlite":
        pytest.skip("SQLite has no SQLSTATE")
    with pytest.raises(DBAPIError) as caught:
        lived_in.session.connection().execute(delete(table("entry")))
    assert getattr(caught.value.orig, "sqlstate", None) == "23L05"
