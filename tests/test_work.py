"""The worker: silence is taken for consent where the policy says so, notices are sent, and no item stops another."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from tests.cast import Cast
from timebank.config import Settings
from timebank.database import unit_of_work
from timebank.exchanges.agreeing import Between
from timebank.exchanges.reporting import log
from timebank.exchanges.tables import Exchange, State, Step
from timebank.notices.tables import Notice
from timebank.work import WORKERS_TURN, work_once

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_FORTNIGHT_LATER = MONDAY + timedelta(days=14)
HALF_PAST_ONE = 5400


class Postbox(socketserver.ThreadingTCPServer):
    """A mail server of few words, which keeps what it is given and turns away whom it is told to."""

    def __init__(self, *, turns_away: str = "") -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.turns_away = turns_away
        self.received: list[EmailMessage] = []

    @property
    def settings(self) -> Settings:
        port: int = self.server_address[1]
        return Settings(
            database_url="sqlite:///nowhere.db",
            base_url="https://timebank.example.org",
            mail_host="127.0.0.1",
            mail_port=port,
            mail_tls=False,
            mail_from="timebank@example.org",
        )


class Conversation(socketserver.StreamRequestHandler):
    """One client, in as much SMTP as it takes."""

    server: Postbox

    def handle(self) -> None:
        self.say("220 good morning")
        while line := self.rfile.readline().decode().strip():
            match line.upper().split()[0]:
                case "DATA":
                    self.say("354 go on")
                    self.server.received.append(self.letter())
                    self.say("250 thank you")
                case "RCPT" if self.server.turns_away and self.server.turns_away in line:
                    self.say("550 nobody of that name")
                case "QUIT":
                    return self.say("221 goodbye")
                case _:
                    self.say("250 yes")
        return None

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())

    def letter(self) -> EmailMessage:
        lines = iter(self.rfile.readline, b".\r\n")
        return message_from_bytes(b"".join(lines), policy=policy.default)  # type: ignore[return-value]


@contextmanager
def a_postbox(**more: str) -> Iterator[Postbox]:
    with Postbox(**more) as postbox:
        threading.Thread(target=postbox.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield postbox
        postbox.shutdown()


@pytest.fixture
def without_mail() -> Settings:
    return Settings(database_url="sqlite:///nowhere.db")


def logged(session: Session, cast: Cast, *, at: datetime = MONDAY) -> UUID:
    """Ana logs that she baked with Ben; Ben has not answered."""
    between = Between(giver_id=cast.ana.member_id, receiver_id=cast.ben.member_id, proposer_id=cast.ana.member_id)
    with unit_of_work(session):
        return log(
            session,
            between=between,
            title="Baking bread",
            seconds=HALF_PAST_ONE,
            happened_on=date(2026, 3, 1),
            by=cast.ana,
            at=at,
            submission=uuid4(),
        ).id


def state_of(session: Session, exchange_id: UUID) -> State:
    session.rollback()
    return session.get_one(Exchange, exchange_id).state


def unsent(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Notice).where(col(Notice.sent_at).is_(None))) or 0


def test_hours_are_confirmed_when_they_have_waited_as_long_as_the_policy_says(
    engine: Engine, session: Session, cast: Cast, without_mail: Settings
) -> None:
    exchange_id = logged(session, cast)
    assert work_once(engine, without_mail, at=A_FORTNIGHT_LATER - timedelta(seconds=1)).confirmed == 0
    assert state_of(session, exchange_id) is State.REPORTED
    assert work_once(engine, without_mail, at=A_FORTNIGHT_LATER).confirmed == 1
    assert state_of(session, exchange_id) is not State.REPORTED
    assert work_once(engine, without_mail, at=A_FORTNIGHT_LATER).confirmed == 0


def test_one_exchange_that_cannot_be_confirmed_stops_no_other(
    engine: Engine, session: Session, cast: Cast, without_mail: Settings
) -> None:
    broken, sound = logged(session, cast), logged(session, cast, at=MONDAY + timedelta(minutes=1))
    with unit_of_work(session):
        first = session.get_one(Step, (broken, 1))
        session.add(Step(**first.model_dump() | {"number": 2}))  # stands where the confirmation would
    done = work_once(engine, without_mail, at=A_FORTNIGHT_LATER + timedelta(hours=1))
    assert (done.confirmed, done.failed) == (1, 1)
    assert state_of(session, broken) is State.REPORTED
    assert state_of(session, sound) is not State.REPORTED


def test_a_notice_is_sent_once_in_its_readers_language(engine: Engine, session: Session, cast: Cast) -> None:
    exchange_id = logged(session, cast)
    with a_postbox() as postbox:
        assert work_once(engine, postbox.settings, at=MONDAY).sent == 1
        assert work_once(engine, postbox.settings, at=MONDAY).sent == 0
    [letter] = postbox.received
    assert letter["To"] == "ben@example.org"
    assert "timebank@example.org" in letter["From"]
    assert "Baking bread" in letter["Subject"]
    assert f"https://timebank.example.org/exchanges/{exchange_id}" in letter.get_content()
    assert unsent(session) == 0


def test_an_address_that_is_turned_away_stops_no_other(engine: Engine, session: Session, cast: Cast) -> None:
    logged(session, cast)
    with unit_of_work(session):
        session.add(
            Notice(
                timebank_id=cast.timebank_id,
                person_id=cast.ana.person_id,
                channel="email",
                kind="credited",
                values={"other": "Ben", "title": "Shopping", "seconds": 3600},
                made_at=MONDAY + timedelta(minutes=1),
                due_at=MONDAY + timedelta(minutes=1),
            )
        )
    with a_postbox(turns_away="ben@") as postbox:
        done = work_once(engine, postbox.settings, at=MONDAY + timedelta(minutes=2))
    assert (done.sent, done.failed) == (1, 1)
    assert [letter["To"] for letter in postbox.received] == ["ana@example.org"]
    assert unsent(session) == 1


def test_what_could_not_be_sent_is_tried_again_ever_later(engine: Engine, session: Session, cast: Cast) -> None:
    logged(session, cast)
    with a_postbox(turns_away="ben@") as postbox:
        assert work_once(engine, postbox.settings, at=MONDAY).failed == 1
        assert work_once(engine, postbox.settings, at=MONDAY + timedelta(minutes=1)).failed == 0
        assert work_once(engine, postbox.settings, at=MONDAY + timedelta(minutes=2)).failed == 1
        assert work_once(engine, postbox.settings, at=MONDAY + timedelta(minutes=5)).failed == 0
    with a_postbox() as postbox:
        assert work_once(engine, postbox.settings, at=MONDAY + timedelta(minutes=6)).sent == 1
    assert unsent(session) == 0


def test_notices_wait_while_there_is_no_mail_server(
    engine: Engine, session: Session, cast: Cast, without_mail: Settings
) -> None:
    logged(session, cast)
    with a_postbox() as postbox:
        gone = postbox.settings
    assert work_once(engine, without_mail, at=MONDAY).sent == 0
    assert work_once(engine, gone, at=MONDAY).sent == 0
    assert unsent(session) == 1


def test_two_workers_take_turns(engine: Engine, session: Session, cast: Cast, without_mail: Settings) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("on SQLite there is one worker")
    exchange_id = logged(session, cast)
    with engine.connect() as another:
        another.execute(select(func.pg_advisory_xact_lock(WORKERS_TURN)))
        assert work_once(engine, without_mail, at=A_FORTNIGHT_LATER).confirmed == 0
    assert state_of(session, exchange_id) is State.REPORTED
    assert work_once(engine, without_mail, at=A_FORTNIGHT_LATER).confirmed == 1
