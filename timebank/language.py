"""The two languages, and the mark for sentences that are translated later."""

from enum import StrEnum


class Language(StrEnum):
    ENGLISH = "en"
    WELSH = "cy"


def N_(sentence: str) -> str:
    """Mark a sentence for the catalogues; the web, which knows the reader's language, translates it."""
    return sentence
