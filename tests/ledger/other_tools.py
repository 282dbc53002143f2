"""What hledger and beancount make of a journal: what they refuse, the balances that they find, and what was said."""

import csv
import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
from beancount import loader
from beancount.core.data import Transaction

from ledger import beancount_lines, hledger_lines
from tests.conftest import WITHOUT_HLEDGER


class Entry(NamedTuple):
    """An entry as a tool read it: its number, its two dates, and its tags, decoded."""

    number: int
    effective: str
    purpose: str
    said: dict[str, str]


class Hledger:
    """Debian's package, asked as a program."""

    lines = staticmethod(hledger_lines)

    def __init__(self, folder: Path) -> None:
        if shutil.which("hledger") is None:
            if os.environ.get("CI"):
                pytest.fail("There is no hledger, and in CI there must be one.")
            pytest.skip(WITHOUT_HLEDGER)
        self._file = folder / "book.journal"

    def _ask(self, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        self._file.write_text(text, encoding="ascii")
        command = ["hledger", "--file", self._file, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def complaint(self, text: str) -> str:
        """What it has against a journal; nothing where all is well."""
        return self._ask(text, "--strict", "check").stderr

    def balances(self, text: str) -> Counter[str]:
        answer = self._ask(text, "balance", "--flat", "--empty", "--no-total", "--output-format", "csv")
        rows = csv.DictReader(answer.stdout.splitlines())
        return Counter({row["account"]: int(row["balance"].removesuffix(" SEC")) for row in rows})

    def entries(self, text: str) -> list[Entry]:
        printed: list[dict[str, Any]] = json.loads(self._ask(text, "print", "--output-format", "json").stdout)
        return [
            Entry(int(entry["tcode"]), entry["tdate2"], unquote(entry["tdescription"]), _decoded(entry["ttags"]))
            for entry in printed
            if entry["tcode"]
        ]


class Beancount:
    """The library, as its own programs use it."""

    lines = staticmethod(beancount_lines)

    def __init__(self, _folder: Path) -> None:
        pass

    def complaint(self, text: str) -> str:
        """What it has against a journal; nothing where all is well."""
        return "\n".join(error.message for error in loader.load_string(text)[1])

    def balances(self, text: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for entry in self._transactions(text):
            for posting in entry.postings:
                assert posting.units.number == int(posting.units.number)
                found[posting.account] += int(posting.units.number)
        return found

    def entries(self, text: str) -> list[Entry]:
        return [
            Entry(int(entry.meta["number"]), f"{entry.meta['effective']}", unquote(entry.narration), _decoded(words))
            for entry in self._transactions(text)
            for words in [[(name, word) for name, word in entry.meta.items() if isinstance(word, str)]]
        ]

    def _transactions(self, text: str) -> list[Transaction]:
        return [entry for entry in loader.load_string(text)[0] if isinstance(entry, Transaction)]


def _decoded(tags: list[tuple[str, str]]) -> dict[str, str]:
    return {name: unquote(word) for name, word in tags}
