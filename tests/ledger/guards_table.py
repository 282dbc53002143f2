"""Guards against attacks: each attack meets the guards one after another, until none is left that refuses it.

Whoever refuses is taken down, and the same attack is tried again; so an attack ends with the list of all that stop it.
A guard alone on such a list is all that stands between an attack and the book. Of the others it is said what else stops
what they stop.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tests.ledger.scene import Attack
from tests.ledger.taking_down import Guard, OnPostgresql, OnSqlite

World: TypeAlias = OnPostgresql | OnSqlite
PAGE = "docs/guards.md"
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KINDS = ("trigger", "check", "foreign key", "unique", "primary key")


@dataclass(frozen=True)
class Stopped:
    """An attack, and all that has to be gone before it succeeds, in the order in which they spoke."""

    attack: Attack
    by: Sequence[str]


def stopped(world: World, attack: Attack) -> Stopped:
    """Take down whoever refuses, until nobody does."""
    if attack.unmoved:
        return _stopped_though_sound(world, attack, attack.unmoved)
    by: list[str] = []
    while refusing := world.attempt(attack.act, by).refused_by - set(by):
        by += sorted(refusing)
    assert by, f"nothing stops it: {attack.name}"
    assert not world.attempt(attack.act, by).refused_by, f"{attack.name}: it is refused by somebody who is gone"
    return Stopped(attack, by)


def _stopped_though_sound(world: World, attack: Attack, unmoved: str) -> Stopped:
    """A sound act is taken; without the trigger that moves other rows along, it leaves what the audit complains of."""
    sound = world.attempt(attack.act, [])
    assert not sound.refused_by, f"{attack.name}: a sound act is refused by {sound.refused_by}"
    by = [unmoved]
    while refusing := (outcome := world.attempt(attack.act, by)).refused_by - set(by):
        by += sorted(refusing)
    assert outcome.problems - sound.problems, f"{attack.name}: without {by} the audit finds nothing wrong"
    return Stopped(attack, by)


def page(found: dict[str, tuple[Iterable[Guard], Sequence[Stopped]]]) -> str:
    """The table as a page of the documentation."""
    lines = [
        "# Guards and attacks",
        "",
        "Written by `make guards`; a test compares it with what it finds. Every guard in the databases' own",
        "catalogues is here: it is taken down, and an attack that it stops is tried again. *Nothing else*: then the",
        "attack succeeds, so this guard alone stood in its way. Otherwise those are named that stop the same attack",
        "too, and once they are gone as well it succeeds. A key is taken down with the foreign keys that lean on it.",
    ]
    for engine, (guards, attacks) in found.items():
        lines += ["", f"## {ENGINES[engine]}", ""]
        lines += [_summary(guards, attacks), ""]
        lines += ["| guard | the attack | what else stops it |", "|---|---|---|"]
        order = sorted(guards, key=lambda guard: (guard.table, KINDS.index(guard.kind), guard.name))
        lines += [_row(guard, attacks) for guard in order]
        lines += ["", "| attack | what stops it, in the order in which they speak |", "|---|---|"]
        lines += [f"| {one.attack.name} | {', '.join(f'`{name}`' for name in one.by)} |" for one in attacks]
    return "\n".join(lines) + "\n"


def meets(guard: Guard, attacks: Sequence[Stopped]) -> Stopped | None:
    """The attack that shows best what a guard is for: that which the fewest others stop."""
    stops = [attack for attack in attacks if guard.name in attack.by]
    return min(stops, key=lambda attack: len(attack.by)) if stops else None


def _row(guard: Guard, attacks: Sequence[Stopped]) -> str:
    attack = meets(guard, attacks)
    assert attack is not None
    others = ", ".join(f"`{name}`" for name in attack.by if name != guard.name)
    return f"| `{guard.name}` ({guard.kind}) | {attack.attack.name} | {others or 'nothing else'} |"


def _summary(guards: Iterable[Guard], attacks: Sequence[Stopped]) -> str:
    shown = [meets(guard, attacks) for guard in guards]
    alone = sum(1 for attack in shown if attack and len(attack.by) == 1)
    return f"{len(shown)} guards, {len(attacks)} attacks. Of the guards, {alone} are all that stops an attack."
