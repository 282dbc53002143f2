"""Attacks on what stands already, on keys, settlements and reversals (laws 5 and 6): the database refuses them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.dialects import postgresql, sqlite

from ledger import AccountKind, Book, audit, create_book
from tests.ledger.conftest import HOUR, MORNING, Cast
from tests.ledger.forging import Forged, bend, forged, refused, row_of, table

pytestmark = pytest.mark.owner  # whom nothing but the guards would stop

FROZEN = ("book", "account", "limit", "entry", "posting", "key", "open_hold", "head", "balance", "period", "seal")

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
