"""Checks that an entry stands in a closed period: `python check_inclusion.py proof.json ROOT`.

ROOT is what the timebank published when it closed the period. Python alone is needed; the timebank is not asked.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

NAMES = """format previous_hash book number id kind purpose effective_on recorded_at recorded_by recorded_for key
request_digest memo_digest finishes reverses override_by expires_at clearing moved lines""".split()  # noqa: SIM905 - shorter, and easier to read
proof = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
record, digest = bytes.fromhex(proof.get("record", "")), bytes.fromhex(proof["hash"])
if record and sha256(record).digest() != digest:
    sys.exit("WRONG: the hash is not that of the record")
node, place, last = sha256(b"\0" + digest).digest(), proof["number"] - 1, proof["entries"] - 1
for step in map(bytes.fromhex, proof["path"]):  # from the bottom up, as RFC 9162 says in 2.1.3.2
    is_right = place % 2 == 1 or place == last
    node = sha256(b"\1" + (step + node if is_right else node + step)).digest()
    while is_right and place and place % 2 == 0:
        place, last = place // 2, last // 2
    place, last = place // 2, last // 2
if last or node.hex() != sys.argv[2].lower():
    sys.exit("WRONG: the path does not lead to that root")
print(f"RIGHT: {digest.hex()} is entry {proof['number']} of the {proof['entries']} under this root")
while record:  # each field: a letter for its type, four bytes of length, the content
    end = 5 + int.from_bytes(record[1:5], "big")
    content = record[5:end].decode() if record[:1] in b"tidm" else record[5:end].hex() or "-"
    print(f"{NAMES.pop(0) if NAMES else 'posting':16}{content}")
    record = record[end:]
