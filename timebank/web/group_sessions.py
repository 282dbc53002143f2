"""A group session as its reader may see it: for the page and the API alike."""

from dataclasses import dataclass
from uuid import UUID

from timebank.clock import now
from timebank.group_sessions import queries
from timebank.group_sessions.charging import Plan
from timebank.group_sessions.queries import Attending
from timebank.group_sessions.rules import has_taken_place, may_answer_for_payer, may_host
from timebank.group_sessions.tables import GroupSession, PayerWord, Presence, SessionEntry, SessionState
from timebank.members.queries import names
from timebank.web.session import Me, database


@dataclass(frozen=True, kw_only=True)
class ShownSession:
    """A session with its host's name. `attending`, `plan` and `entries` are for its host and brokers, empty for others.

    `own` is the reader's own part, by party; `in_plan` the names of the parties in the plan; `payer` that of the
    organisation that is to pay, for which the reader may answer if `may_answer`.
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
    in_plan: dict[UUID, str]
    entries: list[SessionEntry]

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
        in_plan=names(database(), _parties_in(plan)) if plan else {},
        entries=[*queries.entries_of(database(), session_id)] if hosts else [],
    )


def _parties_in(plan: Plan) -> set[UUID]:
    helped = {party_id for each in plan.helped for party_id in (each.giver_id, each.receiver_id)}
    return {*plan.by_party, *helped}
