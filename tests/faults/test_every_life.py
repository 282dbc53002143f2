"""Many lives of exchanges beside their model, drawn from this run's seed."""

import os

from sqlalchemy import Engine

from tests.exchanges.machine import live
from tests.faults.conftest import SEED


def test_many_lives(engine: Engine) -> None:
    live(engine, examples=80, steps=60, drawn_from=int(os.environ[SEED]))
