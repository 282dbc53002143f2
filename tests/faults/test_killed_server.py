"""`timebank serve` is killed in the midst of forms that are sent: sent again, each counts once."""

import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from random import Random
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, build_opener
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from ledger import audit
from tests.browser.site import Site, served
from tests.browsing import forms_in
from tests.cast import PASSWORD, Cast, email_of
from tests.faults.conftest import Measured
from timebank.exchanges.tables import Exchange, State
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval, Confirmation

KILLS = 10
LONGEST_WAIT_SECONDS = 0.3
LOG = "/exchanges/log"


@pytest.fixture
def terms() -> PolicyTerms:
    """What the giver logs is credited at once: the form that is sent is an entry in the book."""
    return PolicyTerms(
        approval=Approval.NONE, confirmation=Confirmation.GIVER, floor_seconds=None, auto_confirm_days=None
    )


class Client:
    """Ana's browser: it keeps its cookies, follows no redirection, and sends a form again until it is answered."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()), _Stay)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        data = None if form is None else urlencode(form).encode()
        try:
            with self._opener.open(self._site.address + path, data, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as answer:
            return answer.code, answer.read().decode()

    def form(self, path: str, action: str) -> dict[str, str]:
        status, page = self.ask(path)
        assert status == 200, page
        return forms_in(page)[action]

    def insist(self, path: str, form: dict[str, str], unanswered: Callable[[], object]) -> tuple[int, str]:
        while True:
            try:
                return self.ask(path, form)
            except (OSError, HTTPException):  # it was killed while we waited, or before we had asked
                unanswered()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_sent_to_a_server_that_is_killed_counts_once_when_it_is_sent_again(
    engine: Engine, database_url: str, cast: Cast, tmp_path: Path, drawn: Random, measured: Measured
) -> None:
    engine.dispose()
    sent: list[UUID] = []
    struck: set[int] = set()

    def note() -> None:
        struck.add(len(sent))
        time.sleep(0.05)

    with served(database_url, tmp_path / "log") as site:
        ana = Client(site)
        form = ana.form("/sign-in", "/sign-in") | {"email": email_of("ana"), "password": PASSWORD}
        assert ana.ask("/sign-in", form)[0] == 303
        drawn_form = ana.form(LOG, LOG)
        drawn_form |= {"direction": "given", "party_id": str(cast.ben.member_id), "hours": "0:15"}
        drawn_form |= {"happened_on": datetime.now(UTC).date().isoformat()}
        killed = Thread(target=kill_again_and_again, args=(site, sent, drawn), daemon=True)
        killed.start()
        while killed.is_alive():
            submission = UUID(int=drawn.getrandbits(128), version=4)
            form = drawn_form | {"submission": str(submission), "title": f"Help {len(sent)}"}
            status, page = ana.insist(LOG, form, note)
            assert status == 303, page
            sent.append(submission)
        killed.join()
    with Session(engine) as session:
        exchanges = session.exec(select(Exchange)).all()
        assert sorted(exchange.submission for exchange in exchanges) == sorted(sent)
        assert {exchange.state for exchange in exchanges} == {State.CREDITED}
        report = audit(session)
    assert (report.entries, report.problems) == (len(sent), [])
    assert len(struck) == KILLS
    measured(f"{KILLS} kills, {len(sent)} forms, {len(struck)} of them sent more than once")


def kill_again_and_again(site: Site, sent: list[UUID], drawn: Random) -> None:
    """Each time when it has answered again, and a moment later."""
    for _ in range(KILLS):
        answered = len(sent)
        while len(sent) == answered:
            time.sleep(0.005)
        time.sleep(drawn.uniform(0, LONGEST_WAIT_SECONDS))
        site.end(signal.SIGKILL)
        site.start()
