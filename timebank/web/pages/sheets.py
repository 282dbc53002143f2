"""Paper: printing sheets, entering them back in a grid or from a file, and the receipts of what was posted."""

from itertools import zip_longest
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from timebank.clock import now
from timebank.errors import Refusal
from timebank.language import Language
from timebank.members.queries import gifts
from timebank.members.rules import check_broker
from timebank.sheets import entering, queries
from timebank.sheets.reading import NoHeadings, rows_in
from timebank.sheets.rules import MOST_LINES, Sheet
from timebank.sheets.tables import Source
from timebank.web import sheets
from timebank.web.errors import sentence
from timebank.web.forms import Form
from timebank.web.language import language
from timebank.web.paging import place_in, token_of
from timebank.web.schemas.sheets import Act, SaidSheet
from timebank.web.session import database, done, me
from timebank.web.sheet_files import file_sent, named, receipt_rows
from timebank.web.sheets import COLUMNS, OTHERWISE, Grid, headings
from timebank.web.spreadsheets import download

pages = Blueprint("sheets", __name__, url_prefix="/sheets")
FIRST_ROWS, MORE_ROWS = 12, 12


@pages.get("")
def index() -> str:
    """What was entered, the latest first."""
    check_broker(me().standing)
    found, after = queries.entered_sheets(database(), me().timebank_id, after=place_in(request.args.get("after")))
    return render_template("sheets/index.html", entered=found, more=token_of(after))


@pages.route("/enter", methods=["GET", "POST"])
def enter() -> ResponseReturnValue:
    """A broker types in what stands on a sheet, looks at what would become of it, and posts it."""
    check_broker(me().standing)
    form = Form(SaidSheet, values={"signed": "both", "sheet_number": request.args.get("sheet", "")})
    grid = sheets.read(enumerate(_typed(), start=1))
    if (said := form.read()) is not None and said["act"] is not Act.MORE:
        try:
            sheet = sheets.sheet_said(said, source=Source.GRID)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if said["act"] is Act.POST and grid.is_clean:
                with form.action() as session:
                    entered_id = entering.enter(
                        session, grid.lines, sheet=sheet, by=me().standing, at=now(), submission=form.submission
                    ).id
                if form.is_done:
                    return done(gettext("Posted. Here is the receipt."), url_for(".show", entered_id=entered_id))
            _look(grid, sheet)
    return _grid_page(form, grid)


@pages.get("/<uuid:entered_id>")
def show(entered_id: UUID) -> str:
    """The receipt."""
    check_broker(me().standing)
    found = queries.receipt(database(), me().timebank_id, entered_id)
    return render_template("sheets/show.html", receipt=found, headings=headings())


@pages.route("/file", methods=["GET", "POST"])
def file() -> ResponseReturnValue:
    """A broker sends a file, looks at what would become of its lines, and posts them, or corrects them in the grid."""
    check_broker(me().standing)
    form = Form(SaidSheet, values={"signed": "both"})
    if (said := form.read()) is None:
        return form.page("sheets/file.html", grid=None, sent=None)
    try:
        sent = file_sent()
        grid = sheets.read((row.number, row.cells) for row in rows_in(sent.content))
        sheet = sheets.sheet_said(said, source=Source.FILE, file_name=sent.name, digest=sent.digest)
    except Refusal as refusal:
        _refuse_file(form, refusal)
        return form.page("sheets/file.html", grid=None, sent=None)
    if said["act"] is Act.CORRECT:
        return _grid_page(form, sheets.read(enumerate((row.typed for row in grid.rows), start=1)))
    if said["act"] is Act.POST and grid.is_clean:
        with form.action() as session:
            entered_id = entering.enter(
                session, grid.lines, sheet=sheet, by=me().standing, at=now(), submission=form.submission
            ).id
        if form.is_done:
            return done(gettext("Posted. Here is the receipt."), url_for(".show", entered_id=entered_id))
    _look(grid, sheet)
    page, status = form.page("sheets/file.html", grid=grid, sent=sent, headings=headings())
    return page, status if status != 200 or grid.is_clean else 422  # noqa: PLR2004


@pages.get("/template.<in_language>.<kind>")
def template(in_language: str, kind: str) -> ResponseReturnValue:
    """A file with nothing but the headings, to be filled in."""
    check_broker(me().standing)
    if in_language not in set(Language):
        abort(404)
    with force_locale(in_language):
        return download([[*headings().values()]], name=gettext("hours"), kind=kind)


@pages.get("/<uuid:entered_id>/receipt.<kind>")
def receipt(entered_id: UUID, kind: str) -> ResponseReturnValue:
    """The receipt as a file."""
    check_broker(me().standing)
    found = queries.receipt(database(), me().timebank_id, entered_id)
    return download(receipt_rows(found), name=gettext("receipt"), kind=kind)


def _refuse_file(form: Form, refusal: Refusal) -> None:
    if isinstance(refusal, NoHeadings):
        refusal = named(refusal)
    if refusal.field == "file":
        form.errors["file"] = sentence(refusal)
        form.status = 422
    else:
        form.refuse(refusal)


def _look(grid: Grid, sheet: Sheet) -> None:
    if grid.said:
        sheets.look_at(grid, sheet)


def _typed() -> list[dict[str, str]]:
    """The rows of the grid. Each sends all of its cells, so that they keep together."""
    names = [f"line_{column}" if column in OTHERWISE else column for column in COLUMNS]
    columns = [request.form.getlist(name)[:MOST_LINES] for name in names]
    return [dict(zip(COLUMNS, cells, strict=True)) for cells in zip_longest(*columns, fillvalue="")]


def _grid_page(form: Form, grid: Grid, **more: Any) -> ResponseReturnValue:
    is_more = request.form.get("act") == Act.MORE
    wanted = max(FIRST_ROWS, len(grid.rows) + (MORE_ROWS if is_more else 0))
    blank = [sheets.Row(number, {}) for number in range(len(grid.rows) + 1, min(wanted, MOST_LINES) + 1)]
    grid.rows += blank
    errors = {**form.errors, **({} if is_more else grid.errors())}
    page, status = form.page(
        "sheets/enter.html",
        grid=grid,
        headings=headings(),
        listed=errors,
        gifts=[gift.name(language()) for gift in gifts(database(), me().timebank_id, language())],
        **more,
    )
    return page, status if status != 200 or not errors else 422  # noqa: PLR2004
