"""Many lines in one transaction: what becomes of each is what would have become of it alone, after those before it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlmodel import Session

from ledger import (
    AccountKind,
    AmountOutOfRange,
    Balance,
    Book,
    Entry,
    EntryKind,
    KeyReused,
    LedgerError,
    LimitExceeded,
    Malformed,
    Post,
    Posting,
    Unbalanced,
    UnknownAccount,
    UnknownBook,
    audit,
)
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast, open_cast
from tests.test_migrations import contents

NOON = MORNING + timedelta(hours=3)


def line(giver: UUID, receiver: UUID, seconds: int = HOUR, **words: Any) -> Post:
    said: dict[str, Any] = {"key": f"{uuid4()}", "purpose": "service", "effective_on": TODAY, **words}
    return Post((Posting(giver, seconds), Posting(receiver, -seconds)), **said)


def test_a_batch_is_written_in_line_order_and_continues_the_chain(cast: Cast) -> None:
    before = cast.give(cast.ana, cast.ben)
    entries = cast.book.post_many(
        [line(cast.ana, cast.ben, seconds, memo=f"{seconds}") for seconds in (1, 2, 3)], at=MORNING
    )
    cast.session.commit()
    assert [entry.number for entry in entries] == [2, 3, 4]
    assert [cast.book.entry(entry.id) for entry in entries] == entries
    assert [cast.book.memo(entry.id) for entry in entries] == ["1", "2", "3"]
    assert [page_line.balance.posted for page_line in cast.book.statement(cast.ana).lines] == [
        HOUR + 6,
        HOUR + 3,
        HOUR + 1,
        HOUR,
    ]
    assert cast.book.head().hash == entries[-1].hash != before.hash
    assert audit(cast.session, cast.book.id).problems == []


def test_an_account_may_be_touched_by_every_line(cast: Cast) -> None:
    cast.limit(cast.pot)
    cast.book.post_many(
        [*(line(cast.ana, cast.pot, n) for n in range(1, 50)), *(line(cast.pot, cast.ben, n) for n in range(1, 50))],
        at=MORNING,
    )
    cast.session.commit()
    assert cast.posted() == {"ana": 1225, "ben": -1225, "pot": 0}
    assert audit(cast.session, cast.book.id).problems == []


def test_the_first_refusal_stops_all_and_says_which_line_it_was(cast: Cast) -> None:
    posts = [line(cast.ana, cast.ben, 6 * HOUR), line(cast.ana, cast.ben, 5 * HOUR), line(cast.ben, cast.ana)]
    with pytest.raises(LimitExceeded) as caught:
        cast.book.post_many(posts, at=MORNING)
    assert (caught.value.line, caught.value.account, caught.value.which) == (2, cast.ana, "ceiling")
    assert cast.book.head().number == 0
    assert cast.book.find(posts[0].key) is None


def test_refusals_by_line_let_the_others_through(cast: Cast) -> None:
    nobody = uuid4()
    posts = [
        line(cast.ana, cast.ben, 6 * HOUR),
        line(cast.ana, cast.ben, 5 * HOUR),  # past the ceiling
        line(cast.ana, nobody),
        Post((Posting(cast.ana, 1), Posting(cast.ben, -2)), "bent", "service", TODAY),
        line(cast.ana, cast.ben, memo="half of a \ud83d"),
        line(cast.ben, cast.ana, 5 * HOUR),
        line(cast.ana, cast.ben, 5 * HOUR),
    ]
    outcomes = cast.book.post_many(posts, at=MORNING, by_line=True)
    cast.session.commit()
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Entry, LimitExceeded, UnknownAccount, Unbalanced, Malformed, Entry, Entry]
    refusals = [outcome for outcome in outcomes if isinstance(outcome, LedgerError)]
    assert [refusal.line for refusal in refusals] == [2, 3, 4, 5]
    assert [entry.number for entry in outcomes if isinstance(entry, Entry)] == [1, 2, 3]
    assert all(cast.book.find(post.key) is None for post in posts[1:5])
    assert audit(cast.session, cast.book.id).problems == []


def test_a_line_sent_again_gives_its_first_entry_within_a_batch_and_after_it(cast: Cast) -> None:
    once = line(cast.ana, cast.ben, memo="hedges")
    single = cast.give(cast.ana, cast.ben, key="single")
    again = Post((Posting(cast.ana, HOUR), Posting(cast.ben, -HOUR)), "single", "service", TODAY)
    first, second, replayed, new = cast.book.post_many([once, once, again, line(cast.ben, cast.ana)], at=MORNING)
    assert (first, replayed) == (second, single)
    cast.session.commit()
    assert cast.book.post_many([once, again], at=NOON) == [first, single]
    assert cast.book.head().number == new.number == 3


@pytest.mark.parametrize("changes", [{"memo": "fences"}, {"purpose": "grant"}, {"by": uuid4()}])
def test_a_key_for_another_line_is_refused(cast: Cast, changes: dict[str, Any]) -> None:
    first = line(cast.ana, cast.ben, key="one", memo="hedges")
    other = line(cast.ana, cast.ben, **{"key": "one", "memo": "hedges", **changes})
    entry, refused = cast.book.post_many([first, other], at=MORNING, by_line=True)
    assert isinstance(entry, Entry)
    assert isinstance(refused, KeyReused)
    assert (refused.key, refused.entry, refused.line) == ("one", entry.id, 2)
    with pytest.raises(KeyReused) as caught:
        cast.book.post_many([line(cast.ana, cast.ben), other], at=MORNING)
    assert (caught.value.entry, caught.value.line) == (entry.id, 2)


def test_the_key_of_a_refused_line_is_free_for_a_later_one(cast: Cast) -> None:
    refused, entry = cast.book.post_many(
        [line(cast.ana, cast.ben, 11 * HOUR, key="one"), line(cast.ana, cast.ben, HOUR, key="one")],
        at=MORNING,
        by_line=True,
    )
    assert isinstance(refused, LimitExceeded)
    assert isinstance(entry, Entry)
    assert cast.book.find("one") == entry


def test_expired_holds_are_let_go_of_before_the_line_that_needs_the_room(cast: Cast) -> None:
    hold = cast.hold(cast.ana, cast.ben, 10 * HOUR, expires_at=NOON)
    given = cast.book.post_many([line(cast.pot, cast.ben, HOUR), line(cast.ben, cast.ana, HOUR)], at=NOON)
    cast.session.commit()
    assert [entry.number for entry in given] == [3, 4]
    expiry = cast.book.entry(cast.book.statement(cast.ana, limit=2).lines[1].entry)
    assert (expiry.kind, expiry.finishes, expiry.number) == (EntryKind.EXPIRE, hold.id, 2)
    assert audit(cast.session, cast.book.id).problems == []


def test_a_refused_line_does_not_even_end_an_expired_hold(cast: Cast, engine: Engine) -> None:
    cast.hold(cast.ana, cast.ben, HOUR, expires_at=NOON)
    cast.session.commit()
    with engine.connect() as connection:
        before = contents(connection)
    outcomes = cast.book.post_many([line(cast.pot, cast.ben, 11 * HOUR)], at=NOON, by_line=True)
    cast.session.commit()
    assert isinstance(outcomes[0], LimitExceeded)
    with engine.connect() as connection:
        assert contents(connection) == before


def test_no_line_is_no_entry(cast: Cast) -> None:
    assert cast.book.post_many([], at=MORNING) == []
    assert cast.book.post_many([], at=MORNING, by_line=True) == []


def test_a_batch_for_no_book_says_so(cast: Cast) -> None:
    with pytest.raises(UnknownBook):
        Book(cast.session, uuid4()).post_many([line(cast.ana, cast.ben)], at=MORNING)
    with pytest.raises(UnknownBook):
        Book(cast.session, uuid4()).post(line(cast.ana, cast.ben).postings, **words_of(line(cast.ana, cast.ben)))


def words_of(post: Post) -> dict[str, Any]:
    return {"key": post.key, "purpose": post.purpose, "effective_on": post.effective_on, "at": MORNING}


def statements_of(session: Session, work: Callable[[], object]) -> int:
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", counted)
    work()
    event.remove(engine, "before_cursor_execute", counted)
    return count


def test_two_hundred_lines_take_as_many_statements_as_one(cast: Cast) -> None:
    cast.book.head()  # so that the transaction has begun
    one, *many = [line(cast.ana, cast.ben, 1, memo="hedges") for _ in range(201)]
    said = statements_of(cast.session, lambda: cast.book.post_many([one], at=MORNING))
    assert statements_of(cast.session, lambda: cast.book.post_many(many, at=MORNING)) == said


def test_limits_of_many_accounts_take_as_many_statements_as_those_of_one(cast: Cast) -> None:
    accounts = [cast.book.open_account(AccountKind.MEMBER, at=MORNING) for _ in range(30)]
    some = {"floor": -HOUR, "ceiling": None, "at": MORNING, "by": cast.bea}
    one = statements_of(cast.session, lambda: cast.book.set_limits_of(accounts[:1], **some))  # type: ignore[arg-type]
    assert statements_of(cast.session, lambda: cast.book.set_limits_of(accounts, **some)) == one  # type: ignore[arg-type]
    cast.session.commit()
    with pytest.raises(LimitExceeded):
        cast.give(cast.ana, accounts[-1], HOUR + 1)
    assert audit(cast.session, cast.book.id).problems == []


def test_limits_of_many_accounts_are_set_for_all_or_for_none(cast: Cast) -> None:
    with pytest.raises(UnknownAccount):
        cast.book.set_limits_of([cast.ana, uuid4()], floor=0, ceiling=0, at=MORNING, by=None)
    with pytest.raises(AmountOutOfRange):
        cast.book.set_limits_of([cast.ana], floor=1, ceiling=0, at=MORNING, by=None)
    assert cast.give(cast.ana, cast.ben).number == 1


LINES = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 2), st.integers(-1, 7 * HOUR), st.integers(0, 6)), max_size=12
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=LINES)
def test_a_batch_by_line_does_what_its_lines_would_do_one_by_one(
    session: Session, wishes: list[tuple[int, int, int, int]]
) -> None:
    batched, single = open_cast(session), open_cast(session)

    def posts(cast: Cast) -> list[Post]:
        members = (cast.ana, cast.ben, cast.pot)
        return [
            line(members[who], members[(who + step) % 3], seconds, key=f"key {key}")
            for who, step, seconds, key in wishes
        ]

    found = [_told(outcome) for outcome in batched.book.post_many(posts(batched), at=MORNING, by_line=True)]
    alone = []
    for post in posts(single):
        try:
            alone.append(_told(single.book.post(post.postings, **words_of(post))))
        except LedgerError as refusal:
            alone.append(_told(refusal))
    assert found == alone
    assert batched.posted() == single.posted()
    session.commit()
    assert audit(session, batched.book.id).problems == []


def _told(outcome: Entry | LedgerError) -> object:
    return outcome.number if isinstance(outcome, Entry) else type(outcome)


def test_balances_of_thousands_of_accounts_are_asked_for_in_parts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.locking.MOST_AT_ONCE", 2)
    posts = [line(cast.ana, cast.ben, 60), line(cast.pot, cast.ana, 60), line(cast.ben, cast.pot, 60)]
    cast.limit(cast.pot)
    cast.book.post_many(posts, at=MORNING)
    assert cast.book.balances([cast.ana, cast.ben, cast.pot]) == dict.fromkeys(
        (cast.ana, cast.ben, cast.pot), Balance(0)
    )
