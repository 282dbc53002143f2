"""Checks that an entry stands in a closed period: `python check_inclusion.py proof.json ROOT`.

It needs Python and nothing else. ROOT is what the timebank published when it closed the period; the program that made
the proof is not asked. Prints what the entry says, or stops with what is wrong. The tree is that of RFC 6962.
"""

import json
import sys
from hashlib import sha256
from itertools import chain, cycle
from pathlib import Path
from re import findall

ENTRY = findall(
    r"\w+",
    """format previous_hash book number id kind purpose effective_on recorded_at recorded_by recorded_for key
    request_digest memo_digest finishes reverses override_by expires_at clearing moved lines""",
)
POSTING = findall(
    r"\w+", "line account sequence posted held_out held_in posted_after out_after in_after limits floor ceiling"
)


def root_of(top: bytes, place: int, leaves: int, path: list[bytes]) -> bytes:
    """The root of the tree in which this leaf stands at this place; its path is given from the bottom up."""
    if leaves == 1 and not path and place == 0:
        return top
    if leaves == 1 or not path:
        sys.exit("WRONG: the path does not fit the tree")
    half = 1 << (leaves - 1).bit_length() - 1
    if place < half:
        return sha256(b"\1" + root_of(top, place, half, path[:-1]) + path[-1]).digest()
    return sha256(b"\1" + path[-1] + root_of(top, place - half, leaves - half, path[:-1])).digest()


def fields(record: bytes) -> list[str]:
    """One letter for the type, four bytes of length, the content: text, integers, days and moments can be read."""
    if not record:
        return []
    end = 5 + int.from_bytes(record[1:5], "big")
    content = record[5:end]
    return [content.decode() if record[:1] in b"tidm" else content.hex() or "-", *fields(record[end:])]


proof = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
record, digest = bytes.fromhex(proof.get("record", "")), bytes.fromhex(proof["hash"])
if record and sha256(record).digest() != digest:
    sys.exit("WRONG: the hash is not that of the record")
leaf = sha256(b"\0" + digest).digest()
root = root_of(leaf, proof["number"] - 1, proof["entries"], [bytes.fromhex(step) for step in proof["path"]])
if root.hex() != sys.argv[2].lower():
    sys.exit("WRONG: the path does not lead to that root")
print(f"RIGHT: {digest.hex()} is entry {proof['number']} of the {proof['entries']} under this root")
for name, content in zip(chain(ENTRY, cycle(POSTING)), fields(record), strict=False):
    print(f"{name:16}{content}")
