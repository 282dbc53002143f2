"""Where an exchange meets the ledger: hours promised, credited, given free and taken back, in the same transaction."""

from sqlmodel import col, func, select, update

from ledger import Entry, LimitExceeded, Posting
from timebank.exchanges.evidence import promise_key
from timebank.exchanges.rules import SERVICE, LimitReached
from timebank.exchanges.steps import Turn
from timebank.exchanges.tables import Credit, Help
from timebank.members.tables import Party
from timebank.network.queries import book_of, open_day
from timebank.network.rules import day_of


def promise(turn: Turn) -> None:
    """Hold the planned hours, so that they cannot be promised twice. Raises LimitReached."""
    exchange = turn.exchange
    if not exchange.planned_seconds:
        return
    giver, receiver = both(turn)
    try:
        hold = book_of(turn.session, exchange.timebank_id).hold(
            payer=receiver.account_id,
            payee=giver.account_id,
            seconds=exchange.planned_seconds,
            key=promise_key(exchange.id, step=exchange.steps + 1),
            purpose=SERVICE,
            effective_on=day_of(turn.policy, turn.at),
            at=turn.at,
            by=turn.recorded_by,
        )
    except LimitExceeded as limit:
        raise _said_kindly(limit, giver, receiver) from limit
    exchange.hold_id = hold.id


def let_go(turn: Turn) -> None:
    """Release the promised hours of an exchange that ends without credit."""
    exchange = turn.exchange
    if exchange.hold_id is None:
        return
    book_of(turn.session, exchange.timebank_id).release(
        exchange.hold_id,
        key=f"{exchange.id}:let-go:{exchange.steps}",
        effective_on=day_of(turn.policy, turn.at),
        at=turn.at,
        by=turn.recorded_by,
        on_behalf_of=turn.on_behalf_of,
    )
    exchange.hold_id = None


def credit(turn: Turn, *, seconds: int) -> None:
    """The giver's hours are credited and the receiver's counted, once. Raises LimitReached, and then nothing is posted.

    Hours that were credited before have been taken back, and these stand in their place.

    What was promised counts as it was promised; only hours beyond it meet a limit. Where the books are closed for the
    day of service, the hours count on the first open day, in the ledger and in reports alike.
    """
    exchange = turn.exchange
    assert exchange.happened_on is not None  # noqa: S101 - no hours are confirmed that were not logged with their day
    giver, receiver = both(turn)
    number = 1 + turn.session.exec(select(func.count()).where(Credit.exchange_id == exchange.id)).one()
    counts_on = open_day(turn.session, exchange.timebank_id, exchange.happened_on)
    book = book_of(turn.session, exchange.timebank_id)
    common = {
        "key": f"{exchange.id}:credit:{number}",
        "purpose": SERVICE,
        "effective_on": counts_on,
        "at": turn.at,
        "by": turn.recorded_by,
        "on_behalf_of": turn.on_behalf_of,
    }
    try:
        entry: Entry
        if exchange.hold_id is not None:
            entry = book.settle(exchange.hold_id, seconds, **common)  # type: ignore[arg-type]
        else:
            legs = [Posting(giver.account_id, seconds), Posting(receiver.account_id, -seconds)]
            entry = book.post(legs, **common)  # type: ignore[arg-type]
    except LimitExceeded as limit:
        raise _said_kindly(limit, giver, receiver) from limit
    by_entry, helped = credited(turn, entry, seconds=seconds, number=number)
    turn.session.add(exchange)
    turn.session.add(by_entry)
    turn.session.flush()
    turn.session.add(helped)


def credit_fewer(turn: Turn, *, seconds: int) -> None:
    """Credit fewer hours in place of more that were taken back: nobody ends further out than they stood before.

    The receiver's floor may have been raised since those hours were credited. It gives way for this one entry, in the
    name of the broker who decides, and is set again.
    """
    assert turn.by is not None  # noqa: S101 - only a broker takes hours back
    book, account = book_of(turn.session, turn.exchange.timebank_id), both(turn)[1].account_id
    floor, ceiling = book.range_of(account)
    left = book.balance(account).available - seconds
    if floor is None or left >= floor:
        credit(turn, seconds=seconds)
        return
    set_by = {"ceiling": ceiling, "at": turn.at, "by": turn.by.person_id}
    book.set_limits(account, floor=left, **set_by)  # type: ignore[arg-type]
    credit(turn, seconds=seconds)
    book.set_limits(account, floor=floor, **set_by)  # type: ignore[arg-type]


def credited(turn: Turn, entry: Entry, *, seconds: int, number: int = 1) -> tuple[Credit, Help]:
    """What an entry makes of an exchange, and the rows that are to be stored with it."""
    exchange = turn.exchange
    exchange.hold_id, exchange.waits_for_limit = None, False
    exchange.entry_id, exchange.reversal_entry_id, exchange.credited_seconds = entry.id, None, seconds
    helped = Help(
        entry_id=entry.id,
        exchange_id=exchange.id,
        timebank_id=exchange.timebank_id,
        giver_id=exchange.giver_id,
        receiver_id=exchange.receiver_id,
        seconds=seconds,
        happened_on=entry.effective_on,
    )
    return Credit(exchange_id=exchange.id, number=number, entry_id=entry.id, credited_at=turn.at), helped


def take_back(turn: Turn, *, reason: str) -> None:
    """Reverse the entry of credited hours. The broker's decision stands, also where it leaves somebody past a limit."""
    exchange = turn.exchange
    assert exchange.entry_id is not None  # noqa: S101 - the database does not let an exchange be credited without one
    assert turn.by is not None  # noqa: S101 - only a broker takes hours back
    reversal = book_of(turn.session, exchange.timebank_id).reverse(
        exchange.entry_id,
        key=f"{exchange.entry_id}:take-back",
        effective_on=day_of(turn.policy, turn.at),
        at=turn.at,
        by=turn.by.person_id,
        override_by=turn.by.person_id,
        memo=reason,
    )
    exchange.reversal_entry_id = reversal.id
    turn.session.exec(
        update(Credit).where(col(Credit.entry_id) == exchange.entry_id).values(reversal_entry_id=reversal.id)
    )
    turn.session.exec(update(Help).where(col(Help.entry_id) == exchange.entry_id).values(reversed_at=turn.at))


def both(turn: Turn) -> tuple[Party, Party]:
    """Giver and receiver."""
    return turn.session.get_one(Party, turn.exchange.giver_id), turn.session.get_one(Party, turn.exchange.receiver_id)


def _said_kindly(limit: LimitExceeded, giver: Party, receiver: Party) -> LimitReached:
    party = giver if limit.account == giver.account_id else receiver
    return LimitReached(name=party.name, over_seconds=limit.by_seconds)
