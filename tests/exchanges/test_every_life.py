"""Whatever is done with exchanges under whichever policy, the house does what the model says.

`make test-faults` goes on for longer; `--hypothesis-show-statistics` says how often each verb was granted and refused.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from tests.exchanges.machine import Machine

EXAMPLES, STEPS = 6, 40


def test_the_house_does_what_the_model_says(engine: Engine) -> None:
    run_state_machine_as_test(
        lambda: Machine(engine),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
