"""A bank day: eight write at once for a while, and whoever looks sees every second in its place and no limit passed."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from random import Random
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session

from ledger import audit
from tests.faults.conftest import Measured
from tests.faults.killing import Record, Scales, Writer
from tests.faults.plan import ACCOUNTS, CEILING, FLOOR, carry_out, insist, open_accounts
from tests.ledger.forging import table

AT_ONCE = 8


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_eight_processes_for_a_minute(
    engine: Engine, session: Session, database_url: str, drawn: Random, measured: Measured
) -> None:
    book, accounts = open_accounts(session)
    records = [Record(book, accounts, f"{name} {drawn.random()}", longest=1) for name in range(AT_ONCE)]
    writers = [Writer(database_url, [record]) for record in records]
    with ExitStack() as stack:
        for writer in writers:
            stack.callback(writer.put_away)
            writer.start()
        with watched(engine, book) as snapshots:
            time.sleep(60)
        for writer in writers:
            writer.kill()
    say(records, session, snapshots, measured)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_eight_threads_for_half_a_minute(engine: Engine, session: Session, drawn: Random, measured: Measured) -> None:
    book, accounts = open_accounts(session)
    records = [Record(book, accounts, f"{name} {drawn.random()}") for name in range(AT_ONCE)]
    is_over = Event()

    def write(record: Record) -> None:
        for unit in record.plan():
            if is_over.is_set():
                return
            do = partial(carry_out, engine, book, accounts, unit)
            entries = insist(do, lambda why: record.waited.add((record.next, why)))
            record.hear(unit.number, tuple(f"{entry.id}:{entry.hash.hex()}" for entry in entries))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        writing = [pool.submit(write, record) for record in records]
        try:
            with watched(engine, book) as snapshots:
                time.sleep(30)
        finally:
            is_over.set()
        for written in writing:
            written.result()
    say(records, session, snapshots, measured)


@contextmanager
def watched(engine: Engine, book: UUID) -> Iterator[list[int]]:
    """Somebody takes snapshots all the time, and proves the book once. Yields how many entries stood each time."""
    is_over, numbers = Event(), []

    def look() -> None:
        while not is_over.is_set():
            numbers.append(snapshot(engine, book))

    def prove() -> None:
        is_over.wait(10)
        with Session(engine) as session:
            assert audit(session, book).problems == []

    with ThreadPoolExecutor(2) as pool:
        watching = [pool.submit(look), pool.submit(prove)]
        try:
            yield numbers
        finally:
            is_over.set()
        for watch in watching:
            watch.result()


def snapshot(engine: Engine, book: UUID) -> int:
    """What stands in all accounts at one moment, and after how many entries."""
    balance, head = table("balance").c, table("head").c
    amounts = select(balance.posted, balance.held_out, balance.held_in, head.number)
    asked = amounts.where(balance.book == head.book, head.book == book)
    with engine.connect() as connection:
        rows = connection.execute(asked).all()
    assert len(rows) == ACCOUNTS
    assert sum(row.posted for row in rows) == 0
    assert sum(row.held_out for row in rows) == sum(row.held_in for row in rows)
    for row in rows:
        assert min(row.held_out, row.held_in) >= 0
        assert row.posted - row.held_out >= FLOOR
        assert row.posted + row.held_in <= CEILING
    number: int = rows[0].number
    return number


def say(records: list[Record], session: Session, snapshots: list[int], measured: Measured) -> None:
    """Weigh everything, and tell how much it was."""
    scales = Scales(session, records)
    scales.weigh()
    assert snapshots == sorted(snapshots)
    assert len(set(snapshots)) > AT_ONCE
    assert all(len(set(record.acknowledged.values()) - {()}) > 1 for record in records), "somebody never had a turn"
    why = {kept for record in records for _, kept in record.waited}
    assert why <= {"Busy"}
    busy = sum(len(record.waited) for record in records)
    measured(f"{scales.account}; {busy} times busy; {len(snapshots)} snapshots")
