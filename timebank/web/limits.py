"""How often something may be tried: counted in the database, which every process of the installation shares."""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import request
from flask_limiter import Limiter
from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from timebank.access.actions import count_attempt, forget_attempts
from timebank.access.queries import attempts_until
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.web.session import installation, me

STORED = "timebank"
SHARED_BY_ONE_LINE = 64
"""Bits of an IPv6 address that a household or a phone has for itself."""


class Counted(Storage):
    """Flask-Limiter's counters as rows, counted in short transactions of their own, so that a refusal counts too."""

    STORAGE_SCHEME = [STORED]  # noqa: RUF012 - limits' own way

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with Session(installation().engine) as session, unit_of_work(session):
            return count_attempt(session, key, lasting=timedelta(seconds=expiry), times=amount, at=now())

    def get(self, key: str) -> int:
        with Session(installation().engine) as session:
            return attempts_until(session, key, now())[0]

    def get_expiry(self, key: str) -> float:
        with Session(installation().engine) as session:
            return attempts_until(session, key, now())[1].timestamp()

    def check(self) -> bool:
        return True

    def reset(self) -> None:
        raise NotImplementedError  # nobody forgets everybody's

    def clear(self, key: str) -> None:
        with Session(installation().engine) as session, unit_of_work(session):
            forget_attempts(session, key)


def address() -> str:
    """Where a request comes from; of an IPv6 address, the part that its owner cannot vary."""
    said = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - nowhere
    if isinstance(said, IPv6Address):
        return str(int(said) >> (128 - SHARED_BY_ONE_LINE))
    return str(said)


def named_account() -> str:
    """Whose account a sign-in is for, known here or not."""
    return request.form.get("email", "").strip().casefold()[:254] or "nobody"


def named_account_from_here() -> str:
    """The same from one place: whoever guesses there does not lock the account's owner out elsewhere."""
    return f"{named_account()} {address()}"


def own_account() -> str:
    return str(me().person_id)


def seconds_to_wait() -> int:
    """After how long whoever has tried too often may try again."""
    breached = limiter.current_limit
    return max(1, round(breached.reset_at - now().timestamp())) if breached else 1


def was_refused(response: Any) -> bool:
    """By us, for what was sent. What breaks here is not held against whoever sent it, and could not be written down."""
    return 400 <= response.status_code < 500  # noqa: PLR2004


limiter = Limiter(address, storage_uri=f"{STORED}://", strategy="fixed-window", headers_enabled=False)


def failed_tries(key: Any, most: str) -> Any:
    """Limit how often something may be looked for in vain."""
    return limiter.limit(most, key_func=key, deduct_when=was_refused)


def tries(key: Any, most: str) -> Any:
    """Limit how often a form may be sent in vain, by address or by account."""
    return limiter.limit(most, key_func=key, methods=["POST"], deduct_when=was_refused)
