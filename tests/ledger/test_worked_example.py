"""The worked example of the README is run as it stands there, on both engines and without the timebank."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session

from ledger import audit


@pytest.fixture
def blocks(here: Path) -> list[str]:
    """What is Python in the README: first the engine, then the story."""
    chapter = (here / "README.md").read_text(encoding="utf-8").partition("## The ledger by itself")[2]
    return re.findall(r"```python\n(.*?)```", chapter.partition("\n## ")[0], re.DOTALL)


def test_the_story_is_true_on_both_engines(session: Session, blocks: list[str]) -> None:
    _, story = blocks
    exec(compile(story, "README.md", "exec"), {"session": session})  # noqa: S102 - our own words
    assert audit(session).entries == 3


def test_the_ledger_stands_by_itself(blocks: list[str], tmp_path: Path, here: Path) -> None:
    program = "\n".join([*blocks, "import sys", "assert not any(name.startswith('timebank') for name in sys.modules)"])
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={"PYTHONPATH": str(here)}, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert (tmp_path / "book.db").exists()
