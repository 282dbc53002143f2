"""A stage for each test; `terms` is what its timebank's policy says."""

import pytest
from sqlmodel import Session

from tests.cast import gather
from tests.exchanges.stage import Stage
from timebank.network.rules import PolicyTerms


@pytest.fixture
def terms() -> PolicyTerms:
    """Approval beforehand, and both give their word."""
    return PolicyTerms()


@pytest.fixture
def stage(session: Session, terms: PolicyTerms) -> Stage:
    return Stage(session, gather(session, terms=terms))
