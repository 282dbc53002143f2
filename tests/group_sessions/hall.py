"""A church hall: group sessions with their usual arguments, each verb in a transaction of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, select

import ledger
from tests.cast import Cast
from timebank.database import unit_of_work
from timebank.donations import correcting
from timebank.exchanges.tables import Help
from timebank.group_sessions import announcing, crediting, paying, queries, registering
from timebank.group_sessions.announcing import Announcement
from timebank.group_sessions.charging import Plan
from timebank.group_sessions.tables import Charging, GroupSession, Part, Presence
from timebank.members.queries import party
from timebank.members.rules import Standing
from timebank.network.queries import book_of, timebank
from timebank.notices.tables import Notice

HOUR = 3600
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)


@dataclass
class Hall:
    session: Session
    cast: Cast

    def announce(self, host: Standing | None = None, **more: Any) -> UUID:
        by = host or self.cast.ana
        what = {
            "title": "Sourdough for all",
            "starts_at": TUESDAY,
            "planned_seconds": 2 * HOUR,
            "charging": Charging.EACH,
        }
        told = {name: more.pop(name) for name in [*more] if name in Announcement.__dataclass_fields__}
        said = {"by": by, "at": MONDAY, "submission": uuid4()} | more
        with unit_of_work(self.session) as session:
            host_id = said.pop("host_id", by.member_id)
            return announcing.announce(session, host_id, what=Announcement(**(what | told)), **said).id

    def sign_up(self, session_id: UUID, *who: Standing, **more: Any) -> None:
        for each in who:
            said = {"party_id": each.member_id, "by": each, "at": MONDAY} | more
            with unit_of_work(self.session) as session:
                announcing.sign_up(session, session_id, **said)

    def drop_out(self, session_id: UUID, who: Standing, **more: Any) -> None:
        said = {"party_id": who.member_id, "by": who, "at": MONDAY} | more
        with unit_of_work(self.session) as session:
            announcing.drop_out(session, session_id, **said)

    def came(self, session_id: UUID, who: Standing | UUID, part: Part, hours: float, **more: Any) -> None:
        party_id = who.member_id if isinstance(who, Standing) else who
        said = {"by": self.cast.bryn, "at": WEDNESDAY, "party_id": party_id} | more
        with unit_of_work(self.session) as session:
            registering.register(session, session_id, part=part, seconds=int(hours * HOUR), **said)

    def all_came(self, session_id: UUID, **more: Any) -> None:
        with unit_of_work(self.session) as session:
            registering.register_all(session, session_id, **({"by": self.cast.bryn, "at": WEDNESDAY} | more))

    def absent(self, session_id: UUID, who: Standing, **more: Any) -> None:
        said = {"by": self.cast.bryn, "at": WEDNESDAY, "party_id": who.member_id} | more
        with unit_of_work(self.session) as session:
            registering.mark_absent(session, session_id, **said)

    def agree_to_pay(self, session_id: UUID, **more: Any) -> None:
        with unit_of_work(self.session) as session:
            paying.agree_to_pay(session, session_id, **({"by": self.cast.dewi, "at": MONDAY} | more))

    def decline_to_pay(self, session_id: UUID, **more: Any) -> None:
        with unit_of_work(self.session) as session:
            paying.decline_to_pay(session, session_id, **({"by": self.cast.dewi, "at": MONDAY} | more))

    def change(self, session_id: UUID, **more: Any) -> None:
        """What is not said stays as it is."""
        self.session.rollback()
        held = self.held(session_id)
        names = list(Announcement.__dataclass_fields__)
        as_it_is = {name: getattr(held, name) for name in names}
        what = Announcement(**(as_it_is | {name: more.pop(name) for name in [*more] if name in names}))
        with unit_of_work(self.session) as session:
            announcing.change(session, session_id, what=what, **({"by": self.cast.ana, "at": MONDAY} | more))

    def cancel(self, session_id: UUID, **more: Any) -> None:
        with unit_of_work(self.session) as session:
            announcing.cancel(session, session_id, **({"by": self.cast.ana, "at": MONDAY} | more))

    def held(self, session_id: UUID) -> GroupSession:
        self.session.rollback()
        return queries.group_session(self.session, self.cast.timebank_id, session_id).session

    def plan(self, session_id: UUID) -> Plan:
        """The entry as it is shown before it is posted."""
        planned = queries.planned(self.held(session_id), queries.attendances(self.session, session_id))
        assert planned is not None
        return planned

    def credit(self, session_id: UUID, **more: Any) -> None:
        with unit_of_work(self.session) as session:
            crediting.credit(session, session_id, **({"broker": self.cast.bryn, "at": WEDNESDAY} | more))

    def reverse(self, session_id: UUID, number: int = 1, **more: Any) -> None:
        said = {"broker": self.cast.bryn, "at": WEDNESDAY, "note": "Another list"} | more
        with unit_of_work(self.session) as session:
            correcting.reverse_entry(session, session_id, number, **said)

    def presences(self, session_id: UUID) -> dict[str, Presence]:
        self.session.rollback()
        return {each.name: each.attendance.presence for each in queries.attendances(self.session, session_id)}

    def hours(self, who: Standing | UUID) -> float:
        self.session.rollback()
        whose = party(self.session, self.cast.timebank_id, who.member_id if isinstance(who, Standing) else who)
        return book_of(self.session, whose.timebank_id).balance(whose.account_id).posted / HOUR

    def in_pot(self) -> float:
        self.session.rollback()
        bank = timebank(self.session, self.cast.timebank_id)
        return book_of(self.session, bank.id).balance(bank.pot_account_id).posted / HOUR

    def help(self) -> dict[tuple[str, str], float]:
        """Hours of help that stand, by the names of giver and receiver."""
        names = {standing.member_id: name for name, standing in self.cast.standings.items()}
        rows = self.session.exec(select(Help)).all()
        return {
            (names[row.giver_id], names[row.receiver_id]): row.seconds / HOUR for row in rows if row.reversed_at is None
        }

    def told(self, who: Standing) -> list[str]:
        return [*self.session.exec(select(Notice.kind).where(Notice.person_id == who.person_id))]

    def prove(self) -> None:
        """The auditor finds nothing."""
        assert ledger.audit(self.session, None).problems == []
