"""Posting many lines in few statements: each goes its way through the life of an exchange, then all are written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session

from ledger import Entry, LimitExceeded, Post, Posting
from timebank.exchanges.crediting import credited
from timebank.exchanges.life import (
    Move,
    Who,
    approval_is_beforehand,
    house_move,
    moves_from,
    waits_for_nobody,
    words_suffice,
)
from timebank.exchanges.reporting import give_word, put_down
from timebank.exchanges.rules import SERVICE, acting_party, other_than
from timebank.exchanges.steps import Turn, first_turn, moved
from timebank.exchanges.tables import Credit, Exchange, Help, State, Step, Verb
from timebank.exchanges.telling import ANSWERS
from timebank.members.rules import Standing, authority_for
from timebank.members.tables import Authority, Party
from timebank.network.queries import book_of
from timebank.network.tables import Policy
from timebank.notices.actions import Told, tell_many
from timebank.sheets.rules import Line, Outcome, Sheet
from timebank.sheets.tables import Signed

KINDS = {State.REPORTED: "reported", State.CONFIRMED: "confirmed", State.CREDITED: "credited"}


@dataclass
class Lived:
    """A line on its way: the exchange that it became, its steps, and the turn by which it is credited, if it is."""

    line: Line
    exchange: Exchange
    steps: list[Step] = field(default_factory=list)
    credit: Turn | None = None
    rows: list[Credit | Help] = field(default_factory=list)
    entry: Entry | None = None


def post(
    session: Session,
    lines: Sequence[Line],
    parties: Mapping[UUID, Party],
    *,
    sheet: Sheet,
    policy: Policy,
    by: Standing,
    at: datetime,
) -> list[Outcome]:
    """Lines that were checked become exchanges, steps, entries, help and notices; the paper tells the broker."""
    by = by.told(Authority.LETTER)
    all_lived = [_live(session, line, sheet=sheet, policy=policy, by=by, at=at) for line in lines]
    _credit(session, all_lived, parties, by=by, at=at)
    session.add_all(lived.exchange for lived in all_lived)
    session.flush()
    session.add_all(step for lived in all_lived for step in lived.steps)
    session.add_all(row for lived in all_lived for row in lived.rows)
    session.flush()
    told = [each for lived in all_lived for each in _told(lived, parties)]
    tell_many(session, told, timebank_id=by.timebank_id, at=at)
    return [
        Outcome.of(lived.line.number, lived.exchange, lived.entry.number if lived.entry else None)
        for lived in all_lived
    ]


def _live(session: Session, line: Line, *, sheet: Sheet, policy: Policy, by: Standing, at: datetime) -> Lived:
    """One side's word, the other's where both signed, and as far on as the policy and the broker let it go."""
    signed = sheet.signed_on(line)
    proposer_id = line.receiver_id if signed is Signed.RECEIVER else line.giver_id
    exchange = Exchange(
        timebank_id=by.timebank_id,
        giver_id=line.giver_id,
        receiver_id=line.receiver_id,
        proposer_id=proposer_id,
        gift_id=line.gift_id,
        title=line.title,
        place=sheet.place_of(line),
        state=State.REPORTED,
        since=at,
        begun_at=at,
        submission=uuid4(),
    )
    exchange.is_unapproved = approval_is_beforehand(exchange, policy)
    lived = Lived(line, exchange)
    report = first_turn(session, exchange, Verb.REPORT, policy=policy, by=by, for_party=proposer_id, at=at)
    put_down(report, seconds=line.seconds, happened_on=line.happened_on)
    lived.steps.append(moved(report, seconds=line.seconds, happened_on=line.happened_on))
    confirm = _confirmation(report, signed)
    if confirm is None:
        return lived
    if confirm.for_party is not None:
        give_word(exchange, confirm.for_party)
    lived.steps.append(moved(confirm, seconds=line.seconds))
    lived.credit = _crediting(report, confirm, sheet)
    return lived


def _confirmation(report: Turn, signed: Signed) -> Turn | None:
    """By the house where one word is enough, or by the other, who signed as well."""
    exchange, policy = report.exchange, report.policy
    if enough := house_move(exchange, policy, Verb.CONFIRM, because=words_suffice):
        return _next_turn(report, enough)
    if signed is not Signed.BOTH or report.for_party is None:
        return None
    theirs = next(move for move in moves_from(exchange, policy) if move.verb is Verb.CONFIRM and move.who is Who.OTHER)
    other = other_than(exchange, report.for_party)
    assert report.by is not None  # noqa: S101 - a broker enters it
    return _next_turn(report, theirs, by=report.by, for_party=acting_party(exchange, theirs, report.by, other))


def _crediting(report: Turn, confirm: Turn, sheet: Sheet) -> Turn | None:
    """By the house where nobody has to look, or by the broker, who says that they have looked."""
    exchange, policy = report.exchange, report.policy
    if at_once := house_move(exchange, policy, Verb.CREDIT, because=waits_for_nobody):
        return _next_turn(confirm, at_once)
    if not sheet.approves or report.by is None:
        return None
    move = next(move for move in moves_from(exchange, policy) if move.verb is Verb.APPROVE)
    acting_party(exchange, move, report.by, None)
    return _next_turn(report, move, by=report.by)


def _next_turn(after: Turn, move: Move, *, by: Standing | None = None, for_party: UUID | None = None) -> Turn:
    return Turn(
        session=after.session,
        exchange=after.exchange,
        move=move,
        policy=after.policy,
        at=after.at,
        by=by,
        for_party=for_party,
        authority=authority_for(by, for_party) if by and for_party else None,
        after=after if by is None else None,
    )


def _credit(
    session: Session, all_lived: Sequence[Lived], parties: Mapping[UUID, Party], *, by: Standing, at: datetime
) -> None:
    """One batch for the ledger. Whoever would pass a limit waits for a broker, as where one confirms."""
    ready = [lived for lived in all_lived if lived.credit is not None]
    if not ready:
        return
    book = book_of(session, by.timebank_id)
    first_open = book.first_open_day()
    posts = []
    for lived in ready:
        line, credit = lived.line, lived.credit
        assert credit is not None  # noqa: S101 - as above
        posts.append(
            Post(
                [
                    Posting(parties[line.giver_id].account_id, line.seconds),
                    Posting(parties[line.receiver_id].account_id, -line.seconds),
                ],
                key=f"{lived.exchange.id}:credit:1",
                purpose=SERVICE,
                effective_on=max(line.happened_on, first_open) if first_open else line.happened_on,
                by=credit.recorded_by,
                on_behalf_of=credit.on_behalf_of,
            )
        )
    for lived, outcome in zip(ready, book.post_many(posts, at=at, by_line=True), strict=True):
        if isinstance(outcome, LimitExceeded):
            lived.exchange.waits_for_limit = True
        elif isinstance(outcome, Entry):
            assert lived.credit is not None  # noqa: S101 - as above
            lived.entry = outcome
            lived.rows += credited(lived.credit, outcome, seconds=lived.line.seconds)
            lived.steps.append(moved(lived.credit, seconds=lived.line.seconds))
        else:
            raise outcome


def _told(lived: Lived, parties: Mapping[UUID, Party]) -> Iterator[Told]:
    """Whoever has yet to confirm is asked; both are told of what is confirmed or credited."""
    exchange = lived.exchange
    both = [exchange.giver_id, exchange.receiver_id]
    if exchange.state is State.REPORTED:
        both.remove(exchange.proposer_id)
    kind = KINDS[exchange.state]
    act = f"/{ANSWERS[kind].value}" if kind in ANSWERS else ""
    for party_id in both:
        yield Told(
            party_id=party_id,
            kind=kind,
            path=f"/exchanges/{exchange.id}{act}",
            values={
                "other": parties[other_than(exchange, party_id)].name,
                "title": exchange.title,
                "seconds": lived.line.seconds,
                "note": "",
            },
        )
