"""A form with rows that are added, moved and removed without a script: a button sends it, and it is drawn again."""

from typing import Any

from flask import abort, request
from werkzeug.datastructures import MultiDict

from timebank.web.forms import Form, Texts
from timebank.web.schemas import Schema
from timebank.web.schemas.fields import LONGEST_LIST


class RowsForm(Form):
    """A form of which one field is a list of rows with fields of their own, drawn once for each row.

    The fields of a row have the same names in every row, so that a browser sends a list for each. A button called
    `then` changes the rows and nothing else: "add", or "up", "down" and "remove" with the row's place: "up-2". "show"
    leaves them, and says what is wrong with them. Errors within a row stand beside `<field>-<place>`.
    """

    def __init__(self, schema: type[Schema], rows: str, of: type[Schema], values: dict[str, Any] | None = None) -> None:
        super().__init__(schema, values)
        self.rows, self.parts = rows, [*of().fields]
        self.values[rows] = [Texts(row) for row in self.values[rows] or [{}]]

    def read(self) -> dict[str, Any] | None:
        if request.method == "POST" and "then" in request.form:
            if request.form["then"] == "show":
                super().read()
            else:
                self.values.update(self._typed())
                self._rearrange(*request.form["then"].partition("-")[::2])
            return None
        return super().read()

    def _rearrange(self, verb: str, place: str) -> None:
        rows: list[Texts] = self.values[self.rows]
        if verb == "add":
            rows += [Texts()] * (len(rows) < LONGEST_LIST)
            return
        if not place.isdecimal() or not 0 <= (at := int(place[:4])) < len(rows):
            abort(400)
        row = rows.pop(at)
        if verb in {"up", "down"}:
            rows.insert(max(0, at - 1) if verb == "up" else at + 1, row)

    def _typed(self) -> dict[str, Any]:
        return {**super()._typed(), self.rows: self._typed_rows()}

    def _typed_rows(self) -> list[Texts]:
        sent = {part: request.form.getlist(part) for part in self.parts}
        longest = min(max(map(len, sent.values())), LONGEST_LIST + 1)
        return [
            Texts({part: said[place] for part, said in sent.items() if place < len(said)}) for place in range(longest)
        ]

    def _sent(self, typed: MultiDict[str, str]) -> dict[str, Any]:
        return {name: typed[name] for name in self.schema.fields if name in typed} | {self.rows: self._typed_rows()}

    def _wrong(self, messages: Any) -> None:
        """Each error of a row, under the name of its box on the page."""
        if isinstance(messages, dict) and isinstance(by_row := messages.get(self.rows), dict):
            within = {f"{field}-{place}": why for place, wrong in by_row.items() for field, why in wrong.items()}
            messages = {field: why for field, why in messages.items() if field != self.rows} | within
        super()._wrong(messages)
