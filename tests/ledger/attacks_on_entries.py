"""Attacks with an entry, one thing of which is not as it should be."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID, uuid4

from ledger import Book
from tests.ledger.conftest import HOUR, MORNING
from tests.ledger.forging import Row, forged, row_of
from tests.ledger.scene import TOMORROW, Act, Attack, Scene

Layers: TypeAlias = dict[UUID, tuple[int, int, int]]
"""For each account what is posted, held out and held in."""

Legs: TypeAlias = Callable[[Scene], Layers]


def an_entry(
    kind: str = "post",
    legs: Legs | None = None,
    *,
    posting: Row | None = None,
    header: Callable[[Scene], Row] | Row | None = None,
    steps: str = "key postings entry",
) -> Act:
    def act(scene: Scene) -> None:
        changes = header(scene) if callable(header) else header or {}
        entry = forged(scene.cast, kind, legs(scene) if legs else None, **changes)
        entry.postings[0] |= posting or {}
        entry.seal()
        for step in steps.split():
            {"key": entry.claim, "postings": entry.post, "entry": entry.head}[step]()

    return act


def _held(seconds: int, *, freed: int = HOUR) -> Legs:
    return lambda scene: {scene.cast.ana: (-seconds, -freed, 0), scene.cast.ben: (seconds, 0, -freed)}


def _given(seconds: int) -> Legs:
    return lambda scene: {scene.cast.pot: (seconds, 0, 0), scene.purse: (-seconds, 0, 0)}


def _back(scene: Scene) -> Layers:
    return {scene.cast.ana: (-HOUR, 0, 0), scene.cast.ben: (HOUR, 0, 0)}


def _more_given_than_received(scene: Scene) -> Layers:
    return {scene.cast.ana: (2 * HOUR, 0, 0), scene.cast.ben: (-HOUR, 0, 0)}


def _more_promised_than_held(scene: Scene) -> Layers:
    return {scene.cast.ana: (0, HOUR, 0), scene.cast.ben: (0, 0, 2 * HOUR)}


def with_bent_entries() -> Iterator[Attack]:
    yield from _not_whole()
    yield from _with_bent_postings()
    yield from _with_bent_headers()
    yield from _finishing_and_reversing()


def _not_whole() -> Iterator[Attack]:
    yield Attack("an entry does not sum to zero", an_entry(legs=_more_given_than_received))
    yield Attack("a hold promises more than somebody gets", an_entry("hold", _more_promised_than_held))
    yield Attack("an entry has one posting", an_entry(legs=lambda scene: {scene.cast.pot: (HOUR, 0, 0)}))
    yield Attack("a header comes without postings", an_entry(steps="key entry"))
    yield Attack("postings come without a header", an_entry(steps="postings"))
    yield Attack("an entry has no key", an_entry(steps="postings entry"))
    yield Attack("a key leads to no entry", an_entry(steps="key"))
    yield Attack("an entry says that it moved less than nothing", an_entry(header={"moved": -1}))
    yield Attack("a posting joins an entry that stands", _joining)
    yield Attack("an account is moved twice by one entry", _moving_twice)


def _with_bent_postings() -> Iterator[Attack]:
    yield Attack("a posting stands on a line that is not there", an_entry(posting={"line": 3}))
    yield Attack("a posting is of another kind than its entry", an_entry(posting={"kind": "reverse"}))
    yield Attack("a posting forgets the one before it", an_entry(posting={"previous_sequence": None}))
    yield Attack(
        "a posting begins with another balance", an_entry(posting={"posted_before": 9, "posted_after": 9 + HOUR})
    )
    yield Attack("a posting ends with another balance", an_entry(posting={"posted_after": 9 * HOUR}))
    yield Attack("a posting holds in passing", an_entry(posting={"out_after": 9 * HOUR}))
    yield Attack("a posting is promised in passing", an_entry(posting={"in_after": 9 * HOUR}))
    yield Attack("a posting skips a place", an_entry(posting={"sequence": 90, "previous_sequence": 89}))
    yield Attack("a posting is on nobody's account", an_entry(posting={"account": uuid4()}))
    yield Attack("a posting is on an account of another book", an_entry(legs=_abroad))
    yield Attack("a posting carries limits that nobody set", an_entry(posting={"limits": 99}))
    yield Attack("a posting carries another floor", an_entry(posting={"floor": None}))
    yield Attack("a posting moves more than may be moved", an_entry(legs=_given(10**12 + 1)))
    yield Attack("a balance grows beyond its bound", an_entry(legs=_given(10**15 + 1)))
    yield Attack("a posting passes the floor", an_entry(legs=_lopsided(-19)))
    yield Attack("a posting passes the ceiling", an_entry(legs=_lopsided(19)))
    yield Attack(
        "a post holds", an_entry(legs=lambda scene: {scene.cast.ana: (0, HOUR, 0), scene.cast.ben: (0, 0, HOUR)})
    )
    yield Attack("a hold is on both sides of one account", an_entry("hold", _both_sides))


def _with_bent_headers() -> Iterator[Attack]:
    yield Attack("an entry links to nothing", an_entry(header={"previous_hash": bytes(32)}))
    yield Attack("an entry forgets the one before it", an_entry(header={"previous_number": None}))
    yield Attack("an entry takes a number that is taken", an_entry(header={"number": 1, "previous_number": None}))
    yield Attack("an entry skips a number", an_entry(header={"number": 90, "previous_number": 89}))
    yield Attack(
        "an entry was recorded before the one before it", an_entry(header={"recorded_at": MORNING - timedelta(1)})
    )
    yield Attack("an entry is of a kind that does not exist", an_entry("gift"))
    yield Attack("an entry has no purpose", an_entry(header={"purpose": ""}))
    yield Attack("an entry has half a hash", _entry_with_half_a("hash"))
    yield Attack("an entry has half a digest of its request", an_entry(header={"request_digest": bytes(16)}))
    yield Attack("an entry has half a digest of its memo", an_entry(header={"memo_digest": bytes(16)}))
    yield Attack(
        "a hold is cleared",
        an_entry(
            "hold",
            lambda scene: {scene.cast.ana: (0, HOUR, 0), scene.cast.ben: (0, 0, HOUR)},
            header=lambda _scene: {"clearing": uuid4()},
        ),
    )
    yield Attack("an entry is cleared twice", an_entry(header=lambda scene: {"clearing": scene.clearing}))
    yield Attack("an entry is dated in a closed period", _in_a_closed_period)
    yield Attack("an entry is of no book", _of_no_book)


def _finishing_and_reversing() -> Iterator[Attack]:
    yield Attack("a post finishes a hold", an_entry(header=lambda scene: {"finishes": scene.open}))
    yield Attack("a post reverses", an_entry(header=lambda scene: {"reverses": scene.given}))
    yield Attack("a post expires", an_entry(header={"expires_at": TOMORROW}))
    yield Attack("a post claims an override", an_entry(header={"overrides": 1, "override_by": uuid4()}))
    yield Attack(
        "a hold is finished twice", an_entry("settle", _held(HOUR), header=lambda scene: {"finishes": scene.finished})
    )
    yield Attack(
        "a hold is finished in part",
        an_entry("settle", _held(60, freed=60), header=lambda scene: {"finishes": scene.open}),
    )
    yield Attack(
        "a hold is finished before it expires",
        an_entry("expire", _held(0), header=lambda scene: {"finishes": scene.expiring}),
    )
    yield Attack("nothing is finished", an_entry("release", _held(0), header={"finishes": uuid4()}))
    yield Attack(
        "an entry is reversed twice", an_entry("reverse", _forth, header=lambda scene: {"reverses": scene.reversed})
    )
    yield Attack(
        "an entry is reversed by another amount",
        an_entry("reverse", _given(60), header=lambda scene: {"reverses": scene.given}),
    )
    yield Attack("nothing is reversed", an_entry("reverse", _back, header={"reverses": uuid4()}))


def _abroad(scene: Scene) -> Layers:
    return {scene.cy: (HOUR, 0, 0), scene.cast.ben: (-HOUR, 0, 0)}


def _forth(scene: Scene) -> Layers:
    return {scene.cast.ben: (-HOUR, 0, 0), scene.cast.ana: (HOUR, 0, 0)}


def _lopsided(hours: int) -> Legs:
    return lambda scene: {scene.cast.ana: (hours * HOUR, 0, 0), scene.cast.pot: (-hours * HOUR, 0, 0)}


def _both_sides(scene: Scene) -> Layers:
    return {scene.cast.pot: (0, HOUR, HOUR), scene.purse: (0, HOUR, HOUR)}


def _entry_with_half_a(name: str) -> Act:
    def act(scene: Scene) -> None:
        entry = forged(scene.cast)
        entry.entry[name] = bytes(16)
        entry.claim().post().head()

    return act


def _in_a_closed_period(scene: Scene) -> None:
    book = Book(scene.session, scene.elsewhere)
    cast = replace(scene.cast, book=book, ana=scene.cy, ben=scene.dewi)
    forged(cast).claim().post().head()


def _of_no_book(scene: Scene) -> None:
    entry, nowhere = forged(scene.cast), uuid4()
    for row in (entry.key, entry.entry, *entry.postings):
        row["book"] = nowhere
    entry.claim().post().head()


def _joining(scene: Scene) -> None:
    first = row_of(scene.session, "entry", id=scene.given)
    late = forged(scene.cast, legs={scene.cast.pot: (HOUR, 0, 0)}, id=first["id"], lines=2, kind="post")
    late.postings[0] |= {"line": 2, "number": first["number"]}
    late.post()


def _moving_twice(scene: Scene) -> None:
    entry = forged(scene.cast)
    first, second = entry.postings
    second |= {"account": first["account"], "sequence": first["sequence"] + 1, "previous_sequence": first["sequence"]}
    second |= {"posted_before": first["posted_after"], "posted_after": first["posted_before"]}
    second |= {
        name: first[name] for name in ("limits", "floor", "ceiling", "out_before", "out_after", "in_before", "in_after")
    }
    entry.seal().claim().post().head()
