"""Who is meant by a name on paper, and which kind of help by a word."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from timebank.folding import folded
from timebank.members.finding import is_called
from timebank.members.queries import takes_part
from timebank.members.tables import Gift, Member, Party, Status

MOST_LOOKED_FOR = 60
"""So many different names that nobody bears are looked for in others' names; who mistypes more mistyped the file."""
MOST_ALIKE = 8
MOST_FOUND = 5_000


@dataclass(frozen=True)
class Known:
    """Somebody who may be meant by a name. Where two bear it, their area tells them apart."""

    id: UUID
    name: str
    area: str

    @property
    def label(self) -> str:
        return f"{self.name} ({self.area})" if self.area else self.name


@dataclass(frozen=True)
class Meant:
    """Who is meant by a name: the one who bears it, or whoever may be."""

    only: Known | None
    alike: Sequence[Known] = ()

    def chosen(self, party_id: UUID | None) -> Known | None:
        """The one that somebody chose among those who may be meant."""
        return self.only or next((each for each in self.alike if each.id == party_id), None)


def meant_by(session: Session, timebank_id: UUID, names: Iterable[str]) -> dict[str, Meant]:
    """By name as it was typed: the one active party that bears it whole, or the only one whose name begins so.

    Otherwise whoever's name holds its words, to choose from.
    """
    asked = {name: folded(name) for name in names}
    bare = {plain.partition(" (")[0] for plain in asked.values()}
    bearing = defaultdict[str, list[Known]](list)
    for folded_name, known in _known(session, timebank_id, col(Party.folded_name).in_(bare)):
        bearing[folded_name].append(known)
        bearing[folded(known.label)].append(known)
    unknown = sorted({plain for plain in asked.values() if not bearing.get(plain)})[:MOST_LOOKED_FOR]
    alike = _alike(session, timebank_id, [plain for plain in unknown if plain])
    return {
        name: _meant(name, _distinct(bearing.get(plain, ())), alike.get(plain, [])) for name, plain in asked.items()
    }


def _meant(name: str, bearing: list[Known], alike: list[Known]) -> Meant:
    beginning = [known for known in alike if is_called(known.name, name)] if not bearing else []
    found = bearing or beginning
    return Meant(found[0]) if len(found) == 1 else Meant(None, (found or alike)[:MOST_ALIKE])


def _distinct(known: Iterable[Known]) -> list[Known]:
    return [*{each.id: each for each in known}.values()]


def _alike(session: Session, timebank_id: UUID, names: Sequence[str]) -> dict[str, list[Known]]:
    """Whoever's name holds all words of one of these, found in one query; nobody, where it would be half the land."""
    if not names:
        return {}
    folded_name = col(Party.folded_name)
    holding = [and_(*(folded_name.contains(word, autoescape=True) for word in name.split()[:6])) for name in names]
    found = _known(session, timebank_id, or_(*holding), limit=MOST_FOUND)
    if len(found) == MOST_FOUND:
        return {}
    return {
        name: [known for plain, known in found if all(word in plain for word in name.split()[:6])] for name in names
    }


def _known(
    session: Session, timebank_id: UUID, which: ColumnElement[bool], *, limit: int | None = None
) -> list[tuple[str, Known]]:
    rows = session.exec(
        select(Party.folded_name, Party.id, Party.name, Member.area)
        .outerjoin(Member, col(Member.id) == col(Party.id))
        .where(*takes_part(timebank_id), Party.status == Status.ACTIVE, which)
        .order_by(col(Party.sort_name), col(Party.id))
        .limit(limit)
    ).all()
    return [(plain, Known(party_id, name, area or "")) for plain, party_id, name, area in rows]


def gifts_by_name(session: Session, timebank_id: UUID) -> dict[str, UUID]:
    """The kinds of help known here, by their folded name in either language."""
    found = session.exec(select(Gift).where(Gift.timebank_id == timebank_id)).all()
    return {folded(name): gift.id for gift in found for name in (gift.name_cy, gift.name_en)}
