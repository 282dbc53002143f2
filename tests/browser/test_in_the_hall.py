"""A group session from the door to everybody's statement, hours passed on, and somebody who leaves."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from tests.browser.conftest import Enters, Opens, Stage
from tests.browser.visitor import Visitor
from tests.browser.words import Words
from timebank.clock import now
from timebank.database import unit_of_work
from timebank.group_sessions import announcing
from timebank.group_sessions.announcing import Announcement
from timebank.group_sessions.tables import Charging
from timebank.language import Language

HOUR = 3600
LANGUAGES = {"sqlite": Language.ENGLISH, "postgresql": Language.WELSH}
TITLE = "Bara i bawb"


def announced(session: Session, stage: Stage) -> UUID:
    """Ana's session began half an hour ago, and goes on: those who receive share her hours; there are two places."""
    what = Announcement(
        title=TITLE,
        starts_at=now() - timedelta(minutes=30),
        planned_seconds=3 * HOUR,
        charging=Charging.SHARED,
        places=2,
    )
    ana, at = stage.village.cast.ana, now() - timedelta(hours=1)
    with unit_of_work(session) as open_session:
        return announcing.announce(open_session, ana.member_id, what=what, by=ana, at=at, submission=uuid4()).id


def test_from_the_door_to_the_statements_of_all_and_to_leaving(
    own_stage: Stage, stage_engine: str, enters: Enters, opens: Opens
) -> None:
    words = Words(LANGUAGES[stage_engine])
    has_scripts = words.language is Language.WELSH

    def enter(name: str) -> Visitor:
        return enters(own_stage, name, words, has_scripts=has_scripts)

    page = f"/sessions/{announced(own_stage.village.session, own_stage)}"
    ana, ben, bryn = (enter(name).go(page) for name in ("ana", "ben", "bryn"))
    poster = signs_up(ben, ana)
    assert enter("cy").go(poster).status == 404
    checks_in(opens(own_stage.site, words, has_scripts=has_scripts), poster)
    keeps_the_register(bryn, other_broker=enter("bea"), page=page)
    cast, balance = own_stage.village.cast, own_stage.village.balance
    for who, minutes in ((cast.ana, 180), (cast.ben, -180), (cast.bea, -90), (cast.olwen, 90)):
        assert balance(who) == (minutes * 60, 0, 0)
    ben.go("/statement")
    assert ben.row(TITLE).count() == 2
    passes_on(ana, member=ben, broker=bryn)
    for leaver in (ana, ben):  # who has an hour left, and who received more than he gave
        leaves(leaver)
    bryn.go("/pot")
    bryn.sees_text(words.hours(0))
    assert {balance(who) for who in (cast.ana, cast.ben)} == {(0, 0, 0)}
    own_stage.village.prove()


def signs_up(ben: Visitor, ana: Visitor) -> str:
    """Ben knows what it is for him, and signs up; Ana hangs up the code. Returns where it leads."""
    ben.sees("Those who receive pay the givers' hours between them: the more come, the less it is for each.")
    ben.press("Sign up")
    ben.sees("You are down for it. See you there!")
    ana.press("Show a code to scan")
    poster = ana.main.locator("figcaption a").get_attribute("href") or ""
    return poster.removeprefix(ana.address)


def checks_in(phone: Visitor, poster: str) -> None:
    """Ben scans it, signed out and then in, twice."""
    phone.go(poster)
    phone.type_in("E-mail address", "ben@example.org")
    phone.main.locator("input[type=password]").fill("one hour is one hour")
    phone.press("Sign in", phone.main.locator("form.form").first)
    phone.press("I am here")
    phone.sees("You are here. Welcome!")
    phone.go(poster)
    phone.sees("Checked in already: %(name)s", name="Ben")


def keeps_the_register(bryn: Visitor, *, other_broker: Visitor, page: str) -> None:
    """What Bryn was shown is what he posts, while Bea, who came, cannot; Olwen's late hours are a second entry."""
    bryn.go(page)
    bryn.press("All who were coming came")
    bryn.follow("Put down somebody who came")
    bryn.fill(party_id_name="Bea", part="receiver", hours="1:30")
    bryn.press("Put down")
    bryn.follow("Correct it", bryn.row("Ana"))
    bryn.fill(hours="3", preparation="")
    bryn.press("Put down")
    shown = bryn.main.locator("table tbody").first.inner_text()
    other_broker.go(page)
    other_broker.sees("You have a part in this session yourself: another broker has to credit it.")
    bryn.press("Credit the hours")
    bryn.sees("Credited. Everybody has been told.")
    assert bryn.main.locator("table tbody").first.inner_text() == shown, "what was shown is what was posted"

    bryn.follow("Put down somebody who came")
    bryn.fill(party_id_name="Olwen", part="giver", hours="1:30")
    bryn.press("Put down")
    bryn.press("Credit the hours")  # a late giver: a second entry
    assert bryn.main.locator(".card table").count() == 2


def passes_on(ana: Visitor, *, member: Visitor, broker: Visitor) -> None:
    """Nobody passes on more than they have; what they typed is kept. The pot's book is open to members."""
    ana.go("/pot/give")
    ana.fill(hours="5", word="Diolch i bawb")
    ana.press("Pass on")
    ana.sees("There is less to pass on: %(free_seconds)s.", free_seconds=ana.words.hours(3 * HOUR))
    assert ana.main.locator("[name=word]").input_value() == "Diolch i bawb"
    ana.fill(hours="2")
    ana.press("Pass on")
    member.go("/pot")
    member.sees("Hours that members passed on, for whoever needs them: %(hours)s", hours=ana.words.hours(2 * HOUR))
    member.misses_text("Diolch i bawb")  # who gave, and with what word, is for brokers
    broker.go("/pot")
    broker.sees_text("Diolch i bawb")


def leaves(visitor: Visitor) -> None:
    """With a tick, and out."""
    visitor.go("/me/leave")
    visitor.press("Leave")
    visitor.sees("Tick the box if you are sure: a membership that has ended cannot be taken up again here.")
    visitor.fill(is_sure="yes")
    visitor.press("Leave")
    visitor.sees("You have left. Thank you for everything; the door stays open.")
    visitor.go("/statement")
    assert visitor.path.startswith("/sign-in")
