"""What is typed finds what is meant: "ol re" Olwen Rees, with or without accents, and "shopping" a kind of help."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from timebank.folding import name_words, sort_name
from timebank.members.queries import takes_part
from timebank.members.tables import Gift, Member, NameWord, Party, PartyKind, Status

MOST_FOUND = 8
MOST_WORDS = 6
TELLING = 3
"""Shorter words of the name of a kind of help say little."""
SURE = 4
CLOSE = 0.85
LAST_LETTER = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """Somebody as a choice: a name, and an area to tell two of the same name apart."""

    id: UUID
    name: str
    area: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.area})" if self.area else self.name


def people_called(
    session: Session,
    timebank_id: UUID,
    typed: str,
    *,
    without: Collection[UUID] = (),
    kind: PartyKind | None = None,
    limit: int = MOST_FOUND,
) -> list[Found]:
    """Those who take part and whose name has words that begin like the typed ones; who is called just that, first.

    Of one `kind`, or people and organisations alike.

    Never a list of everybody: nothing typed finds nobody, and however many there are, some rows of an index are read.
    """
    words = sorted(name_words(typed), key=lambda word: (-len(word), word))[:MOST_WORDS]
    if not words:
        return []
    choices = _choices(timebank_id, without, kind)
    exactly = choices.where(Party.sort_name == _whole(typed)).order_by(Party.id).limit(limit)
    longest, *others = words
    earlier = aliased(NameWord)
    known_by_earlier_word = select(earlier.party_id).where(
        col(earlier.party_id) == NameWord.party_id, *_begins(earlier, longest), col(earlier.word) < NameWord.word
    )
    rows = (
        choices.join(NameWord, col(NameWord.party_id) == col(Party.id))
        .where(NameWord.timebank_id == timebank_id, *_begins(NameWord, longest), ~known_by_earlier_word.exists())
        .order_by(col(NameWord.word), col(NameWord.party_id))
        .limit(limit)
    )
    for word in others:
        also = aliased(NameWord)
        has_word = select(also.party_id).where(col(also.party_id) == Party.id, *_begins(also, word))
        rows = rows.where(has_word.exists())
    found = [Found(*row) for row in [*session.exec(exactly).all(), *session.exec(rows).all()]]
    return list(dict.fromkeys(found))[:limit]


def people_called_just(session: Session, timebank_id: UUID, names: Iterable[str]) -> list[Found]:
    """Everybody who takes part by one of these very names, accents and capitals apart, however many bear the same."""
    whole = {_whole(name) for name in names}
    rows = _choices(timebank_id, ()).where(col(Party.sort_name).in_(whole)).order_by(Party.sort_name, Party.id)
    return [Found(*row) for row in session.exec(rows).all()]


def people_meant(session: Session, timebank_id: UUID, typed: str) -> list[Found]:
    """Who may be meant by a name: whoever is called just that, or else everybody whom it could begin."""
    return people_called_just(session, timebank_id, [typed]) or people_called(session, timebank_id, typed)


def people_among(session: Session, timebank_id: UUID, party_ids: Iterable[UUID]) -> list[Found]:
    """Those of these parties who take part, in the same order."""
    wanted = list(dict.fromkeys(party_ids))
    rows = session.exec(_choices(timebank_id, ()).where(col(Party.id).in_(wanted))).all()
    found = {row[0]: Found(*row) for row in rows}
    return [found[each] for each in wanted if each in found]


def is_called(name: str, typed: str) -> bool:
    """Whether somebody of this name could be meant by what was typed."""
    words, known = name_words(typed), name_words(name)
    return bool(words) and all(any(each.startswith(word) for each in known) for word in words)


def _choices(timebank_id: UUID, without: Collection[UUID], kind: PartyKind | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN202 - SQLModel's Select has no nameable type
    choices = (
        select(Party.id, Party.name, func.coalesce(Member.area, ""))
        .outerjoin(Member, col(Member.id) == col(Party.id))
        .where(*takes_part(timebank_id), Party.status == Status.ACTIVE, col(Party.id).not_in(set(without)))
    )
    return choices if kind is None else choices.where(Party.kind == kind)


def _whole(typed: str) -> str:
    """What a whole name is looked up by, without what no database could hold."""
    return sort_name("".join(letter for letter in typed if letter.isprintable()))


def _begins(word: type[NameWord], letters: str) -> list[ColumnElement[Any]]:
    """One stretch of the index: from the letters to the last that could follow them."""
    return [col(word.word) >= letters, col(word.word) < letters + LAST_LETTER]


def gift_meant(session: Session, timebank_id: UUID, said: str) -> Gift | None:
    """The one kind of help that some words name in either language; None where none does, or more than one."""
    spoken = name_words(said)
    known = session.exec(select(Gift).where(Gift.timebank_id == timebank_id)).all()
    named = [gift for gift in known if any(_is_named(name, spoken) for name in (gift.name_en, gift.name_cy))]
    return named[0] if len(named) == 1 else None


def _is_named(name: str, spoken: Collection[str]) -> bool:
    telling = [word for word in name_words(name) if len(word) >= TELLING]
    return bool(telling) and all(any(_are_alike(word, said) for said in spoken) for word in telling)


def _are_alike(word: str, said: str) -> bool:
    """The same word, but for an ending or a slip of the finger: "garden" for gardening, "shoping" for shopping."""
    if word == said or min(len(word), len(said)) < SURE:
        return word == said
    return word.startswith(said) or said.startswith(word) or SequenceMatcher(None, word, said).ratio() >= CLOSE
