"""Lines as they were typed, read or sent, on their way to the ledger: one path for the grid, files and programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import marshmallow
from flask_babel import gettext

from timebank.clock import now
from timebank.errors import Refusal
from timebank.folding import folded
from timebank.language import N_
from timebank.members.finding import Found
from timebank.sheets import entering, naming, queries
from timebank.sheets.naming import Meant
from timebank.sheets.queries import Before
from timebank.sheets.rules import Line, LoggedAlready, Outcome, Sheet, digest_of, number_said
from timebank.sheets.tables import Source
from timebank.web.errors import sentence
from timebank.web.forms import Texts
from timebank.web.people import NOBODY, SEVERAL
from timebank.web.schemas.sheets import SaidLine
from timebank.web.session import action, database, me

OTHERWISE = ("signed", "place", "repeats")
"""What is said of a line where it differs from its sheet."""
COLUMNS = ("happened_on", "giver", "giver_id", "receiver", "receiver_id", "title", "hours", *OTHERWISE)
HEADINGS = {
    "happened_on": N_("Date"),
    "giver": N_("Who gave"),
    "receiver": N_("Who received"),
    "title": N_("What"),
    "hours": N_("How long"),
}
WRITTEN = tuple(HEADINGS)
"""The columns that stand on paper."""
SIDES = ("giver", "receiver")
NEEDED = {"giver": N_("Say who gave."), "receiver": N_("Say who received.")}
BESIDE = {"party_id": "giver", "gift_id": "title"}
"""Beside which column a refusal stands whose field is another one."""


@dataclass
class Row:
    """One line of a grid: what was typed, what is wrong with it, who may be meant, and what would become of it."""

    number: int
    typed: Mapping[str, Any]
    errors: Texts = field(default_factory=Texts)
    alike: dict[str, Sequence[Found]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    line: Line | None = None
    outcome: Outcome | None = None
    known_exchange: UUID | None = None
    is_left_out: bool = False

    @property
    def is_otherwise(self) -> bool:
        return any(self.typed.get(column) for column in OTHERWISE)

    @property
    def is_blank(self) -> bool:
        return not any(str(self.typed.get(column) or "").strip() for column in WRITTEN[1:])

    def why(self, column: str, *, apart: bool = False) -> str:
        """What is wrong with a cell, with its column's name if told `apart` from it or about one of two names."""
        is_about_a_name = column in SIDES and self.typed.get(column)
        is_named = is_about_a_name or (apart and column in HEADINGS)
        return f"{gettext(HEADINGS[column])}: {self.errors[column]}" if is_named else self.errors[column]

    def told(self, column: str) -> str:
        """What is wrong with a cell, for the list on top."""
        return gettext("Line %(number)s: %(why)s", number=self.number, why=self.why(column))

    def refuse(self, why: Refusal) -> None:
        column = BESIDE.get(why.field or "", why.field or "")
        self.errors[column if column in WRITTEN else "happened_on"] = sentence(why)
        self.know(why)

    def leave_out(self, why: Refusal) -> None:
        self.is_left_out = True
        self.know(why)

    def know(self, why: Refusal) -> None:
        if isinstance(why, LoggedAlready):
            self.known_exchange = why.exchange_id


@dataclass
class Grid:
    """All lines, and what was found when they were looked at."""

    rows: list[Row]
    before: Before | None = None
    is_looked_at: bool = False

    @property
    def said(self) -> list[Row]:
        return [row for row in self.rows if not row.is_blank]

    @property
    def lines(self) -> list[Line]:
        return [row.line for row in self.rows if row.line is not None]

    @property
    def is_clean(self) -> bool:
        return bool(self.said) and not any(row.errors for row in self.said)

    @property
    def seconds(self) -> int:
        return sum(line.seconds for line in self.lines)

    @property
    def posted(self) -> int:
        """How many lines are posted where those that are logged already are left out."""
        return sum(not row.is_left_out for row in self.said)

    @property
    def is_ready(self) -> bool:
        """Whether there is something to post, and it was looked at and found right."""
        return self.is_looked_at and self.is_clean and self.posted > 0

    @property
    def is_all_left_out(self) -> bool:
        return bool(self.said) and self.posted == 0

    def errors(self) -> dict[str, str]:
        """By the id of the cell, in the order of the page: for the list on top."""
        return {
            f"{column}-{row.number}": row.told(column)
            for row in self.said
            for column in (*WRITTEN, *OTHERWISE)
            if row.errors[column]
        }

    def refuse(self, refused: Mapping[int, Refusal]) -> None:
        for row in self.rows:
            if why := refused.get(row.number):
                row.refuse(why)


def headings() -> dict[str, str]:
    """What the columns are called in the reader's language; files with these words on top are recognised."""
    return {column: gettext(words) for column, words in HEADINGS.items()}


def read(typed: Iterable[tuple[int, Mapping[str, Any]]]) -> Grid:
    """Each line loaded by its schema, days carried down, names resolved: in one query for all, never line by line."""
    grid = Grid([Row(number, row) for number, row in typed])
    loaded: dict[int, Mapping[str, Any]] = {}
    day_above: object = ""
    for row in grid.said:
        row.typed = {**row.typed, "happened_on": row.typed.get("happened_on") or day_above}
        day_above = row.typed["happened_on"]
        loaded[row.number] = _loaded(row)
    _resolve(grid, loaded)
    return grid


def loaded_lines(said: Sequence[Mapping[str, Any]]) -> Grid:
    """Lines of a program, which its schema has loaded already."""
    grid = Grid([Row(number, line) for number, line in enumerate(said, start=1)])
    _resolve(grid, {row.number: row.typed for row in grid.rows})
    return grid


def _resolve(grid: Grid, loaded: Mapping[int, Mapping[str, Any]]) -> None:
    """Whoever and whatever is meant by what the lines say; rows that are clear get their line."""
    known = naming.meant_by(
        database(),
        me().timebank_id,
        {said[side] for said in loaded.values() for side in SIDES if said.get(side)},
    )
    gifts = naming.gifts_by_name(database(), me().timebank_id)
    for row in grid.rows:
        if row.number not in loaded:
            continue
        said = loaded[row.number]
        giver_id, receiver_id = (_party(row, side, said, known) for side in SIDES)
        if row.errors or giver_id is None or receiver_id is None:
            continue
        row.line = Line(
            number=row.number,
            happened_on=said["happened_on"],
            giver_id=giver_id,
            receiver_id=receiver_id,
            title=said["title"],
            seconds=said["hours"],
            gift_id=gifts.get(folded(said["title"])),
            **{column: said.get(column) for column in OTHERWISE},
        )


def look_at(grid: Grid, sheet: Sheet) -> None:
    """Find out what would become of each line, and whether the sheet was entered before. Changes nothing."""
    digest = sheet.digest or digest_of(grid.lines)
    grid.before = queries.entered_before(database(), me().timebank_id, printed_id=sheet.printed_id, digest=digest)
    with action() as session:
        outcomes, refused = entering.look(session, grid.lines, sheet=sheet, by=me().standing, at=now())
    for row in grid.rows:
        row.outcome = outcomes.get(row.number)
        why = refused.get(row.number)
        if why and row.line and sheet.leaves_out(row.line, why):
            row.leave_out(why)
        elif why:
            row.refuse(why)
    grid.is_looked_at = True


def sheet_said(said: Mapping[str, Any], *, source: Source, **more: Any) -> Sheet:
    """What is said of a whole sheet. Raises NoSuchSheet."""
    number = said["sheet_number"]
    printed = queries.printed(database(), me().timebank_id, number_said(number)) if number else None
    return Sheet(
        printed_id=printed.id if printed else None,
        source=source,
        signed=said["signed"],
        place=said["place"],
        approves=said["approves"],
        repeats=said["repeats"],
        is_more=said["is_more"],
        **more,
    )


def _loaded(row: Row) -> dict[str, Any]:
    """What a line says, as far as it can be read."""
    try:
        loaded: dict[str, Any] = SaidLine().load({name: row.typed[name] for name in COLUMNS if name in row.typed})
    except marshmallow.ValidationError as error:
        row.errors.update({name: first_sentence(why) for name, why in error.messages_dict.items()})
        return error.valid_data if isinstance(error.valid_data, dict) else {}
    return loaded


def first_sentence(why: Any) -> str:
    """The first sentence of a field's errors."""
    return why if isinstance(why, str) else first_sentence(next(iter(why.values() if isinstance(why, dict) else why)))


def _party(row: Row, side: str, said: Mapping[str, Any], known: Mapping[str, Meant]) -> UUID | None:
    """Who is meant on one side; where that is not clear, the row says who may be."""
    name, chosen = said.get(side) or "", said.get(f"{side}_id")
    if not name:
        if chosen is None and not row.errors[side]:
            row.errors[side] = gettext(NEEDED[side])
        return chosen
    meant = known[name]
    only = meant.chosen(chosen)
    row.alike[side] = meant.alike
    if only is None:
        row.errors[side] = gettext(SEVERAL if meant.alike else NOBODY, name=name)
        return None
    row.names[side] = only.label
    return only.id
