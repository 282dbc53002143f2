"""The second timebank of the demo: small, and trusting: the giver's word is enough."""

from datetime import timedelta
from random import Random

from timebank.demo.kinds_of_help import KINDS
from timebank.demo.offers_and_requests import Text
from timebank.demo.people import CY_POWELL, OTHER_VALLEY
from timebank.demo.stories import QUARTER, WEEKS, Calendar, Deed, Story, language_of, who_acts
from timebank.exchanges.tables import Verb
from timebank.language import Language

BEGINS_IN_WEEK = 10

OFFERED: tuple[Text, ...] = (
    Text(CY_POWELL, "lift", "Lifts on market day", "", "Fri am"),
    Text("Sue Hallam", "baking", "Scones, and how to make them", "", "Wed pm"),
    Text("Idris Meredith", "garden", "Palu a phlannu", "", "Sat am"),
)
ASKED: tuple[Text, ...] = (Text("Mary Baskerville", "shopping", "My paper on Sundays", "", "Sun am"),)


def lived(calendar: Calendar, rng: Random) -> list[Story]:
    """Hours that the givers logged, most weeks one, and something that waits for Cy."""
    stories = []
    for week in range(BEGINS_IN_WEEK + 1, WEEKS):
        giver = rng.choice(
            [villager for villager in OTHER_VALLEY if villager.name != "Mary Baskerville" or week % 4 == 0]
        )
        receiver = rng.choice([villager for villager in OTHER_VALLEY if villager != giver])
        kind = rng.choice(giver.gives.split())
        day = calendar.week(week, rng.choice(KINDS[kind].days))
        is_welsh = language_of(giver.name) is Language.WELSH
        told = Story(
            giver=giver.name,
            receiver=receiver.name,
            kind=kind,
            title=rng.choice(KINDS[kind].titles_cy if is_welsh else KINDS[kind].titles_en),
        )
        told.deeds.append(
            Deed(
                at=calendar.moment(day, 20, rng.randrange(60)),
                verb=Verb.REPORT,
                of=giver.name,
                by=who_acts(giver.name, *told.both),
                seconds=QUARTER * rng.choice((4, 4, 6, 8)),
                happened_on=day,
            )
        )
        if told.deeds[0].at < calendar.ends_at - timedelta(hours=12):
            stories.append(told)
    return [*stories, _waiting(calendar)]


def _waiting(calendar: Calendar) -> Story:
    told = Story(giver=CY_POWELL, receiver="Sue Hallam", kind="lift", title=OFFERED[0].title, listing=OFFERED[0])
    told.deeds.append(
        Deed(
            at=calendar.days_ago(1, 16, 45),
            verb=Verb.PROPOSE,
            of="Sue Hallam",
            by="Sue Hallam",
            seconds=4 * QUARTER,
            planned_for=calendar.moment(calendar.next(4), 9, 30),
            note="I have six dozen scones to carry.",
        )
    )
    return told
