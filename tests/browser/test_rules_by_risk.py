"""A broker decides rules by risk, and two members and the broker find each exchange treated by them."""

from tests.browser.conftest import Enters, Stage
from tests.browser.visitor import Visitor
from tests.browser.words import Words
from timebank.language import Language

HOUR = 3600
BY_TELEPHONE = {"place": "remote", "approval": "none", "confirmation": "giver"}
AT_HOME = {"place": "receivers_home", "approval": "beforehand", "confirmation": "both"}


def test_what_is_done_by_telephone_counts_at_once_and_at_home_both_and_a_broker_look(
    stage: Stage, enters: Enters
) -> None:
    words = Words(Language.ENGLISH)
    ana, ben, bea = (enters(stage, name, words, has_scripts=False) for name in ("ana", "ben", "bea"))
    decides(bea, BY_TELEPHONE, AT_HOME)

    logs(ana, "A chat", "By telephone or online")
    assert stage.village.verbs("A chat")[-1] == "credit"
    ben.go("/statement")
    assert ben.row("A chat").count() == 1

    logs(ana, "Washing up", "At the receiver’s home")
    ben.go("/home")
    ben.follow("Look", ben.row("Washing up"))
    ben.press("Confirm the hours")
    bea.go("/today")
    bea.press("Approve", bea.row("Washing up"))
    assert stage.village.verbs("Washing up") == ["report", "confirm", "approve"]
    assert stage.village.balance(stage.village.cast.ana) == (2 * HOUR, 0, 0)
    stage.village.prove()


def decides(bea: Visitor, *rules: dict[str, str]) -> None:
    bea.go("/policy/risks")
    for at, rule in enumerate(rules):
        if bea.main.locator("[name=place]").count() <= at:
            bea.press("Add a rule")
        for field, value in rule.items():
            bea.main.locator(f"select[name={field}]").nth(at).select_option(value)
    bea.press("Change the rules from now on")


def logs(ana: Visitor, title: str, place: str) -> None:
    ana.go("/exchanges/log")
    ana.fill(direction="given", party_id_name="Ben", title=title, hours="1", place=place)
    ana.press("Log hours")
    ana.sees("Logged. Thank you!")
