"""How tests use the pages: Flask's test client, signing in, and reading the forms of a page to send them back."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, QUICK_KIB, email_of
from timebank.app import create_app
from timebank.config import Settings
from timebank.database import engine_for


def settings_for_tests(**changed: Any) -> Settings:
    chosen: dict[str, Any] = {
        "database_url": "sqlite:///unused.db",  # create_app is given the test's engine
        "secret_key": "only for tests, and 32 letters long",
        "secure_cookies": False,
        "password_memory_kib": QUICK_KIB,
    }
    return Settings(**{**chosen, **changed})


class _Compiled(BytecodeCache):
    """Templates as an application of this process compiled them: to do so for each test took half of their time."""

    def __init__(self) -> None:
        self.templates: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self.templates.get(bucket.key):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.templates[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


def app_for_tests(engine: Engine, **changed: Any) -> Flask:
    """An application of its own on a test's database. Programmer's errors reach the test."""
    made = create_app(settings_for_tests(**changed), engine)
    made.testing = True
    made.jinja_env.bytecode_cache = _compiled
    return made


def _as_it_is(_: Flask) -> None:
    """Nothing is added."""


@cache
def _in_turns(build: Callable[[Flask], None]) -> Flask:
    """One application for all tests that want it built like this: to make one takes as long as a test."""
    made = app_for_tests(engine_for("sqlite://"))
    build(made)
    return made


def app_on(engine: Engine, build: Callable[[Flask], None] = _as_it_is) -> Flask:
    """The application that tests use in turns, each on its own database."""
    lent = _in_turns(build)
    lent.testing = True
    lent.extensions["timebank"] = replace(lent.extensions["timebank"], engine=engine)
    return lent


class _Forms(HTMLParser):
    """Every form of a page: its address, and what it would send if nothing were typed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self._open = False
        self._select = self._textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "form":
            self._open = True
            self.found.append((said.get("action") or "", {}))
        if not self._open:
            return
        if tag == "input" and name and not (said.get("type") in {"checkbox", "radio"} and "checked" not in said):
            self.found[-1][1][name] = value
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and ("selected" in said or self._select not in self.found[-1][1]):
            self.found[-1][1][self._select] = value
        if tag == "textarea":
            self._textarea = name
            self.found[-1][1][name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.found[-1][1][self._textarea] += data.removeprefix("\n")


def forms_in(page: str) -> dict[str, dict[str, Any]]:
    """The forms of a page by address, each as what it would send if nothing more were typed."""
    forms: dict[str, dict[str, Any]] = {}
    for action, fields in _Forms(page).found:
        forms.setdefault(action, fields)
    return forms


def forms_of(answer: TestResponse) -> dict[str, dict[str, Any]]:
    """The forms of an answer's page."""
    return forms_in(answer.text)


def form_of(answer: TestResponse, action: str = "") -> dict[str, Any]:
    """The form sent to an address that ends in `action`; by default the page's own, after those of the masthead."""
    around = {"/language", "/sign-out"}
    found = [(to, fields) for to, fields in _Forms(answer.text).found if to not in around or to == action]
    return next(fields for to, fields in found if to.endswith(action))


def token_of(client: FlaskClient) -> str:
    """A token that this browser may send with any form."""
    token: str = forms_of(client.get("/accessibility"))["/language"]["csrf_token"]
    return token


def send(client: FlaskClient, address: str, **typed: Any) -> TestResponse:
    """Send a form without opening its page first."""
    return client.post(address, data={"csrf_token": token_of(client), **typed})


def fill_in(client: FlaskClient, address: str, **typed: Any) -> TestResponse:
    """Open a page, fill in its form and send it."""
    drawn = form_of(client.get(address), address.partition("?")[0])
    return client.post(address, data={**drawn, **typed})


def sign_in_as(client: FlaskClient, name: str, password: str = PASSWORD) -> FlaskClient:
    """Sign one of the cast in. Returns the browser, to chain."""
    answer = send(client, "/sign-in", email=email_of(name), password=password)
    assert answer.status_code == 303, answer.text
    return client


def rules_of(app: Flask, method: str) -> Iterator[tuple[str, str]]:
    """Every endpoint that takes a method, with an address of it whose placeholders are filled in."""
    nobody = "00000000-0000-4000-8000-000000000000"
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or set()):
                values: dict[str, Any] = dict.fromkeys(rule.arguments, "nothing")
                values |= {name: nobody for name in rule.arguments if f"<uuid:{name}>" in rule.rule}
                values |= {name: 1 for name in rule.arguments if re.search(rf"<int\b[^>]*:{name}>", rule.rule)}
                yield rule.endpoint, adapter.build(rule.endpoint, values, method=method)
