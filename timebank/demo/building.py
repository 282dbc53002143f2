"""Builds the demo: everything that is told of the valley happens in the order of time, a week in each transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from random import Random

from sqlalchemy import Engine
from sqlmodel import Session

from timebank.database import unit_of_work
from timebank.demo import other_valley
from timebank.demo.acting import Valley
from timebank.demo.careers import GRANULARITY_CHANGES_IN_WEEK
from timebank.demo.life import UNMET, Life
from timebank.demo.offers_and_requests import OFFERS, REQUESTS, week_of
from timebank.demo.on_paper import luncheon_club
from timebank.demo.passing_on import GIFTED, WISHED
from timebank.demo.people import (
    AUDITOR,
    BROKER,
    ORGANISATIONS,
    OTHER_BROKER,
    OTHER_VALLEY,
    OTHER_VALLEYS_BROKER,
    PAUSED,
    PAUSED_IN_WEEK,
    PEOPLE,
)
from timebank.demo.second_thoughts import second_thoughts
from timebank.demo.set_pieces import WAITING_REQUESTS, set_pieces
from timebank.demo.stories import WEEKS, Calendar, Story
from timebank.demo.talking import CONFIDED, CONFIDED_ABOUT, CONFIDES, afterthoughts, talks
from timebank.demo.together import sessions
from timebank.demo.who_signs_in import DEMO_ACCESS, DEMO_SLUG, DemoAccess
from timebank.members.tables import Role
from timebank.network.rules import HOUR, PolicyTerms, RiskRule
from timebank.network.tables import Approval, Confirmation, Place
from timebank.notices.actions import were_sent
from timebank.notices.tables import Channel

SEED = 1980  # the year in which Edgar Cahn thought of time dollars
MAIL_WAITS = timedelta(days=1)
LETTERS_WAIT = timedelta(weeks=1)
GUARDIAN, WARD = "Gwen Parry", "Olwen Rees"

FIRST_TERMS = PolicyTerms(
    granularity_seconds=30 * 60, starting_credits_seconds=2 * HOUR, conversation_threshold_seconds=-6 * HOUR
)
TERMS = PolicyTerms(starting_credits_seconds=2 * HOUR)
TERMS_BY_RISK = replace(
    TERMS,
    travel_beyond_seconds=HOUR // 2,
    extra_most_seconds=HOUR,
    rules=(
        RiskRule(place=Place.RECEIVERS_HOME, approval=Approval.BEFOREHAND, confirmation=Confirmation.BOTH),
        RiskRule(place=Place.REMOTE, approval=Approval.NONE, confirmation=Confirmation.EITHER, auto_confirm_days=None),
    ),
)
RISKS_ARE_RULED_IN_WEEK = 24
OTHER_TERMS = PolicyTerms(approval=Approval.NONE, confirmation=Confirmation.GIVER, floor_seconds=None)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Event:
    """Something that happens at a moment."""

    at: datetime
    happens: Callable[[Session], None]


def build(engine: Engine, *, at: datetime, progress: Progress | None = None) -> DemoAccess:
    """Let eight months happen that end at a moment, in a migrated, empty database.

    The same moment tells the same story; only the keys of the rows differ. `progress` is told how many things
    have happened, and of how many.
    """
    calendar = Calendar(at)
    events = sorted((*_the_valley(calendar), *_the_other_valley(calendar)), key=lambda event: event.at)
    done = 0
    for _, together in groupby(events, key=lambda event: (calendar.day_of(event.at) - calendar.first_day).days // 7):
        if progress is not None:
            progress(done, len(events))
        with Session(engine) as session, unit_of_work(session):
            for event in together:
                event.happens(session)
                done += 1
    with Session(engine) as session, unit_of_work(session):
        were_sent(session, made_before=at - MAIL_WAITS, channel=Channel.EMAIL)
        were_sent(session, made_before=at - LETTERS_WAIT, channel=Channel.BROKER)
    if progress is not None:
        progress(done, len(events))
    return DEMO_ACCESS


def _the_valley(calendar: Calendar) -> Iterator[Event]:
    valley = Valley(
        slug=DEMO_SLUG,
        name_en="Cwm Timebank",
        name_cy="Banc Amser y Cwm",
        phone="01632 960100",
    )
    begins = calendar.moment(calendar.first_day, 9)
    yield Event(begins, partial(valley.found, terms=FIRST_TERMS, at=begins))
    yield from _people(valley, calendar)
    yield from _listings(valley, calendar)
    stories = [*Life(calendar, Random(SEED)).live(), *set_pieces(calendar), *second_thoughts(calendar)]  # noqa: S311 - a story, no secret
    yield from _deeds(valley, stories)
    for said in talks(stories, calendar):
        yield Event(said.at, partial(valley.say, said=said))
    for thought in afterthoughts(stories, calendar):
        yield Event(thought.at, partial(valley.say_how_it_went, thought=thought))
    at = calendar.days_ago(2, 19, 40)
    yield Event(at, partial(valley.confide, by=CONFIDES, about=CONFIDED_ABOUT, words=CONFIDED, at=at))
    yield from _passing_on(valley, calendar)
    yield from _together(valley, calendar)
    paper = luncheon_club(calendar)
    yield Event(paper.entered, partial(valley.enter_paper, paper=paper))
    decided = calendar.moment(calendar.week(GRANULARITY_CHANGES_IN_WEEK, 6), 21, 30)
    yield Event(decided, partial(valley.decide, terms=TERMS, by=BROKER, at=decided))
    decided = calendar.moment(calendar.week(RISKS_ARE_RULED_IN_WEEK, 6), 21)
    yield Event(decided, partial(valley.decide, terms=TERMS_BY_RISK, by=BROKER, at=decided))
    at = calendar.days_ago(40, 14, 20)
    yield Event(at, partial(valley.let_guard, guardian=GUARDIAN, ward=WARD, by=OTHER_BROKER, at=at))
    paused = calendar.moment(calendar.week(PAUSED_IN_WEEK), 10)
    yield Event(paused, partial(valley.pause, name=PAUSED, by=BROKER))


def _people(valley: Valley, calendar: Calendar) -> Iterator[Event]:
    """The brokers first; the others are welcomed one after another, on weekdays."""
    at = calendar.moment(calendar.first_day, 9, 10)
    yield Event(at, partial(valley.welcome, villager=PEOPLE[0], by=None, at=at, role=Role.BROKER))
    for minutes, name, role in ((11, OTHER_BROKER, Role.BROKER), (12, AUDITOR, Role.AUDITOR)):
        at = calendar.moment(calendar.first_day, 9, minutes)
        yield Event(at, partial(valley.employ, name=name, role=role, at=at))
    for number, body in enumerate(ORGANISATIONS):
        at = calendar.moment(calendar.week(0, number), 9, 30)
        yield Event(at, partial(valley.join, body=body, at=at))
    for number, villager in enumerate(PEOPLE[1:]):
        day = calendar.week(villager.joined, number % 5)
        at = calendar.moment(day, 10 + number // 5 % 6, number % 60)
        by = OTHER_BROKER if number % 3 else BROKER
        yield Event(at, partial(valley.welcome, villager=villager, by=by, at=at, role=None))


def _listings(valley: Valley, calendar: Calendar) -> Iterator[Event]:
    for number, text in enumerate(OFFERS):
        at = calendar.moment(calendar.week(week_of(text), 5 + number % 2), 9 + number % 11, number)
        yield Event(at, partial(valley.offer_or_ask, text=text, at=at))
    for number, text in enumerate(REQUESTS):
        at = calendar.moment(calendar.week(text.week - 1, 6), 9 + number % 11, number)
        yield Event(at, partial(valley.offer_or_ask, text=text, at=at))
        if text.title in UNMET:
            at = calendar.moment(calendar.week(min(text.week + 5, WEEKS - 1), 2), 11)
            yield Event(at, partial(valley.take_off_the_list, text=text, at=at))
    for days, text in WAITING_REQUESTS:
        at = calendar.days_ago(days, 8, 5)
        yield Event(at, partial(valley.offer_or_ask, text=text, at=at))


def _deeds(valley: Valley, stories: list[Story]) -> Iterator[Event]:
    for story in stories:
        for deed in story.deeds:
            yield Event(deed.at, partial(valley.act, story=story, deed=deed))


def _passing_on(valley: Valley, calendar: Calendar) -> Iterator[Event]:
    for number, gifted in enumerate(GIFTED):
        at = calendar.moment(calendar.week(gifted.week, 2), 20, number)
        yield Event(at, partial(valley.pass_on, gifted=gifted, at=at))
    for number, wished in enumerate(WISHED):
        at = calendar.moment(calendar.week(wished.week, 3), 20, number)
        yield Event(at, partial(valley.ask_the_pot, wished=wished, at=at))
        if wished.grants:
            answered = calendar.moment(calendar.week(wished.week + 1), 10, number)
            yield Event(answered, partial(valley.give_from_the_pot, wished=wished, at=answered))


def _together(valley: Valley, calendar: Calendar) -> Iterator[Event]:
    for together in sessions(calendar):
        yield Event(together.announced, partial(valley.announce, together=together))
        if together.checked_in:
            yield Event(together.what.starts_at, partial(valley.check_in, together=together))
        if together.credited:
            yield Event(together.credited, partial(valley.credit_together, together=together, at=together.credited))


def _the_other_valley(calendar: Calendar) -> Iterator[Event]:
    valley = Valley(
        slug="dyffryn",
        name_en="Dyffryn Timebank",
        name_cy="Banc Amser y Dyffryn",
        phone="01632 960099",
    )
    day = calendar.week(other_valley.BEGINS_IN_WEEK)
    at = calendar.moment(day, 9)
    yield Event(at, partial(valley.found, terms=OTHER_TERMS, at=at))
    for number, villager in enumerate(OTHER_VALLEY):
        at = calendar.moment(day, 10, number)
        is_broker = villager.name == OTHER_VALLEYS_BROKER
        by = None if is_broker else OTHER_VALLEYS_BROKER
        role = Role.BROKER if is_broker else None
        yield Event(at, partial(valley.welcome, villager=villager, by=by, at=at, role=role))
    for number, text in enumerate((*other_valley.OFFERED, *other_valley.ASKED)):
        at = calendar.moment(day, 18, number)
        yield Event(at, partial(valley.offer_or_ask, text=text, at=at))
    yield from _deeds(valley, other_valley.lived(calendar, Random(SEED)))  # noqa: S311 - a story, no secret
