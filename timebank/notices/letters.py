"""Those without an e-mail address are told by a broker, in a letter or by telephone; here it is noted, once."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, update

from timebank.members.rules import Standing, check_broker
from timebank.notices.rules import ToldAlready, WaitsAlready
from timebank.notices.tables import Channel, Means, Notice


def note_told(session: Session, notice_ids: Collection[UUID], *, how: Means, broker: Standing, at: datetime) -> int:
    """A broker has told somebody of these notices. How many that were; what another has told already keeps their mark.

    Each notice is marked in one statement that looks whether it still waits, so that of two brokers at once one is
    first. Raises ToldAlready where none waited any more.
    """
    check_broker(broker)
    done = session.exec(
        update(Notice)
        .where(
            col(Notice.id).in_(notice_ids),
            col(Notice.timebank_id) == broker.timebank_id,
            col(Notice.channel) == Channel.BROKER,
            col(Notice.sent_at).is_(None),
        )
        .values(sent_at=at, told_by=broker.member_id, told_how=how)
    )
    if not done.rowcount:
        raise ToldAlready
    return done.rowcount


def tell_again(session: Session, notice_ids: Collection[UUID], *, broker: Standing) -> int:
    """It was not so: these notices wait again, as long as they did. Raises WaitsAlready."""
    check_broker(broker)
    done = session.exec(
        update(Notice)
        .where(
            col(Notice.id).in_(notice_ids),
            col(Notice.timebank_id) == broker.timebank_id,
            col(Notice.told_by).is_not(None),
        )
        .values(sent_at=None, told_by=None, told_how=None)
    )
    if not done.rowcount:
        raise WaitsAlready
    return done.rowcount
