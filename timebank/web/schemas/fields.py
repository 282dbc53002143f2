"""The fields of every schema: text that both databases can hold, hours, days, choices. Blank is not said."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from marshmallow import ValidationError, fields, missing, validate

from timebank import hours
from timebank.language import N_
from timebank.web.schemas import Schema, Sentence

LONGEST_LIST = 200
LONGEST_TEXT = 20_000
CONTROLS = frozenset({"Cc", "Cs"})
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
NO_CHARACTERS = frozenset("\ufffe\uffff")
"""They stand for no character, and a workbook that holds one cannot be read."""
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn text round, and can make a name or an address look like another one."""
UNSHOWN = NO_CHARACTERS | BIDI_CONTROLS

REQUIRED = N_("Fill this in.")
NO_EMAIL = N_("Give the e-mail address.")
NO_PASSWORD = N_("Type in the password.")
NO_DAY = N_("Choose a day.")
NO_CHOICE = N_("Choose one from the list.")
NOT_TEXT = N_("This must be text.")
NOT_READABLE = N_("Leave out the characters that cannot be shown.")
TOO_LONG = N_("Use %(most)s characters at most.")
NOT_EMAIL = N_("This is not an e-mail address, like name@example.org.")
NOT_DAY = N_("Give a day, like 2026-11-24.")
DAY_OUT_OF_RANGE = N_("That is too far away.")
NOT_CLOCK = N_("Give a time, like 14:30.")
NOT_CHOICE = N_("Choose one of the answers.")
NOT_ID = N_("That is not here any more. Choose again.")
NOT_YES_OR_NO = N_("Answer yes or no.")
NOT_WHOLE = N_("Give a whole number.")
NUMBER_OUT_OF_RANGE = N_("Give a number from %(least)s to %(most)s.")
NOT_LIST = N_("This must be a list.")
TOO_MANY = N_("Choose %(most)s at most.")


class Said(fields.Field[Any]):
    """What all fields share: one is required, or has something that stands for nothing. Blanks and null say nothing.

    `unsaid` is what is answered where something required is left out. It names the thing, as it also stands in the list
    of errors on top of a page.
    """

    nothing: ClassVar[Any] = None
    unsaid: ClassVar[str] = REQUIRED

    def __init__(self, *args: Any, required: bool = False, unsaid: str = "", **more: Any) -> None:
        if not required:
            more.setdefault("load_default", self.nothing)
        self.why_needed = unsaid or self.unsaid
        told: dict[str, Any] = {"required": self.why_needed, "null": self.why_needed}
        super().__init__(*args, required=required, error_messages=told, **more)

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **more: Any
    ) -> Any:
        if value is None or (isinstance(value, str) and is_blank(value)):
            value = missing
        return super().deserialize(value, attr, data, **more)


def is_blank(text: str) -> bool:
    """Whether there is nothing to see in a text. Controls are not blank: they are refused."""
    return all(letter.isspace() or unicodedata.category(letter) == "Cf" for letter in text) and not BIDI_CONTROLS & set(
        text
    )


def refuse(sentence: str, **values: object) -> NoReturn:
    raise ValidationError(Sentence(sentence, **values))


def clean(value: object, *, most: int, is_multiline: bool = False, is_tidied: bool = True) -> str:
    """Text in NFC without controls or lone surrogates, which PostgreSQL or UTF-8 cannot hold, and not too long."""
    if not isinstance(value, str):
        refuse(NOT_TEXT)
    if len(value) > LONGEST_TEXT:
        refuse(TOO_LONG, most=most)  # before anything slow
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if not is_multiline:
        text = text.replace("\n", " ")
    if any(unicodedata.category(letter) in CONTROLS and letter != "\n" for letter in text) or UNSHOWN & {*text}:
        refuse(NOT_READABLE)
    if is_tidied:
        text = text.strip() if is_multiline else " ".join(text.split())
    if len(text) > most:
        refuse(TOO_LONG, most=most)
    return text


class Text(Said, fields.String):
    """Some words, on one line unless `multiline`."""

    nothing = ""

    def __init__(self, *, most: int, multiline: bool = False, **more: Any) -> None:
        self.most = most
        self.multiline = multiline
        super().__init__(**more)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        return clean(value, most=self.most, is_multiline=self.multiline)


class Email(Said, fields.String):
    """An e-mail address, by its shape only: whether it is somebody's, a letter will tell."""

    unsaid = NO_EMAIL

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        address = clean(value, most=254)
        if not re.fullmatch(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+\.[^@\s<>,;:\"()\[\]\\.]+", address):
            refuse(NOT_EMAIL)
        return address


class Password(Said, fields.String):
    """A password, as it was typed. Never drawn again."""

    unsaid = NO_PASSWORD

    def __init__(self, **more: Any) -> None:
        super().__init__(load_only=True, **more)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        return clean(value, most=256, is_tidied=False)


class Hours(Said, fields.Integer):
    """Time in words ("1 h 30", "awr a hanner"), or a number of seconds in JSON. Loads and dumps whole seconds."""

    unsaid = hours.NotHours.sentence

    def __init__(self, *, least: int = 1, most: int = hours.DAY, **more: Any) -> None:
        self.least = least
        self.most = most
        super().__init__(metadata={"description": "Whole seconds, or words such as “1 h 30”."}, **more)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if isinstance(value, str):
            try:
                return hours.parse(value, least=self.least, most=self.most)
            except hours.NotHours as error:
                refuse(error.sentence, most_seconds=self.most)
        if type(value) is not int:
            refuse(hours.NotHours.sentence)
        if not self.least <= value <= self.most:
            wrong = hours.NotEnough if value < self.least else hours.TooMuch
            refuse(wrong.sentence, most_seconds=self.most)
        return value


class Day(Said, fields.Date):
    """A day: 2026-11-24."""

    unsaid = NO_DAY

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
            refuse(NOT_DAY)
        try:
            day = date.fromisoformat(value.strip())
        except ValueError:
            refuse(NOT_DAY)
        if not FIRST_DAY <= day <= LAST_DAY:
            refuse(DAY_OUT_OF_RANGE)
        return day


class Clock(Said, fields.Time):
    """A time of day, to the minute: 14:30, where the timebank is."""

    unsaid = NOT_CLOCK

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> time:
        said = (
            re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?", value.strip()) if isinstance(value, str) else None
        )
        if said is None or int(said[1]) > 23 or int(said[2]) > 59:  # noqa: PLR2004 - a day's last minute
            refuse(NOT_CLOCK)
        return time(int(said[1]), int(said[2]))


class Choice(Said, fields.String):
    """One of an enumeration, by its value; or of any texts, which are then loaded as they are."""

    unsaid = NOT_CHOICE

    def __init__(self, of: type[StrEnum] | Iterable[str], **more: Any) -> None:
        self.of: dict[str, str] = {str(answer): answer for answer in of}
        super().__init__(validate=validate.OneOf([*self.of], error=NOT_CHOICE), **more)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or value not in self.of:
            refuse(NOT_CHOICE)
        return self.of[value]


class Id(Said, fields.UUID):
    """Which thing is meant."""

    unsaid = NO_CHOICE

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> UUID:
        try:
            return UUID(value if isinstance(value, str) else "")
        except ValueError:
            refuse(NOT_ID)


class Somebody(Id):
    """Who is meant. On a form it may also be a name, typed in the box `<field>_name`; see `web/people.py`."""


class YesNo(Said, fields.Boolean):
    """A box that was ticked or not, or true and false in JSON."""

    nothing = False

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if isinstance(value, bool):
            return value
        if value not in ("yes", "no"):  # a tuple, as JSON also says what cannot be in a set
            refuse(NOT_YES_OR_NO)
        return bool(value == "yes")


class Whole(Said, fields.Integer):
    """A whole number within bounds."""

    def __init__(self, *, least: int, most: int, **more: Any) -> None:
        self.least = least
        self.most = most
        super().__init__(**more)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        is_digits = isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,18}\s*", value)
        if not is_digits and type(value) is not int:
            refuse(NOT_WHOLE)
        number = int(value)
        if not self.least <= number <= self.most:
            refuse(NUMBER_OUT_OF_RANGE, least=self.least, most=self.most)
        return number


class Many(Said, fields.List[Any]):
    """Several of one kind: boxes that were ticked, or a list in JSON. Blank ones are left out."""

    nothing: ClassVar[Any] = list

    def __init__(self, of: Any, *, most: int = LONGEST_LIST, **more: Any) -> None:
        self.most = most
        super().__init__(of, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        if not isinstance(value, list):
            refuse(NOT_LIST)
        said = [one for one in value if not (isinstance(one, str) and is_blank(one))]
        if len(said) > self.most:
            refuse(TOO_MANY, most=self.most)
        if not said and self.required:
            refuse(self.why_needed)
        loaded: list[Any] = super()._deserialize(said, attr, data, **more)
        return loaded


class Part(Said, fields.Nested):
    """Something with fields of its own, in JSON."""

    def __init__(self, schema: type[Schema], **more: Any) -> None:
        super().__init__(schema, **more)
