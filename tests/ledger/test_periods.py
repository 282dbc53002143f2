"""Closing a book up to a day: what is sealed then, what is refused afterwards, and what a member can prove."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from ledger import (
    Balance,
    Book,
    ClosedPeriod,
    InclusionProof,
    Malformed,
    NothingToClose,
    NotSealed,
    UnknownEntry,
    audit,
    create_book,
    merkle,
)
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast
from tests.ledger.unguarded import take_guards_down

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def close(cast: Cast, until: date = TODAY) -> Any:
    period = cast.book.close_period(until=until, at=MORNING + timedelta(days=2), by=cast.bea)
    cast.session.commit()
    return period


def test_a_closed_period_keeps_its_trial_balance_its_head_and_its_root(cast: Cast) -> None:
    first = cast.give(cast.ana, cast.ben, effective_on=YESTERDAY)
    hold = cast.hold(cast.ana, cast.ben, 60)
    period = close(cast)
    assert (period.number, period.since, period.until, period.closed_by) == (1, YESTERDAY, TODAY, cast.bea)
    assert period.head == cast.book.head() == (2, hold.hash)
    assert cast.book.sealed(1) == {cast.ana: Balance(HOUR, out=60), cast.ben: Balance(-HOUR, in_=60)}
    leaves = [sha256(b"\0" + entry.hash).digest() for entry in (first, hold)]
    assert period.merkle_root == sha256(b"\1" + leaves[0] + leaves[1]).digest()
    assert cast.book.periods() == [period]
    assert audit(cast.session, cast.book.id).problems == []


def test_periods_follow_one_another_and_take_nothing_late(cast: Cast) -> None:
    cast.give(cast.ana, cast.ben, effective_on=YESTERDAY)
    first = close(cast, YESTERDAY)
    with pytest.raises(ClosedPeriod):
        cast.give(cast.ana, cast.ben, effective_on=YESTERDAY)
    cast.give(cast.ana, cast.ben)
    second, third = close(cast, TODAY), close(cast, TOMORROW)
    assert (second.since, third.since, third.head) == (TODAY, TOMORROW, second.head)
    assert len({first.hash, second.hash, third.hash}) == 3
    cast.give(cast.ana, cast.ben, effective_on=TOMORROW + timedelta(days=1))
    cast.session.commit()
    assert cast.book.sealed(1) == {cast.ana: Balance(HOUR), cast.ben: Balance(-HOUR)}
    assert audit(cast.session, cast.book.id).problems == []


def test_what_is_closed_already_or_not_begun_or_empty_is_not_closed(cast: Cast) -> None:
    with pytest.raises(NothingToClose) as empty:
        cast.book.close_period(until=TODAY, at=MORNING, by=None)
    assert empty.value.book == cast.book.id
    cast.give(cast.ana, cast.ben)
    with pytest.raises(Malformed):
        cast.book.close_period(until=TODAY + timedelta(days=2), at=MORNING, by=None)
    close(cast)
    with pytest.raises(ClosedPeriod) as closed:
        cast.book.close_period(until=TODAY, at=MORNING, by=None)
    assert (closed.value.effective_on, closed.value.closed_until) == (TODAY, TODAY)
    assert len(cast.book.periods()) == 1


def test_only_what_stands_in_a_closed_period_can_be_proved(cast: Cast) -> None:
    entry = cast.give(cast.ana, cast.ben)
    with pytest.raises(NotSealed) as nothing:
        cast.book.inclusion_proof(entry.id)
    assert (nothing.value.number, nothing.value.sealed_until) == (1, 0)
    close(cast)
    late = cast.give(cast.ana, cast.ben, effective_on=TOMORROW)
    with pytest.raises(NotSealed) as later:
        cast.book.inclusion_proof(late.id)
    assert (later.value.number, later.value.sealed_until) == (2, 1)
    with pytest.raises(UnknownEntry):
        Book(cast.session, create_book(cast.session, at=MORNING)).inclusion_proof(entry.id)


@given(leaves=st.integers(1, 70), data=st.data())
def test_every_leaf_has_a_path_to_the_root_and_no_other_leaf_has_it(leaves: int, data: st.DataObject) -> None:
    contents = [f"{number}".encode() for number in range(leaves)]
    place = data.draw(st.integers(0, leaves - 1))
    root, path = merkle.Tree(contents).root(), merkle.path(contents, place)
    assert joined(merkle.leaf(contents[place]), place, leaves, path) == root
    assert joined(merkle.leaf(b"other"), place, leaves, path) != root


def joined(top: bytes, place: int, leaves: int, path: list[bytes]) -> bytes:
    """As RFC 9162 (2.1.3.2) says to check a path: another way than the one that made it."""
    last = leaves - 1
    for step in path:
        if place % 2 or place == last:
            top = merkle.node(step, top)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            top = merkle.node(top, step)
        place, last = place // 2, last // 2
    assert last == 0
    return top


def test_a_tree_without_leaves_has_the_root_that_the_standard_gives_it() -> None:
    assert merkle.Tree().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


# What a member does with a proof, on another machine


def checked(here: Path, folder: Path, proof: dict[str, Any], root: str) -> subprocess.CompletedProcess[str]:
    written = folder / "proof.json"
    written.write_text(json.dumps(proof))
    script = here / "docs/check_inclusion.py"
    return subprocess.run([sys.executable, "-I", script, written, root], capture_output=True, text=True, check=False)


@pytest.fixture
def proof(cast: Cast) -> InclusionProof:
    third = [cast.give(cast.ana, cast.ben, seconds) for seconds in (60, 120, 180, 240, 300)][2]
    close(cast)
    return cast.book.inclusion_proof(third.id)


def test_a_member_checks_an_entry_with_the_script_of_the_docs(
    proof: InclusionProof, cast: Cast, here: Path, tmp_path: Path
) -> None:
    root = cast.book.periods()[0].merkle_root.hex()
    found = checked(here, tmp_path, proof.as_json(), root)
    assert found.returncode == 0, found.stderr
    said = dict(line.split(maxsplit=1) for line in found.stdout.splitlines()[1:] if " " in line)
    assert found.stdout.startswith("RIGHT")
    assert (said["number"], said["kind"], said["moved"]) == ("3", "post", "180")
    assert {cast.ana.hex, cast.ben.hex} <= set(found.stdout.split())


def test_a_proof_without_the_record_shows_nothing_of_the_other_side(
    proof: InclusionProof, here: Path, tmp_path: Path
) -> None:
    found = checked(here, tmp_path, proof.as_json(with_record=False), proof.root.hex())
    assert (found.returncode, found.stdout.count("\n")) == (0, 1)
    assert proof.hash.hex() in found.stdout


@pytest.mark.parametrize(
    ("bend", "what"),
    [
        (lambda said: said.update(record=said["record"].replace(b"t\x00".hex(), b"tt".hex(), 1)), "hash"),
        (lambda said: said.update(record=said["record"][:-2] + "00"), "hash"),
        (lambda said: said.update(hash=sha256(b"").hexdigest(), record=""), "root"),
        (lambda said: said.update(number=2), "root"),
        (lambda said: said.update(number=6), "path"),
        (lambda said: said.update(path=said["path"][1:]), "path"),
        (lambda said: said.update(path=[*said["path"], said["root"]]), "path"),
    ],
)
def test_a_bent_proof_is_found_out(
    proof: InclusionProof, here: Path, tmp_path: Path, bend: Callable[[dict[str, Any]], None], what: str
) -> None:
    said = proof.as_json()
    bend(said)
    found = checked(here, tmp_path, said, proof.root.hex())
    assert found.returncode == 1
    assert found.stderr.startswith("WRONG")
    assert what in found.stderr


def test_the_root_of_another_period_is_not_the_root(proof: InclusionProof, here: Path, tmp_path: Path) -> None:
    assert checked(here, tmp_path, proof.as_json(), uuid4().hex * 2).returncode == 1


# With the guards down


@pytest.mark.owner  # who alone can take the guards down
@pytest.mark.parametrize(
    ("tampering", "where", "what"),
    [
        ("UPDATE ledger_seal SET posted = posted + 1 WHERE period = 1 AND posted > 0", "seal of account", "balance"),
        ("DELETE FROM ledger_seal WHERE period = 2 AND posted > 0", "seal of account", "balance"),
        ("UPDATE ledger_period SET merkle_root = hash WHERE number = 1", "period 1", "root"),
        ("UPDATE ledger_period SET head_hash = merkle_root WHERE number = 1", "period 1", "last entry"),
        ("UPDATE ledger_period SET closed_by = book WHERE number = 2", "period 2", "hash is not that"),
        ("UPDATE ledger_period SET hash = merkle_root WHERE number = 1", "period 1", "hash is not that"),
        ("UPDATE ledger_period SET since = until WHERE number = 2", "period 2", "day after"),
        ("UPDATE ledger_period SET head_number = 0 WHERE number = 2", "period 2", "not there"),
        ("UPDATE ledger_period SET head_number = 99 WHERE number = 2", "period 2", "not there"),
        ("DELETE FROM ledger_period WHERE number = 1", "period 2", "before it"),
        ("DELETE FROM ledger_period WHERE number = 2", "head", "closed until"),
        ("UPDATE ledger_seal SET period = 3 WHERE period = 2", "seal of account", "its seals are"),
        ("UPDATE ledger_head SET closed_until = NULL", "head", "closed until"),
    ],
)
def test_a_period_that_was_changed_is_named(cast: Cast, tampering: str, where: str, what: str) -> None:
    cast.give(cast.ana, cast.ben, effective_on=YESTERDAY)
    close(cast, YESTERDAY)
    cast.give(cast.ana, cast.ben)
    cast.give(cast.ana, cast.ben)
    close(cast, TOMORROW)
    connection = take_guards_down(cast.session)
    assert connection.execute(text(tampering)).rowcount > 0
    problems = audit(cast.session, cast.book.id).problems
    assert problems
    assert problems[0].where.startswith(where), problems
    assert any(what in problem.what for problem in problems), problems
    cast.session.rollback()
