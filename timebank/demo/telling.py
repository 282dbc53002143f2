"""How one exchange of the valley goes, from its beginning to whichever end its fate is."""

from datetime import date, datetime, timedelta
from random import Random

from timebank.demo.kinds_of_help import KINDS, Kind
from timebank.demo.offers_and_requests import (
    NOTES_ON_A_MISS,
    NOTES_ON_ASKING,
    NOTES_ON_CANCELLING,
    NOTES_ON_DECLINING,
    NOTES_ON_THANKING,
    Notes,
    Text,
)
from timebank.demo.people import OTHER_BROKER
from timebank.demo.stories import QUARTER, Calendar, Deed, Story, broker_for, language_of, who_acts
from timebank.exchanges.tables import Verb
from timebank.language import Language

AUTO_CONFIRM = timedelta(days=14)


class Teller:
    """Tells how one exchange goes, from its beginning to its end."""

    def __init__(self, calendar: Calendar, rng: Random, begins: datetime) -> None:
        self.calendar = calendar
        self.rng = rng
        self.now = begins

    def tell(
        self, giver: str, receiver: str, kind: str, *, listing: Text | None, fate: str, seconds: int, is_exact: bool
    ) -> Story:
        proposer = receiver if self.rng.random() < 0.7 else giver  # noqa: PLR2004 - asking comes first, mostly
        if listing is not None and fate != "logged":
            proposer = giver if listing.who == receiver else receiver
        title = self._title(KINDS[kind], proposer)
        self.story = Story(giver=giver, receiver=receiver, kind=kind, title=title)
        self.seconds, self.is_exact = seconds, is_exact
        if fate == "logged":
            self._log(proposer)
            return self.story
        if listing is not None:
            self.story.listing, self.story.title = listing, listing.title
        self._deed(Verb.PROPOSE, proposer, seconds=seconds, note=self._receivers(NOTES_ON_ASKING, proposer))
        self._go_on(fate, proposer)
        return self.story

    def _go_on(self, fate: str, proposer: str) -> None:
        asked = self.story.other_than(proposer)
        self._wait(3, 40)
        if fate == "declined":
            return self._deed(Verb.DECLINE, asked, note=self._note(NOTES_ON_DECLINING, asked))
        if fate == "withdrawn":
            return self._deed(Verb.WITHDRAW, proposer, note=self._note(NOTES_ON_CANCELLING, proposer))
        approved_at = self.calendar.later(self.rng, self.now + timedelta(hours=1), (1, 30), office=True)
        planned_for = self._good_time(approved_at)
        self._deed(Verb.AGREE, asked, seconds=self.seconds, planned_for=planned_for)
        self.now = approved_at
        if fate == "not approved":
            return self._decide(
                Verb.DECLINE, note="We have talked: this is one for the council's team, and they will come."
            )
        self._decide(Verb.APPROVE)
        if fate == "cancelled":
            self._wait(2, 12)
            return self._deed(Verb.CANCEL, asked, note=self._note(NOTES_ON_CANCELLING, asked))
        self.now = planned_for + timedelta(seconds=self.seconds)
        self._wait(1, 50)
        if fate == "missed":
            return self._deed(Verb.DID_NOT_HAPPEN, asked, note=self._note(NOTES_ON_A_MISS, asked))
        self._report(fate, planned_for)
        return None

    def _report(self, fate: str, happened_at: datetime) -> None:
        reporter = self.story.giver if self.rng.random() < 0.75 else self.story.receiver  # noqa: PLR2004 - three of four
        self._deed(
            Verb.REPORT,
            reporter,
            seconds=self._took(),
            happened_on=self.calendar.day_of(happened_at),
            note=self._receivers(NOTES_ON_THANKING, reporter),
        )
        other = self.story.other_than(reporter)
        if fate == "silent":
            return self._time_runs_out()
        self._wait(1, 70)
        if fate == "disputed":
            return self._disagree(other)
        return self._deed(Verb.CONFIRM, other, note=self._receivers(NOTES_ON_THANKING, other))

    def _log(self, reporter: str) -> None:
        """No listing and no approval before it: confirmed, it goes to a broker."""
        happened_at = self._good_time(self.now)
        self.now = happened_at + timedelta(seconds=self.seconds)
        self._wait(2, 90)
        self._deed(Verb.REPORT, reporter, seconds=self.seconds, happened_on=self.calendar.day_of(happened_at))
        self._wait(1, 70)
        other = self.story.other_than(reporter)
        self._deed(Verb.CONFIRM, other, note=self._receivers(NOTES_ON_THANKING, other))
        self._wait(2, 50, office=True)
        self._decide(Verb.APPROVE)

    def _disagree(self, other: str) -> None:
        remembered = self.seconds // 2 if self.seconds % (4 * QUARTER) == 0 else self.seconds + 2 * QUARTER
        is_welsh = language_of(other) is Language.WELSH
        note = "Rwy'n ei gofio'n wahanol." if is_welsh else "I remember it differently."
        self._deed(Verb.DISPUTE, other, seconds=remembered, note=note)
        self._wait(6, 60, office=True)
        self._decide(
            Verb.SETTLE,
            seconds=self.seconds,
            note="I rang you both. Setting up counts too, and everybody is happy.",
        )

    def _time_runs_out(self) -> None:
        self.now += AUTO_CONFIRM + timedelta(minutes=5)
        self.story.deeds.append(Deed(at=self.now, verb=Verb.CONFIRM))

    def _good_time(self, after: datetime) -> datetime:
        """A day and an hour at which this kind of help happens, soon after."""
        kind = KINDS[self.story.kind]
        weekday, weeks = self.rng.choice(kind.days), self.rng.choice((0, 0, 0, 1))
        day = self.calendar.day_of(after) + timedelta(days=1)
        day += timedelta(days=(weekday - day.weekday()) % 7, weeks=weeks)
        return self.calendar.moment(day, self.rng.choice(kind.hours), self.rng.choice((0, 0, 30)))

    def _took(self) -> int:
        """Now and then it takes a little longer than was thought."""
        if not self.is_exact and self.rng.random() < 0.15:  # noqa: PLR2004 - one of seven
            self.seconds += 2 * QUARTER
        return self.seconds

    def _deed(
        self,
        verb: Verb,
        of: str,
        *,
        seconds: int | None = None,
        planned_for: datetime | None = None,
        happened_on: date | None = None,
        note: str = "",
    ) -> None:
        by = who_acts(of, *self.story.both)
        self.story.deeds.append(
            Deed(
                at=self.now,
                verb=verb,
                of=of,
                by=by,
                seconds=seconds,
                planned_for=planned_for,
                happened_on=happened_on,
                note=note,
            )
        )

    def _decide(self, verb: Verb, *, seconds: int | None = None, note: str = "") -> None:
        """A broker decides, one who has no part in it."""
        by = broker_for(*self.story.both)
        if self.rng.random() < 0.3:  # noqa: PLR2004 - Bryn works part of the week
            by = OTHER_BROKER
        self.story.deeds.append(Deed(at=self.now, verb=verb, by=by, seconds=seconds, note=note))

    def _wait(self, least: int, most: int, *, office: bool = False) -> None:
        self.now = self.calendar.later(self.rng, self.now, (least, most), office=office)

    def _title(self, kind: Kind, proposer: str) -> str:
        return self.rng.choice(kind.titles_cy if language_of(proposer) is Language.WELSH else kind.titles_en)

    def _note(self, notes: Notes, who: str) -> str:
        return self.rng.choice(notes[language_of(who)])

    def _receivers(self, notes: Notes, who: str) -> str:
        """What only those say who are helped."""
        said = self._note(notes, who)
        return said if who == self.story.receiver else ""
