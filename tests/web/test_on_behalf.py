"""A broker does for Olwen, who has no e-mail address, whatever she rings about; both are told in their own way."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from tests.browsing import fill_in, send, sign_in_as
from tests.cast import Cast
from timebank.afterwords.tables import Thanks
from timebank.clock import now
from timebank.donations.tables import Donation, Occasion
from timebank.exchanges.tables import Exchange, State, Step, Verb
from timebank.listings.tables import Listing
from timebank.members.tables import Authority, Party, Status
from timebank.notices.tables import Channel, Notice


@pytest.fixture
def ana(cast: Cast, app: Flask) -> FlaskClient:
    assert cast.ana
    return sign_in_as(app.test_client(), "ana")


@pytest.fixture
def bea(cast: Cast, app: Flask) -> FlaskClient:
    assert cast.bea
    return sign_in_as(app.test_client(), "bea")


def told(session: Session, cast: Cast, name: str) -> list[tuple[str, Channel]]:
    """What somebody was told, oldest first, and in which way."""
    session.rollback()
    theirs = Notice.person_id == cast.standings[name].person_id
    return [*session.exec(select(Notice.kind, Notice.channel).where(theirs).order_by(col(Notice.made_at)))]


def logged(session: Session, client: FlaskClient, address: str, **said: str) -> Exchange:
    hours = {"title": "Company", "hours": "1", "happened_on": now().date().isoformat()}
    assert fill_in(client, address, **hours, **said).status_code == 303
    session.rollback()
    return session.exec(select(Exchange).order_by(col(Exchange.since).desc())).first()  # type: ignore[return-value]


def test_olwen_offers_and_asks(session: Session, cast: Cast, bea: FlaskClient, ana: FlaskClient) -> None:
    new = "/listings/new?side=offer"
    assert fill_in(bea, f"{new}&for={cast.olwen.member_id}", title="Knitting", authority="phone").status_code == 303
    offer = session.exec(select(Listing)).one()
    assert (offer.party_id, offer.authority) == (cast.olwen.member_id, Authority.PHONE)
    bread = fill_in(ana, new, title="Bread").location
    choose = bread.replace("/listings/", "/exchanges/ask/") + "/for"
    assert choose in bea.get(bread).text
    assert choose not in ana.get(bread).text
    assert (ana.get(choose).status_code, fill_in(bea, choose).status_code) == (403, 422)
    ask = fill_in(bea, choose, party_id_name="olw").location
    assert 'value="phone" checked' in bea.get(ask).text, "it is the same call"
    assert fill_in(bea, ask, note="A loaf").status_code == 303
    session.rollback()
    asked = session.exec(select(Exchange)).one()
    assert (asked.receiver_id, asked.proposer_id) == (cast.olwen.member_id, cast.olwen.member_id)
    assert told(session, cast, "ana") == [("proposed", Channel.EMAIL)]


def test_no_stranger_chooses_who_rang(app: Flask, ana: FlaskClient) -> None:
    bread = fill_in(ana, "/listings/new?side=offer", title="Bread").location
    choose = bread.replace("/listings/", "/exchanges/ask/") + "/for"
    for name, status in (("cy", 403), ("awen", 403), ("bethan", 404)):
        assert sign_in_as(app.test_client(), name).get(choose).status_code == status


@pytest.mark.parametrize("verb", [Verb.CONFIRM, Verb.DISPUTE])
def test_olwen_answers_what_was_logged(
    session: Session, cast: Cast, bea: FlaskClient, ana: FlaskClient, verb: Verb
) -> None:
    olwen = str(cast.olwen.member_id)
    held = logged(session, ana, "/exchanges/log", direction="given", party_id=olwen)
    assert told(session, cast, "olwen") == [("reported", Channel.BROKER)]
    assert "Olwen" in bea.get("/letters").text
    answer, rang = f"/exchanges/{held.id}/{verb}", {"for_party": olwen, "note": "So she says"}
    assert answer in bea.get(f"/exchanges/{held.id}").text
    assert "how they told you" in send(bea, answer, **rang).text
    assert send(bea, answer, **rang, authority="phone").status_code == 303
    session.rollback()
    said = session.exec(select(Step).where(Step.exchange_id == held.id, Step.verb == verb)).one()
    assert (said.by_member_id, said.for_party_id, said.authority) == (
        cast.bea.member_id, cast.olwen.member_id, Authority.PHONE,
    )  # fmt: skip
    assert told(session, cast, "ana"), "the other side is told, by e-mail"


def test_olwen_logs_thanks_passes_on_and_leaves(
    session: Session, cast: Cast, app: Flask, bea: FlaskClient, ana: FlaskClient
) -> None:
    olwen, anas = str(cast.olwen.member_id), str(cast.ana.member_id)
    address = f"/exchanges/log?for={olwen}"
    held = logged(session, bea, address, direction="given", party_id=anas, authority="letter")
    assert send(ana, f"/exchanges/{held.id}/confirm").status_code == 303
    send(sign_in_as(app.test_client(), "bryn"), f"/exchanges/{held.id}/approve")
    session.rollback()
    assert session.get_one(Exchange, held.id).state is State.CREDITED
    thanks = {"words": "You were kind", "for_party": olwen, "authority": "letter"}
    assert send(bea, f"/exchanges/{held.id}/thanks", **thanks).status_code == 303
    assert "You were kind" in ana.get(f"/exchanges/{held.id}").text
    session.rollback()
    assert session.exec(select(Thanks.authority)).one() is Authority.LETTER
    assert fill_in(bea, f"/pot/give?for={olwen}", hours="0:15", authority="letter").status_code == 303
    leave = {"receiver_id": anas, "authority": "letter", "is_sure": "yes"}
    assert fill_in(bea, f"/members/{olwen}/leave", **leave).status_code == 303
    session.rollback()
    assert session.get_one(Party, cast.olwen.member_id).status is Status.LEFT
    passed = session.exec(select(Donation.occasion, Donation.seconds, Donation.authority).order_by(col(Donation.at)))
    assert [*passed] == [(Occasion.DONATION, 900, Authority.LETTER), (Occasion.CLOSING, 2700, Authority.LETTER)]
