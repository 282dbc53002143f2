"""The lines of a sheet on which people signed in, as they are typed: who, for which part and how long."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import marshmallow
from flask_babel import gettext

from timebank.errors import Refusal
from timebank.language import N_
from timebank.members.finding import Found
from timebank.sheets import naming
from timebank.sheets.signing_in import SignedIn
from timebank.web.errors import sentence
from timebank.web.forms import Texts
from timebank.web.people import NOBODY, SEVERAL
from timebank.web.schemas.sheets import SaidSignedIn
from timebank.web.session import database, me
from timebank.web.sheets import first_sentence

COLUMNS = ("who", "who_id", "part", "hours")
TWICE = N_("%(name)s stands on another line already.")


@dataclass
class RegisterRow:
    """One line, and what is wrong with it."""

    number: int
    typed: Mapping[str, Any]
    errors: Texts = field(default_factory=Texts)
    alike: Sequence[Found] = ()
    line: SignedIn | None = None

    @property
    def is_blank(self) -> bool:
        """Whoever has no name or no hours on paper is not put down."""
        return not (str(self.typed.get("who") or "").strip() and str(self.typed.get("hours") or "").strip())


@dataclass
class Register:
    """All lines."""

    rows: list[RegisterRow]

    @classmethod
    def of(cls, typed: Iterable[Mapping[str, Any]]) -> "Register":
        return cls([RegisterRow(number, row) for number, row in enumerate(typed, start=1)])

    @property
    def lines(self) -> list[SignedIn]:
        return [row.line for row in self.rows if row.line is not None]

    def errors(self) -> dict[str, str]:
        """By the id of the cell, for the list on top."""
        return {
            f"{column}-{row.number}": gettext("Line %(number)s: %(why)s", number=row.number, why=row.errors[column])
            for row in self.rows
            for column in ("who", "hours")
            if row.errors[column]
        }

    def refuse(self, by_line: Mapping[int, Refusal]) -> None:
        for row in self.rows:
            if why := by_line.get(row.number):
                row.errors["hours" if why.field == "hours" else "who"] = sentence(why)

    def make_room(self, spare: int) -> None:
        """Blank lines for whoever came without having signed up."""
        filled = max((row.number for row in self.rows if not row.is_blank), default=0)
        blank = range(len(self.rows) + 1, filled + spare + 1)
        self.rows += [RegisterRow(number, {"part": "receiver"}) for number in blank]


def read_register(typed: Iterable[Mapping[str, Any]]) -> Register:
    """Each line loaded by its schema, and who is meant by its name; nobody stands there twice."""
    register = Register.of(typed)
    loaded = [(row, said) for row in register.rows if not row.is_blank and (said := _loaded(row)) is not None]
    meant = naming.meant_by(database(), me().timebank_id, {said["who"] for _, said in loaded})
    seen = set()
    for row, said in loaded:
        who = meant[said["who"]]
        known = who.chosen(said["who_id"])
        row.alike = who.alike
        if known is None:
            row.errors["who"] = gettext(SEVERAL if who.alike else NOBODY, name=said["who"])
        elif known.id in seen:
            row.errors["who"] = gettext(TWICE, name=known.name)
        else:
            seen.add(known.id)
            row.line = SignedIn(number=row.number, party_id=known.id, part=said["part"], seconds=said["hours"])
    return register


def _loaded(row: RegisterRow) -> Mapping[str, Any] | None:
    try:
        said: dict[str, Any] = SaidSignedIn().load(dict(row.typed))
    except marshmallow.ValidationError as error:
        row.errors.update({name: first_sentence(why) for name, why in error.messages_dict.items()})
        return None
    return said
