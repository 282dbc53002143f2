"""Attacks with a row of another table, one thing of which is not as it should be."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

from ledger import chain
from tests.ledger.conftest import HOUR, MORNING, TODAY
from tests.ledger.forging import Row, row_of
from tests.ledger.scene import Act, Attack, Scene, close_by_hand, standing


def a_row(name: str, sound: Callable[[Scene], Row], **changes: object) -> Act:
    return lambda scene: scene.insert(name, sound(scene) | changes)


def new_book(_scene: Scene) -> Row:
    key = uuid4()
    return {"id": key, "created_at": MORNING, "genesis": chain.genesis(key, MORNING)}


def new_account(scene: Scene) -> Row:
    return {"id": uuid4(), "book": scene.cast.book.id, "kind": "member", "partner": None, "opened_at": MORNING}


def next_limits(scene: Scene) -> Row:
    row = row_of(scene.session, "limit", account=scene.cast.ana)
    return row | {"number": row["number"] + 1, "hash": bytes(32)}


def _memo(scene: Scene) -> Row:
    return {"entry": scene.erased, "salt": bytes(16), "text": "fences"}


def _head(scene: Scene) -> Row:
    return row_of(scene.session, "head", book=scene.elsewhere) | {"book": uuid4(), "closed_until": None}


def _balance(scene: Scene) -> Row:
    nothing = dict.fromkeys(("sequence", "number", "posted", "held_out", "held_in", "limits"), 0)
    nothing |= dict.fromkeys(("repeats", "floor", "ceiling"))
    return nothing | {"account": uuid4(), "book": scene.cast.book.id}


def _open_hold(scene: Scene) -> Row:
    return {"account": scene.cast.ana, "hold": scene.finished, "book": scene.cast.book.id, "expires_at": None}


def _key(scene: Scene) -> Row:
    return {"book": scene.cast.book.id, "key": "another", "entry": scene.given}


def _partner_twice(scene: Scene) -> None:
    scene.insert("account", new_account(scene) | {"kind": "clearing", "partner": scene.elsewhere})


def _closing(**changes: object) -> Act:
    def act(scene: Scene) -> None:
        accounts = [scene.cast.ana, scene.cast.ben, scene.mirror]
        close_by_hand(scene.session, scene.cast.book.id, accounts, **changes)

    return act


def _unsealed(scene: Scene) -> None:
    close_by_hand(scene.session, scene.cast.book.id, [scene.cast.ana])


def _seal(scene: Scene) -> Row:
    return {"book": scene.elsewhere, "period": 2, "account": scene.cy, "posted": 0, "held_out": 0, "held_in": 0}


def _half(scene: Scene) -> Row:
    row = {"id": uuid4(), "book": scene.cast.book.id, "partner": scene.elsewhere, "account": scene.mirror}
    return row | {"entry": uuid4(), "seconds": HOUR, "counter": -HOUR}


def with_bent_rows() -> Iterator[Attack]:
    yield from _books_and_accounts()
    yield from _limits_and_balances()
    yield from _beside_entries()
    yield from _between_books()
    yield from _closing_a_period()


def _books_and_accounts() -> Iterator[Attack]:
    yield Attack("a book has half a genesis", a_row("book", new_book, genesis=bytes(16)))
    yield Attack("a chain has a head and no book", a_row("head", _head))
    yield Attack("a chain begins in the middle", a_row("head", _head, number=1, links=None))
    yield Attack("an account is of a kind that does not exist", a_row("account", new_account, kind="bank"))
    yield Attack("an account is of no book", a_row("account", new_account, book=uuid4()))
    yield Attack(
        "a member's account has a partner",
        lambda scene: scene.insert("account", new_account(scene) | {"partner": scene.elsewhere}),
    )
    yield Attack(
        "a clearing account has no such partner", a_row("account", new_account, kind="clearing", partner=uuid4())
    )
    yield Attack("two accounts clear with one partner", _partner_twice)


def _limits_and_balances() -> Iterator[Attack]:
    yield Attack("limits have no number", a_row("limit", next_limits, number=0))
    yield Attack("limits skip a number", a_row("limit", next_limits, number=9))
    yield Attack("a floor is above its ceiling", a_row("limit", next_limits, floor=2, ceiling=1))
    yield Attack("a limit is beyond its bound", a_row("limit", next_limits, floor=-(10**15) - 1))
    yield Attack("limits have half a hash", a_row("limit", next_limits, hash=bytes(16)))
    yield Attack("limits are on nobody's account", a_row("limit", next_limits, account=uuid4()))
    yield Attack("a balance is on nobody's account", a_row("balance", _balance))
    yield Attack("a balance begins with hours", a_row("balance", _balance, posted=HOUR))
    yield Attack(
        "a balance repeats a posting that is not there", a_row("balance", _balance, sequence=1, repeats=1, number=1)
    )


def _beside_entries() -> Iterator[Attack]:
    yield Attack("an entry has two keys", a_row("key", _key))
    yield Attack("a key is of no book", a_row("key", _key, book=uuid4()))
    yield Attack("a memo has half its salt", a_row("memo", _memo, salt=bytes(8)))
    yield Attack(
        "a memo stands beside an entry that had none",
        lambda scene: scene.insert("memo", _memo(scene) | {"entry": scene.open}),
    )
    yield Attack("a memo stands beside no entry", a_row("memo", _memo, entry=uuid4()))
    yield Attack("a finished hold is open again", a_row("open_hold", _open_hold))
    yield Attack("what is open is no hold", a_row("open_hold", _open_hold, hold=uuid4()))
    yield Attack("an open hold is on nobody's account", a_row("open_hold", _open_hold, account=uuid4()))
    yield Attack("an open hold is of no book", a_row("open_hold", _open_hold, book=uuid4()))


def _between_books() -> Iterator[Attack]:
    yield Attack(
        "a clearing account stands twice",
        lambda scene: scene.insert("account", row_of(scene.session, "account", id=scene.mirror)),
    )
    yield Attack("a clearing account has no partner", a_row("account", new_account, kind="clearing"))
    yield Attack(
        "a clearing account mirrors its own book",
        lambda scene: scene.insert("account", new_account(scene) | {"kind": "clearing", "partner": scene.cast.book.id}),
    )
    yield Attack("a transfer has one half, of no entry", a_row("clearing", _half))
    yield Attack("half a transfer moves nothing", a_row("clearing", _half, seconds=0, counter=0))
    yield Attack("half a transfer is on an account of nobody", a_row("clearing", _half, account=uuid4()))
    yield Attack(
        "half a transfer is of an entry that moved no hours between books",
        lambda scene: scene.insert("clearing", _half(scene) | {"entry": scene.given}),
    )
    yield Attack("half a transfer is noted twice", lambda scene: scene.insert("clearing", standing(scene, "clearing")))
    yield Attack(
        "an entry is the half of two transfers",
        lambda scene: scene.insert("clearing", standing(scene, "clearing") | {"id": uuid4()}),
    )


def _closing_a_period() -> Iterator[Attack]:
    yield Attack("a period has no number", _closing(number=0))
    yield Attack("a period ends before it begins", _closing(since=TODAY + timedelta(1)))
    yield Attack("a period has half a hash", _closing(hash=bytes(16)))
    yield Attack("a period ends at another head", _closing(head_number=1))
    yield Attack(
        "a period is of no book", lambda scene: scene.insert("period", standing(scene, "period") | {"book": uuid4()})
    )
    yield Attack("a period is closed without its trial balance", _unsealed)
    yield Attack("a period is closed with a gap before it", _after_a_gap)
    yield Attack("a seal is of no period", a_row("seal", _seal))
    yield Attack("a seal is on nobody's account", a_row("seal", _seal, account=uuid4()))
    yield Attack(
        "a seal is added to a closed period",
        lambda scene: scene.insert("seal", _seal(scene) | {"period": 1, "account": scene.purse}),
    )


def _after_a_gap(scene: Scene) -> None:
    days = {"number": 2, "since": TODAY + timedelta(9), "until": TODAY + timedelta(30)}
    close_by_hand(scene.session, scene.elsewhere, [scene.cy, scene.dewi, scene.their_mirror], **days)
