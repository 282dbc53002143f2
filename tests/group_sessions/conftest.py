"""A hall for each test."""

import pytest
from sqlmodel import Session

from tests.cast import Cast
from tests.group_sessions.hall import Hall


@pytest.fixture
def hall(session: Session, cast: Cast) -> Hall:
    return Hall(session, cast)
