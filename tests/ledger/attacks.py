"""Every attack on the ledger's rows that a guard is there to stop: one registry.

An attack writes past the Python, row by row, and never commits. What stops it is found out by `taking_down.py`.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, text, update

from ledger import Book
from tests.ledger.attacks_on_entries import an_entry, with_bent_entries
from tests.ledger.attacks_on_rows import a_row, new_account, new_book, next_limits, with_bent_rows
from tests.ledger.conftest import HOUR, MORNING
from tests.ledger.forging import table
from tests.ledger.scene import TABLES, Act, Attack, Scene, standing


def attacks() -> Iterator[Attack]:
    yield from _on_what_stands()
    yield from with_bent_entries()
    yield from with_bent_rows()
    yield from _on_what_moves_along()


# What stands is changed, removed, replaced, written twice


def _on_what_stands() -> Iterator[Attack]:
    for name in TABLES:
        key = next(iter(table(name).primary_key)).name
        yield Attack(f"a row of {name} is changed", _changing(name, key))
        yield Attack(f"{name} is emptied by TRUNCATE", _truncating(name), only="postgresql")
        yield Attack(f"a row of {name} is written a second time", _repeating(name))
        yield Attack(f"a row of {name} is replaced", _replacing(name), only="sqlite")
        if name != "memo":
            yield Attack(f"the rows of {name} are deleted", _deleting(name))
    yield Attack("a balance is raised", _updating("balance", posted=100 * HOUR))
    yield Attack("the head of the chain is moved on", _updating("head", number=99, links=99, hash=bytes(32)))
    yield Attack("the head of the chain forgets its number", _updating("head", links=None))
    yield Attack("a balance forgets which posting it repeats", _updating("balance", repeats=None))


def _changing(name: str, key: str) -> Act:
    return lambda scene: _execute(scene, update(table(name)).values({key: table(name).c[key]}))


def _updating(name: str, **values: object) -> Act:
    column = "book" if name == "head" else "account"

    def act(scene: Scene) -> None:
        which = scene.cast.book.id if name == "head" else scene.cast.ana
        _execute(scene, update(table(name)).where(table(name).c[column] == which).values(**values))

    return act


def _deleting(name: str) -> Act:
    return lambda scene: _execute(scene, delete(table(name)))


def _truncating(name: str) -> Act:
    return lambda scene: _execute(scene, text(f"TRUNCATE ledger_{name} CASCADE"))


def _repeating(name: str) -> Act:
    return lambda scene: scene.insert(name, standing(scene, name))


def _replacing(name: str) -> Act:
    """With triggers on DELETE asleep, as REPLACE leaves them unless it is told otherwise."""

    def act(scene: Scene) -> None:
        scene.session.connection().exec_driver_sql("PRAGMA recursive_triggers=OFF")
        row = standing(scene, name)
        scene.session.connection().execute(insert(table(name)).prefix_with("OR REPLACE"), row)

    return act


def _execute(scene: Scene, statement: Any) -> None:
    scene.session.connection().execute(statement)


# Sound acts, when the trigger is gone that moves other rows along


def _on_what_moves_along() -> Iterator[Attack]:
    limits = {"number": 2, "floor": -HOUR}
    yield Attack("a book has no head", a_row("book", new_book), unmoved="ledger_book_inserted")
    yield Attack("an account has no balance", a_row("account", new_account), unmoved="ledger_account_inserted")
    yield Attack("limits are not in force", a_row("limit", next_limits, **limits), unmoved="ledger_limit_inserted")
    yield Attack("a balance stays behind", an_entry(), only="sqlite", unmoved="ledger_posting_inserted")
    yield Attack("a balance stays behind", an_entry(), only="postgresql", unmoved="ledger_posting_insert")
    yield Attack("the head of the chain stays behind", an_entry(), only="sqlite", unmoved="ledger_entry_inserted")
    yield Attack("the head of the chain stays behind", an_entry(), only="postgresql", unmoved="ledger_entry_insert")
    hold = an_entry("hold", lambda scene: {scene.cast.ana: (0, HOUR, 0), scene.cast.ben: (0, 0, HOUR)})
    yield Attack("a hold is not on the list of open ones", hold, only="sqlite", unmoved="ledger_entry_held")
    yield Attack("a hold is not on the list of open ones", hold, only="postgresql", unmoved="ledger_entry_inserted")
    yield Attack("a closed period stays open", _sound_closing, unmoved="ledger_period_inserted")


def _sound_closing(scene: Scene) -> None:
    tomorrow = MORNING + timedelta(days=1)
    Book(scene.session, scene.elsewhere).close_period(until=tomorrow.date(), at=tomorrow, by=None)
