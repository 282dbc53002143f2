"""What the role that serves people may do with the ledger's rows on PostgreSQL, where another role owns the tables.

It adds rows, and erases memos. Balances, the head of the chain and the list of open holds are written by the guards,
which run as the owner. To lock the head, which is the lock of its book, takes the right to update one column of it:
that column is the key, which a guard refuses to change.
"""

from sqlalchemy import Connection

GRANTS = """
GRANT SELECT, INSERT ON ledger_book, ledger_account, ledger_limit, ledger_key, ledger_posting, ledger_entry,
    ledger_clearing, ledger_period, ledger_seal TO {role};
GRANT SELECT, INSERT, DELETE ON ledger_memo TO {role};
GRANT SELECT ON ledger_balance, ledger_open_hold TO {role};
GRANT SELECT, UPDATE (book) ON ledger_head TO {role};
"""


def grant(connection: Connection, role: str) -> None:
    """Let a role do this, inside the connection's transaction. What else it may do is for the caller to take away."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    connection.exec_driver_sql(GRANTS.format(role=quoted), execution_options={"no_parameters": True})
