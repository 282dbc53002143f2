"""Reading a CSV or an XLSX file that somebody sent: into rows of text by column, trusting nothing. No database.

Files come from spreadsheets in either language, saved in whatever way theirs saves them. What cannot be read is refused
with a sentence; what can be read is only text, which is then looked at like text that was typed.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from openpyxl import load_workbook
from openpyxl.xml import DEFUSEDXML

from timebank.errors import RuleBroken
from timebank.folding import folded
from timebank.language import N_
from timebank.sheets.rules import MOST_LINES

assert DEFUSEDXML, "openpyxl reads others' XML, and must read it by defusedxml"  # noqa: S101 - rather no server than that

MOST_BYTES = 400 * 1024
MOST_UNPACKED = 3 * 1024 * 1024
MOST_PARTS = 500
MOST_TAGS = {"xl/worksheets/": 100_000, "xl/sharedStrings": 100_000, "xl/workbook": 1_000, "": 10_000}
"""By how a part's name begins. Each cell, style or sheet costs far more time to read than it takes bytes to pack."""
MOST_COLUMNS = 40
ROWS_ABOVE = 20
"""So many rows may stand above the headings: a title, who kept the sheet."""
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

HEADINGS: dict[str, str] = {
    "happened_on": "date, day, when, on which day, dyddiad, diwrnod, pryd",
    "giver": "giver, who gave, given by, helper, from, rhoddwr, pwy a roddodd, rhoddwyd gan, gan",
    "receiver": "receiver, who received, received by, helped, to, derbynnydd, pwy a dderbyniodd, derbyniwyd gan",
    "title": "what, what was done, help, service, activity, description, beth, gwaith, gweithgaredd, disgrifiad",
    "hours": "hours, how long, time, duration, oriau, pa mor hir, hyd, amser",
}
_Row = TypeVar("_Row")
_COLUMNS = {name: column for column, names in HEADINGS.items() for name in names.split(", ")}


class Unreadable(RuleBroken):
    sentence = N_("This file cannot be read. Save it as CSV or as an Excel workbook (.xlsx), and try again.")
    field = "file"


class NoFile(Unreadable):
    sentence = N_("Choose a file.")


class TooLarge(Unreadable):
    sentence = N_("This file is too large: 400 kilobytes at most.")


class OldExcel(Unreadable):
    sentence = N_("This is a workbook of an old kind (.xls). Save it as .xlsx or as CSV, and try again.")


class TooManyRows(Unreadable):
    sentence = N_("This file has too many lines: %(most)s at most. Divide it.")


class NoHeadings(Unreadable):
    """`columns` are those that no heading names; whoever words it knows what they are called there."""

    sentence = N_("The first line must name the columns. These are missing: %(missing)s.")

    def __init__(self, columns: list[str]) -> None:
        super().__init__(missing=", ".join(columns))
        self.columns = columns


class TwiceNamed(Unreadable):
    sentence = N_("Two columns are both called “%(name)s”.")


@dataclass(frozen=True)
class ReadRow:
    """A row's text by column, and its number as the spreadsheet shows it."""

    number: int
    cells: dict[str, str]


def rows_in(content: bytes) -> list[ReadRow]:
    """The rows below the headings. Raises Unreadable, or a refusal below it that says more."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    if content.startswith(OLD_EXCEL):
        raise OldExcel
    table = _workbook(content) if content.startswith(ZIP) else _separated(content)
    return _by_heading(table)


def _by_heading(table: list[list[str]]) -> list[ReadRow]:
    """The headings are the first row that names a column of ours."""
    named = ((number, _columns(row)) for number, row in enumerate(table[:ROWS_ABOVE], start=1))
    start, columns = next((found for found in named if found[1]), (0, {}))
    if missing := [column for column in HEADINGS if column not in columns.values()]:
        raise NoHeadings(missing)
    below = [
        ReadRow(number, {column: row[place] for place, column in columns.items() if place < len(row)})
        for number, row in enumerate(table[start:], start=start + 1)
    ]
    filled = [row for row in below if any(text.strip() for text in row.cells.values())]
    if len(filled) > MOST_LINES:
        raise TooManyRows(most=MOST_LINES)
    return filled


def _columns(row: Iterable[str]) -> dict[int, str]:
    """Which column of ours stands where. A heading in both languages, "Dyddiad / Date", is as good as one."""
    found: dict[int, str] = {}
    for place, heading in enumerate(row):
        named = {_COLUMNS.get(folded(part).strip(" :?*")) for part in heading[:200].split("/")} - {None}
        if len(named) == 1 and (column := named.pop()):
            if column in found.values():
                raise TwiceNamed(name=heading[:60])
            found[place] = column
    return found


# --- CSV ----------------------------------------------------------------------------------------------------


def _separated(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep="):  # Excel's own way to name the separator
        text, separator = rest, first.strip()[4:5] or "\t"
    else:
        separator = max(",;\t", key=_first_filled(text).count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [[*row[:MOST_COLUMNS]] for row in _at_most(rows, MOST_LINES + ROWS_ABOVE)]
    except (csv.Error, TypeError) as error:
        raise Unreadable from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, Excel's "Unicode text", or else what older Windows programs write."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable


def _first_filled(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip(" ,;\t\r")), "")


# --- XLSX ---------------------------------------------------------------------------------------------------


def _workbook(content: bytes) -> list[list[str]]:
    """The first sheet of a workbook. Formulas are not evaluated: what was last shown in their cells is read."""
    try:
        content = _unpacked(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves unread: colours, pictures, checks
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # a sheet may say that it is a million columns wide
            rows = sheet.iter_rows(max_row=MOST_LINES + ROWS_ABOVE + 1, max_col=MOST_COLUMNS, values_only=True)
            return [[_text(cell) for cell in row] for row in _at_most(rows, MOST_LINES + ROWS_ABOVE)]
    except Unreadable:
        raise
    except Exception as error:  # a broken workbook breaks openpyxl in too many ways to name
        raise Unreadable from error


def _unpacked(content: bytes) -> bytes:
    """The same workbook with its parts laid out as they are: what a small file would unpack to is looked at before.

    A part may say that it is smaller than it is. Nothing is taken out beyond that, and nobody unpacks it after us.
    """
    laid_out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(laid_out, "w") as whole:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise TooLarge
        for part in parts:
            if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise Unreadable
            with packed.open(part) as opened:
                taken = opened.read(part.file_size)
            if taken.count(b"<") > next(most for begins, most in MOST_TAGS.items() if part.filename.startswith(begins)):
                raise Unreadable
            whole.writestr(part.filename, taken)
    return laid_out.getvalue()


def _text(cell: object) -> str:
    match cell:
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return f"{cell.hour}:{cell.minute:02}"
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
        case float() if cell.is_integer():
            return str(int(cell))
    return "" if cell is None else str(cell)


def _at_most(rows: Iterable[_Row], most: int) -> Iterator[_Row]:
    for number, row in enumerate(rows, start=1):
        if number > most:
            raise TooManyRows(most=MOST_LINES)
        yield row
