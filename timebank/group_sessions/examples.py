"""Works an example for each charging rule: `python -m timebank.group_sessions.examples > docs/charging.md`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from timebank.group_sessions.charging import Came, Plan, Turnout, plan
from timebank.group_sessions.tables import Charging, Part
from timebank.language import N_

MINUTE = 60
HOUR = 60 * MINUTE
PAYER = "Gwalia Homes"
_PAYER_ID = uuid5(NAMESPACE_OID, PAYER)


@dataclass(frozen=True)
class Person:
    """Somebody who came, and for how long; `is_late` if they were put down after the hours were credited."""

    name: str
    part: Part
    seconds: int
    prepared_seconds: int = 0
    is_late: bool = False

    @property
    def party_id(self) -> UUID:
        return uuid5(NAMESPACE_OID, self.name)

    @property
    def came(self) -> Came:
        return Came(self.party_id, self.seconds + self.prepared_seconds)


@dataclass(frozen=True)
class Example:
    """Who came to a session under a rule, and what is to be seen in it."""

    title: str
    says: str
    charging: Charging
    people: tuple[Person, ...]

    @property
    def plans(self) -> list[Plan]:
        """Its entries: one for those who were put down in time, one for those who were not."""
        return [self._plan(is_late=False)] + ([self._plan(is_late=True)] if self._has_late else [])

    @property
    def names(self) -> dict[UUID, str]:
        """What the parties in its entries are called."""
        return {person.party_id: person.name for person in self.people} | {_PAYER_ID: PAYER}

    @property
    def _has_late(self) -> bool:
        return any(person.is_late for person in self.people)

    def _plan(self, *, is_late: bool) -> Plan:
        fresh = [person for person in self.people if person.is_late is is_late]
        known = [person for person in self.people if is_late or not person.is_late]
        turnout = Turnout(
            givers=[person.came for person in fresh if person.part is Part.GIVER],
            receivers=[person.came for person in fresh if person.part is Part.RECEIVER],
            all_receivers=[person.came for person in known if person.part is Part.RECEIVER],
        )
        return plan(self.charging, turnout, payer_id=_PAYER_ID)


def _gives(name: str, hours: float, *, prepared: float = 0, is_late: bool = False) -> Person:
    return Person(name, Part.GIVER, int(hours * HOUR), int(prepared * HOUR), is_late)


def _receives(name: str, hours: float, *, is_late: bool = False) -> Person:
    return Person(name, Part.RECEIVER, int(hours * HOUR), is_late=is_late)


EXAMPLES = (
    Example(
        N_("Everybody who receives pays in full"),
        N_("They pay for more than was given: the rest goes to the community pot, and is nobody's help."),
        Charging.EACH,
        (_gives("Ana", 2, prepared=0.5), _receives("Ben", 2), _receives("Bea", 2), _receives("Olwen", 1)),
    ),
    Example(
        N_("Everybody who receives pays in full, and the pot lends a hand"),
        N_("They pay for less than was given, since preparation counts: the community pot gives what is missing."),
        Charging.EACH,
        (_gives("Ana", 2, prepared=1), _receives("Ben", 1), _receives("Bea", 1)),
    ),
    Example(
        N_("Those who receive share the givers' hours"),
        N_("What was given is what is paid, however many come."),
        Charging.SHARED,
        (_gives("Ana", 2), _receives("Ben", 2), _receives("Bea", 2), _receives("Olwen", 2)),
    ),
    Example(
        N_("Shares that do not come out even"),
        N_(
            "By how long each was there, to the second. What is left over goes to the largest remainders, in the order "
            "of the register where they are alike; none is lost."
        ),
        Charging.SHARED,
        (_gives("Ana", 1), _receives("Ben", 2), _receives("Bea", 2), _receives("Olwen", 3)),
    ),
    Example(
        N_("The community pot pays"),
        N_("Whoever receives pays nothing, and was helped all the same."),
        Charging.POT,
        (_gives("Ana", 2), _receives("Ben", 2), _receives("Bea", 2)),
    ),
    Example(
        N_("An organisation pays"),
        N_("It pays the hours of everybody who gives, once its delegate has agreed."),
        Charging.ORGANISATION,
        (_gives("Ana", 2), _gives("Olwen", 1), _receives("Ben", 2), _receives("Bea", 2)),
    ),
    Example(
        N_("Nobody pays"),
        N_("No hours move; the register says who was there."),
        Charging.NOBODY,
        (_gives("Ana", 2), _receives("Ben", 2)),
    ),
    Example(
        N_("Somebody who receives is put down late"),
        N_("A second entry beside the first. Ana's hours are paid for already, so what Olwen pays goes to the pot."),
        Charging.EACH,
        (_gives("Ana", 2), _receives("Ben", 2), _receives("Olwen", 1, is_late=True)),
    ),
    Example(
        N_("Somebody who gives is put down late"),
        N_("They helped everybody who was there."),
        Charging.SHARED,
        (_gives("Ana", 2), _receives("Ben", 2), _receives("Bea", 2), _gives("Olwen", 1, is_late=True)),
    ),
)


def page() -> str:
    """The whole of docs/charging.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Who pays for a group session"
    yield ""
    yield "Every charging rule credits each giver in full: one hour is one hour, however many listen. The rules"
    yield "differ in who pays. Worked out by `timebank/group_sessions/charging.py`; a test holds this page to it, and"
    yield "posts each example."
    yield ""
    yield "In each, what is given and what is received come to the same, and the help with what goes to the pot as"
    yield "surplus is what was paid. Help is stored by giver and receiver: each giver's time in shares, by how long"
    yield "each receiver was there."
    for example in EXAMPLES:
        yield from ("", f"## {example.title}", "", example.says, "")
        yield from _table(["who", "part", "there", "preparation"], [_person(person) for person in example.people])
        for number, planned in enumerate(example.plans, start=1):
            yield from ("", f"Entry {number}:", "")
            yield from _entry(example, planned)


def _person(person: Person) -> list[str]:
    part = ("gives" if person.part is Part.GIVER else "receives") + (", put down late" if person.is_late else "")
    return [person.name, part, written(person.seconds), written(person.prepared_seconds)]


def _entry(example: Example, planned: Plan) -> Iterator[str]:
    names = example.names
    if planned.is_empty:
        yield "none."
        return
    legs = [(names[party_id] if party_id else "the community pot", seconds) for party_id, seconds in planned.legs]
    yield from _table(
        ["account", "given", "received"],
        [[name, written(max(seconds, 0)), written(max(-seconds, 0))] for name, seconds in legs],
    )
    if planned.helped:
        yield ""
        helped = [[names[each.giver_id], names[each.receiver_id], written(each.seconds)] for each in planned.helped]
        yield from _table(["help from", "to", "for"], helped)
    if planned.surplus_seconds:
        yield from ("", f"Surplus, which is no help: {written(planned.surplus_seconds)}.")


def _table(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def written(seconds: int) -> str:
    """Hours, minutes and seconds, the last only where there are any: "1 h 30 min", "17 min 9 s"."""
    parts = ((seconds // HOUR, "h"), (seconds // MINUTE % MINUTE, "min"), (seconds % MINUTE, "s"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount)


if __name__ == "__main__":
    sys.stdout.write(page())
