"""Attacks on the chain and closed periods (laws 7 and 8), and through unguarded connections: all are refused."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import Engine, delete, make_url, update
from sqlalchemy.exc import DBAPIError

from ledger import audit
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast
from tests.ledger.forging import forged, refused, row_of, table
from tests.ledger.scene import close_by_hand

pytestmark = pytest.mark.owner  # whom nothing but the guards would stop

FROZEN = ("book", "account", "limit", "entry", "posting", "key", "open_hold", "head", "balance", "period", "seal")

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


def close(cast: Cast) -> None:
    cast.book.close_period(until=TODAY, at=MORNING, by=cast.bea)


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
        close_by_hand(cast.session, cast.book.id, [cast.ana, cast.ben], head_number=1, head_hash=first["hash"])
    with refused(cast, "law 8", "fk_ledger_seal_period"):
        close_by_hand(cast.session, cast.book.id, [cast.ana, cast.ben], number=2)


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
