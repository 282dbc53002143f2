"""The worked example of docs/: Ana mows Ben's lawn, and a treasurer could check every figure.

Two hours of gardening are agreed, so two are held: Ben has promised them, Ana can count on them, and nothing has moved.
It took two and a half. Settling moves 2 h 30 and ends the hold. Then Ana gives half an hour to the pot.
"""

from sqlmodel import Session

from ledger import AccountKind, Balance, Book, EntryKind, Posting, audit, create_book
from tests.ledger.conftest import HOUR, MORNING, TODAY

HALF = HOUR // 2


def test_ana_mows_bens_lawn(session: Session) -> None:
    book = Book(session, create_book(session, at=MORNING))
    ana = book.open_account(AccountKind.MEMBER, floor=-20 * HOUR, ceiling=20 * HOUR, at=MORNING)
    ben = book.open_account(AccountKind.MEMBER, floor=-20 * HOUR, ceiling=20 * HOUR, at=MORNING)
    pot = book.open_account(AccountKind.POT, floor=0, at=MORNING)

    hold = book.hold(
        payer=ben, payee=ana, seconds=2 * HOUR, key="agree", purpose="service", effective_on=TODAY, at=MORNING
    )
    assert book.balance(ben) == Balance(posted=0, out=2 * HOUR)
    assert book.balance(ben).available == -2 * HOUR

    book.settle(hold.id, 2 * HOUR + HALF, key="approve", purpose="service", effective_on=TODAY, at=MORNING)
    book.post([Posting(pot, HALF), Posting(ana, -HALF)], key="give", purpose="donation", effective_on=TODAY, at=MORNING)
    session.commit()

    trial_balance = {account: balance.posted for account, balance in book.balances([ana, ben, pot]).items()}
    assert trial_balance == {ana: 2 * HOUR, ben: -2 * HOUR - HALF, pot: HALF}
    assert sum(trial_balance.values()) == 0

    lines = book.statement(ana).lines
    assert [(line.kind, line.seconds, line.balance.posted) for line in lines] == [
        (EntryKind.POST, -HALF, 2 * HOUR),
        (EntryKind.SETTLE, 2 * HOUR + HALF, 2 * HOUR + HALF),
        (EntryKind.HOLD, 0, 0),
    ]
    assert book.volume(purpose="service", since=TODAY, until=TODAY).seconds == 2 * HOUR + HALF
    assert book.totals(ana, purpose="service") == (2 * HOUR + HALF, 0)
    assert audit(session, book.id).is_clean
