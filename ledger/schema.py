"""The ledger's tables and guards, for whoever uses it by itself; the timebank makes them by its migrations."""

from sqlalchemy import Connection
from sqlmodel import SQLModel

from ledger import guards, tables


def create_tables(connection: Connection) -> None:
    """Make the tables and put the guards in place, in an empty database and inside the connection's transaction."""
    ours = [getattr(tables, name).__table__ for name in tables.__all__]
    SQLModel.metadata.create_all(connection, tables=ours)
    guards.install(connection)
