"""Amounts of time as people say and read them: "1 h 30", "1.5", "90 min", "awr a hanner". Whole seconds inside."""

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from typing import ClassVar

from timebank.language import N_, Language

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
LONGEST_TEXT = 60


class NotHours(ValueError):
    """A text that is no amount of time. `sentence` says why, fit for a member; it may name the limit `most_seconds`."""

    sentence: ClassVar[str] = N_("Say how long in hours or minutes, for example 2, 1:30 or 90 min.")


class NotEnough(NotHours):
    sentence = N_("Say how long: more than nothing.")


class TooMuch(NotHours):
    sentence = N_("That is too long: %(most_seconds)s at most.")


_WORDS = {
    1: "one un",
    2: "two dwy dau ddwy ddau",
    3: "three tair tri thair thri",
    4: "four pedair pedwar phedair",
    5: "five pum pump phum",
    6: "six chwe chwech",
    7: "seven saith",
    8: "eight wyth",
    9: "nine naw",
    10: "ten deg deng",
    15: "fifteen",
    20: "twenty ugain",
    30: "thirty",
    40: "forty",
    45: "forty-five",
    90: "ninety",
}
_NUMBERS = {word: number for number, words in _WORDS.items() for word in words.split()}
_PARTS = {"half": Fraction(1, 2), "hanner": Fraction(1, 2), "quarter": Fraction(1, 4), "chwarter": Fraction(1, 4)}
_FRACTIONS = {"1/2": "½", "1/4": "¼", "3/4": "¾"}
_MANNERS: dict[str, str | Callable[[re.Match[str]], str]] = {
    r"^(?:about|around|roughly|tua|tuag|rhyw|oddeutu) ": "",
    r"^(?:a )?couple of ": "2 ",
    r"^cwpl o ": "2 ",
    r"\bteirawr\b": "3 awr",
    r"(?<=\d )[13]/[24](?![\d/])|(?<![\d/])[13]/[24](?= (?:of |an? |h|awr))": lambda found: _FRACTIONS.get(
        found[0], found[0]
    ),
}
"""Ways of saying the same, each with a plainer one."""
_SIGNS = {"½": "half", "¼": "quarter", "¾": "3 quarter"}

_NUMBER = r"(?:\d+(?:[.,]\d+)?|[.,]\d+)"
_HOURS = r"(?:h|hr|hrs|hours?|awr|oriau)"
_MINUTES = r"(?:m|mins?|minutes?|mun|munud|funud|munudau)"
_AND = r"(?:,| and| a| ac| &)"
_PART = r"(?:(?P<times>3) ?)?(?:a )?(?P<part>half|hanner|quarter|chwarter)s?"

_WAYS = [
    re.compile(way)
    for way in (
        rf"(?P<hours>\d+):(?P<minutes>[0-5]\d)(?: ?{_HOURS})?",  # 1:30
        rf"(?P<hours>{_NUMBER})(?: ?{_HOURS})?",  # 1.5 · 2 hours · dwy awr
        rf"(?P<minutes>{_NUMBER}) ?{_MINUTES}",  # 90 min · 90 munud
        rf"(?P<hours>\d+) ?{_HOURS}{_AND}? ?(?P<minutes>[0-5]?\d)(?: ?{_MINUTES})?",  # 1h30 · 2 awr 15 munud
        rf"{_PART}(?: (?:of )?(?:an? )?{_HOURS})?",  # half an hour · tri chwarter awr
        rf"(?P<hours>\d+) ?{_HOURS}{_AND} {_PART}",  # an hour and a half · awr a hanner
        rf"(?P<hours>\d+){_AND} {_PART}(?: ?{_HOURS})?",  # two and a half hours
    )
]


def parse(text: str, *, least: int = 1, most: int = DAY) -> int:
    """Read an amount of time, in English or in Welsh; a number alone is hours. Returns whole seconds.

    Raises NotHours: NotEnough below `least` seconds, TooMuch above `most`. What does not come out as whole seconds
    (1.3333 hours) is not understood, rather than rounded.
    """
    if len(text) > LONGEST_TEXT:
        raise NotHours
    plain = _plain(text)
    if plain.startswith(("-", "−")) and _read(plain[1:].lstrip()) is not None:
        raise NotEnough
    hours = _read(plain)
    if hours is None:
        raise NotHours
    seconds = hours * HOUR
    if seconds < least:
        raise NotEnough
    if seconds > most:
        raise TooMuch
    if seconds.denominator != 1:
        raise NotHours
    return int(seconds)


def written(seconds: int, language: str = Language.ENGLISH) -> str:
    """Write an amount of time: "1 h 30", "45 min", "0 h"; in Welsh "1 awr 30 munud". Below zero with a minus sign."""
    sign, seconds = ("−", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    is_welsh = language == Language.WELSH
    hour, minute, second = ("awr", "munud", "eiliad") if is_welsh else ("h", "min", "s")
    if is_welsh and minutes == 2:  # noqa: PLR2004 - the number after which it mutates
        minute = "funud"
    if hours and minutes and not rest and not is_welsh:
        return f"{sign}{hours} {hour} {minutes:02}"
    amounts = [(hours, hour), (minutes, minute), (rest, second)]
    return sign + (" ".join(f"{amount} {unit}" for amount, unit in amounts if amount) or f"0 {hour}")


def _plain(text: str) -> str:
    """Lower case, one space between words, plain digits for every script's, number words as digits."""
    text = " ".join(text.casefold().split())
    for manner, plainer in _MANNERS.items():
        text = re.sub(manner, plainer, text)
    for sign, words in _SIGNS.items():
        text = re.sub(rf"(\d) ?{sign}", rf"\1 and {words}", text).replace(sign, words)
    digits = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    plain = " ".join(str(_NUMBERS.get(word, word)) for word in digits.rstrip(". ").split())
    return re.sub(r"^(?:an? )?(?=(?:hour|awr)\b)", "1 ", plain)


def _read(plain: str) -> Fraction | None:
    """The hours that a plain text says; None if it says none."""
    for way in _WAYS:
        found = way.fullmatch(plain)
        if found:
            said = found.groupdict()
            part = _PARTS.get(said.get("part") or "", Fraction(0)) * int(said.get("times") or 1)
            if part >= 1:
                return None  # three halves are no way to say it
            return _fraction(said.get("hours")) + _fraction(said.get("minutes")) / 60 + part
    return None


def _fraction(number: str | None) -> Fraction:
    return Fraction(number.replace(",", ".")) if number else Fraction(0)
