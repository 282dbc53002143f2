"""A SQLite file that may not grow, as if its disk were full."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def no_room_in(engine: Engine) -> Iterator[None]:
    """Until this is over, no connection of this engine may make the file larger than it is."""
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def keep_small(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    engine.dispose()
    event.listen(engine, "connect", keep_small)
    try:
        yield
    finally:
        event.remove(engine, "connect", keep_small)
        engine.dispose()
