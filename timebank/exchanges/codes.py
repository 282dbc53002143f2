"""A code that one side shows and the other scans to confirm the hours: it leads the way, and gives nobody a right."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete

from timebank.access.codes import code_digest, new_code
from timebank.exchanges.rules import ForTheReporter, MovedOn, NoSuchExchange, may_see, may_show_code
from timebank.exchanges.steps import locked
from timebank.exchanges.tables import ExchangeCode, State
from timebank.members.rules import Standing, check_active

CODE_LASTS = timedelta(minutes=30)


def show_code(session: Session, exchange_id: UUID, *, by: Standing, at: datetime) -> str:
    """Whoever logged the hours shows a code for the other to scan. Returns it, this once; the one before is over.

    Raises NoSuchExchange, MovedOn once the other has answered, ForTheReporter.
    """
    exchange = locked(session, exchange_id)
    if not may_see(exchange, by):
        raise NoSuchExchange
    check_active(by)
    if exchange.state is not State.REPORTED:
        raise MovedOn(exchange.state)
    if not may_show_code(exchange, by):
        raise ForTheReporter
    session.exec(delete(ExchangeCode).where(col(ExchangeCode.exchange_id) == exchange_id))
    code = new_code()
    session.add(ExchangeCode(digest=code_digest(code), exchange_id=exchange_id, made_at=at, ends_at=at + CODE_LASTS))
    session.flush()
    return code


def forget_codes(session: Session, *, at: datetime) -> None:
    """Codes that are over are forgotten."""
    session.exec(delete(ExchangeCode).where(col(ExchangeCode.ends_at) <= at))
