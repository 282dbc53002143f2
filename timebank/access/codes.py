"""Short codes to scan or to type: what they look like, and what is stored of them."""

import secrets

from timebank.access.rules import digest_of
from timebank.errors import NotFound
from timebank.language import N_

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 or O, no 1, I or L, no U: read from a screen or a poster, each of them is somebody else."""
LENGTH = 10
"""49 bits. A code opens nothing by itself, is counted when it is tried in vain, and is over soon."""
GROUP = 5


class NoSuchCode(NotFound):
    sentence = N_("That code is not in use, or not any more. Ask for a new one.")
    field = "code"


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def in_groups(code: str) -> str:
    """As it is read out: "7KQ4M-XW2PD"."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def as_made(typed: str) -> str:
    """A code as it was made, however it is typed: small letters, blanks and hyphens do not matter."""
    return "".join(letter for letter in typed.upper() if letter in LETTERS)


def code_digest(typed: str) -> bytes:
    """What is stored of a code."""
    return digest_of(as_made(typed))
