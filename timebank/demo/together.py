"""The group sessions of the demo: one that was credited, one at whose door people checked in, others to come."""

from dataclasses import dataclass, replace
from datetime import datetime

from timebank.demo.people import DAY_CENTRE, HOUSING, OTHER_BROKER
from timebank.demo.stories import Calendar
from timebank.group_sessions.announcing import Announcement
from timebank.group_sessions.tables import Charging
from timebank.network.rules import HOUR


@dataclass(frozen=True, kw_only=True)
class Together:
    """What is announced by whom, who signs up, who checks in at the door, and whether a broker has credited it.

    `payer` is the organisation that is asked to pay; `prepared_seconds` how long the host prepared it; `follows` the
    title of the session that this is once more.
    """

    host: str
    announced: datetime
    what: Announcement
    receivers: tuple[str, ...]
    credited: datetime | None = None
    checked_in: tuple[str, ...] = ()
    prepared_seconds: int = 0
    payer: str = ""
    follows: str = ""
    broker: str = OTHER_BROKER


def sessions(calendar: Calendar) -> list[Together]:
    """In the order of their beginning."""
    return [_baking(calendar), _mending(calendar), _singing(calendar), _cooking(calendar), _baking_again(calendar)]


def _baking(on: Calendar) -> Together:
    return Together(
        host="Ana Ferreira",
        announced=on.moment(on.week(28), 9),
        what=Announcement(
            title="Bara i bawb / Bread for beginners",
            details="We knead, we wait, we eat.",
            place="Neuadd y Pentref",
            starts_at=on.moment(on.week(29, 5), 10),
            planned_seconds=2 * HOUR,
            places=6,
            charging=Charging.EACH,
        ),
        receivers=("Carys Bowen", "Gwen Parry", "Doreen Sullivan"),
        prepared_seconds=HOUR // 2,
        credited=on.moment(on.week(30), 11),
    )


def _mending(on: Calendar) -> Together:
    return Together(
        host="Mair Prosser",
        announced=on.moment(on.week(31), 9),
        what=Announcement(
            title="Mending afternoon",
            details="Bring what is torn. Needles and tea are there.",
            place="Chapel vestry",
            starts_at=on.moment(on.last(5), 14),
            planned_seconds=2 * HOUR,
            charging=Charging.SHARED,
        ),
        receivers=("Ceri Jenkins", "Keith Tanner", "Ben Evans"),
        checked_in=("Mair Prosser", "Ceri Jenkins", "Ben Evans", "Gwen Parry"),
    )


def _singing(on: Calendar) -> Together:
    return Together(
        host=DAY_CENTRE,
        announced=on.days_ago(5),
        what=Announcement(
            title="Canu carolau / Carol singing",
            details="All voices. Croeso i bawb.",
            place="Canolfan Ddydd Y Bont",
            starts_at=on.days_ago(-9, 15),
            planned_seconds=HOUR,
            places=20,
            charging=Charging.POT,
        ),
        receivers=("Gwen Parry", "Huw Lloyd", "Mair Prosser"),
    )


def _cooking(on: Calendar) -> Together:
    """Tai'r Cwm has not said yet whether it pays."""
    return Together(
        host="Ana Ferreira",
        announced=on.days_ago(3),
        what=Announcement(
            title="Swper i'r stryd / A supper for the street",
            details="We cook together and eat together, in the community room.",
            place="Ystafell gymunedol, Heol y Bont",
            starts_at=on.days_ago(-6, 17),
            planned_seconds=3 * HOUR,
            places=12,
            charging=Charging.ORGANISATION,
        ),
        receivers=("Doreen Sullivan", "Keith Tanner"),
        payer=HOUSING,
    )


def _baking_again(on: Calendar) -> Together:
    baking = _baking(on)
    return Together(
        host=baking.host,
        announced=on.days_ago(2),
        what=replace(baking.what, starts_at=on.days_ago(-12)),
        receivers=("Carys Bowen",),
        follows=baking.what.title,
    )
