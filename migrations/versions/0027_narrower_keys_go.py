"""Two keys of the ledger that wider ones repeat are gone: an entry is three rows of indexes smaller.

No number of a chain and no place in an account's sequence is taken twice, since head and balance advance by one. Rows
are found by the wider keys, which begin with the same columns.

Revision ID: 0027
Revises: 0026
"""

import re
from collections.abc import Callable

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

GONE = {
    "ledger_entry": ("uq_ledger_entry_book_number", "book, number"),
    "ledger_posting": ("uq_ledger_posting_account_sequence", "account, sequence"),
}


def upgrade() -> None:
    for table, (name, columns) in GONE.items():
        if op.get_bind().dialect.name == "sqlite":
            key = rf",\s*CONSTRAINT {name} UNIQUE \({columns}\)"
            _rewrite(table, lambda words, key=key: re.sub(key, "", words))  # type: ignore[misc]
        else:
            op.drop_constraint(name, table, type_="unique")


def downgrade() -> None:
    for table, (name, columns) in GONE.items():
        if op.get_bind().dialect.name == "sqlite":
            pk = rf"(CONSTRAINT pk_{table} PRIMARY KEY \([^)]*\))"
            key = rf"\1,\n\tCONSTRAINT {name} UNIQUE ({columns})"
            _rewrite(table, lambda words, pk=pk, key=key: re.sub(pk, key, words))  # type: ignore[misc]
        else:
            op.create_unique_constraint(name, table, columns.split(", "))


def _rewrite(table: str, change: Callable[[str], str]) -> None:
    """The table under other words, with its rows and indexes. Alembic's way would forget that it is strict."""
    connection = op.get_bind()
    asked = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL"
    (words,) = connection.exec_driver_sql(asked, (table, "table")).scalars()
    indexes = connection.exec_driver_sql(asked, (table, "index")).scalars().all()
    changed = change(words)
    assert changed != words, table  # noqa: S101 - or the key would still stand
    connection.exec_driver_sql(re.sub(rf'^CREATE TABLE "?{table}"?', "CREATE TABLE rewritten", changed))
    connection.exec_driver_sql(f"INSERT INTO rewritten SELECT * FROM {table}")  # noqa: S608 - our own words
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE rewritten RENAME TO {table}")
    for index in indexes:
        connection.exec_driver_sql(index)
