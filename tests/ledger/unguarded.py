"""A database with its guards down: no trigger, CHECK or foreign key speaks. Rolled back, they stand again."""

from sqlalchemy import Connection, text
from sqlmodel import Session

TABLES = "SELECT tablename FROM pg_tables WHERE tablename LIKE 'ledger%'"
CHECKS = (
    "SELECT conrelid::regclass::text, conname FROM pg_constraint"
    " WHERE contype = 'c' AND conrelid::regclass::text LIKE 'ledger%'"
)


def take_guards_down(session: Session) -> Connection:
    """Within the transaction that begins here; what was not committed before is lost."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        connection = session.connection()
        for name in connection.execute(text(TABLES)).scalars().all():
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER ALL"))
        for name, check in connection.execute(text(CHECKS)).all():
            connection.execute(text(f"ALTER TABLE {name} DROP CONSTRAINT {check}"))
        return connection
    driver = session.connection().connection.driver_connection
    assert driver is not None
    session.rollback()  # within a transaction SQLite leaves foreign keys as they are
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute("PRAGMA ignore_check_constraints=ON")
    connection = session.connection()
    for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.execute(text(f"DROP TRIGGER {name}"))
    return connection
