"""A desk for each test."""

import pytest
from sqlmodel import Session

from tests.cast import Cast
from tests.sheets.desk import Desk


@pytest.fixture
def desk(session: Session, cast: Cast) -> Desk:
    return Desk(session, cast)
