"""What people of the valley write to each other on the pages of their exchanges."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from timebank.afterwords.tables import Feeling
from timebank.demo.people import HOUSING
from timebank.demo.stories import Calendar, Story, language_of
from timebank.exchanges.tables import Verb
from timebank.language import Language

Line = tuple[float, str, str]
"""Hours after the exchange began; who writes; what."""

TALKS: dict[tuple[str, str, str], tuple[Line, ...]] = {
    ("Gwen Parry", "Ben Evans", "garden"): (
        (4, "Gwen Parry", "Thursday at two is fine. Do you have a rake, or shall I bring mine?"),
        (20, "Ben Evans", "There is a rake, and there will be tea.\nThe gate sticks: lift it a little."),
        (43, "Gwen Parry", "Diolch! I will bring the good gloves, and bara brith if there is any left."),
    ),
    ("Ana Ferreira", "Ben Evans", "baking"): (
        (5, "Ben Evans", "Shall I bring flour?"),
        (7, "Ana Ferreira", "Only an apron, and be hungry."),
        (26, "Ben Evans", "I can do both."),
    ),
    ("Ana Ferreira", "Ben Evans", "sewing"): (
        (3, "Ana Ferreira", "How wide is the window? Measure from wall to wall, then add a hand on each side."),
        (24, "Ben Evans", "Two metres and a hand, then. Two hands."),
    ),
    ("Ben Evans", "Carys Bowen", "repair"): (
        (1, "Carys Bowen", "It squeaks as well, if that helps you to choose your tools."),
    ),
    ("Tomos Griffiths", "Betsan Harries", "computer"): (
        (2, "Betsan Harries", "Mae'n dweud “helô” wrtha i bob bore. Ydy hynny'n iawn?"),
        (9, "Tomos Griffiths", "Ydy, ond gallwn ni ofyn iddo gysgu'n hwyrach. Dewch â'r gwefrydd gyda chi."),
    ),
    ("Siân Davies", "Mei Ling Chan", "welsh"): (
        (30, "Mei Ling Chan", "Bore da, Siân! Is it right to say that to you in the evening?"),
        (31, "Siân Davies", "Noswaith dda, Mei Ling. Nearly! We start with the time of day, then."),
    ),
    ("Dilwyn Pugh", "Nerys Howells", "lift"): (
        (26, "Dilwyn Pugh", "Bydda i wrth y drws am chwarter wedi naw. Mae lle i'r ffrâm gerdded."),
        (49, "Nerys Howells", "Da iawn. Byddaf yn barod, gyda fy het."),
    ),
    ("Julie Parfitt", "Meurig Treharne", "shopping"): (
        (6, "Julie Parfitt", "I can go on to the chemist too, if you tell me the name of it."),
    ),
    ("Pat O'Leary", HOUSING, "events"): (
        (2, HOUSING, "Could you stand at the door from half past five? We expect eighty."),
        (12, "Pat O'Leary", "I will. I know seventy of them."),
    ),
}
"""By giver, receiver and kind of help: the latest exchange of that sort is meant."""


THANKS: dict[Language, tuple[str, ...]] = {
    Language.ENGLISH: (
        "That was a good morning. Thank you!",
        "",
        "You made it look easy. Come for tea next time.",
        "I had put that off for a year.",
    ),
    Language.WELSH: (
        "Diolch o galon. Roedd yn hwyl hefyd.",
        "",
        "Mae'r tŷ yn teimlo'n fwy nawr. Diolch!",
    ),
}
MOST_AFTERTHOUGHTS = 24

CONFIDES, CONFIDED_ABOUT = "Doreen Sullivan", "Keith Tanner"
CONFIDED = "He is kind, but he stays too long and I cannot get up to see him out. Could somebody say it for me?"


@dataclass(frozen=True)
class Said:
    """Somebody writes something to the other, on the page of a story's exchange."""

    at: datetime
    story: Story
    who: str
    words: str


def talks(stories: Iterable[Story], calendar: Calendar) -> Iterator[Said]:
    """Everything that is written before the story of the valley ends."""
    latest = {(story.giver, story.receiver, story.kind): story for story in sorted(stories, key=_begins)}
    for what, lines in TALKS.items():
        story = latest[what]
        for hours, who, words in lines:
            at = _begins(story) + timedelta(hours=hours)
            if at < calendar.ends_at:
                yield Said(at, story, who, words)


@dataclass(frozen=True, kw_only=True)
class Afterthought:
    """How it went for one of a story's two, and in which words they thanked, if they did (None: they did not)."""

    at: datetime
    story: Story
    who: str
    feeling: Feeling
    words: str | None = None


def afterthoughts(stories: Iterable[Story], calendar: Calendar) -> Iterator[Afterthought]:
    """Of the latest that were credited, most went well. One was so-so, and nobody has seen to it yet."""
    credited = sorted((story for story in stories if _is_over(story)), key=_ends)
    for number, story in enumerate(credited[-MOST_AFTERTHOUGHTS:]):
        at = _ends(story) + timedelta(hours=2 + number % 5)
        if at >= calendar.ends_at:
            continue
        thanks = THANKS[language_of(story.receiver)]
        yield Afterthought(
            at=at, story=story, who=story.receiver, feeling=Feeling.WELL, words=thanks[number % len(thanks)]
        )
        if number % 4 == 0:
            yield Afterthought(
                at=at + timedelta(minutes=9), story=story, who=story.giver, feeling=Feeling.WELL, words=""
            )
        elif number == MOST_AFTERTHOUGHTS - 3:
            yield Afterthought(at=at + timedelta(minutes=9), story=story, who=story.giver, feeling=Feeling.SO_SO)


def _is_over(story: Story) -> bool:
    verbs = [deed.verb for deed in story.deeds]
    was_approved = Verb.APPROVE in verbs or Verb.SETTLE in verbs
    return was_approved and Verb.REPORT in verbs and verbs[-1] in {Verb.APPROVE, Verb.SETTLE, Verb.CONFIRM}


def _ends(story: Story) -> datetime:
    return story.deeds[-1].at


def _begins(story: Story) -> datetime:
    return story.deeds[0].at
