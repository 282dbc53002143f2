"""A table at which two sit for each test."""

import pytest
from sqlmodel import Session

from tests.cast import Cast
from tests.exchanges.stage import Stage


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session, cast)
