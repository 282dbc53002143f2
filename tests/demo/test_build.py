"""The demo as it stands when it is built: what a visitor has been promised to find, on books that can be proved."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from ledger import audit
from ledger.tables import AccountRow, EntryRow
from tests.conftest import ENGINES
from tests.databases import Databases, postgresql_for_tests
from timebank.access.queries import proof
from timebank.access.rules import Hasher
from timebank.access.tables import Password
from timebank.database import engine_for
from timebank.demo import DEMO_ACCESS, build
from timebank.demo.people import BROKER, OTHER_VALLEY
from timebank.exchanges.tables import Exchange, Help, State, Step
from timebank.listings.tables import Listing, ListingStatus, Side
from timebank.members.queries import member_counts, memberships_of, standing_of
from timebank.members.tables import Member, Party, PartyKind, Person, Role, RoleHeld
from timebank.network.queries import book_of, policies, timebank_called
from timebank.network.tables import Timebank
from timebank.notices.tables import Channel, Notice
from timebank.today.queries import REQUEST_WAITS, Waiting, today

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOUR = 3600


@pytest.fixture(scope="module")
def told() -> dict[str, list[Any]]:
    """The stories of the demos that were built, by engine."""
    return {}


@pytest.fixture(scope="module", params=ENGINES)
def demo(request: pytest.FixtureRequest, databases: Databases, told: dict[str, list[Any]]) -> Iterator[Engine]:
    """The whole demo, built once on each engine."""
    if request.param == "postgresql" and postgresql_for_tests.url is None:
        pytest.skip("no PostgreSQL")
    engine = engine_for(databases.fresh(request.param))
    build(engine, at=AT)
    told[request.param] = the_story(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(demo: Engine) -> Iterator[Session]:
    with Session(demo) as opened:
        yield opened


@pytest.fixture
def cwm(session: Session) -> Timebank:
    found = timebank_called(session, "cwm")
    assert found is not None
    return found


def parties(session: Session, timebank: Timebank) -> dict[str, Party]:
    return {party.name: party for party in session.exec(select(Party).where(Party.timebank_id == timebank.id)).all()}


def in_state(session: Session, timebank: Timebank, *states: State) -> list[Exchange]:
    rows = select(Exchange).where(Exchange.timebank_id == timebank.id, col(Exchange.state).in_(states))
    return list(session.exec(rows).all())


def hours(session: Session, timebank: Timebank) -> tuple[Counter[str], Counter[str]]:
    """What everybody gave and received, in seconds."""
    names = {party.id: name for name, party in parties(session, timebank).items()}
    gave: Counter[str] = Counter()
    got: Counter[str] = Counter()
    for helped in session.exec(select(Help).where(Help.timebank_id == timebank.id, col(Help.reversed_at).is_(None))):
        gave[names[helped.giver_id]] += helped.seconds
        got[names[helped.receiver_id]] += helped.seconds
    return gave, got


def the_story(engine: Engine) -> list[Any]:
    """Everything that happened, without the keys of rows."""
    with Session(engine) as session:
        names = {party.id: party.name for party in session.exec(select(Party)).all()}
        steps = session.exec(
            select(Exchange, Step).join(Step, col(Step.exchange_id) == col(Exchange.id)).order_by(col(Step.at))
        ).all()
        exchanged = [
            (step.at, names[x.giver_id], names[x.receiver_id], x.title, x.state, step.after, step.seconds, step.note)
            for x, step in steps
        ]
        listed = [
            (each.listed_at, names[each.party_id], each.title, each.status)
            for each in session.exec(select(Listing).order_by(col(Listing.listed_at))).all()
        ]
        return [*sorted(exchanged), *sorted(listed), *sorted(names.values())]


def test_a_valley_of_about_sixty_people_three_organisations_and_two_brokers(session: Session, cwm: Timebank) -> None:
    assert 55 <= member_counts(session)[cwm.id] <= 65
    kinds = Counter(party.kind for party in parties(session, cwm).values())
    assert kinds[PartyKind.ORGANISATION] == 3
    brokers = session.exec(
        select(Member.id)
        .join(RoleHeld, col(RoleHeld.member_id) == col(Member.id))
        .where(Member.timebank_id == cwm.id, RoleHeld.role == Role.BROKER)
    ).all()
    assert len(brokers) == 2


def test_about_a_quarter_have_a_telephone_only(session: Session, cwm: Timebank) -> None:
    people = session.exec(
        select(Person, Member).join(Member, col(Member.person_id) == col(Person.id)).where(Member.timebank_id == cwm.id)
    ).all()
    without = [member for person, member in people if person.email is None]
    assert 0.15 < len(without) / len(people) < 0.3
    assert all(member.phone for member in without)


def test_eight_months_in_which_hundreds_of_exchanges_took_every_way_there_is(session: Session, cwm: Timebank) -> None:
    begun = session.exec(select(Exchange.begun_at).where(Exchange.timebank_id == cwm.id)).all()
    assert 350 <= len(begun) <= 520
    assert timedelta(days=230) < AT - min(begun) < timedelta(days=250)
    assert max(session.exec(select(func.max(Step.at))).one(), AT) == AT
    states = Counter(exchange.state for exchange in in_state(session, cwm, *State))
    assert set(states) == set(State)
    assert [policy.version for policy in policies(session, cwm.id)] == [3, 2, 1]


def test_some_only_give_some_only_receive_and_some_are_below_zero(session: Session, cwm: Timebank) -> None:
    gave, got = hours(session, cwm)
    assert (gave["Mair Prosser"], got["Mair Prosser"]) == (23 * HOUR, 0)
    assert len([name for name in gave if not got[name]]) >= 3
    assert len([name for name in got if not gave[name]]) >= 3
    assert (gave["Ben Evans"], got["Ben Evans"]) == (14 * HOUR, 17.5 * HOUR)
    book = book_of(session, cwm.id)
    balances = {
        name: book.balance(party.account_id).posted
        for name, party in parties(session, cwm).items()
        if party.kind is PartyKind.PERSON
    }
    assert balances["Huw Lloyd"] == -11 * HOUR
    assert len([seconds for seconds in balances.values() if seconds < 0]) >= 8
    assert len([seconds for seconds in balances.values() if seconds < -8 * HOUR]) == 2


def test_something_of_everything_waits(session: Session, cwm: Timebank) -> None:
    waiting = Counter(exchange.state for exchange in in_state(session, cwm, *State))
    assert waiting[State.AGREED] == 3
    assert waiting[State.CONFIRMED] == 2
    assert waiting[State.DISPUTED] == 1
    assert waiting[State.REPORTED] >= 4
    assert waiting[State.PROPOSED] >= 3
    asked = session.exec(
        select(Listing).where(
            Listing.timebank_id == cwm.id,
            Listing.status == ListingStatus.OPEN,
            Listing.side == Side.REQUEST,
            Listing.listed_at < AT - REQUEST_WAITS,
        )
    ).all()
    assert len(asked) == 3


def test_the_brokers_day_is_full_and_holds_every_reason(session: Session, cwm: Timebank) -> None:
    broker = standing_of(session, parties(session, cwm)[BROKER].id)
    found = today(session, broker=broker, at=AT)
    assert set(found.counts) == set(Waiting)
    assert 12 <= len(found.tasks) <= 25
    lonely = next(task for task in found.tasks if task.reason is Waiting.UNANSWERED and task.listing)
    assert lonely.who is not None and lonely.who.name == "Olwen Rees"
    assert len(lonely.matches) == 3


def test_ben_finds_something_to_answer_something_to_confirm_and_who_could_drive_him(
    session: Session, cwm: Timebank
) -> None:
    ben = parties(session, cwm)["Ben Evans"].id
    asked = [each for each in in_state(session, cwm, State.PROPOSED) if each.giver_id == ben]
    logged = [each for each in in_state(session, cwm, State.REPORTED) if each.receiver_id == ben]
    assert [each.proposer_id == ben for each in asked] == [False]
    assert [each.reported_seconds for each in logged] == [1.5 * HOUR]
    lift = session.exec(select(Listing).where(Listing.party_id == ben, Listing.side == Side.REQUEST)).one()
    assert lift.status is ListingStatus.OPEN


def test_the_ledger_proves_itself(session: Session) -> None:
    report = audit(session)
    assert report.problems == []
    assert report.entries == session.exec(select(func.count()).select_from(EntryRow)).one() > 500


def test_every_credited_exchange_has_its_entry_and_its_row_of_help_of_the_same_seconds(session: Session) -> None:
    credited = session.exec(select(Exchange).where(col(Exchange.entry_id).is_not(None))).all()
    rows = session.exec(select(Help).where(col(Help.exchange_id).is_not(None))).all()
    helped = {row.entry_id: row for row in rows}
    assert {each.id for each in credited} == {row.exchange_id for row in rows}
    adjusted = {row.exchange_id for row in rows if row.reversed_at} & {
        each.id for each in credited if each.state is State.CREDITED
    }
    assert len(adjusted) == len(rows) - len(credited) == 1, "what was put right keeps what stood there before"
    moved = dict(session.exec(select(EntryRow.id, EntryRow.moved)).all())
    for each in credited:
        row = helped[each.entry_id]
        assert each.id == row.exchange_id
        assert moved[row.entry_id] == row.seconds
        assert (row.reversed_at is None) == (each.state is State.CREDITED)


def test_each_book_sums_to_zero(session: Session) -> None:
    for timebank in session.exec(select(Timebank)).all():
        accounts = session.exec(select(AccountRow.id).where(AccountRow.book == timebank.book_id)).all()
        balances = book_of(session, timebank.id).balances(accounts)
        assert sum(balance.posted for balance in balances.values()) == 0


def test_the_second_timebank_is_small_and_shares_nobody_with_the_first(session: Session, cwm: Timebank) -> None:
    other = timebank_called(session, "dyffryn")
    assert other is not None
    assert set(parties(session, other)) == {villager.name for villager in OTHER_VALLEY}
    assert not set(parties(session, other)) & set(parties(session, cwm))
    here = {party.id for party in parties(session, cwm).values()}
    for exchange in in_state(session, cwm, *State):
        assert {exchange.giver_id, exchange.receiver_id} <= here
    persons = select(Member.person_id, Member.timebank_id)
    assert len({person for person, _ in session.exec(persons)}) == len(session.exec(persons).all())


def test_whoever_is_said_to_sign_in_can_and_nobody_else(session: Session) -> None:
    for each in DEMO_ACCESS.people:
        proved = proof(session, email=each.email, password=DEMO_ACCESS.password, using=Hasher())
        assert [party.name for party in memberships_of(session, proved.person_id)] == [each.name]
    assert session.exec(select(func.count()).select_from(Password)).one() == len(DEMO_ACCESS.people)


def test_old_notices_have_left_the_outbox_and_recent_ones_wait(session: Session) -> None:
    for channel, longest in ((Channel.EMAIL, timedelta(days=1)), (Channel.BROKER, timedelta(weeks=1))):
        waits = select(Notice.made_at).where(col(Notice.sent_at).is_(None), Notice.channel == channel)
        waiting = session.exec(waits).all()
        assert 0 < len(waiting) < 40, channel
        assert min(waiting) >= AT - longest


@pytest.mark.usefixtures("demo")
def test_built_twice_it_tells_the_same_story(told: dict[str, list[Any]]) -> None:
    first, *others = told.values()
    assert len(first) > 2000
    assert all(other == first for other in others)
