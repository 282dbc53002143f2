"""A worked example for each charging rule, for a treasurer to check: the page tells it, and the ledger posts it."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.group_sessions.hall import HOUR, WEDNESDAY, Hall
from timebank.group_sessions.examples import EXAMPLES, Example, Person, page
from timebank.group_sessions.tables import Charging, Part

MINUTES = {
    # by hand: what each account has afterwards, in minutes; what help stands; what went to the pot as surplus
    "Everybody who receives pays in full": (
        {"Ana": 150, "Ben": -120, "Bea": -120, "Olwen": -60, "pot": 150},
        {("ana", "ben"): 60, ("ana", "bea"): 60, ("ana", "olwen"): 30},
    ),
    "Everybody who receives pays in full, and the pot lends a hand": (
        {"Ana": 180, "Ben": -60, "Bea": -60, "pot": -60},
        {("ana", "ben"): 90, ("ana", "bea"): 90},
    ),
    "Those who receive share the givers' hours": (
        {"Ana": 120, "Ben": -40, "Bea": -40, "Olwen": -40},
        {("ana", "ben"): 40, ("ana", "bea"): 40, ("ana", "olwen"): 40},
    ),
    "Shares that do not come out even": (
        # an hour in sevenths: 1028.57 s twice and 1542.86 s; two seconds are left, for .86 and for the first .57
        {"Ana": 60, "Ben": -1029 / 60, "Bea": -1028 / 60, "Olwen": -1543 / 60},
        {("ana", "ben"): 1029 / 60, ("ana", "bea"): 1028 / 60, ("ana", "olwen"): 1543 / 60},
    ),
    "The community pot pays": ({"Ana": 120, "pot": -120}, {("ana", "ben"): 60, ("ana", "bea"): 60}),
    "An organisation pays": (
        {"Ana": 120, "Olwen": 60, "Gwalia": -180},
        {("ana", "ben"): 60, ("ana", "bea"): 60, ("olwen", "ben"): 30, ("olwen", "bea"): 30},
    ),
    "Nobody pays": ({}, {}),
    "Somebody who receives is put down late": (
        {"Ana": 120, "Ben": -120, "Olwen": -60, "pot": 60},
        {("ana", "ben"): 120},
    ),
    "Somebody who gives is put down late": (
        {"Ana": 120, "Olwen": 60, "Ben": -90, "Bea": -90},
        {("ana", "ben"): 60, ("ana", "bea"): 60, ("olwen", "ben"): 30, ("olwen", "bea"): 30},
    ),
}


def test_the_page_is_worked_out_anew(here: Path) -> None:
    assert (here / "docs" / "charging.md").read_text(encoding="utf-8") == page()


def test_every_rule_has_an_example() -> None:
    assert {example.charging for example in EXAMPLES} == set(Charging)
    assert set(MINUTES) == {example.title for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_the_ledger_posts_what_the_page_says(hall: Hall, example: Example) -> None:
    cast = hall.cast
    is_paid = example.charging is Charging.ORGANISATION
    session_id = hall.announce(charging=example.charging, payer_id=cast.gwalia if is_paid else None)
    if is_paid:
        hall.agree_to_pay(session_id)

    def put_down(person: Person) -> None:
        who = cast.standings[person.name.lower()]
        prepared, at = person.prepared_seconds, WEDNESDAY + timedelta(minutes=example.people.index(person))
        hall.came(session_id, who, person.part, person.seconds / HOUR, prepared_seconds=prepared, at=at)

    for is_late in (False, True):
        fresh = [person for person in example.people if person.is_late is is_late]
        for person in fresh:
            put_down(person)
        if fresh:
            hall.credit(session_id, mark=hall.plan(session_id).mark)
    expected, help_ = MINUTES[example.title]
    accounts = {"Ana": cast.ana, "Ben": cast.ben, "Bea": cast.bea, "Olwen": cast.olwen, "Gwalia": cast.gwalia}
    found = {name: round(hall.hours(who) * 60, 6) for name, who in accounts.items()}
    found["pot"] = round(hall.in_pot() * 60, 6)
    assert {name: minutes for name, minutes in found.items() if minutes} == {
        name: round(minutes, 6) for name, minutes in expected.items()
    }
    summed: dict[tuple[str, str], float] = {}
    for pair, hours in hall.help().items():
        summed[pair] = round(summed.get(pair, 0) + hours * 60, 6)
    assert summed == {pair: round(minutes, 6) for pair, minutes in help_.items()}
    hall.prove()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_each_example_balances_and_help_and_surplus_are_the_entry(example: Example) -> None:
    for planned in example.plans:
        assert sum(planned.by_party.values()) + planned.pot_seconds == 0
        given = sum(seconds for seconds in planned.by_party.values() if seconds > 0)
        paid_in = max(planned.pot_seconds, 0)
        assert sum(each.seconds for each in planned.helped) + planned.surplus_seconds == given + paid_in
    givers = {person.party_id: person.came.seconds for person in example.people if person.part is Part.GIVER}
    credited = {p: s for planned in example.plans for p, s in planned.by_party.items() if s > 0}
    assert credited == (givers if example.charging is not Charging.NOBODY else {})
