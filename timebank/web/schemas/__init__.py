"""What may be said, by form and by JSON alike: schemas whose errors are sentences in the reader's language."""

from collections.abc import Mapping
from typing import Any, Self

import marshmallow
from flask_babel import gettext

from timebank.language import N_
from timebank.web.filters import as_written


class Sentence(str):
    """A sentence for the catalogues with what goes into it, kept apart until the reader's language is known."""

    __slots__ = ("values",)
    values: Mapping[str, object]

    def __new__(cls, sentence: str, **values: object) -> Self:
        made = super().__new__(cls, sentence)
        made.values = values
        return made


class Schema(marshmallow.Schema):
    """The base of every schema of ours. Its fields come from `fields.py`, whose sentences the catalogues know."""

    error_messages = {  # noqa: RUF012 - marshmallow's own way
        "type": N_("This is not what was expected here."),
        "unknown": N_("There is no field by this name."),
    }

    def handle_error(self, error: marshmallow.ValidationError, *_: Any, **__: Any) -> None:
        """Marshmallow asks for this by name. (Translating earlier, by lazy strings, would yield a list of letters.)"""
        error.messages = _translated(error.messages)


def _translated(messages: Any) -> Any:
    if isinstance(messages, dict):
        return {field: _translated(inside) for field, inside in messages.items()}
    if isinstance(messages, list):
        return [_translated(inside) for inside in messages]
    return gettext(messages, **as_written(messages.values)) if isinstance(messages, Sentence) else gettext(messages)
