"""What is written down for the end of the story, so that every page of the demo has something to show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from timebank.demo.offers_and_requests import OFFERS, Text
from timebank.demo.people import BROKER, DAY_CENTRE, HOUSING
from timebank.demo.stories import QUARTER, Calendar, Deed, Story, broker_for, who_acts
from timebank.exchanges.tables import Verb

TUE, WED, THU, FRI, SAT = range(1, 6)

WAITING_REQUESTS: tuple[tuple[int, Text], ...] = (
    (6, Text("Olwen Rees", "company", "Ymweliad a sgwrs yn Gymraeg", "Byddai'n braf cael cwmni.", "Fri am, Fri pm")),
    (4, Text("Ceri Jenkins", "children", "Two hours' peace on Saturday", "The twins love the swings.", "Sat am")),
    (3, Text("Keith Tanner", "company", "Somebody to watch the match with", "I have the crisps.", "Sat pm")),
    (1, Text("Ben Evans", "lift", "A lift to the clinic", "Half past ten; it takes an hour.", "Mon am, Wed am")),
    (1, Text(DAY_CENTRE, "music", "Quiet music after our lunch", "Harp, guitar, anything gentle.", "Wed pm, Thu pm")),
)
"""Requests that wait for an answer, and how many days they have waited."""


@dataclass(frozen=True, kw_only=True)
class Times:
    """When an exchange came how far; what has not happened yet is left out."""

    asked: datetime | None = None
    agreed: datetime | None = None
    planned_for: datetime | None = None
    approved: datetime | None = None
    logged: datetime | None = None
    happened_on: date | None = None
    confirmed: datetime | None = None
    credited: datetime | None = None


class Piece:
    """A story written by hand. The receiver asks and the giver logs, unless it says otherwise."""

    def __init__(
        self,
        both: tuple[str, str],
        what: Text | tuple[str, str],
        quarters: int,
        times: Times,
        *,
        giver_proposes: bool = False,
        receiver_logs: bool = False,
        note: str = "",
    ) -> None:
        giver, receiver = both
        listing = what if isinstance(what, Text) else None
        kind, title = what if isinstance(what, tuple) else (what.kind, what.title)
        self.story = Story(giver=giver, receiver=receiver, kind=kind, title=title, listing=listing)
        self.seconds = quarters * QUARTER
        proposer = giver if giver_proposes else receiver
        asked = self.story.other_than(proposer)
        reporter = receiver if receiver_logs else giver
        self._deed(times.asked, Verb.PROPOSE, proposer, seconds=self.seconds, planned_for=times.planned_for, note=note)
        self._deed(times.agreed, Verb.AGREE, asked, seconds=self.seconds, planned_for=times.planned_for)
        self._decide(times.approved)
        day = times.happened_on
        self._deed(
            times.logged, Verb.REPORT, reporter, seconds=self.seconds, happened_on=day, note="" if times.asked else note
        )
        self._deed(times.confirmed, Verb.CONFIRM, self.story.other_than(reporter))
        self._decide(times.credited)

    def disputed(self, at: datetime, of: str, *, quarters: int, note: str) -> "Piece":
        self._deed(at, Verb.DISPUTE, of, seconds=quarters * QUARTER, note=note)
        return self

    def suggests(self, at: datetime, of: str, *, planned_for: datetime, quarters: int, note: str) -> "Piece":
        self._deed(at, Verb.SUGGEST, of, seconds=quarters * QUARTER, planned_for=planned_for, note=note)
        return self

    def corrected(self, at: datetime, of: str, *, quarters: int, day: date, note: str) -> "Piece":
        self._deed(at, Verb.CORRECT, of, seconds=quarters * QUARTER, happened_on=day, note=note)
        return self

    def adjusted(self, at: datetime, *, quarters: int, note: str) -> "Piece":
        by = broker_for(*self.story.both)
        self.story.deeds.append(Deed(at=at, verb=Verb.ADJUST, by=by, seconds=quarters * QUARTER, note=note))
        return self

    def reversed(self, at: datetime, *, note: str) -> "Piece":
        self.story.deeds.append(Deed(at=at, verb=Verb.REVERSE, by=broker_for(*self.story.both), note=note))
        return self

    def _deed(
        self,
        at: datetime | None,
        verb: Verb,
        of: str,
        *,
        seconds: int | None = None,
        planned_for: datetime | None = None,
        happened_on: date | None = None,
        note: str = "",
    ) -> None:
        if at is not None:
            self.story.deeds.append(
                Deed(
                    at=at,
                    verb=verb,
                    of=of,
                    by=who_acts(of, *self.story.both),
                    seconds=seconds,
                    planned_for=planned_for,
                    happened_on=happened_on,
                    note=note,
                )
            )

    def _decide(self, at: datetime | None) -> None:
        if at is not None:
            self.story.deeds.append(Deed(at=at, verb=Verb.APPROVE, by=broker_for(*self.story.both)))


def set_pieces(calendar: Calendar) -> list[Story]:
    """Everything that waits at the end, and the one exchange whose hours were taken back."""
    told = (
        _to_approve,
        _to_answer,
        _to_come,
        _to_log,
        _to_confirm,
        _to_credit,
        _to_settle,
        _just_credited,
        _taken_back,
    )
    return [piece.story for tell in told for piece in tell(calendar)]


def _offer(who: str, kind: str) -> Text:
    return next(text for text in OFFERS if (text.who, text.kind) == (who, kind))


def _to_approve(on: Calendar) -> Iterator[Piece]:
    def times(asked: int, agreed: int, planned_for: datetime) -> Times:
        return Times(asked=on.days_ago(asked, 17, 20), agreed=on.days_ago(agreed, 12, 40), planned_for=planned_for)

    yield Piece(
        ("Gwen Parry", "Ben Evans"),
        _offer("Gwen Parry", "garden"),
        8,
        times(4, 2, on.moment(on.next(THU), 14)),
        note="The leaves are up to the window. Thursday would be good.",
    )
    yield Piece(
        ("Rafiq Miah", "Brenda Coles"),
        _offer("Rafiq Miah", "lift"),
        6,
        times(3, 1, on.moment(on.next(TUE, at_least=3), 9, 30)),
        note="The eye clinic, at ten.",
    )
    yield Piece(
        ("Karim Haddad", BROKER),
        _offer("Karim Haddad", "garden"),
        8,
        times(5, 3, on.moment(on.next(SAT), 9)),
        note="Two old apple trees. I have the ladder.",
    )


def _to_answer(on: Calendar) -> Iterator[Piece]:
    yield Piece(
        ("Ben Evans", "Carys Bowen"),
        _offer("Ben Evans", "repair"),
        6,
        Times(asked=on.days_ago(1, 18, 5), planned_for=on.moment(on.next(WED), 14)),
        note="The back brake on my bicycle. I will bring Welsh cakes.",
    )
    yield Piece(
        ("Tomos Griffiths", "Betsan Harries"),
        _offer("Tomos Griffiths", "computer"),
        4,
        Times(asked=on.days_ago(2, 9, 15), planned_for=on.moment(on.next(SAT), 14)),
        note="Mae fy ffôn yn siarad â fi, a dydw i ddim yn gwybod pam.",
    )
    yield Piece(
        (HOUSING, "Layla Haddad"),
        _offer(HOUSING, "room"),
        12,
        Times(asked=on.days_ago(1, 11, 30), planned_for=on.moment(on.next(THU, at_least=7), 13)),
        note="We want to cook for forty people. We will clean everything.",
    )


def _to_come(on: Calendar) -> Iterator[Piece]:
    def times(asked: int, planned_for: datetime) -> Times:
        return Times(
            asked=on.days_ago(asked, 10, 10),
            agreed=on.days_ago(asked - 1, 15, 25),
            approved=on.days_ago(asked - 2, 11, 45),
            planned_for=planned_for,
        )

    yield Piece(
        (HOUSING, "Tegwen Eynon"), _offer(HOUSING, "lift"), 8, times(6, on.moment(on.next(WED, at_least=1), 10))
    )
    yield Piece(
        ("Dilwyn Pugh", "Nerys Howells"), _offer("Dilwyn Pugh", "lift"), 4, times(5, on.moment(on.next(THU), 9, 30))
    )
    yield Piece(
        ("Siân Davies", "Mei Ling Chan"), _offer("Siân Davies", "welsh"), 4, times(7, on.moment(on.next(THU), 19))
    )
    yield Piece(
        ("Pat O'Leary", HOUSING),
        ("events", "Stewarding at the residents' evening"),
        8,
        times(8, on.moment(on.next(FRI, at_least=1), 18)),
    )


def _to_log(on: Calendar) -> Iterator[Piece]:
    yield Piece(
        ("Yusuf Demir", "Ivor Price"),
        _offer("Yusuf Demir", "hair"),
        4,
        Times(
            asked=on.days_ago(9, 10),
            agreed=on.days_ago(8, 19),
            approved=on.days_ago(6, 15, 40),
            planned_for=on.days_ago(4, 9),
        ),
    )


def _to_confirm(on: Calendar) -> Iterator[Piece]:
    def after(logged: int, day: date, hour: int = 19) -> Times:
        """Hours logged so many days ago, asked for and approved in the week before they happened."""
        asked = day - timedelta(days=6)
        return Times(
            asked=on.moment(asked, 9, 50),
            agreed=on.moment(asked + timedelta(days=1), 16, 30),
            approved=on.moment(asked + timedelta(days=2), 10, 20),
            planned_for=on.moment(day, 14),
            logged=on.days_ago(logged, hour, 12),
            happened_on=day,
        )

    def days_ago(days: int) -> date:
        return on.today - timedelta(days=days)

    yield Piece(("Ana Ferreira", "Ben Evans"), _offer("Ana Ferreira", "baking"), 6, after(1, on.last(TUE)))
    yield Piece(("Layla Haddad", "Gwen Parry"), _offer("Layla Haddad", "baking"), 6, after(2, days_ago(3)))
    yield Piece(("Iwan ap Dafydd", "Owain Beddoe"), ("garden", "Torri'r gwrych"), 8, after(5, days_ago(6)))
    yield Piece(("Tomos Griffiths", "Catrin Edmunds"), ("computer", "Help gyda gliniadur"), 4, after(5, days_ago(7)))
    yield Piece(("Julie Parfitt", "Meurig Treharne"), _offer("Julie Parfitt", "shopping"), 4, after(3, days_ago(3)))
    yield Piece(("Ana Ferreira", "Doreen Sullivan"), _offer("Ana Ferreira", "sewing"), 6, after(4, days_ago(5)))


def _to_credit(on: Calendar) -> Iterator[Piece]:
    for both, kind, title, quarters, days in (
        (("Pat O'Leary", "Grace Adeyemi"), "lift", "A lift home from the station, late", 3, 3),
        (("Shahida Begum", DAY_CENTRE), "baking", "Lunch for thirty", 12, 2),
    ):
        yield Piece(
            both,
            (kind, title),
            quarters,
            Times(
                logged=on.days_ago(days, 20, 30),
                happened_on=on.today - timedelta(days=days),
                confirmed=on.days_ago(days - 1, 13, 15),
            ),
            note="It was on the spur of the moment.",
        )


def _to_settle(on: Calendar) -> Iterator[Piece]:
    tuesday = on.last(TUE, at_least=6)
    asked = tuesday - timedelta(days=7)
    yield Piece(
        ("Ana Ferreira", "Ben Evans"),
        ("sewing", "Curtains for the front room"),
        8,
        Times(
            asked=on.moment(asked, 10),
            agreed=on.moment(asked, 18),
            approved=on.moment(asked + timedelta(days=1), 11),
            planned_for=on.moment(tuesday, 13),
            logged=on.moment(tuesday + timedelta(days=2), 20),
            happened_on=tuesday,
        ),
    ).disputed(
        min(on.ends_at - timedelta(minutes=50), on.moment(on.today, 8, 40)),
        "Ben Evans",
        quarters=6,
        note="It was an hour and a half with me. Do we count the bus?",
    )


def _just_credited(on: Calendar) -> Iterator[Piece]:
    """By these Huw and Ceri come to where a broker rings them, and Mair has given 23 hours."""

    def times(confirmed: int) -> Times:
        return Times(
            asked=on.days_ago(confirmed + 8, 9, 5),
            agreed=on.days_ago(confirmed + 7, 12, 35),
            approved=on.days_ago(confirmed + 6, 10, 15),
            planned_for=on.days_ago(confirmed + 1, 10),
            logged=on.days_ago(confirmed + 1, 18, 20),
            happened_on=on.today - timedelta(days=confirmed + 1),
            confirmed=on.days_ago(confirmed, 8, 45),
        )

    yield Piece(("Siôn Prydderch", "Huw Lloyd"), ("house", "The shed, the gutters and the cellar steps"), 14, times(2))
    yield Piece(("Jade Bevan", "Ceri Jenkins"), ("children", "The twins to the park"), 6, times(4))
    yield Piece(("Mair Prosser", "Marged Elis"), ("company", "Prynhawn o ddominos"), 6, times(1))


def _taken_back(on: Calendar) -> Iterator[Piece]:
    """The same lift, logged by both."""
    both, lift = ("Mal Parfitt", "Ruth Abrahams"), ("lift", "A lift to the hospital and back")
    day = on.week(21, 2)

    def times(logged: int) -> Times:
        return Times(
            logged=on.moment(day + timedelta(days=logged), 18, 30),
            happened_on=day,
            confirmed=on.moment(day + timedelta(days=logged + 1), 9, 20),
            credited=on.moment(day + timedelta(days=logged + 2), 14, 10),
        )

    yield Piece(both, lift, 6, times(0))
    yield Piece(both, lift, 6, times(3), receiver_logs=True).reversed(
        on.moment(day + timedelta(days=9), 10, 30), note="The same lift was logged by both: this is the second time."
    )
