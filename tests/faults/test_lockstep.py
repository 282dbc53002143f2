"""Many books beside their model, on both engines at once."""

from tests.databases import Databases
from tests.ledger.test_model import go_in_lockstep


def test_many_books(databases: Databases) -> None:
    go_in_lockstep(databases, examples=30)
