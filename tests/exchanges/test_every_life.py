"""Whatever is done with exchanges under whichever policy, the house does what the model says.

`make test-faults` goes on for much longer, with other chances each time.
"""

from sqlalchemy import Engine

from tests.exchanges.machine import live


def test_the_house_does_what_the_model_says(engine: Engine) -> None:
    live(engine, examples=3, steps=30)
