"""Tables to download, as CSV and as XLSX, whose cells no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from flask import Response, abort
from openpyxl import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")
Cell = str | int | date | None


def download(rows: Iterable[Sequence[Cell]], *, name: str, kind: str) -> Response:
    """A file of these rows; `kind` is csv or xlsx, `name` without it. Other kinds are not there."""
    if kind not in WRITERS:
        abort(404)
    write, mimetype = WRITERS[kind]
    answer = Response(write(rows), mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return answer


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """In UTF-8 with its mark, without which Excel takes "Gŵyl" for something else."""
    written = io.StringIO()
    csv.writer(written).writerows([_safe(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_safe(cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _safe(cell: Cell) -> Cell:
    """Text that a spreadsheet would reckon with is quoted, as everybody may call themselves "=1+1"."""
    if isinstance(cell, str) and cell.lstrip().startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return cell


WRITERS = {"csv": (_csv, "text/csv"), "xlsx": (_xlsx, XLSX)}
