"""What pages say, by the sentences in code and templates: the same walk reads Welsh and English."""

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

from timebank import hours
from timebank.language import Language
from timebank.web import __file__ as web

CATALOGUES = Path(web).parent / "translations"


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [language])


class Words:
    """One language. What its catalogue does not have yet is said in English, as it is on the page."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, sentence: str, **values: object) -> str:
        translated: str = _catalogue(self.language).ugettext(sentence)
        return translated % values if values else translated

    def many(self, one: str, more: str, number: int) -> str:
        translated: str = _catalogue(self.language).ungettext(one, more, number)
        return translated % {"num": number}

    def hours(self, seconds: int) -> str:
        return hours.written(seconds, self.language)
