"""Files in every way that spreadsheets save them, and files that are none."""

import io
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, time, timedelta
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from timebank.sheets.reading import (
    MOST_BYTES,
    MOST_UNPACKED,
    NoHeadings,
    OldExcel,
    TooLarge,
    TooManyRows,
    TwiceNamed,
    Unreadable,
    rows_in,
)
from timebank.sheets.rules import MOST_LINES

HEAD = ["Date", "Who gave", "Who received", "What", "How long"]
PEN_HEAD = ["Dyddiad", "Pwy a roddodd", "Pwy a dderbyniodd", "Beth", "Pa mor hir"]
LINE = ["24/11/2026", "Siân Ŵyn", "Ben", "Shopping, and tea", "1,5"]
READ = dict(zip(("happened_on", "giver", "receiver", "title", "hours"), LINE, strict=True))


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def separated(*rows: list[str], by: str = ",", end: str = "\r\n") -> str:
    return end.join(by.join(f'"{cell}"' for cell in row) for row in rows)


@pytest.mark.parametrize("head", [HEAD, PEN_HEAD, [f"{cy} / {en}" for cy, en in zip(PEN_HEAD, HEAD, strict=True)]])
@pytest.mark.parametrize("by", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_columns_are_known_in_both_languages_and_files_in_every_way_of_saving(
    head: list[str], by: str, encoding: str
) -> None:
    (row,) = rows_in(separated(head, LINE, by=by).encode(encoding))
    assert (row.number, row.cells) == (2, READ)


def test_what_older_windows_programs_write_is_read() -> None:
    (row,) = rows_in(separated(HEAD, ["24/11/2026", "Siân", "Ben", "Tea – a lot", "½"]).encode("cp1252"))
    assert (row.cells["giver"], row.cells["title"], row.cells["hours"]) == ("Siân", "Tea – a lot", "½")


def test_a_title_above_blank_lines_and_excels_mark_of_the_separator_are_passed_over() -> None:
    text = "sep=;\r\n" + separated(["Hours of March"], [], HEAD, [""] * 5, LINE, by=";")
    (row,) = rows_in(text.encode())
    assert (row.number, row.cells) == (5, READ)


def test_columns_stand_in_any_order_beside_others() -> None:
    (row,) = rows_in(separated(["Notes", *reversed(HEAD)], ["none", *reversed(LINE)]).encode())
    assert row.cells == READ


def test_a_workbook_says_days_and_times_as_people_do() -> None:
    day = date(2026, 11, 24)
    rows = rows_in(
        workbook(
            HEAD,
            [day, "Ana", "Ben", "Tea", 1.5],
            [day, "Ana", "Ben", "Tea", time(1, 30)],
            [None, "Ana", "Ben", 7, timedelta(minutes=90)],
            ["24/11/2026", "Ana", "Ben", "Tea", 2],
        )
    )
    assert [row.cells["hours"] for row in rows] == ["1.5", "1:30", "1:30", "2"]
    assert [row.cells["happened_on"] for row in rows] == ["2026-11-24", "2026-11-24", "", "24/11/2026"]
    assert rows[2].cells["title"] == "7"


def test_no_formula_is_evaluated() -> None:
    (row,) = rows_in(workbook(HEAD, ["24/11/2026", "Ana", "Ben", "Tea", "=1+1"]))
    assert row.cells["hours"] == "", "nothing was ever shown in this cell"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", NoHeadings),
        (b"\0\0\0", NoHeadings),
        (b"Date,Who gave,What\n", NoHeadings),
        (separated([*HEAD, "Day"], LINE).encode(), TwiceNamed),
        (b"x" * (MOST_BYTES + 1), TooLarge),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, OldExcel),
        (b"PK\x03\x04 and then nothing", Unreadable),
        (b"\xff\xfe\xd8", Unreadable),
        (b"\x81\x8d\x8f\x90\x9d", Unreadable),
        (("\n".join([",".join(HEAD)] + ["x"] * (MOST_LINES + 50))).encode(), TooManyRows),
        (workbook(HEAD, *[["x"]] * (MOST_LINES + 50)), TooManyRows),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{value[:10]!r}",  # later, a workbook says when
)
def test_what_cannot_be_read_is_refused(content: bytes, why: type[Unreadable]) -> None:
    with pytest.raises(Unreadable) as refused:
        rows_in(content)
    assert type(refused.value) is why


def packed(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked() -> None:
    bomb = packed(bomb=b"\0" * (MOST_UNPACKED + 1))
    assert len(bomb) < MOST_BYTES
    with pytest.raises(TooLarge):
        rows_in(bomb)
    with pytest.raises(TooLarge):
        rows_in(packed(**{f"part{number}": b"" for number in range(1000)}))


@pytest.mark.parametrize(
    ("part", "before", "many"),
    [
        ("xl/styles.xml", "</cellXfs>", "<xf/>"),
        ("xl/workbook.xml", "</sheets>", '<sheet name="x" sheetId="1" r:id="rId1"/>'),
        ("xl/worksheets/sheet1.xml", "</row></sheetData>", "<c/>"),
    ],
)
def test_a_small_workbook_that_would_take_long_to_read_is_refused_at_once(part: str, before: str, many: str) -> None:
    good = zipfile.ZipFile(io.BytesIO(workbook(HEAD, LINE)))
    parts = {name: good.read(name) for name in good.namelist()}
    assert before in parts[part].decode()
    parts[part] = parts[part].replace(before.encode(), (many * (2_000_000 // len(many)) + before).encode())
    bomb, begun = packed(**parts), perf_counter()
    assert len(bomb) < MOST_BYTES
    with pytest.raises(Unreadable):
        rows_in(bomb)
    assert perf_counter() - begun < 1


def test_a_full_workbook_is_read() -> None:
    line = [date(2026, 11, 24), "Ana", "Ben", "Tea", 1.5, "a note", "another", "and one more"]
    assert len(rows_in(workbook([*HEAD, "x", "y", "z"], *[line] * MOST_LINES))) == MOST_LINES


def test_a_part_that_says_it_is_smaller_than_it_is_is_not_unpacked_beyond_that() -> None:
    """Ninety megabytes that claim to be a thousand bytes, by two ways of packing."""
    for way in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", way) as archive:
            archive.writestr("xl/workbook.xml", b"\0" * 90_000_000)
        lying = written.getvalue().replace((90_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
        assert len(lying) < MOST_BYTES
        tracemalloc.start()
        with pytest.raises(Unreadable):
            rows_in(lying)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
        tracemalloc.stop()


def test_a_workbook_with_entities_in_its_xml_is_refused() -> None:
    good = zipfile.ZipFile(io.BytesIO(workbook(HEAD, LINE)))
    parts = {name: good.read(name) for name in good.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    lol = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY lol "lol">]>'
    parts["xl/worksheets/sheet1.xml"] = (lol + sheet.replace("Ben", "&lol;")).encode()
    with pytest.raises(Unreadable):
        rows_in(packed(**parts))


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    with suppress(Unreadable):
        rows_in(content)
