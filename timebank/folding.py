"""Text as people search and sort it: without accents or capitals, and in the order of a language's own letters."""

import re
import unicodedata

WELSH_LETTERS = {"ch": "czz", "dd": "dzz", "ff": "fzz", "ng": "gzz", "ll": "lzz", "ph": "pzz", "rh": "rzz", "th": "tzz"}
"""Each stands after all of the letter before it. Said in letters: some of PostgreSQL's collations pass over signs."""


def folded(text: str) -> str:
    """Lower case, accents stripped, one space between words: "Gŵyl y Bont" becomes "gwyl y bont"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def words(text: str) -> frozenset[str]:
    """The words of three letters and more in a text, folded."""
    return frozenset(word for word in re.findall(r"\w+", folded(text)) if len(word) > 2)  # noqa: PLR2004 - shorter ones say little


def name_words(name: str) -> frozenset[str]:
    """The words of a name, folded: "Siân O'Neill-Rees" has sian, oneill and rees."""
    return frozenset(re.findall(r"\w+", re.sub("['’ʼ`]", "", folded(name))))


def sort_name(text: str) -> str:
    """A key that sorts names as Welsh does: ch after c, dd after d, ng after g, ll after l."""
    return re.sub("|".join(WELSH_LETTERS), lambda letter: WELSH_LETTERS[letter[0]], folded(text))[:200]
