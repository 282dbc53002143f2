"""Draws the life of an exchange from its table: `python -m timebank.exchanges.diagram > docs/exchanges.md`."""

import sys
from collections.abc import Iterator

from timebank.exchanges.life import ENDS, LIFE, Move

WHO = {
    "either": "either of the two",
    "proposer": "the one who proposed",
    "asked": "the one who was asked",
    "reporter": "the one who logged",
    "other": "the other of the two",
    "broker": "a broker without a part in it",
    "house": "nobody: it follows",
}


def page() -> str:
    """The whole of docs/exchanges.md, as Markdown with a Mermaid diagram."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The life of an exchange"
    yield ""
    yield "Drawn from the table `LIFE` in `timebank/exchanges/life.py`; a test holds this page to it."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for move in LIFE:
        yield f"    {move.before or '[*]'} --> {move.after}: {move.verb} ({move.who})"
    for end in sorted(ENDS):
        yield f"    {end} --> [*]"
    yield "```"
    yield ""
    yield "| from | verb | who | when | to |"
    yield "|---|---|---|---|---|"
    yield from (_row(move) for move in LIFE)
    yield ""
    yield "A broker without a part in the exchange may do for either of the two what they may do themselves: somebody"
    yield "rang, or wrote. The step says by whom and for whom it was done."
    yield ""
    yield "What was agreed can be approved beforehand until its time has come, and did not happen only after that."


def _row(move: Move) -> str:
    before = move.before or "(nothing)"
    when = (move.when.__doc__ or "").rstrip(".")
    before = move.before or "(nothing)"
    return f"| {before} | {move.verb} | {WHO[move.who]} | {when[0].lower()}{when[1:]} | {move.after} |"


if __name__ == "__main__":
    sys.stdout.write(page())
