"""The pages and the API of messages."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from tests.browsing import fill_in, form_of, send, sign_in_as
from tests.cast import Cast
from tests.exchanges.stage import Stage
from timebank.access.actions import make_token
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.exchanges.agreeing import Between


@pytest.fixture
def baking(session: Session, cast: Cast) -> UUID:
    """Ben asked Ana to bake."""
    return Stage(session, cast, at=now() - timedelta(days=1)).propose()


def page_of(baking: UUID) -> str:
    return f"/exchanges/{baking}"


def messages_of(baking: UUID) -> str:
    return f"/exchanges/{baking}/messages"


def test_the_two_write_on_the_page_of_their_exchange(app: Flask, baking: UUID) -> None:
    ana, ben = sign_in_as(app.test_client(), "ana"), sign_in_as(app.test_client(), "ben")
    drawn = form_of(ben.get(page_of(baking)), "/messages")
    sent = ben.post(messages_of(baking), data=drawn | {"words": "At three?\nBy the <b>gate</b>"})
    assert sent.status_code == 303
    assert sent.location == page_of(baking) + "#conversation"
    assert ben.post(messages_of(baking), data=drawn | {"words": "At three?"}).status_code == 303, "sent twice is once"
    inbox = ana.get("/messages")
    assert "By the &lt;b&gt;gate&lt;/b&gt;" in inbox.text
    assert "New: </span>1" in inbox.text
    page = ana.get(page_of(baking)).text
    assert page.count("At three?") == 1 + page.count("Take back")
    assert "New: </span>" not in page, "who looks at it has read it"
    assert "New: </span>" not in ana.get("/messages").text


def test_the_navigation_leads_there_for_those_who_have_a_voice(app: Flask, cast: Cast) -> None:
    assert cast.bea.parties
    for name, has_inbox in {"ana": True, "bea": True, "dewi": True, "bryn": False, "awen": False, "cy": True}.items():
        page = sign_in_as(app.test_client(), name).get("/messages")
        assert page.status_code == 200
        assert ('href="/messages"' in page.text) is has_inbox, name


@pytest.mark.parametrize(
    ("words", "said"), [("  ", "Write something first."), ("x" * 2001, "Use 2000 characters at most.")]
)
def test_what_cannot_be_sent_is_refused_beside_its_field(app: Flask, baking: UUID, words: str, said: str) -> None:
    ben = sign_in_as(app.test_client(), "ben")
    answer = send(ben, messages_of(baking), words=words)
    assert answer.status_code == 422
    assert said in answer.text
    assert words.strip() in answer.text


@pytest.mark.parametrize(("name", "status"), [("cy", 404), ("dewi", 404), ("bea", 403), ("awen", 403)])
def test_others_neither_read_nor_write(app: Flask, baking: UUID, name: str, status: int) -> None:
    fill_in(sign_in_as(app.test_client(), "ben"), messages_of(baking), words="Between us")
    other = sign_in_as(app.test_client(), name)
    assert other.get(messages_of(baking)).status_code == status
    assert send(other, messages_of(baking), words="Me too").status_code == status
    for verb in ("1/take-back", "show", "keep"):
        assert send(other, f"{messages_of(baking)}/{verb}").status_code == status
    assert "Between us" not in other.get(page_of(baking)).text


def test_words_are_taken_back_and_shown_to_brokers(app: Flask, baking: UUID) -> None:
    ana, ben = sign_in_as(app.test_client(), "ana"), sign_in_as(app.test_client(), "ben")
    bea = sign_in_as(app.test_client(), "bea")
    for words in ("You are useless", "And late"):
        fill_in(ben, messages_of(baking), words=words)
    assert send(ana, f"{messages_of(baking)}/show").status_code == 303
    assert "You are useless" in bea.get(page_of(baking)).text
    assert "Shown to you by: Ana" in bea.get(page_of(baking)).text
    assert "You show these messages" not in ben.get(page_of(baking)).text
    assert send(ben, f"{messages_of(baking)}/1/take-back").status_code == 303
    for reader in (ana, ben, bea):
        assert "You are useless" not in reader.get(page_of(baking)).text
    assert "These words were taken back." in ana.get(page_of(baking)).text
    assert send(ana, f"{messages_of(baking)}/keep").status_code == 303
    assert "And late" not in bea.get(page_of(baking)).text


def test_a_number_that_no_message_bears_is_not_there(app: Flask, baking: UUID) -> None:
    ana = sign_in_as(app.test_client(), "ana")
    for number in (0, 1, 2**31, 10**30):
        assert send(ana, f"{messages_of(baking)}/{number}/take-back").status_code == 404, number


def test_a_program_reads_and_writes_the_same(session: Session, cast: Cast, baking: UUID, browser: FlaskClient) -> None:
    def headers(name: str) -> dict[str, str]:
        with unit_of_work(session):
            _, secret = make_token(session, by=cast.standings[name], name="program", at=now())
        return {"Authorization": f"Bearer {secret}"}

    ana, ben, bea, cy = (headers(name) for name in ("ana", "ben", "bea", "cy"))
    address, body = "/api/v1" + messages_of(baking), {"words": "At three?", "submission": str(uuid4())}
    for _ in range(2):
        sent = browser.post(address, json=body, headers=ben)
        assert sent.status_code == 201
    assert [(each["number"], each["writer"], each["words"]) for each in sent.json["messages"]] == [
        (1, "Ben", "At three?")
    ]
    inbox = browser.get("/api/v1/messages", headers=ana).json
    assert (inbox["unread"], inbox["next"]) == (1, None)
    assert [(each["title"], each["other"], each["is_unread"]) for each in inbox["items"]] == [
        ("Baking bread", "Ben", True)
    ]
    assert browser.get(address, headers=ana).json["read_number"] == 0
    assert browser.post(f"{address}/read", json={"number": 1}, headers=ana).json["read_number"] == 1
    assert browser.post(f"{address}/read", json={"number": 0}, headers=ana).status_code == 422
    assert browser.get("/api/v1/messages", headers=ana).json["unread"] == 0
    assert browser.post(address, json={"words": ""}, headers=ben).status_code == 422
    assert browser.get(address, headers=bea).status_code == 403
    assert browser.get(address, headers=cy).status_code == 404
    assert browser.post(f"{address}/show", headers=ana).status_code == 200
    assert browser.get(address, headers=bea).json["voices"] == []
    assert browser.post(f"{address}/1/take-back", headers=ana).status_code == 403
    assert browser.post(f"{address}/{10**30}/take-back", headers=ana).status_code == 404
    assert browser.post(f"{address}/1/take-back", headers=ben).json["messages"][0]["words"] is None
    assert browser.post(f"{address}/keep", headers=ana).status_code == 200
    assert browser.get("/api/v1/messages?after=nonsense", headers=ana).status_code == 200


def test_a_broker_writes_for_somebody_without_email_and_says_how_they_were_told(
    app: Flask, session: Session, cast: Cast
) -> None:
    between = Between(giver_id=cast.olwen.member_id, receiver_id=cast.ben.member_id, proposer_id=cast.ben.member_id)
    exchange_id = Stage(session, cast, at=now() - timedelta(days=1)).propose(between=between)
    ben, bea = sign_in_as(app.test_client(), "ben"), sign_in_as(app.test_client(), "bea")
    assert "a time broker reads this out, and writes down the answer" in ben.get(page_of(exchange_id)).text
    fill_in(ben, messages_of(exchange_id), words="Shall I bring milk?")
    assert "Shall I bring milk?" in bea.get(page_of(exchange_id)).text
    drawn = form_of(bea.get(page_of(exchange_id)), "/messages")
    refused = bea.post(messages_of(exchange_id), data=drawn | {"words": "Yes please"})
    assert refused.status_code == 422
    assert "Yes please" in refused.text
    assert (
        bea.post(messages_of(exchange_id), data=drawn | {"words": "Yes please", "authority": "phone"}).status_code
        == 303
    )
    page = ben.get(page_of(exchange_id)).text
    assert "Yes please" in page
    assert "Written by: Bea" in page
    assert "By telephone" in page
