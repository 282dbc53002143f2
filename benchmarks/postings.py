"""Writing entries: what one table says for each engine."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.answering import ROOT, Clients
from benchmarks.measuring import Goal, Side, in_turns, table
from benchmarks.peers import ours, raw_sqlite
from benchmarks.servers import NoPostgresqlHere, database, environment_for, postgresql, settle

WRITERS = 4
HISTORY = 10_000
"""Entries that stand in every book before anything is measured: nobody's ledger is empty for long."""
OURS = [sys.executable, "-m", "benchmarks.peers.ours"]
RAW = [sys.executable, "-m", "benchmarks.peers.raw_sqlite"]
ALL_LAWS = "limits, keys, chain, holds, all guards"
NO_LAWS = "limits, keys; no chain, holds or guards"
SUMS = "sums to zero; no limits, keys, chain or holds"
LIMITS = "sums to zero, limits; no keys, chain or holds"


def sections(folder: Path, *, engine: str | None, is_quick: bool) -> list[str]:
    rounds, scale = (3, 1) if is_quick else (7, 2)
    found = []
    if engine != "postgresql":
        found.append(_on_sqlite(folder, rounds, scale))
    if engine != "sqlite":
        try:
            with postgresql(folder) as server:
                found.append(_on_postgresql(folder, server, rounds, scale))
        except NoPostgresqlHere:
            print("\n!!! No PostgreSQL is installed here: its tables are left out.\n", file=sys.stderr)
    return found


def _on_sqlite(folder: Path, rounds: int, scale: int) -> str:
    setting = ours.lay_out(f"sqlite:///{folder}/ours.db", books=1)
    bare = {**ours.lay_out(f"sqlite:///{folder}/raw.db", books=1), "file": f"{folder}/raw.db"}
    raw_sqlite.strip(bare["file"])
    our_client, raw_client = Clients(OURS, 1, setting), Clients(RAW, 1, bare)
    raw = Side("raw sqlite3, one per commit", raw_client, "post", 100 * scale, NO_LAWS)
    raw_many = Side("raw sqlite3, 100 per commit", raw_client, "batch", 200 * scale, NO_LAWS)
    one = Side("post, one per commit", our_client, "post", 100 * scale, ALL_LAWS)
    many = Side("post_many, 100 per commit", our_client, "batch", 200 * scale, ALL_LAWS)
    threads = Side("post, 16 threads", our_client, "threads", 160 * scale, ALL_LAWS)
    sides = [raw, one, many, raw_many, threads]
    for side in (raw, one):
        side.clients.do("post", HISTORY)
    in_turns(sides, rounds)
    for client in (our_client, raw_client):
        client.end()
    _judge([one, many, threads], OURS, setting)
    _judge([raw, raw_many], RAW, bare)
    longest = max(said["longest_ms"] for said in threads.said)  # type: ignore[index]  # what the side says
    goals = [
        Goal("post to raw, one per commit", one, raw, 0.55),
        Goal("post_many of 100 to raw one per commit", many, raw, 1.2),
        Goal("16 threads to one thread", threads, one, 1.0),
    ]
    return _section("SQLite", sides, raw, goals) + (
        f"\n\nThe longest that one of the sixteen threads waited for a post: {longest:.0f} ms (aim: 250)."
    )


def _on_postgresql(folder: Path, server: str, rounds: int, scale: int) -> str:
    setting = ours.lay_out(database(server, "ours").replace("postgresql:", "postgresql+psycopg:"), books=8)
    one_client, four_clients = Clients(OURS, 1, setting), Clients(OURS, WRITERS, {**setting, "first": 1})
    times = 40 * scale
    one = Side("post, 1 client", one_client, "post", times, ALL_LAWS)
    hot = Side("post, 1 client, one hot pot", one_client, "hot", times, ALL_LAWS)
    many = Side("post_many of 100, 1 client", one_client, "batch", 100 * scale, ALL_LAWS)
    four = Side("post, 4 clients, 8 books", four_clients, "spread", times, ALL_LAWS, count=WRITERS)
    our_sides, all_clients = [one, hot, many, four], [one_client, four_clients]
    goals = [
        Goal("post_many of 100 to one per commit", many, one, 3.0),
        Goal("a hot pot to the same book's uniform case", hot, one, 0.9),
    ]
    peers = _hordak(folder, server, times)
    if peers:
        unchecked, checked, unchecked_4, checked_4 = peers
        goals += [
            Goal("post to hordak unchecked, 1 client", one, unchecked, 1.2),
            Goal("post to hordak checked, 1 client", one, checked, 3.0),
            Goal("post to hordak unchecked, 4 clients", four, unchecked_4, 1.0),
            Goal("post to hordak checked, 4 clients", four, checked_4, 3.0),
        ]
        all_clients += [unchecked.clients, unchecked_4.clients]
    for side in (one, *peers[:1]):
        side.clients.do("post", HISTORY)
    for name in ("ours", "hordak")[: 1 + bool(peers)]:
        settle(server, name)
    in_turns([*our_sides, *peers], rounds)
    for clients in all_clients:
        clients.end()
    _judge(our_sides, OURS, setting)
    return _section("PostgreSQL", [*our_sides, *peers], one, goals)


def _hordak(folder: Path, server: str, times: int) -> list[Side]:
    """django-hordak in an environment of its own; nothing where it cannot be had."""
    python = environment_for("django-hordak", folder)
    if python is None:
        return []
    program = [str(python), "-m", "benchmarks.peers.hordak"]
    setting = {"url": database(server, "hordak"), "client": 0}
    subprocess.run([*program, json.dumps({**setting, "lay_out": True})], check=True, cwd=ROOT)
    alone, together = Clients(program, 1, setting), Clients(program, WRITERS, setting)
    sides = [
        Side("django-hordak, 1 client", alone, "post", times, SUMS),
        Side("django-hordak checked, 1 client", alone, "checked", times, LIMITS),
        Side("django-hordak, 4 clients", together, "post", times, SUMS, count=WRITERS),
        Side("django-hordak checked, 4 clients", together, "checked", times, LIMITS, count=WRITERS),
    ]
    _judge(sides, program, setting)
    return sides


def _judge(sides: Sequence[Side], program: Sequence[str], setting: dict[str, Any]) -> None:
    """Let four writers spend from one purse, and one key be used by all of them; then look at what is there."""
    writers, judge = Clients([*program], WRITERS, {**setting, "first": 5}), Clients([*program], 1, setting)
    _, [before] = judge.do("check", 1)
    _, spent = writers.do("spend", 60)
    _, [after] = judge.do("check", 1)
    for clients in (writers, judge):
        clients.end()
    for wrong in _wrongs(before, after, sum(spent)):
        print(f"!!! {sides[0].name}: {wrong}", file=sys.stderr)
        for side in sides:
            side.is_right = False


def _wrongs(before: dict[str, Any], after: dict[str, Any], went: int) -> Iterator[str]:
    if after["sum"]:
        yield f"balances sum to {after['sum']}"
    if after.get("problems"):
        yield f"the audit finds {after['problems']} problems"
    if "purse" in after and not after["purse"] == -went == -ours.PURSE:
        yield f"{went} of {ours.PURSE} minutes were spent, and {-after['purse']} are gone"
    if "keys" in after and after["entries"] - before["entries"] != went + 1:
        yield "one key led to several entries"


def _section(engine: str, sides: Sequence[Side], to: Side, goals: Sequence[Goal]) -> str:
    rows = []
    for side in sides:
        ratio = f"{side.rate / to.rate:.2f}" if side.is_right else "not correct: does not count"
        rows.append([side.name, f"{side.rate:,.0f}/s", ratio, side.does])
    text = f"## Writing on {engine}\n\n" + table(["side", "entries", f"to {to.name}", "what it does"], rows)
    text += "\n\n" + table(["aim", "ratio", "at least", "reached"], [goal.line() for goal in goals])
    print("\n" + text, flush=True)
    return text
