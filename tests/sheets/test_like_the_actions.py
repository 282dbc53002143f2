"""The law of sheets: many lines entered at once leave the same books as each of them logged by the ordinary actions."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from tests.cast import Cast
from tests.sheets.desk import FRIDAY, HOUR, MONDAY, Desk
from timebank.errors import Refusal
from timebank.exchanges import approving, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.rules import LimitReached
from timebank.exchanges.tables import Credit, Exchange, Help, State, Step
from timebank.members.rules import Standing
from timebank.members.tables import Authority
from timebank.network.queries import book_of
from timebank.network.rules import PolicyTerms
from timebank.network.tables import Approval, Confirmation
from timebank.notices.tables import Notice
from timebank.sheets import entering
from timebank.sheets.rules import Line, Repeats, Sheet
from timebank.sheets.tables import Signed

QUARTER = 900
WHO = ("ana", "ben", "olwen", "bea", "gwalia")
POLICIES = [
    PolicyTerms(approval=approval, confirmation=confirmation, floor_seconds=-3 * HOUR)
    for approval in Approval
    for confirmation in Confirmation
]
drawn_lines = st.lists(
    st.tuples(
        st.permutations(WHO).map(lambda names: names[:2]),
        st.integers(1, 12),
        st.integers(0, 4),
        st.sampled_from(["Tea", "Lift"]),
        st.none() | st.sampled_from(Signed),
    ),
    min_size=1,
    max_size=8,
)


SAID = ("title", "state", "steps", "has_giver_word", "has_receiver_word", "is_unapproved", "is_one_handed")
STEP = ("number", "verb", "before", "after", "by_member_id", "for_party_id", "authority", "seconds", "happened_on")


def the_books(session: Session, cast: Cast) -> dict[str, Any]:
    """Everything that lines leave behind but for what is drawn at random; of notices those of credit."""
    session.flush()
    exchanges = {each.id: each for each in session.exec(select(Exchange))}

    def line(exchange_id: Any) -> tuple[Any, ...]:
        each = exchanges[exchange_id]
        return (each.giver_id, each.receiver_id, each.happened_on, each.reported_seconds, each.title)

    def told(row: Any, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(getattr(row, name)) for name in names)

    entries = book_of(session, cast.timebank_id).entries(session.exec(select(Credit.entry_id)).all())

    def by_whom(entry_id: Any) -> tuple[str, str]:
        return str(entries[entry_id].recorded_by), str(entries[entry_id].recorded_for)

    steps, credits_, helped = (session.exec(select(table)).all() for table in (Step, Credit, Help))
    notices = session.exec(select(Notice).where(Notice.kind == "credited")).all()
    return {
        "balances": sorted(book_of(session, cast.timebank_id).trial_balance().items()),
        "exchanges": sorted((line(each.id), told(each, SAID)) for each in exchanges.values()),
        "steps": sorted((line(each.exchange_id), told(each, STEP)) for each in steps),
        "credits": sorted((line(each.exchange_id), each.number, *by_whom(each.entry_id)) for each in credits_),
        "help": sorted((line(each.exchange_id), each.seconds, each.happened_on) for each in helped),
        "told": sorted((str(each.person_id), each.values["title"], each.values["other"]) for each in notices),
    }


def one_by_one(session: Session, lines: list[Line], sheet: Sheet, by: Standing) -> None:
    """What a broker would do with the paper before them if there were no sheets."""
    by = by.told(Authority.LETTER)
    for line in lines:
        signed = line.signed or sheet.signed
        reporter = line.receiver_id if signed is Signed.RECEIVER else line.giver_id
        exchange = reporting.log(
            session,
            between=Between(giver_id=line.giver_id, receiver_id=line.receiver_id, proposer_id=reporter),
            title=line.title,
            seconds=line.seconds,
            happened_on=line.happened_on,
            by=by,
            at=FRIDAY,
            submission=uuid4(),
        )
        other = line.receiver_id if reporter == line.giver_id else line.giver_id
        if exchange.state is State.REPORTED and signed is Signed.BOTH:
            reporting.confirm(session, exchange.id, by=by, at=FRIDAY, for_party=other)
        if exchange.state is State.CONFIRMED and sheet.approves and not exchange.waits_for_limit:
            try:
                approving.approve(session, exchange.id, broker=by, at=FRIDAY)
            except LimitReached:
                continue  # it waits, as on a sheet


@pytest.mark.parametrize("terms", POLICIES, ids=lambda terms: f"{terms.approval}-{terms.confirmation}")
@given(drawn=drawn_lines, signed=st.sampled_from(Signed), approves=st.booleans())
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sheet_leaves_the_books_as_its_lines_one_by_one_would(
    desk: Desk, drawn: list[tuple[list[str], int, int, str, Signed | None]], signed: Signed, approves: bool
) -> None:
    cast, session = desk.cast, desk.session
    session.rollback()
    parties = {name: cast.gwalia if name == "gwalia" else cast.standings[name].member_id for name in WHO}
    lines = [
        Line(
            number=number,
            happened_on=MONDAY - timedelta(days=days),
            giver_id=parties[giver],
            receiver_id=parties[receiver],
            title=title,
            seconds=quarters * QUARTER,
            signed=otherwise,
        )
        for number, ((giver, receiver), quarters, days, title, otherwise) in enumerate(drawn, start=1)
    ]
    sheet = Sheet(signed=signed, approves=approves, repeats=Repeats.COUNT)
    one_by_one(session, lines, sheet, cast.bryn)
    expected = the_books(session, cast)
    session.rollback()
    entering.enter(session, lines, sheet=sheet, by=cast.bryn, at=FRIDAY, submission=uuid4())
    found = the_books(session, cast)
    session.rollback()
    assert found == expected


def test_both_ways_refuse_the_same(desk: Desk) -> None:
    for wrong in (
        desk.line(seconds=QUARTER + 1),
        desk.line(happened_on=date(2024, 1, 1)),
        desk.line(happened_on=FRIDAY.date() + timedelta(days=1)),
        desk.line(receiver_id=desk.cast.ana.member_id),
        desk.line(receiver_id=desk.cast.cy.member_id),
        desk.line(receiver_id=desk.cast.bryn.member_id),
    ):
        desk.session.rollback()
        with pytest.raises(Refusal) as refusal:
            one_by_one(desk.session, [wrong], Sheet(), desk.cast.bryn)
        desk.session.rollback()
        _, refused = entering.look(desk.session, [wrong], sheet=Sheet(), by=desk.cast.bryn, at=FRIDAY)
        assert type(refused[1]) is type(refusal.value)
