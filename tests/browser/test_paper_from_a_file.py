"""A spreadsheet is sent, looked at, mended, posted once, and known when it comes again."""

import io
from datetime import timedelta
from typing import Any

from openpyxl import Workbook
from playwright.sync_api import expect

from tests.browser.chromium import PATIENCE_MS
from tests.browser.conftest import Enters, Stage
from tests.browser.visitor import Visitor
from tests.browser.words import Words
from timebank.clock import now
from timebank.language import Language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = {
    Language.WELSH: ["Dyddiad", "Pwy a roddodd", "Pwy a dderbyniodd", "Beth", "Pa mor hir"],
    Language.ENGLISH: ["Date", "Who gave", "Who received", "What", "How long"],
}


def workbook(*rows: list[Any]) -> bytes:
    book, written = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(written)
    return written.getvalue()


def send(broker: Visitor, content: bytes) -> None:
    broker.go("/sheets/file")
    chosen = {"name": "oriau.xlsx", "mimeType": XLSX, "buffer": content}
    broker.main.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    broker.press("Look at it")


def post(broker: Visitor, lines: int) -> None:
    with broker.page.expect_navigation():
        name = broker.words.many("Post %(num)s line", "Post %(num)s lines", lines)
        broker.main.get_by_role("button", name=name).click()
    broker.sees("Posted. Here is the receipt.")


def test_a_workbook_is_looked_at_mended_posted_and_known_again(
    stage: Stage, words: Words, has_scripts: bool, enters: Enters
) -> None:
    title = f"Ffeil {words.language}{int(has_scripts)}"
    how_long = 1 + has_scripts + 2 * (words.language is Language.WELSH)
    yesterday = (now() - timedelta(days=1)).date()
    head, good = HEADS[words.language], [yesterday, "Ana", "Ben", title, how_long]
    bryn = enters(stage, "bryn", words, has_scripts=has_scripts)

    send(bryn, workbook(head, good, [yesterday, "Olwen", "Rhywun", title, how_long]))
    row = bryn.row("Rhywun")
    who_received = words("Who received")
    expect(row).to_contain_text(f"{who_received}: ", timeout=PATIENCE_MS)
    expect(bryn.main.locator("button[value=post]")).to_have_count(0)

    bryn.press("Correct its lines here")
    bryn.main.locator("#receiver-2").fill("ana")
    bryn.press("Look at it")
    post(bryn, 2)
    assert len(stage.village.exchanges(title)) == 2

    bryn.go("/sheets/file")
    mended = workbook(
        head, good, [yesterday, "Olwen", "Ana", title, how_long], [yesterday, "Ben", "Olwen", title, how_long]
    )
    send(bryn, mended)
    bryn.fill(repeats="leave_out")
    bryn.press("Look at it")
    expect(bryn.main.get_by_text(words("Left out, as it is logged already."))).to_have_count(2, timeout=PATIENCE_MS)
    post(bryn, 1)
    assert len(stage.village.exchanges(title)) == 3
    bryn.sees_text("oriau.xlsx")

    receipt = bryn.path
    send(bryn, mended)
    expect(bryn.main.locator("#before a")).to_have_attribute("href", receipt, timeout=PATIENCE_MS)
    expect(bryn.main.locator("button[value=post]")).to_have_count(0)
    assert len(stage.village.exchanges(title)) == 3
