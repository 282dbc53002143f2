"""A broker decides nothing about what they are party to, themselves or through an organisation: by no verb."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlmodel import Session

from tests.browsing import send, sign_in_as
from tests.cast import Cast
from tests.exchanges.stage import Stage
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges.agreeing import Between
from timebank.exchanges.life import LIFE, Move, Who
from timebank.exchanges.rules import ForAnotherBroker, ForTheOther, acting_party, open_verbs
from timebank.exchanges.tables import Exchange, State
from timebank.members.actions import let_act_for
from timebank.members.queries import standing_of
from timebank.members.rules import Standing
from timebank.members.tables import Authority
from timebank.network.queries import policy_at

OF_BROKERS = [move for move in LIFE if move.who is Who.BROKER]
OF_PARTIES = [move for move in LIFE if move.before and move.who not in {Who.BROKER, Who.HOUSE}]


@pytest.fixture
def bea(session: Session, cast: Cast) -> Standing:
    """Bea acts for Gwalia too, and somebody rang her."""
    with unit_of_work(session):
        let_act_for(session, cast.bea.member_id, cast.gwalia, at=now())
    return standing_of(session, cast.bea.member_id).told(Authority.PHONE)


def between(move: Move, giver: Standing, receiver: object) -> Exchange:
    """An exchange from which a move could be made: the receiver proposed and logged it."""
    return Exchange(
        timebank_id=giver.timebank_id,
        giver_id=giver.member_id,
        receiver_id=receiver,
        proposer_id=receiver,
        reporter_id=receiver,
        title="Help",
        state=move.before,
        submission=uuid4(),
    )


def test_no_verb_of_a_broker_is_for_one_who_has_a_part(cast: Cast, bea: Standing) -> None:
    for move in OF_BROKERS:
        for own in (between(move, bea, cast.ben.member_id), between(move, cast.ana, cast.gwalia)):
            with pytest.raises(ForAnotherBroker):
                acting_party(own, move, bea, None)
            assert acting_party(own, move, cast.bryn, None) is None, move


def test_nor_do_they_act_there_for_the_other_of_the_two(cast: Cast, bea: Standing) -> None:
    for move in OF_PARTIES:
        for own, other in (
            (between(move, bea, cast.ben.member_id), cast.ben.member_id),
            (between(move, cast.ana, cast.gwalia), cast.ana.member_id),
        ):
            with pytest.raises((ForAnotherBroker, ForTheOther)):  # the latter where it is not the other's move either
                acting_party(own, move, bea, other)


def logged_with_gwalia(stage: Stage) -> UUID:
    """Ana has helped Gwalia, and Dewi has confirmed it: it waits for a broker."""
    exchange_id = stage.log(
        between=Between(
            giver_id=stage.cast.ana.member_id, receiver_id=stage.cast.gwalia, proposer_id=stage.cast.ana.member_id
        )
    )
    stage.confirm(exchange_id, by=stage.cast.dewi)
    assert stage.state(exchange_id) is State.CONFIRMED
    return exchange_id


def test_a_broker_begins_nothing_in_the_name_of_one_who_deals_with_their_organisation(
    stage: Stage, bea: Standing
) -> None:
    ana, gwalia = stage.cast.ana.member_id, stage.cast.gwalia
    for begin in (stage.log, stage.propose):
        with pytest.raises(ForAnotherBroker):
            begin(between=Between(giver_id=ana, receiver_id=gwalia, proposer_id=ana), by=bea)


def test_pages_and_api_refuse_what_belongs_to_their_organisation(app: Flask, stage: Stage, bea: Standing) -> None:
    exchange_id = logged_with_gwalia(stage)
    policy = policy_at(stage.session, stage.cast.timebank_id, now())
    assert open_verbs(stage.exchange(exchange_id), policy, bea, at=now()) == []
    browser = sign_in_as(app.test_client(), "bea")
    with unit_of_work(stage.session) as session:
        secret = make_token(session, by=bea, name="Test", at=now())[1]
    for verb, body in (("approve", {}), ("decline", {}), ("settle", {"hours": "1", "note": "So"})):
        assert f"/exchanges/{exchange_id}/{verb}" not in browser.get(f"/exchanges/{exchange_id}").text
        assert send(browser, f"/exchanges/{exchange_id}/{verb}", **body).status_code == 403
        refused = app.test_client().post(
            f"/api/v1/exchanges/{exchange_id}/{verb}", json=body, headers={"Authorization": f"Bearer {secret}"}
        )
        assert (refused.status_code, (refused.json or {})["reason"]) == (403, "for-another-broker")
    send(browser, "/today/approve", exchange=f"{exchange_id}.{stage.exchange(exchange_id).steps}")
    assert stage.state(exchange_id) is State.CONFIRMED
    assert "another broker decides" in browser.get("/today").text
