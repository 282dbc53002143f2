"""A group session as its reader may see it: for the page and the API alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from timebank.clock import now
from timebank.group_sessions import queries
from timebank.group_sessions.charging import Leg, Plan
from timebank.group_sessions.queries import Attending
from timebank.group_sessions.rules import has_part, has_taken_place, may_answer_for_payer, may_host
from timebank.group_sessions.tables import GroupSession, PayerWord, Presence, SessionEntry, SessionState
from timebank.members.queries import names
from timebank.web.session import Me, database


@dataclass(frozen=True, kw_only=True)
class ShownSession:
    """A session with its host's name. `attending`, `plan` and `entries` are for its host and brokers, empty for others.

    `own` is the reader's own part, by party, and `moved` what stands on their statements of it; `posted` what each
    entry did, and `called` the names of the parties in it and in the plan; `payer` that of the organisation that is to
    pay, for which the reader may answer if `may_answer`.
    """

    session: GroupSession
    host: str
    payer: str
    may_answer: bool
    coming: int
    own: dict[UUID, Attending]
    may_host: bool
    has_begun: bool
    takes_sign_ups: bool
    attending: list[Attending]
    plan: Plan | None
    entries: list[SessionEntry]
    posted: dict[UUID, list[Leg]]
    moved: dict[UUID, int]
    called: dict[UUID, str]
    may_credit: bool

    @property
    def is_full(self) -> bool:
        return self.session.places is not None and self.coming >= self.session.places

    @property
    def counts_anew(self) -> bool:
        """Whether somebody came who is not counted yet."""
        return any(
            each.attendance.presence is Presence.CAME and each.attendance.entry_number is None
            for each in self.attending
        )

    @property
    def is_agreed(self) -> bool:
        """Whether whoever pays has said so; members and the pot need not."""
        return self.session.payer_word in {None, PayerWord.AGREED}

    @property
    def may_change(self) -> bool:
        has_entry = any(entry.reversed_at is None for entry in self.entries)
        return self.may_host and not has_entry and self.session.state is not SessionState.CANCELLED

    @property
    def is_announced(self) -> bool:
        return self.session.state is SessionState.ANNOUNCED


def session_for(asking: Me, session_id: UUID) -> ShownSession:
    """Raises NoSuchSession."""
    hosted = queries.group_session(database(), asking.timebank_id, session_id)
    held = hosted.session
    attending = queries.attendances(database(), session_id)
    hosts = may_host(held, asking.standing)
    plan = queries.planned(held, attending) if hosts else None
    entries = [*queries.entries_of(database(), session_id)]
    posted = queries.posted(database(), held.timebank_id, entries)
    return ShownSession(
        session=held,
        host=hosted.host,
        payer=names(database(), [held.payer_id])[held.payer_id] if held.payer_id else "",
        may_answer=may_answer_for_payer(held, asking.standing),
        coming=queries.coming(database(), [session_id]).get(session_id, 0),
        own={
            each.attendance.party_id: each
            for each in attending
            if each.attendance.party_id in asking.standing.sides and each.attendance.presence is not Presence.WITHDRAWN
        },
        may_host=hosts,
        has_begun=held.starts_at <= now(),
        takes_sign_ups=not has_taken_place(held, now()),
        attending=attending if hosts else [],
        plan=plan,
        entries=entries if hosts else [],
        posted=posted if hosts else {},
        moved=_moved(asking.standing.sides, entries, posted),
        called=names(database(), _parties_in(plan, posted)) if hosts else {},
        may_credit=asking.standing.is_broker
        and not has_part(held, (each.attendance for each in attending), asking.standing),
    )


def _moved(sides: Iterable[UUID], entries: list[SessionEntry], posted: dict[UUID, list[Leg]]) -> dict[UUID, int]:
    """What the entries that stand have given each of these parties, or taken."""
    standing = [leg for entry in entries if entry.reversed_at is None for leg in posted[entry.entry_id]]
    return {side: sum(seconds for party_id, seconds in standing if party_id == side) for side in sides}


def _parties_in(plan: Plan | None, posted: dict[UUID, list[Leg]]) -> set[UUID]:
    legs = [leg for each in posted.values() for leg in each] + (plan.legs if plan else [])
    helped = plan.helped if plan else ()
    return {party_id for party_id, _ in legs if party_id} | {
        party_id for each in helped for party_id in (each.giver_id, each.receiver_id)
    }
