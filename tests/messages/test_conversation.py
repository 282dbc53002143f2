"""What two people write to each other: who reads it, who is told, and what is left of it when it is taken back."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from tests.exchanges.stage import MONDAY, Stage
from timebank.database import unit_of_work
from timebank.exchanges.agreeing import Between
from timebank.exchanges.rules import NoSuchExchange
from timebank.members.actions import suspend
from timebank.members.rules import AccessSuspended, MemberNotActive, NotToldHow, Standing
from timebank.members.tables import Authority, Status
from timebank.messages import actions, queries
from timebank.messages.rules import BetweenTheTwo, NoSuchMessage, NotYourWords
from timebank.messages.tables import MessageWords
from timebank.notices.tables import Channel, Notice


def write(stage: Stage, exchange_id: UUID, words: str, by: Standing, **more: Any) -> int:
    given = {"at": MONDAY, "submission": uuid4()} | more
    with unit_of_work(stage.session) as session:
        return actions.write(session, exchange_id, words=words, by=by, **given).number


def read(stage: Stage, exchange_id: UUID, by: Standing) -> list[str | None]:
    stage.session.rollback()
    return [each.words for each in queries.conversation(stage.session, exchange_id, by=by).messages]


def unread(stage: Stage, who: Standing) -> int:
    stage.session.rollback()
    return queries.unread(stage.session, who.parties)


def notices(stage: Stage) -> list[tuple[str, Channel, str]]:
    found = stage.session.exec(select(Notice).where(Notice.kind == "message")).all()
    return [(each.values["other"], each.channel, each.values.get("note", "")) for each in found]


def with_olwen(stage: Stage) -> UUID:
    """Ana asks Olwen, who has no e-mail."""
    ana, olwen = stage.cast.ana.member_id, stage.cast.olwen.member_id
    between = Between(giver_id=olwen, receiver_id=ana, proposer_id=ana)
    return stage.propose(between=between, by=stage.cast.ana)


def test_the_two_write_to_each_other_and_are_told(stage: Stage) -> None:
    exchange_id, cast = stage.propose(), stage.cast
    assert write(stage, exchange_id, "Is three o'clock fine?", cast.ben) == 1
    assert (unread(stage, cast.ana), unread(stage, cast.ben)) == (1, 0)
    assert notices(stage) == [("Ben", Channel.EMAIL, "Is three o'clock fine?")]
    assert write(stage, exchange_id, "Better at four", cast.ana) == 2
    assert read(stage, exchange_id, cast.ben) == read(stage, exchange_id, cast.ana)
    assert read(stage, exchange_id, cast.ben) == ["Is three o'clock fine?", "Better at four"]
    assert (unread(stage, cast.ana), unread(stage, cast.ben)) == (0, 1), "who answers has read"
    with unit_of_work(stage.session) as session:
        actions.read(session, exchange_id, by=cast.ben, number=2)
    assert unread(stage, cast.ben) == 0


def test_reading_goes_no_further_than_what_is_there(stage: Stage) -> None:
    exchange_id = stage.propose()
    write(stage, exchange_id, "Hello", stage.cast.ben)
    with unit_of_work(stage.session) as session:
        actions.read(session, exchange_id, by=stage.cast.ana, number=99)
    assert unread(stage, stage.cast.ana) == 1


def test_the_same_form_sent_twice_is_one_message(stage: Stage) -> None:
    exchange_id, submission = stage.propose(), uuid4()
    for _ in range(2):
        assert write(stage, exchange_id, "Once", stage.cast.ben, submission=submission) == 1
    assert read(stage, exchange_id, stage.cast.ana) == ["Once"]
    assert len(notices(stage)) == 1


@pytest.mark.parametrize("who", ["bea", "awen"])
def test_brokers_and_auditors_do_not_read_what_the_two_write(stage: Stage, who: str) -> None:
    exchange_id, reader = stage.propose(), stage.cast.standings[who]
    write(stage, exchange_id, "Between us", stage.cast.ben)
    with pytest.raises(BetweenTheTwo):
        read(stage, exchange_id, reader)
    with pytest.raises(BetweenTheTwo):
        write(stage, exchange_id, "And I say", reader)


@pytest.mark.parametrize("who", ["cy", "dewi"])
def test_for_strangers_there_is_no_such_conversation(stage: Stage, who: str) -> None:
    exchange_id, stranger = stage.propose(), stage.cast.standings[who]
    write(stage, exchange_id, "Between us", stage.cast.ben)
    with pytest.raises(NoSuchExchange):
        read(stage, exchange_id, stranger)
    with pytest.raises(NoSuchExchange):
        write(stage, exchange_id, "Hello", stranger)
    with pytest.raises(NoSuchExchange), unit_of_work(stage.session) as session:
        actions.take_back(session, exchange_id, 1, by=stranger)
    with pytest.raises(NoSuchExchange), unit_of_work(stage.session) as session:
        actions.show_to_brokers(session, exchange_id, by=stranger, at=MONDAY)


def test_one_of_the_two_can_show_it_to_brokers_and_keep_it_again(stage: Stage) -> None:
    exchange_id, cast = stage.propose(), stage.cast
    write(stage, exchange_id, "You owe me", cast.ben)
    with unit_of_work(stage.session) as session:
        actions.show_to_brokers(session, exchange_id, by=cast.ana, at=MONDAY)
    assert read(stage, exchange_id, cast.bea) == ["You owe me"]
    with pytest.raises(BetweenTheTwo):
        write(stage, exchange_id, "I read that", cast.bea)
    with pytest.raises(BetweenTheTwo):
        read(stage, exchange_id, cast.awen)
    seen_by_ben = queries.conversation(stage.session, exchange_id, by=cast.ben)
    assert seen_by_ben.shown_by == frozenset(), "the other is not told"
    with unit_of_work(stage.session) as session:
        actions.keep_from_brokers(session, exchange_id, by=cast.ana)
    with pytest.raises(BetweenTheTwo):
        read(stage, exchange_id, cast.bea)
    with pytest.raises(BetweenTheTwo), unit_of_work(stage.session) as session:
        actions.show_to_brokers(session, exchange_id, by=cast.bea, at=MONDAY)


def test_somebody_without_email_reads_and_answers_through_a_broker(stage: Stage) -> None:
    exchange_id, cast = with_olwen(stage), stage.cast
    write(stage, exchange_id, "Shall I bring milk?", cast.ana)
    assert notices(stage) == [("Ana", Channel.BROKER, "Shall I bring milk?")]
    assert read(stage, exchange_id, cast.bryn) == ["Shall I bring milk?"]
    with pytest.raises(NotToldHow):
        write(stage, exchange_id, "Yes please", cast.bryn)
    write(stage, exchange_id, "Yes please", cast.bryn.told(Authority.PHONE))
    _, last = queries.conversation(stage.session, exchange_id, by=cast.ana).messages
    assert (last.message.from_party_id, last.writer) == (cast.olwen.member_id, "Bryn")
    assert last.message.authority is Authority.PHONE
    with pytest.raises(BetweenTheTwo):
        write(stage, exchange_id, "As Ana", cast.bryn, for_party=cast.ana.member_id)


def test_a_broker_with_a_part_writes_for_nobody_else(stage: Stage) -> None:
    bea, olwen = stage.cast.bea.member_id, stage.cast.olwen.member_id
    between = Between(giver_id=olwen, receiver_id=bea, proposer_id=bea)
    exchange_id = stage.propose(between=between, by=stage.cast.bea)
    with pytest.raises(BetweenTheTwo):
        write(stage, exchange_id, "As Olwen", stage.cast.bea, for_party=olwen)
    assert write(stage, exchange_id, "As myself", stage.cast.bea) == 1


def test_delegates_share_their_organisations_conversations(stage: Stage) -> None:
    cast = stage.cast
    between = Between(giver_id=cast.gwalia, receiver_id=cast.ana.member_id, proposer_id=cast.ana.member_id)
    exchange_id = stage.propose(between=between, by=cast.ana)
    write(stage, exchange_id, "Is the hall warm?", cast.ana)
    assert unread(stage, cast.dewi) == 1
    write(stage, exchange_id, "It will be", cast.dewi)
    assert read(stage, exchange_id, cast.dewi) == ["Is the hall warm?", "It will be"]


def test_words_can_be_taken_back_and_are_gone_from_the_notice_too(stage: Stage) -> None:
    exchange_id, cast = stage.propose(), stage.cast
    write(stage, exchange_id, "Something rash", cast.ben)
    with pytest.raises(NotYourWords), unit_of_work(stage.session) as session:
        actions.take_back(session, exchange_id, 1, by=cast.ana)
    with pytest.raises(NoSuchMessage), unit_of_work(stage.session) as session:
        actions.take_back(session, exchange_id, 2, by=cast.ben)
    for _ in range(2):
        with unit_of_work(stage.session) as session:
            actions.take_back(session, exchange_id, 1, by=cast.ben)
    assert read(stage, exchange_id, cast.ana) == [None]
    assert stage.session.exec(select(MessageWords)).all() == []
    assert notices(stage) == [("Ben", Channel.EMAIL, "")]


@pytest.mark.parametrize(("paused", "refusal"), [("ana", MemberNotActive), ("ben", AccessSuspended)])
def test_nobody_writes_while_one_of_them_is_paused(stage: Stage, paused: str, refusal: type[Exception]) -> None:
    exchange_id, cast = stage.propose(), stage.cast
    with unit_of_work(stage.session) as session:
        suspend(session, cast.standings[paused].member_id, broker=cast.bea)
    writer = Standing(**(vars(cast.ben) | ({"status": Status.SUSPENDED} if paused == "ben" else {})))
    with pytest.raises(refusal):
        write(stage, exchange_id, "Are you there?", writer)


def test_an_inbox_lists_conversations_newest_first_and_goes_on_by_key(stage: Stage) -> None:
    cast, ids = stage.cast, [stage.propose(title=f"No. {number}") for number in range(5)]
    for number, exchange_id in enumerate(ids):
        write(stage, exchange_id, f"About {number}", cast.ben, at=MONDAY + timedelta(minutes=number))
    write(stage, ids[1], "Once more", cast.ben, at=MONDAY + timedelta(hours=1))
    seen, after = [], None
    while True:
        page = queries.inbox(stage.session, by=cast.ana, after=after, limit=2)
        seen += [(kept.exchange.title, kept.words, kept.other, kept.is_unread) for kept in page.items]
        if (after := page.after) is None:
            break
    assert seen == [
        ("No. 1", "Once more", "Ben", True),
        ("No. 4", "About 4", "Ben", True),
        ("No. 3", "About 3", "Ben", True),
        ("No. 2", "About 2", "Ben", True),
        ("No. 0", "About 0", "Ben", True),
    ]
    assert unread(stage, cast.ana) == 5
    assert [kept.is_unread for kept in queries.inbox(stage.session, by=cast.ben).items] == [False] * 5
    assert queries.inbox(stage.session, by=cast.bea).items == []
    assert queries.inbox(stage.session, by=cast.cy).items == []


def test_a_long_conversation_is_read_page_by_page(stage: Stage) -> None:
    exchange_id = stage.propose()
    for number in range(1, 8):
        write(stage, exchange_id, f"{number}", stage.cast.ben)
    newest = queries.conversation(stage.session, exchange_id, by=stage.cast.ana, limit=3)
    assert [each.words for each in newest.messages] == ["5", "6", "7"]
    before = queries.conversation(stage.session, exchange_id, by=stage.cast.ana, before=newest.earlier, limit=4)
    assert [each.words for each in before.messages] == ["1", "2", "3", "4"]
    assert before.earlier is None
