"""A purse for each test."""

import pytest
from sqlmodel import Session

from tests.cast import Cast
from tests.donations.purse import Purse


@pytest.fixture
def purse(session: Session, cast: Cast) -> Purse:
    return Purse(session, cast)
