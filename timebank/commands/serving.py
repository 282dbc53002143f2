"""Serving the pages and the API by waitress; on SQLite with the worker in a thread beside it."""

import errno
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from typing import Any, NoReturn

import click
import waitress
from sqlalchemy import Engine

from timebank import schema
from timebank.app import create_app
from timebank.commands.databases import Schema, opened, served_only_here, sqlite_file, up_to_date
from timebank.commands.logs import log_to_stderr
from timebank.commands.plain_words import Stopped, address, where
from timebank.config import Settings
from timebank.work import work_until

LARGEST_REQUEST = 4 * 1024 * 1024


def serve(*, host: str, port: int, threads: int) -> None:
    settings = Settings.from_environment()
    file = sqlite_file(address(settings.database_url))
    with ExitStack() as stack:
        if file is None:
            stack.enter_context(up_to_date(settings.database_url))
            door = stack.enter_context(listening(host, port))
        else:
            tell_where = stack.enter_context(served_only_here(file))
            door = stack.enter_context(listening(host, port))
            tell_where(at(door))
            set_up_if_empty(settings.database_url)
        answer(door, settings, threads=threads, with_worker=file is not None)


def set_up_if_empty(url: str) -> None:
    """A SQLite file that is new or empty becomes a timebank database; one that is behind waits for `upgrade`."""
    with opened(url) as (engine, stands):
        if stands is Schema.BEHIND:
            raise Stopped(f"{where(engine.url)} was written by an older timebank than this one. Run: timebank upgrade")
        if stands is Schema.EMPTY:
            click.echo(f"Setting up {where(engine.url)} ...")
            schema.upgrade(engine)


def answer(door: socket.socket, settings: Settings, *, with_worker: bool, threads: int = 4) -> None:
    """Answer requests until SIGTERM or Ctrl+C; what was begun is finished."""
    log_to_stderr()
    app = create_app(settings)
    server: Any = waitress.create_server(
        app,
        sockets=[door],
        threads=threads,
        ident=None,
        max_request_body_size=LARGEST_REQUEST,
        clear_untrusted_proxy_headers=not settings.proxies,  # those that are believed, the application takes off itself
    )
    signal.signal(signal.SIGTERM, _leave)
    engine: Engine = app.extensions["timebank"].engine
    with worker_beside(engine, settings) if with_worker else nullcontext():
        click.echo(f"Serving on {at(door)}  (Ctrl+C stops)")
        server.run()
    engine.dispose()
    click.echo("Stopped.")


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that is bound before anything slow is done. Stops if somebody else has the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            match error.errno:
                case errno.EADDRINUSE:
                    reason = f"Port {port} on {host} is taken. Choose another one: --port {port + 1}"
                case errno.EACCES:
                    reason = f"You may not listen on port {port}. Choose one above 1023, behind a proxy."
                case _:
                    reason = f"{host} is no address of this machine."
            raise Stopped(reason) from error
        yield door


def at(door: socket.socket) -> str:
    """The address under which a browser on this machine finds it."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def worker_beside(engine: Engine, settings: Settings) -> Iterator[None]:
    """The worker in a thread that queues with the requests to write; what it has begun it finishes."""
    stop = threading.Event()
    thread = threading.Thread(target=work_until, args=(stop, engine, settings), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


def _leave(*_: object) -> NoReturn:
    raise SystemExit
