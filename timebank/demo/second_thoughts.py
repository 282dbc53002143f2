"""What did not stay as it was first said: hours that the other corrects, hours put right, and another time."""

from collections.abc import Iterator
from datetime import timedelta

from timebank.demo.set_pieces import SAT, THU, TUE, Piece, Times
from timebank.demo.stories import Calendar, Story


def second_thoughts(calendar: Calendar) -> list[Story]:
    """Three that wait for an answer at the end, and one that a broker has put right."""
    return [piece.story for tell in (_corrected, _another_time, _put_right) for piece in tell(calendar)]


def _corrected(on: Calendar) -> Iterator[Piece]:
    """The one helped remembers that it was longer; now the helper is asked."""
    day = on.today - timedelta(days=3)
    yield Piece(
        ("Yusuf Demir", "Ruth Abrahams"),
        ("repair", "The latch on the back door"),
        4,
        Times(logged=on.days_ago(2, 18, 40), happened_on=day),
    ).corrected(on.days_ago(1, 9, 25), "Ruth Abrahams", quarters=6, day=day, note="You fetched the new one too, Yusuf.")


def _another_time(on: Calendar) -> Iterator[Piece]:
    """One was approved and stands until both agree to another day; one is only being agreed on."""
    yield Piece(
        ("Mal Parfitt", "Grace Adeyemi"),
        ("lift", "A lift to the optician"),
        4,
        Times(
            asked=on.days_ago(6, 9, 40),
            agreed=on.days_ago(5, 18, 10),
            approved=on.days_ago(4, 11, 5),
            planned_for=on.moment(on.next(TUE, at_least=3), 10),
        ),
    ).suggests(
        on.days_ago(1, 15, 20),
        "Grace Adeyemi",
        planned_for=on.moment(on.next(THU, at_least=3), 11),
        quarters=4,
        note="They have put my appointment off. Would Thursday suit you?",
    )
    yield Piece(
        ("Pat O'Leary", "Ivor Price"),
        ("garden", "The beans and their poles"),
        6,
        Times(asked=on.days_ago(3, 10, 50), planned_for=on.moment(on.next(TUE, at_least=3), 14)),
    ).suggests(
        on.days_ago(2, 19, 15),
        "Pat O'Leary",
        planned_for=on.moment(on.next(SAT, at_least=3), 10),
        quarters=8,
        note="I work on Tuesdays. On Saturday we have time to do it properly.",
    )


def _put_right(on: Calendar) -> Iterator[Piece]:
    """They had counted the wait at the counter twice."""
    day = on.week(24, 1)

    def at(days: int, hour: int) -> Times:
        return Times(
            logged=on.moment(day + timedelta(days=days), hour),
            happened_on=day,
            confirmed=on.moment(day + timedelta(days=days + 1), 9, 15),
            credited=on.moment(day + timedelta(days=days + 2), 11, 30),
        )

    yield Piece(("Mal Parfitt", "Ruth Abrahams"), ("lift", "To the housing office"), 8, at(0, 19)).adjusted(
        on.moment(day + timedelta(days=6), 14, 10), quarters=6, note="You both rang: the wait was counted twice."
    )
