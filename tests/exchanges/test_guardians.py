"""A guardian acts for their ward as far as a broker let them, and never gives both words."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.cast import Cast
from tests.exchanges.stage import MONDAY, Stage
from timebank.database import unit_of_work
from timebank.donations.giving import donate
from timebank.errors import Refusal
from timebank.exchanges import queries, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.rules import ForOneSideOnly, ForTheOther, open_verbs
from timebank.exchanges.tables import State, Verb
from timebank.members import guarding
from timebank.members.guarding import Limits
from timebank.members.queries import guardianships, standing_of
from timebank.members.rules import (
    BeyondGuardianship,
    ForBrokers,
    ForOthers,
    Guarded,
    GuardsNothing,
    NoSuchGuardianship,
    NoSuchMember,
    NotOneself,
    NotYourself,
    Standing,
    TooLongForGuardian,
    TooMuchForGuardian,
)
from timebank.members.tables import Authority, Evidence
from timebank.network.queries import policy_at

HOUR = 3600
TODAY = date(2026, 3, 4)


def appoint(stage: Stage, acts: Iterable[Guarded] = tuple(Guarded), *, broker: str = "bea", **more: object) -> Standing:
    """Ben becomes Olwen's guardian. Returns him as he stands then."""
    ids = {name: stage.cast.standings[name].member_id for name in ("olwen", "ben")}
    about: dict[str, object] = {
        "ward": ids["olwen"], "guardian": ids["ben"], "most_seconds": None, "most_monthly_seconds": None, "until": None,
    } | more  # fmt: skip
    with unit_of_work(stage.session) as session:
        guarding.appoint(
            session,
            about["ward"],  # type: ignore[arg-type]
            guardian_id=about["guardian"],  # type: ignore[arg-type]
            limits=Limits(
                acts=frozenset(acts),
                most_seconds=about["most_seconds"],  # type: ignore[arg-type]
                most_monthly_seconds=about["most_monthly_seconds"],  # type: ignore[arg-type]
                until=about["until"],  # type: ignore[arg-type]
            ),
            evidence=Evidence.SAID_SO,
            broker=stage.cast.standings[broker],
            at=MONDAY,
            today=TODAY,
        )
    return standing_of(stage.session, ids["ben"])


def to_olwen(stage: Stage) -> UUID:
    """Ana logs hours that she gave to Olwen."""
    ana, olwen = stage.cast.ana.member_id, stage.cast.olwen.member_id
    return stage.log(between=Between(giver_id=ana, receiver_id=olwen, proposer_id=ana))


def test_a_guardian_confirms_for_their_ward_and_it_says_so(stage: Stage) -> None:
    ben = appoint(stage)
    olwen = stage.cast.olwen.member_id
    exchange_id = to_olwen(stage)
    found = queries.exchange(stage.session, exchange_id, by=ben).exchange
    policy = policy_at(stage.session, stage.cast.timebank_id, MONDAY)
    open_to_ben = {(each.verb, each.for_party, each.is_on_behalf) for each in open_verbs(found, policy, ben, at=MONDAY)}
    assert (Verb.CONFIRM, olwen, False) in open_to_ben
    stage.confirm(exchange_id, by=ben)
    assert stage.exchange(exchange_id).has_receiver_word
    (did,) = queries.done_by_guardians(stage.session, olwen)
    assert (did[0].verb, did[0].authority, did[0].for_party_id, did[2]) == (
        Verb.CONFIRM, Authority.GUARDIAN, olwen, "Ben",
    )  # fmt: skip


def test_a_guardian_may_only_what_a_broker_let_them(stage: Stage) -> None:
    exchange_id = to_olwen(stage)
    asks_only = appoint(stage, {Guarded.ASK})
    with pytest.raises(BeyondGuardianship):
        stage.confirm(exchange_id, by=asks_only)
    logs = appoint(stage, {Guarded.LOG})
    assert len(guardianships(stage.session, stage.cast.olwen.member_id, by=stage.cast.bea)) == 2
    olwen, ana = stage.cast.olwen.member_id, stage.cast.ana.member_id
    between = Between(giver_id=ana, receiver_id=olwen, proposer_id=olwen)
    with pytest.raises(BeyondGuardianship):
        stage.propose(between=between, by=logs)
    stage.log(between=between, by=logs)
    stage.confirm(exchange_id, by=logs)


def test_a_guardian_never_passes_their_wards_hours_on(stage: Stage) -> None:
    appoint(stage, guardian=stage.cast.bea.member_id, broker="bryn")
    bea = standing_of(stage.session, stage.cast.bea.member_id).told(Authority.PHONE)
    with pytest.raises(BeyondGuardianship):
        donate(
            stage.session,
            stage.cast.olwen.member_id,
            receiver_id=None,
            seconds=1,
            by=bea,
            at=MONDAY,
            submission=UUID(int=1),
        )


def test_whoever_is_the_other_side_too_never_gives_both_words(stage: Stage) -> None:
    ben = appoint(stage)
    olwen = stage.cast.olwen.member_id
    own = Between(giver_id=ben.member_id, receiver_id=olwen, proposer_id=ben.member_id)
    theirs = Between(giver_id=ben.member_id, receiver_id=olwen, proposer_id=olwen)
    for between, other in ((own, olwen), (theirs, ben.member_id)):
        exchange_id = stage.log(between=between, by=ben)
        assert stage.exchange(exchange_id).is_one_handed
        with pytest.raises(ForOneSideOnly):
            stage.confirm(exchange_id, by=ben, for_party=other)
    stage.confirm(exchange_id, by=stage.cast.ben) if other == ben.member_id else None
    assert stage.state(exchange_id) is State.CONFIRMED


def test_hours_beyond_the_limits_are_refused_beside_their_field(stage: Stage) -> None:
    ben = appoint(stage, most_seconds=2 * HOUR, most_monthly_seconds=3 * HOUR)
    olwen, ana = stage.cast.olwen.member_id, stage.cast.ana.member_id
    between = Between(giver_id=ana, receiver_id=olwen, proposer_id=olwen)
    with pytest.raises(TooLongForGuardian) as too_long:
        stage.log(between=between, by=ben, seconds=2 * HOUR + 900)
    assert (too_long.value.field, too_long.value.values) == ("hours", {"most_seconds": 2 * HOUR})
    stage.log(between=between, by=ben, seconds=2 * HOUR)
    with pytest.raises(TooMuchForGuardian) as too_much:
        stage.log(between=between, by=ben, seconds=2 * HOUR)
    assert too_much.value.values == {"left_seconds": HOUR}
    stage.log(between=between, by=ben, seconds=HOUR)


def test_of_two_at_once_that_pass_the_months_limit_one_is_refused(engine: Engine, stage: Stage) -> None:
    ben = appoint(stage, most_monthly_seconds=2 * HOUR)
    exchanges = [to_olwen(stage), to_olwen(stage)]

    def confirm(exchange_id: UUID) -> type[Refusal] | None:
        with Session(engine) as own:
            try:
                with unit_of_work(own):
                    reporting.confirm(own, exchange_id, by=ben, at=MONDAY + timedelta(days=2))
            except Refusal as refusal:
                return type(refusal)
            return None

    with ThreadPoolExecutor(2) as pool:
        assert {*pool.map(confirm, exchanges)} == {None, TooMuchForGuardian}


def test_a_guardianship_that_is_over_lets_nobody_act(stage: Stage) -> None:
    ben = appoint(stage, until=TODAY - timedelta(days=0))
    late = TODAY + timedelta(days=1)
    assert standing_of(stage.session, ben.member_id, today=late).wards == frozenset()
    exchange_id = to_olwen(stage)
    with unit_of_work(stage.session) as session, pytest.raises(BeyondGuardianship):
        reporting.confirm(session, exchange_id, by=ben, at=MONDAY + timedelta(days=9))
    (held,) = guardianships(stage.session, ben.member_id, by=stage.cast.ben)
    with unit_of_work(stage.session) as session:
        guarding.end(session, held.held.id, by=stage.cast.olwen, at=MONDAY)
    with pytest.raises(BeyondGuardianship):
        stage.confirm(exchange_id, by=ben)
    with pytest.raises(Refusal):
        stage.confirm(exchange_id, by=stage.cast.ben)


def test_who_appoints_and_who_ends(stage: Stage) -> None:
    cast: Cast = stage.cast
    for broker, more, refusal in (
        ("ana", {}, ForBrokers),
        ("awen", {}, ForBrokers),
        ("cy", {}, ForBrokers),
        ("bethan", {}, NoSuchMember),
        ("bea", {"guardian": cast.bea.member_id}, NotYourself),
        ("bea", {"guardian": cast.olwen.member_id}, NotOneself),
        ("bea", {"guardian": cast.cy.member_id}, NoSuchMember),
        ("bea", {"guardian": cast.gwalia}, NoSuchMember),
    ):
        with pytest.raises(refusal):
            appoint(stage, broker=broker, **more)
    with pytest.raises(GuardsNothing):
        appoint(stage, ())
    appoint(stage)
    for name in ("ana", "cy", "awen"):
        with pytest.raises(Refusal) as refused:
            guardianships(stage.session, cast.olwen.member_id, by=cast.standings[name])
        assert refused.type in {ForOthers, NoSuchMember}
    (held,) = guardianships(stage.session, cast.olwen.member_id, by=cast.bea)
    for name in ("ana", "cy", "bethan", "awen"):
        with pytest.raises(NoSuchGuardianship):
            guarding.end(stage.session, held.held.id, by=cast.standings[name], at=MONDAY)
    stage.session.rollback()
    with unit_of_work(stage.session) as session:
        guarding.end(session, held.held.id, by=cast.olwen, at=MONDAY)
    exchange_id = to_olwen(stage)
    with pytest.raises(Refusal) as refused:
        stage.confirm(exchange_id, by=standing_of(stage.session, cast.ben.member_id))
    assert refused.type is not ForTheOther
