"""Files on their way in and out: the one that a broker sent, empty ones to fill in, and receipts."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256

import marshmallow
from flask import request
from flask_babel import gettext

from timebank.sheets.queries import Receipt
from timebank.sheets.reading import MOST_BYTES, NoFile, NoHeadings
from timebank.sheets.rules import written_number
from timebank.web.schemas.fields import clean
from timebank.web.sheets import headings
from timebank.web.spreadsheets import Cell
from timebank.web.wording import STATES

LONGEST_NAME = 120


@dataclass(frozen=True)
class SentFile:
    """A file as it arrived. `again` is what a form sends instead of the file, so that the same bytes are read anew."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def again(self) -> str:
        return b64encode(self.content).decode()


def file_sent() -> SentFile:
    """The file that was chosen, or that was looked at before. Raises Unreadable."""
    chosen = request.files.get("file")
    if chosen is not None and chosen.filename:
        with closing(chosen):
            return SentFile(_file_name(chosen.filename), chosen.read(MOST_BYTES + 1))
    try:
        content = b64decode(request.form.get("content", ""), validate=True)
    except ValueError:
        content = b""
    if not content:
        raise NoFile
    return SentFile(_file_name(request.form.get("file_name", "")), content)


def _file_name(said: str) -> str:
    """A file's name without its folders and without what cannot be shown."""
    try:
        return clean(said.replace("\\", "/").rpartition("/")[2][-LONGEST_NAME:], most=LONGEST_NAME)
    except marshmallow.ValidationError:
        return ""


def named(refusal: NoHeadings) -> NoHeadings:
    """The same refusal, with the columns as the page calls them."""
    return NoHeadings([headings()[column] for column in refusal.columns])


def receipt_rows(receipt: Receipt) -> Iterator[list[Cell]]:
    """A receipt as a table: what and when, each line, and the sums."""
    entered, words = receipt.entered, headings()
    yield [gettext("Sheet"), written_number(receipt.printed.number) if receipt.printed else ""]
    yield [gettext("Entered by"), receipt.by]
    yield [gettext("When"), entered.entered_at.isoformat()]
    yield [gettext("File"), entered.file_name]
    yield [gettext("Digest (SHA-256)"), entered.digest]
    yield []
    yield [gettext("Line"), *words.values(), gettext("Now"), gettext("Ledger entry"), gettext("Exchange")]
    for line in receipt.lines:
        each = line.exchange
        yield [
            line.number,
            each.happened_on,
            line.giver,
            line.receiver,
            each.title,
            clock(each.reported_seconds or 0),
            gettext(STATES[each.state]),
            line.entry_number,
            str(each.id),
        ]
    for side, sums in (("giver", receipt.given), ("receiver", receipt.received)):
        yield []
        yield [words[side], gettext("Together")]
        for name, seconds in sums:
            yield [name, clock(seconds)]


def clock(seconds: int) -> str:
    """Such as 1:30, which spreadsheets and this house read alike."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}"
