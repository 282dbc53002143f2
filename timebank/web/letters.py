"""Letters as they are worded for whom they are for, each in their own language: for pages, paper and the API."""

from dataclasses import dataclass

from timebank.language import Language
from timebank.network.queries import timebank
from timebank.notices.queries import Letter
from timebank.notices.tables import Notice
from timebank.notices.worded import worded
from timebank.web.session import database, me


@dataclass(frozen=True)
class Paragraph:
    """A notice in words."""

    notice: Notice
    subject: str
    sentence: str

    @property
    def note(self) -> str:
        return str(self.notice.values.get("note") or "")


@dataclass(frozen=True)
class WrittenLetter:
    """A letter in somebody's language, with the name that the timebank has in it."""

    letter: Letter
    timebank: str
    paragraphs: list[Paragraph]

    @property
    def language(self) -> Language:
        return self.letter.person.language


def written(letter: Letter) -> WrittenLetter:
    """A letter in the language of whom it is for."""
    return in_language(letter, letter.person.language)


def in_language(letter: Letter, language: Language) -> WrittenLetter:
    """A letter in any language: a broker reads it aloud in another, perhaps."""
    paragraphs = [Paragraph(notice, *worded(notice, language)) for notice in letter.notices]
    return WrittenLetter(letter, timebank(database(), me().timebank_id).name(language), paragraphs)
