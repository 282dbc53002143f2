"""Sheets: many lines of hours at once, all of them posted or none; and the receipts."""

from typing import Any, NoReturn
from uuid import UUID, uuid4

from werkzeug.exceptions import UnprocessableEntity

from timebank.clock import now
from timebank.members.rules import check_broker
from timebank.sheets import entering, queries
from timebank.sheets.rules import LinesRefused, Outcome, digest_of, written_number
from timebank.sheets.tables import Source
from timebank.web import sheets
from timebank.web.api_room import Room
from timebank.web.schemas.sheets import SentSheet, ShownSheet
from timebank.web.session import action, database, me
from timebank.web.sheets import Grid, Row

api = Room("api_sheets", "sheets", url_prefix="/api/v1/sheets", description="Many lines of hours at once")


@api.post("")
@api.arguments(SentSheet)
@api.response(201, ShownSheet)
def enter(said: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Enter lines: all are posted, or none. With `dry_run` nothing is, and the answer (200) says what would be.

    Lines that cannot be posted are refused by their place in the list and their field (422).
    """
    check_broker(me().standing)
    grid = sheets.loaded_lines(said["lines"])
    sheet = sheets.sheet_said(said, source=Source.PROGRAM)
    if said["dry_run"]:
        sheets.look_at(grid, sheet)
        return _tried(grid), 200
    if not grid.is_clean:
        _refuse(grid)
    try:
        with action() as session:
            entered_id = entering.enter(
                session,
                grid.lines,
                sheet=sheet,
                by=me().standing,
                at=now(),
                submission=said["submission"] or uuid4(),
            ).id
    except LinesRefused as refused:
        grid.refuse(refused.by_line)
        _refuse(grid)
    return _now_stands(entered_id), 201


@api.get("/<uuid:entered_id>")
@api.response(200, ShownSheet)
def show(entered_id: UUID) -> dict[str, Any]:
    """The receipt, with its exchanges as they stand now."""
    check_broker(me().standing)
    return _now_stands(entered_id)


def _refuse(grid: Grid) -> NoReturn:
    """By line and field, as a schema's own errors are told."""
    problem: Any = UnprocessableEntity()
    by_line = {str(row.number - 1): {field: [why] for field, why in row.errors.items() if why} for row in grid.said}
    problem.data = {"messages": {"json": {"lines": {place: why for place, why in by_line.items() if why}}}}
    raise problem


def _tried(grid: Grid) -> dict[str, Any]:
    return {
        "id": None,
        "entered_before": grid.before.entered.id if grid.before else None,
        "digest": digest_of(grid.lines),
        "seconds": grid.seconds,
        "lines": [_line(row) for row in grid.rows],
    }


def _line(row: Row) -> dict[str, Any]:
    errors = {field: why for field, why in row.errors.items() if why}
    if row.outcome is None:
        return {
            "number": row.number,
            "exchange_id": row.known_exchange,
            "is_left_out": row.is_left_out,
            "errors": errors,
        }
    return _outcome(row.outcome) | {"exchange_id": None, "entry_number": None}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in Outcome.__dataclass_fields__} | {"errors": {}}


def _now_stands(entered_id: UUID) -> dict[str, Any]:
    receipt = queries.receipt(database(), me().timebank_id, entered_id)
    entered = receipt.entered
    return {
        "id": entered.id,
        "sheet_number": written_number(receipt.printed.number) if receipt.printed else None,
        "entered_at": entered.entered_at,
        "entered_by": receipt.by,
        "digest": entered.digest,
        "seconds": receipt.seconds,
        "lines": [_outcome(Outcome.of(line.number, line.exchange, line.entry_number)) for line in receipt.lines],
    }
