"""Two who write at once: each message has a number of its own, and one form sent twice is one message."""

from uuid import uuid4

from sqlalchemy import Engine

from tests.exchanges.stage import MONDAY, Stage
from tests.exchanges.test_at_once import together
from timebank.messages import actions, queries


def test_both_write_at_once_and_nothing_is_lost(engine: Engine, stage: Stage) -> None:
    exchange_id, cast = stage.propose(), stage.cast
    stage.session.rollback()
    writers = [cast.ana, cast.ben] * 2
    numbers = together(
        engine,
        *(
            lambda session, who=who, words=f"{place}": (
                actions.write(session, exchange_id, words=words, by=who, at=MONDAY, submission=uuid4()).number
            )
            for place, who in enumerate(writers)
        ),
    )
    assert sorted(numbers) == [1, 2, 3, 4]  # type: ignore[type-var]
    found = queries.conversation(stage.session, exchange_id, by=cast.ana)
    assert sorted(each.words or "" for each in found.messages) == ["0", "1", "2", "3"]
    assert found.last_number == 4


def test_one_form_sent_twice_at_once_is_one_message(engine: Engine, stage: Stage) -> None:
    exchange_id, cast, submission = stage.propose(), stage.cast, uuid4()
    stage.session.rollback()
    numbers = together(
        engine,
        *(
            lambda session: (
                actions.write(session, exchange_id, words="Once", by=cast.ben, at=MONDAY, submission=submission).number
            )
            for _ in range(4)
        ),
    )
    assert numbers == [1, 1, 1, 1]
    assert len(queries.conversation(stage.session, exchange_id, by=cast.ana).messages) == 1
