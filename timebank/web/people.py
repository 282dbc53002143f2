"""Who is meant by a name that somebody types on a form, and who is likeliest to be meant: nobody draws everybody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import marshmallow
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from timebank.exchanges.queries import recent_partners
from timebank.language import N_
from timebank.members.apart import blocked_by
from timebank.members.finding import Found, is_called, people_among, people_called, people_meant
from timebank.web.filters import as_written
from timebank.web.schemas import Schema, Sentence
from timebank.web.schemas.fields import Many, Somebody, clean
from timebank.web.session import database, me

MOST_RECENT = 5
LONGEST_NAME = 120
LONGEST_NAMES = 2000
NOBODY = N_("Nobody called “%(name)s” takes part here. Try a part of the name, or another spelling.")
SEVERAL = N_("“%(name)s” could be more than one person. Choose who is meant.")


@dataclass(frozen=True)
class Unclear:
    """A name that nobody has, or several: what is answered, and who is offered to choose from."""

    sentence: str
    people: list[Found] = field(default_factory=list)


def name_of(name: str) -> str:
    """The box of a field in which a name is typed."""
    return f"{name}_name"


def people_in(schema: Schema) -> Iterator[str]:
    """The fields of a schema that mean people."""
    for name, each in schema.fields.items():
        if isinstance(each, Somebody) or (isinstance(each, Many) and isinstance(each.inner, Somebody)):
            yield name


def who_is_meant(schema: Schema, typed: MultiDict[str, str]) -> tuple[MultiDict[str, str], dict[str, Unclear]]:
    """What was typed, with who is meant instead of their names; and by field which names are not clear.

    A name counts more than a choice beside it, except one that the name fits: that is how one of several is chosen.
    """
    sent, unclear = typed.copy(), dict[str, Unclear]()
    for name in people_in(schema):
        is_list = isinstance(schema.fields[name], Many)
        box = typed.get(name_of(name), "")
        names = [each.strip() for each in (box.replace("\n", ",").split(",") if is_list else [box]) if each.strip()]
        if not names:
            continue
        chosen = people_among(database(), me().timebank_id, ids_in(typed.getlist(name)))
        meant = list(chosen) if is_list else []
        for each in names:
            fitting = [person for person in chosen if is_called(person.name, each)]
            found = fitting or _people(each)
            if isinstance(found, Unclear):
                unclear[name] = found
            else:
                meant += [person for person in found if person not in meant]
        sent.setlist(name, [str(person.id) for person in meant])
    return sent, unclear


def _people(typed: str) -> list[Found] | Unclear:
    """The one who is called so; otherwise why it is not clear."""
    try:
        name = clean(typed, most=LONGEST_NAME)
    except marshmallow.ValidationError as error:
        said = error.messages[0]
        return Unclear(gettext(said, **as_written(said.values)) if isinstance(said, Sentence) else gettext(said))
    found = people_meant(database(), me().timebank_id, name)
    if len(found) == 1:
        return found
    return Unclear(gettext(SEVERAL if found else NOBODY, name=name), found)


def recent_people(speaker: UUID, chosen: object = "") -> list[Found]:
    """With whom somebody exchanged last, as the first choices on their form; before them the one chosen there."""
    kept_away = {party_id for party_id, _ in blocked_by(database(), [speaker])}
    recent = [each for each in recent_partners(database(), speaker) if each not in kept_away]
    return people_among(database(), me().timebank_id, ids_in([str(chosen)]) + recent)[:MOST_RECENT]


def suggestions(typed: str, speaker: UUID | None = None) -> list[Found]:
    """Who may be meant by what has been typed so far: neither whoever types, nor whom they have blocked.

    Who has blocked them is among the suggestions as before, since nobody is told of that by a gap.
    """
    own = me().standing.parties
    kept_away = {party_id for party_id, _ in blocked_by(database(), own)}
    if speaker is not None:
        kept_away.add(speaker)
    return people_called(database(), me().timebank_id, typed, without=kept_away)


def ids_in(values: list[str]) -> list[UUID]:
    """Those of some texts that are ids; of the others the schema speaks."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
