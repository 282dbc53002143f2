"""Letters: whom to tell on paper or by telephone, and noting that somebody was told."""

from typing import Any

from timebank.clock import now
from timebank.notices import letters, queries
from timebank.web.api_room import Room
from timebank.web.letters import written
from timebank.web.paging import place_in, token_of
from timebank.web.schemas.letters import AskedLetters, SaidNotices, SaidTold, ShownCount, ShownLetters
from timebank.web.session import action, database, me

api = Room("api_letters", "letters", url_prefix="/api/v1/letters", description="Telling those without e-mail")


@api.get("")
@api.arguments(AskedLetters, location="query")
@api.response(200, ShownLetters)
def index(asked: dict[str, Any]) -> dict[str, Any]:
    """For brokers: who waits to be told what, longest first."""
    people = [asked["person"]] if asked["person"] else None
    page = queries.letters(database(), broker=me().standing, people=people, after=place_in(asked["after"]))
    return {
        "items": [
            {
                "party_id": letter.party_id,
                "name": letter.name,
                "phone": letter.phone,
                "language": letter.person.language,
                "since": letter.since,
                "notices": [
                    each.notice.model_dump() | {"subject": each.subject, "sentence": each.sentence, "note": each.note}
                    for each in written(letter).paragraphs
                ],
            }
            for letter in page.items
        ],
        "next": token_of(page.after) or None,
    }


@api.post("/told")
@api.arguments(SaidTold)
@api.response(200, ShownCount)
def told(said: dict[str, Any]) -> dict[str, int]:
    """Note that somebody was told, by letter or telephone. What was noted before keeps its mark and is not counted."""
    with action() as session:
        count = letters.note_told(session, said["notices"], how=said["how"], broker=me().standing, at=now())
    return {"count": count}


@api.post("/again")
@api.arguments(SaidNotices)
@api.response(200, ShownCount)
def again(said: dict[str, Any]) -> dict[str, int]:
    """Undo it: they wait to be told again."""
    with action() as session:
        return {"count": letters.tell_again(session, said["notices"], broker=me().standing)}
