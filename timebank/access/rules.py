"""What a password must be, how long a sign-in lasts, how secrets are kept: passwords by argon2, the rest as digests."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from timebank.errors import NotAllowed, NotFound, RuleBroken
from timebank.folding import folded
from timebank.language import N_

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
IDLE = timedelta(days=7)
"""A browser that is not seen for so long is signed out."""
LONGEST_SIGN_IN = timedelta(days=30)
INVITATION_LASTS = timedelta(days=14)
RENEWED_EVERY = timedelta(hours=6)
"""How often a sign-in's end moves on while it is used: seldom, since it costs a write."""

_COMMON = """
    abertawe admin administrator arsenal asdfghjkl asdfghjklzxcvbnm bancamser batman blessed caerdydd cardiff caruti
    changeme charlie chelsea computer croeso cyfrinair cymru default dragon draig football guest iloveyou internet
    jennifer letmein liverpool manchester master michael monkey password passwort peldroed princess qazwsxedc
    qqwweerrtt qwerty qwertyuiop qwertyuiopasdfghjkl secret starwars sunshine superman swansea timebank trustno
    wales welcome whatever zxcvbnm
"""
COMMON = frozenset(_COMMON.split())
"""The words behind the most used passwords. Digits and signs around one of them, or one said twice, hide nothing."""


class WrongPassword(RuleBroken):
    """One answer for every way of not getting in, so that nobody learns who is known here."""

    sentence = N_("That e-mail address and password do not belong together.")


class NotTheOldPassword(RuleBroken):
    sentence = N_("That is not your password.")
    field = "old_password"


class PasswordTooShort(RuleBroken):
    sentence = N_("Use %(characters)s characters or more. Three or four words make a good password.")
    field = "password"


class PasswordTooLong(RuleBroken):
    sentence = N_("Use %(characters)s characters at most.")
    field = "password"


class PasswordTooCommon(RuleBroken):
    sentence = N_("Many people use that password. Three or four words that only you would put together are safer.")
    field = "password"


class PasswordIsName(RuleBroken):
    sentence = N_("Choose a password that is not your name or e-mail address.")
    field = "password"


class NoEmail(RuleBroken):
    sentence = N_("%(name)s has no e-mail address to sign in with.")


class InvitedElsewhere(NotAllowed):
    sentence = N_("%(name)s signs in through another timebank, where they have been a member for longer.")


class InvitationOver(NotFound):
    sentence = N_("This invitation has been used, or is too old. Ask your time broker for a new one.")


class NoSuchMembership(NotFound):
    sentence = N_("You do not belong to that timebank.")


class NoSuchToken(NotFound):
    sentence = N_("You have no such token.")


def check_password(password: str, *, name: str, email: str) -> None:
    """Long enough, not one of the common ones, not who they are. Nothing is asked of its letters, digits and signs."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(characters=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise PasswordTooLong(characters=LONGEST_PASSWORD)
    said = _letters(password)
    if said in {_letters(name), _letters(email), _letters(email.partition("@")[0])} - {""}:
        raise PasswordIsName
    half = said[: len(said) // 2]
    if said in COMMON or (half in COMMON and half * 2 == said) or _is_pattern(password):
        raise PasswordTooCommon


def _letters(text: str) -> str:
    return "".join(letter for letter in folded(text) if letter.isalpha())


def _is_pattern(password: str) -> bool:
    """A character or two over and over, or a run along the alphabet or the digits ("1234567890", "abcdefghij")."""
    steps = {(ord(after) - ord(before)) % 10 for before, after in pairwise(password)}
    return len(set(password)) <= 2 or (len(steps) == 1 and password.isalnum())  # noqa: PLR2004 - one, or two by turns


class Hasher:
    """Argon2id, of a strength that the installation chooses; the default is OWASP's for a small machine."""

    def __init__(self, *, memory_kib: int = 19_456) -> None:
        self._argon2 = PasswordHasher(time_cost=2, memory_cost=memory_kib, parallelism=1)

    @cached_property
    def _of_nobody(self) -> str:
        return self._argon2.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        return self._argon2.hash(password)

    def fits(self, password: str, known: str | None) -> bool:
        """Whether a password has this hash. Without one the same work is done, so that time tells nobody apart."""
        try:
            return self._argon2.verify(known or self._of_nobody, password) and known is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, known: str) -> bool:
        """Whether a hash was made with another strength than today's."""
        return self._argon2.check_needs_rehash(known)


def new_secret() -> str:
    """256 bits that fit into a cookie, a link or a header."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> bytes:
    """What is stored of a secret. It was random to begin with, so that one quick digest is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def end_of_sign_in(began_at: datetime, at: datetime) -> datetime:
    """When a browser last seen at a moment is signed out."""
    return min(at + IDLE, began_at + LONGEST_SIGN_IN)
