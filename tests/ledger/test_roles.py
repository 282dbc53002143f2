"""The role that serves people on PostgreSQL: it can do all that the ledger does, and nothing that it does not."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import IntegrityError

from ledger import audit
from tests.databases import SERVING, postgresql_for_tests
from tests.ledger.conftest import HOUR, MORNING, Cast
from tests.ledger.forging import forged, refused


@pytest.fixture
def engine_name() -> str:
    """SQLite has no roles."""
    if postgresql_for_tests.url is None:
        pytest.skip("no PostgreSQL")
    return "postgresql"


def test_these_tests_run_as_a_role_that_owns_nothing(cast: Cast) -> None:
    connection = cast.session.connection()
    assert connection.scalar(text("SELECT current_user")) == SERVING
    owned = "SELECT count(*) FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')"
    assert connection.scalar(text(owned)) == 0


def test_it_does_all_that_the_ledger_does(cast: Cast) -> None:
    noon = MORNING + timedelta(hours=3)
    given = cast.give(cast.ana, cast.ben, memo="hedges")
    cast.reverse(given, override_by=cast.bea)
    cast.settle(cast.hold(cast.ana, cast.ben, 2 * HOUR), HOUR)
    cast.release(cast.hold(cast.ana, cast.ben))
    cast.hold(cast.ben, cast.ana, expires_at=noon)
    cast.limit(cast.ana, floor=-2 * HOUR)
    cast.session.commit()
    assert len(cast.book.expire(effective_on=noon.date(), at=noon)) == 1
    cast.book.erase_memo(given.id)
    cast.session.commit()
    report = audit(cast.session, cast.book.id)
    assert (report.entries, report.problems) == (8, [])


ATTACKS = [
    "UPDATE ledger_balance SET account = account",
    "UPDATE ledger_balance SET posted = 0",
    "UPDATE ledger_balance SET limits = limits + 1",
    "INSERT INTO ledger_balance SELECT * FROM ledger_balance",
    "DELETE FROM ledger_balance",
    "UPDATE ledger_head SET number = number + 1",
    "INSERT INTO ledger_head SELECT * FROM ledger_head",
    "UPDATE ledger_posting SET posted = 0",
    "UPDATE ledger_entry SET purpose = 'grant'",
    "DELETE FROM ledger_entry",
    "DELETE FROM ledger_key",
    "UPDATE ledger_memo SET text = 'fences'",
    "INSERT INTO ledger_open_hold SELECT * FROM ledger_open_hold",
    "DELETE FROM ledger_open_hold",
    "UPDATE alembic_version SET version_num = '9999'",
    "TRUNCATE ledger_posting CASCADE",
    "TRUNCATE party CASCADE",
    "DROP TABLE ledger_posting CASCADE",
    "ALTER TABLE ledger_posting DISABLE TRIGGER ALL",
    "ALTER TABLE ledger_posting DROP CONSTRAINT ck_ledger_posting_posted",
    "ALTER TABLE ledger_posting OWNER TO CURRENT_USER",
    "DROP TRIGGER ledger_entry_update ON ledger_entry",
    "DROP FUNCTION ledger_frozen() CASCADE",
    "ALTER FUNCTION ledger_frozen() RENAME TO ledger_thawed",
    "CREATE OR REPLACE FUNCTION ledger_frozen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER aside BEFORE UPDATE ON ledger_entry EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE aside AS ON INSERT TO ledger_posting DO INSTEAD NOTHING",
    "CREATE TABLE recipe (name text)",
    "CREATE FUNCTION starts_with(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "SET session_replication_role = replica",
    "SET SESSION AUTHORIZATION postgres",
    "SET ROLE postgres",
    "CREATE TEMPORARY TABLE my (id int); CREATE TRIGGER t BEFORE INSERT ON my EXECUTE FUNCTION ledger_posting_insert()",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_may_not_do_what_the_ledger_does_not(lived_in: Cast, engine: Engine, attack: str) -> None:
    before = lived_in.book.head()
    lived_in.session.rollback()
    url = make_url(str(engine.url)).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(attack)  # type: ignore[call-overload]
    assert lived_in.book.head() == before
    assert audit(lived_in.session, lived_in.book.id).problems == []


def test_the_column_that_it_may_update_in_order_to_lock_is_frozen_by_a_guard(lived_in: Cast) -> None:
    with pytest.raises(IntegrityError, match="law 5"):
        lived_in.session.connection().execute(text("UPDATE ledger_head SET book = book"))


def test_a_temporary_table_does_not_stand_in_for_one_of_the_ledgers(lived_in: Cast) -> None:
    entry = forged(lived_in, legs={lived_in.ana: (-11 * HOUR, 0, 0), lived_in.pot: (11 * HOUR, 0, 0)})
    with refused(lived_in, "law 4"):
        connection = lived_in.session.connection()
        connection.execute(text("CREATE TEMPORARY TABLE ledger_balance AS SELECT * FROM ledger_balance"))
        connection.execute(text("UPDATE pg_temp.ledger_balance SET floor = NULL, ceiling = NULL"))
        for posting in entry.postings:
            posting |= {"floor": None, "ceiling": None}
        entry.write()
    lived_in.session.connection().execute(text("DROP TABLE IF EXISTS pg_temp.ledger_balance"))


def test_every_guard_runs_as_the_owner_looks_at_the_ledgers_own_tables_and_is_for_nobody_else(cast: Cast) -> None:
    asked = """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
           AND proname NOT IN ('ledger_post', 'ledger_field', 'ledger_leg')
           AND NOT (prosecdef AND proconfig = '{"search_path=public, pg_temp"}'
                    AND NOT has_function_privilege(oid, 'EXECUTE'))"""
    assert cast.session.connection().execute(text(asked)).scalars().all() == []


def test_the_way_of_one_round_trip_is_walked_as_whoever_walks_it(cast: Cast) -> None:
    asked = "SELECT prosecdef FROM pg_proc WHERE proname IN ('ledger_post', 'ledger_field', 'ledger_leg')"
    assert set(cast.session.connection().execute(text(asked)).scalars()) == {False}
