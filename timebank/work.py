"""The worker: what happens without anybody asking. Hours that waited too long are confirmed, people
are reminded, notices are sent.

Each item is an action of its own: one that fails is logged and tried again in the next round, and stops no other.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTP, SMTPException, SMTPServerDisconnected
from threading import Event
from uuid import UUID

import structlog
from sqlalchemy import Engine, func, select
from sqlmodel import Session

from timebank import clock
from timebank.access.actions import sweep
from timebank.config import Settings
from timebank.database import unit_of_work
from timebank.exchanges.codes import forget_codes
from timebank.exchanges.queries import overdue, to_remind
from timebank.exchanges.reminding import remind
from timebank.exchanges.reporting import confirm_overdue
from timebank.mail import letter, mail_server
from timebank.members.tables import Person
from timebank.network.queries import all_timebanks, policy_at
from timebank.network.tables import Policy, Timebank
from timebank.notices.actions import could_not_be_sent, was_sent
from timebank.notices.queries import unsent_mail
from timebank.notices.tables import Notice

EVERY_SECONDS = 30
AT_ONCE = 1000
WORKERS_TURN = 8_463_616  # the advisory lock for which workers on PostgreSQL try

log = structlog.get_logger()


@dataclass
class Round:
    """One round of work: what it works with, and what it has done so far."""

    session: Session
    settings: Settings
    at: datetime
    stop: Event
    confirmed: int = 0
    reminded: int = 0
    sent: int = 0
    failed: int = 0


def work_until(stop: Event, engine: Engine, settings: Settings, *, every: float = EVERY_SECONDS) -> None:
    """Round after round, until told to stop; then the item at hand is finished."""
    while not stop.is_set():
        try:
            work_once(engine, settings, at=clock.now(), stop=stop)
        except Exception:  # the database is away, say: the next round may find it
            log.exception("a round of work failed")
        stop.wait(every)


def work_once(engine: Engine, settings: Settings, *, at: datetime, stop: Event | None = None) -> Round:
    """One round; nothing is done in it while another worker is at work."""
    with _turn(engine) as is_mine, Session(engine) as session:
        round_ = Round(session, settings, at, stop or Event())
        if is_mine:
            _confirm_overdue(round_)
            _remind(round_)
            _send_mail(round_)
            with unit_of_work(session):
                sweep(session, at=at)
                forget_codes(session, at=at)
    done = {"confirmed": round_.confirmed, "reminded": round_.reminded, "sent": round_.sent, "failed": round_.failed}
    if any(done.values()):
        log.info("worked", **done)
    return round_


def _confirm_overdue(round_: Round) -> None:
    """Silence is taken for consent, where the policy in force takes it so."""
    for exchange_id in _exchanges(round_, overdue):
        with _item(round_, "an exchange could not be confirmed", exchange=exchange_id):
            with unit_of_work(round_.session) as session:
                has_moved_on = confirm_overdue(session, exchange_id, at=round_.at) is None
            round_.confirmed += not has_moved_on


def _remind(round_: Round) -> None:
    """Those who are waited for are reminded, after what their silence has decided by now."""
    for exchange_id in _exchanges(round_, to_remind):
        with _item(round_, "nobody could be reminded of an exchange", exchange=exchange_id):
            with unit_of_work(round_.session) as session:
                has_moved_on = remind(session, exchange_id, at=round_.at) is None
            round_.reminded += not has_moved_on


def _exchanges(round_: Round, waiting: Callable[[Session, Policy, datetime], Iterable[UUID]]) -> Iterator[UUID]:
    """What waits under the policy of each timebank, until the worker is told to stop."""
    for timebank_id in [each.id for each in all_timebanks(round_.session)]:
        policy = policy_at(round_.session, timebank_id, round_.at)
        for exchange_id in [*waiting(round_.session, policy, round_.at)]:
            if round_.stop.is_set():
                return
            yield exchange_id


def _send_mail(round_: Round) -> None:
    """Send what waits in the outbox; without a mail server it waits on."""
    if not round_.settings.mail_host:
        return
    waiting, timebanks = _outbox(round_.session, round_.at)
    if not waiting:
        return
    try:
        with mail_server(round_.settings) as server:
            for notice, person in waiting:
                if round_.stop.is_set():
                    return
                _send(round_, server, notice, person, timebanks[notice.timebank_id])
    except (OSError, SMTPException) as error:
        log.warning("the mail server cannot be used", host=round_.settings.mail_host, error=str(error))


def _send(round_: Round, server: SMTP, notice: Notice, person: Person, bank: Timebank) -> None:
    has_left = False
    with _item(round_, "a notice could not be sent", notice=notice.id):
        server.send_message(letter(notice, person, bank, settings=round_.settings, at=round_.at))
        has_left = True
        round_.sent += 1
    # a crash just here sends it twice, which is better than never
    with unit_of_work(round_.session) as session:
        (was_sent if has_left else could_not_be_sent)(session, notice.id, at=round_.at)


def _outbox(session: Session, at: datetime) -> tuple[Sequence[tuple[Notice, Person]], dict[UUID, Timebank]]:
    """What is to be sent, let go of by the session: no transaction stays open while a mail server takes its time."""
    waiting = unsent_mail(session, at, limit=AT_ONCE)
    timebanks = {each.id: each for each in all_timebanks(session)}
    session.expunge_all()
    session.rollback()
    return waiting, timebanks


@contextmanager
def _item(round_: Round, failure: str, **which: UUID) -> Iterator[None]:
    """One item of a round, whose failure is its own."""
    try:
        yield
    except SMTPServerDisconnected:
        raise
    except Exception:
        round_.failed += 1
        log.exception(failure, **which)


@contextmanager
def _turn(engine: Engine) -> Iterator[bool]:
    """Whether this worker may work now. The lock ends with the transaction, however that ends."""
    if engine.dialect.name != "postgresql":
        yield True
        return
    with engine.connect() as connection:
        yield bool(connection.scalar(select(func.pg_try_advisory_xact_lock(WORKERS_TURN))))
