"""Who is meant by a name on paper, and which kind of help by a word."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from timebank.folding import folded
from timebank.members.finding import Found, people_called, people_called_just
from timebank.members.tables import Gift

TELLING = 3
"""So many letters of one word begin a name; fewer, such as initials, only propose who may be meant."""
MOST_LOOKED_FOR = 60
"""So many different names that nobody bears may be the beginnings of others'; who mistypes more mistyped the file."""


@dataclass(frozen=True)
class Meant:
    """Who is meant by a name: the only one who may be, or several to choose from."""

    only: Found | None
    alike: Sequence[Found] = ()

    def chosen(self, party_id: UUID | None) -> Found | None:
        """The one that somebody chose among those who may be meant."""
        return self.only or next((each for each in self.alike if each.id == party_id), None)


def meant_by(session: Session, timebank_id: UUID, names: Iterable[str]) -> dict[str, Meant]:
    """By name as it was typed: whoever bears it whole, all found in one query, or else whoever it could begin.

    Each beginning is looked up by itself, in some rows of an index: a vague one takes nothing from the others.
    """
    asked = {name: folded(name) for name in names}
    bearing = _bearing(session, timebank_id, asked.values())
    unknown = sorted({*asked.values()} - {*bearing})[:MOST_LOOKED_FOR]
    beginning = {plain: people_called(session, timebank_id, plain) for plain in unknown}
    return {
        name: _meant(bearing[plain])
        if plain in bearing
        else _meant(beginning.get(plain, []), is_sure=any(len(word) >= TELLING for word in plain.split()))
        for name, plain in asked.items()
    }


def _meant(fitting: Sequence[Found], *, is_sure: bool = True) -> Meant:
    return Meant(fitting[0]) if is_sure and len(fitting) == 1 else Meant(None, fitting)


def _bearing(session: Session, timebank_id: UUID, names: Iterable[str]) -> Mapping[str, Sequence[Found]]:
    """Everybody who bears one of these names, by it alone and with the area behind it."""
    bare = {part for name in names for part in (name, name.partition(" (")[0])}
    bearing = defaultdict[str, list[Found]](list)
    for each in people_called_just(session, timebank_id, bare):
        for name in {folded(each.name), folded(each.label)}:
            bearing[name].append(each)
    return bearing


def gifts_by_name(session: Session, timebank_id: UUID) -> dict[str, UUID]:
    """The kinds of help known here, by their folded name in either language."""
    found = session.exec(select(Gift).where(Gift.timebank_id == timebank_id)).all()
    return {folded(name): gift.id for gift in found for name in (gift.name_cy, gift.name_en)}
