"""Printing sheets, and entering the sheet on which people signed in to a group session."""

from itertools import zip_longest
from uuid import UUID

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from timebank.clock import now
from timebank.group_sessions.queries import attendances, group_session
from timebank.group_sessions.rules import check_may_host
from timebank.group_sessions.tables import Presence
from timebank.members.rules import check_broker
from timebank.sheets import printing, queries, signing_in
from timebank.sheets.rules import MOST_LINES, LinesRefused
from timebank.web import paper
from timebank.web.filters import hours
from timebank.web.forms import Form
from timebank.web.people import recent_people
from timebank.web.registers import COLUMNS, Register, read_register
from timebank.web.schemas.sheets import Act, SaidPrint, SaidRegister
from timebank.web.session import action, database, done, me, today, zone

pages = Blueprint("paper", __name__, url_prefix="/sheets")
ROWS_TO_SPARE = 8


@pages.route("/print", methods=["GET", "POST"])
def choose() -> ResponseReturnValue:
    """A broker prints sheets for the hours of a month."""
    check_broker(me().standing)
    form = Form(
        SaidPrint, values={"month": f"{today():%Y-%m}", "copies": "1", "party_id": request.args.get("party", "")}
    )
    if (said := form.read()) is not None:
        with form.action() as session:
            numbers = [each.number for each in printing.print_hours(session, **said, by=me().standing, at=now())]
        if form.is_done:
            return done(
                gettext("Print this page: each sheet has its own number."),
                url_for(".show", first=numbers[0], last=numbers[-1]),
            )
    return form.page("sheets/print.html", recent=recent_people(me().member_id, form.values["party_id"]))


@pages.get("/paper/<int(min=1, max=999999999):first>-<int(min=1, max=999999999):last>")
def show(first: int, last: int) -> str:
    """Hours sheets as they are printed."""
    check_broker(me().standing)
    sheets = [
        (sheet, name)
        for sheet, name in queries.printed_between(database(), me().timebank_id, first, last)
        if sheet.month
    ]
    if not sheets:
        abort(404)
    months = {sheet.month: paper.month_in_both(sheet.month) for sheet, _ in sheets if sheet.month}
    return render_template(
        "sheets/hours_paper.html", sheets=sheets, months=months, words=paper.words_in_both(), lines=paper.HOURS_LINES
    )


@pages.route("/session/<uuid:session_id>/paper", methods=["POST"])
def print_session(session_id: UUID) -> ResponseReturnValue:
    """The host or a broker prints the sheet on which people sign in."""
    with action() as session:
        printing.print_session(session, session_id, by=me().standing, at=now())
    return done(
        gettext("Print this page: the sheet has its own number."), url_for(".session_paper", session_id=session_id)
    )


@pages.get("/session/<uuid:session_id>/paper")
def session_paper(session_id: UUID) -> str:
    """That sheet, with the names of those who signed up."""
    hosted = group_session(database(), me().timebank_id, session_id)
    check_may_host(hosted.session, me().standing)
    sheet = queries.sheet_of_session(database(), session_id)
    if sheet is None:
        abort(404)
    coming = [
        each
        for each in attendances(database(), session_id)
        if each.attendance.presence in {Presence.COMING, Presence.CAME}
    ]
    return render_template(
        "sheets/session_paper.html",
        hosted=hosted,
        sheet=sheet,
        coming=coming,
        day=paper.day_in_both(hosted.session.starts_at.astimezone(zone()).date()),
        words=paper.words_in_both(),
        blank=max(4, paper.SIGN_IN_LINES - len(coming)),
    )


@pages.route("/session/<uuid:session_id>", methods=["GET", "POST"])
def register(session_id: UUID) -> ResponseReturnValue:
    """The host or a broker enters that sheet: the whole register at once."""
    hosted = group_session(database(), me().timebank_id, session_id)
    check_may_host(hosted.session, me().standing)
    form = Form(SaidRegister, values={"others_absent": "yes"})
    entered = read_register(_typed()) if request.method == "POST" else _signed_up(session_id)
    if (said := form.read()) is not None and said["act"] is Act.POST and not entered.errors():
        with form.action() as session:
            signing_in.enter_register(
                session,
                session_id,
                lines=entered.lines,
                others_absent=said["others_absent"],
                by=me().standing,
                at=now(),
            )
        if form.is_done:
            return done(gettext("The register is entered."), url_for("group_sessions.show", session_id=session_id))
        if isinstance(form.refusal, LinesRefused):
            entered.refuse(form.refusal.by_line)
    errors = {**form.errors, **entered.errors()} if request.method == "POST" else {}
    if said is not None and said["act"] is Act.MORE:
        entered.make_room(2 * ROWS_TO_SPARE)
    elif not errors:
        entered.make_room(ROWS_TO_SPARE)
    page, status = form.page(
        "sheets/register.html",
        hosted=hosted,
        register=entered,
        listed=errors,
    )
    return page, status if status != 200 or not errors else 422  # noqa: PLR2004


def _signed_up(session_id: UUID) -> Register:
    """Whoever signed up stands there already, for as long as was planned."""
    planned = group_session(database(), me().timebank_id, session_id).session.planned_seconds
    coming = [
        {
            "who": each.name,
            "who_id": str(each.attendance.party_id),
            "part": each.attendance.part.value,
            "hours": "" if each.attendance.presence is Presence.WAITING else hours(each.attendance.seconds or planned),
        }
        for each in attendances(database(), session_id)
        if each.attendance.entry_number is None
        and each.attendance.presence in {Presence.COMING, Presence.WAITING, Presence.CAME}
    ]
    return Register.of(coming)


def _typed() -> list[dict[str, str]]:
    columns = [request.form.getlist(column)[:MOST_LINES] for column in COLUMNS]
    return [dict(zip(COLUMNS, cells, strict=True)) for cells in zip_longest(*columns, fillvalue="")]
