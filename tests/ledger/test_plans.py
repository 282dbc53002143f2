"""Plans say to the database what SQLAlchemy would say, and answer as it would."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, bindparam, event, insert, inspect, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from ledger.errors import Unreachable
from ledger.plans import FEW, Additions, Plan
from tests.ledger.conftest import MORNING, Cast
from tests.ledger.forging import table

ACCOUNT = table("account")


def accounts(cast: Cast, count: int) -> list[dict[str, object]]:
    known = {"book": cast.book.id, "kind": "member", "partner": None, "opened_at": MORNING}
    return [{"id": uuid4(), **known} for _ in range(count)]


@pytest.mark.parametrize("count", [1, 2, 3, FEW, FEW + 1, 100])
def test_any_number_of_rows_is_added_and_found_again(cast: Cast, count: int) -> None:
    connection = cast.session.connection()
    rows = accounts(cast, count)
    Additions(insert(ACCOUNT)).write(connection, rows)
    asked: list[UUID] = [row["id"] for row in rows]  # type: ignore[misc]  # as they were made above
    statement = select(ACCOUNT).where(ACCOUNT.c.id.in_(bindparam("ids", expanding=True)))
    found = Plan(statement, lists=["ids"]).mappings(connection, {"ids": asked})
    assert sorted(found, key=lambda row: row["id"]) == sorted(rows, key=lambda row: row["id"])  # type: ignore[arg-type,return-value]
    assert found == [dict(row) for row in connection.execute(statement, {"ids": asked}).mappings()]


def test_a_number_that_the_statement_says_itself_is_said(cast: Cast) -> None:
    plan = Plan(select(ACCOUNT.c.id).where(ACCOUNT.c.book == bindparam("book")).order_by(ACCOUNT.c.id).limit(2))
    assert len(plan.rows(cast.session.connection(), {"book": cast.book.id})) == 2


def test_what_the_database_refuses_is_told_as_sqlalchemy_tells_it(cast: Cast) -> None:
    connection = cast.session.connection()
    with pytest.raises(IntegrityError):
        Additions(insert(ACCOUNT)).write(connection, [{**accounts(cast, 1)[0], "kind": "wizard"}])


def test_a_connection_that_is_lost_is_told_once_and_not_used_again(cast: Cast, engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("there is no server to lose")
    killed = cast.session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({killed})")
    with pytest.raises(Unreachable) as caught:
        cast.give(cast.ana, cast.ben)
    assert isinstance(caught.value.__cause__, OperationalError)
    assert caught.value.__cause__.connection_invalidated
    cast.session.rollback()
    assert cast.give(cast.ana, cast.ben).number == 1


def test_who_listens_to_an_engine_hears_plans(cast: Cast, engine: Engine) -> None:
    heard = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, words, *_: heard.append(words))
    cast.hold(cast.ana, cast.ben)
    assert any("INSERT INTO ledger_entry" in words for words in heard)


def test_no_index_but_a_key_begins_as_a_key_begins(session: Session) -> None:
    """PostgreSQL plans the check of a foreign key while a table is empty, and keeps to any index that begins so.

    It walked through the whole book for each entry.
    """
    known = inspect(session.connection())
    for name in ("ledger_entry", "ledger_posting", "ledger_balance", "ledger_account", "ledger_limit"):
        keys = [known.get_pk_constraint(name), *known.get_unique_constraints(name)]
        begins = {columns["constrained_columns"][0] for columns in keys[:1]}
        begins |= {columns["column_names"][0] for columns in keys[1:]}
        for index in known.get_indexes(name):
            assert index["unique"] or index["column_names"][0] not in begins, index["name"]
