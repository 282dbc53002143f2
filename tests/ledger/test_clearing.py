"""Hours between two books: one entry in each, under one clearing id, and never the one without the other."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from ledger import (
    AccountKind,
    AlreadyReversed,
    Balance,
    BetweenBooks,
    Book,
    ClosedPeriod,
    KeyReused,
    LedgerError,
    LimitExceeded,
    Malformed,
    MirrorOpen,
    NoMirror,
    NotReversible,
    Post,
    Posting,
    Transfer,
    UnknownAccount,
    UnknownBook,
    UnknownTransfer,
    audit,
    create_book,
    open_mirrors,
    reverse_between,
    transfer_between,
)
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast, open_cast
from timebank.database import unit_of_work


@dataclass
class Pair:
    """Our book, and that of Cy, who belongs to another timebank; each may be ten hours ahead of the other."""

    here: Cast
    there: Cast
    our_mirror: UUID
    their_mirror: UUID

    @property
    def session(self) -> Session:
        return self.here.session

    def transfer(self, seconds: int = HOUR, *, back: bool = False, **words: Any) -> Transfer:
        """Ana gives Cy hours; or Cy gives them to Ana."""
        said = {"key": self.here.key(), "purpose": "service", "effective_on": TODAY, "at": MORNING, **words}
        giver, receiver = (self.there, self.here) if back else (self.here, self.there)
        return transfer_between(
            self.session,
            giver=giver.ana,
            giving_book=giver.book.id,
            receiver=receiver.ana,
            receiving_book=receiver.book.id,
            seconds=seconds,
            **said,
        )

    def reverse(self, transfer: Transfer, **words: Any) -> Transfer:
        said = {"key": self.here.key(), "effective_on": TODAY, "at": MORNING, **words}
        return reverse_between(self.session, transfer.clearing, **said)

    def mirrors(self) -> tuple[int, int]:
        return (
            self.here.book.balance(self.our_mirror).posted,
            self.there.book.balance(self.their_mirror).posted,
        )

    def problems(self) -> list[Any]:
        self.session.commit()
        return audit(self.session).problems


def open_pair(session: Session) -> Pair:
    here, there = open_cast(session), open_cast(session)
    ours, theirs = open_mirrors(
        session, here.book.id, there.book.id, floor=-10 * HOUR, ceiling=5 * HOUR, at=MORNING, by=here.bea
    )
    session.commit()
    return Pair(here, there, ours, theirs)


@pytest.fixture
def pair(session: Session) -> Pair:
    return open_pair(session)


def test_hours_given_to_another_book_leave_this_one_and_arrive_there(pair: Pair) -> None:
    transfer = pair.transfer(2 * HOUR, memo="a lift to the hospital")
    assert transfer.given.clearing == transfer.received.clearing == transfer.clearing
    assert (transfer.given.book, transfer.received.book) == (pair.here.book.id, pair.there.book.id)
    assert pair.here.posted() == {"ana": 2 * HOUR, "ben": 0, "pot": 0}
    assert pair.there.posted() == {"ana": -2 * HOUR, "ben": 0, "pot": 0}
    assert pair.mirrors() == (-2 * HOUR, 2 * HOUR)
    assert pair.there.book.memo(transfer.received.id) == "a lift to the hospital"
    assert pair.problems() == []


def test_the_mirrors_are_found_and_have_each_others_limits_turned_round(pair: Pair) -> None:
    assert pair.here.book.mirror(pair.there.book.id) == pair.our_mirror
    assert pair.there.book.mirror(pair.here.book.id) == pair.their_mirror
    pair.here.limit(pair.here.ana)
    pair.there.limit(pair.there.ana)
    with pytest.raises(LimitExceeded) as ahead:
        pair.transfer(10 * HOUR + 1)
    assert (ahead.value.account, ahead.value.which, ahead.value.by_seconds) == (pair.our_mirror, "floor", 1)
    with pytest.raises(LimitExceeded) as behind:
        pair.transfer(5 * HOUR + 1, back=True)
    assert (behind.value.account, behind.value.which) == (pair.their_mirror, "floor")
    pair.there.limit(pair.their_mirror, ceiling=HOUR)
    with pytest.raises(LimitExceeded) as narrowed:
        pair.transfer(2 * HOUR)
    assert (narrowed.value.account, narrowed.value.which) == (pair.their_mirror, "ceiling")
    assert pair.mirrors() == (0, 0)
    assert pair.problems() == []


def test_a_transfer_sent_again_is_the_first_one(pair: Pair) -> None:
    first = pair.transfer(key="lift")
    pair.session.commit()
    assert pair.transfer(key="lift", at=MORNING + timedelta(days=1)) == first
    with pytest.raises(KeyReused):
        pair.transfer(2 * HOUR, key="lift")
    with pytest.raises(KeyReused):
        pair.transfer(key="lift", back=True)
    pair.there.give(pair.there.ana, pair.there.ben, key="taken over there")
    with pytest.raises(KeyReused):
        pair.transfer(key="taken over there")
    assert pair.here.book.find("taken over there") is None
    assert pair.mirrors() == (-HOUR, HOUR)


def test_a_reversal_gives_back_in_both_books_once(pair: Pair) -> None:
    transfer = pair.transfer()
    undone = pair.reverse(transfer, key="undo")
    assert (undone.given.reverses, undone.received.reverses) == (transfer.given.id, transfer.received.id)
    assert pair.mirrors() == (0, 0)
    assert pair.reverse(transfer, key="undo") == undone
    with pytest.raises(AlreadyReversed):
        pair.reverse(transfer)
    with pytest.raises(NotReversible):
        pair.reverse(undone)
    with pytest.raises(UnknownTransfer):
        reverse_between(pair.session, uuid4(), key="none", effective_on=TODAY, at=MORNING)
    assert pair.problems() == []


def test_a_reversal_past_a_limit_names_who_approved_it_in_both_books(pair: Pair) -> None:
    transfer = pair.transfer(5 * HOUR)
    pair.here.give(pair.here.ben, pair.here.ana, 5 * HOUR)
    pair.here.limit(pair.here.ana, floor=0)
    with pytest.raises(LimitExceeded):
        pair.reverse(transfer)
    undone = pair.reverse(transfer, override_by=pair.here.bea)
    assert undone.given.override_by == undone.received.override_by == pair.here.bea
    assert pair.problems() == []


def test_what_one_book_refuses_neither_does(pair: Pair) -> None:
    pair.there.limit(pair.there.ana, floor=0)
    with pytest.raises(LimitExceeded):
        pair.transfer()
    pair.there.limit(pair.there.ana)
    pair.there.give(pair.there.ben, pair.there.ana, 60)
    pair.there.book.close_period(until=TODAY, at=MORNING, by=None)
    with pytest.raises(ClosedPeriod):
        pair.transfer()
    assert pair.here.book.head().number == 0
    assert pair.mirrors() == (0, 0)


def test_expired_holds_end_in_both_books_before_a_transfer(pair: Pair) -> None:
    noon = MORNING + timedelta(hours=3)
    pair.here.hold(pair.here.ben, pair.here.ana, 10 * HOUR, expires_at=noon)
    pair.there.hold(pair.there.ana, pair.there.ben, 10 * HOUR, expires_at=noon)
    with pytest.raises(LimitExceeded):
        pair.transfer()
    pair.transfer(at=noon)
    assert pair.here.book.balance(pair.here.ana) == Balance(HOUR)
    assert pair.problems() == []


def test_no_other_verb_moves_hours_on_a_mirror(pair: Pair) -> None:
    cast, transfer = pair.here, pair.transfer()
    postings = (Posting(cast.ana, HOUR), Posting(pair.our_mirror, -HOUR))
    said = {"key": "alone", "purpose": "service", "effective_on": TODAY}
    for attempt in (
        lambda: cast.book.post(postings, **said, at=MORNING),  # type: ignore[arg-type]
        lambda: cast.book.post_many([Post(postings, **said)], at=MORNING),  # type: ignore[arg-type]
        lambda: cast.hold(pair.our_mirror, cast.ana),
        lambda: cast.reverse(transfer.given),
    ):
        with pytest.raises(BetweenBooks) as caught:
            attempt()
        assert (caught.value.account, caught.value.partner) == (pair.our_mirror, pair.there.book.id)
    assert pair.mirrors() == (-HOUR, HOUR)
    assert pair.problems() == []


def test_a_mirror_itself_gives_and_receives_nothing(pair: Pair) -> None:
    with pytest.raises(BetweenBooks):
        transfer_between(
            pair.session,
            giver=pair.our_mirror,
            giving_book=pair.here.book.id,
            receiver=pair.there.ana,
            receiving_book=pair.there.book.id,
            seconds=HOUR,
            key="mirror",
            purpose="service",
            effective_on=TODAY,
            at=MORNING,
        )


def test_books_that_keep_no_account_for_one_another_exchange_nothing(pair: Pair) -> None:
    stranger = Book(pair.session, create_book(pair.session, at=MORNING))
    with pytest.raises(NoMirror) as caught:
        stranger.mirror(pair.here.book.id)
    assert (caught.value.book, caught.value.partner) == (stranger.id, pair.here.book.id)
    pair.there.ana = uuid4()
    with pytest.raises(UnknownAccount):
        pair.transfer()


def test_a_mirror_is_opened_in_both_books_at_once_and_once(pair: Pair) -> None:
    here, there = pair.here.book.id, pair.there.book.id
    terms: dict[str, Any] = {"floor": None, "ceiling": None, "at": MORNING, "by": None}
    for one, other in ((here, there), (there, here)):
        with pytest.raises(MirrorOpen):
            open_mirrors(pair.session, one, other, **terms)
    with pytest.raises(NoMirror):
        open_mirrors(pair.session, here, here, **terms)
    for one, other in ((here, uuid4()), (uuid4(), here)):
        with pytest.raises(UnknownBook):
            open_mirrors(pair.session, one, other, **terms)
    with pytest.raises(Malformed):
        pair.here.book.open_account(AccountKind.CLEARING, at=MORNING)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.tuples(st.booleans(), st.integers(1, 6 * HOUR), st.integers(0, 4)), max_size=10))
def test_mirrors_always_sum_to_zero(session: Session, wishes: list[tuple[bool, int, int]]) -> None:
    pair = open_pair(session)
    done: list[Transfer] = []
    for back, seconds, which in wishes:
        try:
            if done and which == 0:
                pair.reverse(done[seconds % len(done)])
            else:
                done.append(pair.transfer(seconds, back=back))
        except LedgerError:
            pass
        assert sum(pair.mirrors()) == 0
        for cast in (pair.here, pair.there):
            assert sum(balance.posted for balance in cast.book.trial_balance().values()) == 0
    assert pair.problems() == []


def test_mirrors_opened_from_both_sides_at_once_are_opened_once(session: Session, engine: Engine) -> None:
    one, other = (create_book(session, at=MORNING) for _ in range(2))
    session.commit()
    together = Barrier(2)

    def open_them(here: UUID, there: UUID) -> bool:
        with Session(engine) as own:
            together.wait()
            try:
                with unit_of_work(own):
                    open_mirrors(own, here, there, floor=None, ceiling=None, at=MORNING, by=None)
            except MirrorOpen:
                return False
        return True

    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(open_them, (one, other), (other, one)))
    assert sorted(opened) == [False, True]


def test_transfers_both_ways_at_once_all_come_through(pair: Pair, engine: Engine) -> None:
    for cast in (pair.here, pair.there):
        cast.limit(cast.ana)
    pair.session.commit()

    def send(back: bool) -> None:
        giver, receiver = (pair.there, pair.here) if back else (pair.here, pair.there)
        for turn in range(8):
            with Session(engine) as session, unit_of_work(session):
                transfer_between(
                    session,
                    giver=giver.ana,
                    giving_book=giver.book.id,
                    receiver=receiver.ana,
                    receiving_book=receiver.book.id,
                    seconds=60,
                    key=f"{back} {turn}",
                    purpose="service",
                    effective_on=TODAY,
                    at=MORNING,
                )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(send, (False, True)))
    assert pair.mirrors() == (0, 0)
    assert pair.here.book.head().number == pair.there.book.head().number == 16
    assert pair.problems() == []
