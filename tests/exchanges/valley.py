"""A timebank of its own for each story that Hypothesis tells: who lives there, what they do, and how things stand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

import ledger
from ledger import EntryKind
from tests.exchanges.model import Deed, Life
from timebank.database import unit_of_work
from timebank.exchanges import agreeing, approving, queries, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.rules import SERVICE, open_verbs
from timebank.exchanges.tables import Credit, Exchange, Help, Step
from timebank.members.actions import apply_floor, let_act_for, welcome
from timebank.members.queries import standing_of
from timebank.members.rules import Standing
from timebank.members.tables import Authority, Party, Role
from timebank.network import actions as network
from timebank.network.queries import book_of, policy_at
from timebank.network.rules import PolicyTerms
from timebank.notices.tables import Notice
from timebank.organisations.actions import join
from timebank.reports.periods import Period, PeriodKind
from timebank.reports.queries import reconciliation

MEMBERS = {"ana": [Role.MEMBER], "ben": [Role.MEMBER], "bea": [Role.MEMBER, Role.BROKER], "bryn": [Role.BROKER]}
MEMBERS |= {"olwen": [Role.MEMBER]}


@dataclass(frozen=True)
class Stands:
    """How one exchange stands, as the model and the house both say it."""

    state: str
    logged: int | None
    credited: int | None
    held: int
    corrections: int
    taken_back: tuple[int, ...]


class Valley:
    """One timebank on one engine."""

    def __init__(self, engine: Engine, terms: PolicyTerms, at: datetime) -> None:
        self.session = Session(engine)
        with unit_of_work(self.session) as session:
            slug = f"valley-{uuid4().hex[:20]}"
            self.id = network.found(session, slug=slug, name_en=slug, name_cy=slug, terms=terms, at=at).id
            self.parties = {
                name: welcome(
                    session, broker=None, timebank_id=self.id, name=name, email=None, phone="", roles=roles, at=at
                ).id
                for name, roles in MEMBERS.items()
            }
            self.parties["gwalia"] = join(session, timebank_id=self.id, name="Gwalia", at=at).id
            let_act_for(session, self.parties["bea"], self.parties["gwalia"], at=at)
        self.standings = {name: standing_of(self.session, self.parties[name]).told(Authority.PHONE) for name in MEMBERS}
        self.standings["cy"] = replace(self.standings["ana"], timebank_id=uuid4())
        self.accounts = {
            name: self.session.get_one(Party, party_id).account_id for name, party_id in self.parties.items()
        }
        self.founded = at
        self.session.rollback()
        self.exchanges: dict[int, UUID] = {}

    # What is done

    def do(self, number: int, verb: str, life: Life, deed: Deed) -> None:
        """The house's own action. Raises its refusals."""
        with unit_of_work(self.session) as session:
            if verb in {"propose", "log"}:
                self.exchanges[number] = self._begin(session, verb, life, deed).id
            elif verb in {"approve", "settle", "adjust", "reverse"}:
                said: dict[str, Any] = {"broker": self.standings[deed.who], "at": deed.at}
                if verb != "approve":
                    said["note"] = "Why"
                getattr(approving, verb)(session, self.exchanges[number], **said, **_hours(verb, deed))
            else:
                self._as_party(verb)(
                    session,
                    self.exchanges[number],
                    by=self.standings[deed.who],
                    at=deed.at,
                    for_party=self.parties[deed.party],
                    **_hours(verb, deed),
                )

    def _begin(self, session: Session, verb: str, life: Life, deed: Deed) -> Exchange:
        between = Between(
            giver_id=self.parties[life.giver],
            receiver_id=self.parties[life.receiver],
            proposer_id=self.parties[deed.party],
        )
        common: dict[str, Any] = {
            "between": between,
            "title": "Help",
            "by": self.standings[deed.who],
            "at": deed.at,
            "submission": uuid4(),
        }
        begin = agreeing.propose if verb == "propose" else reporting.log
        return begin(session, **common, **_hours(verb, deed))

    def _as_party(self, verb: str) -> Callable[..., Exchange]:
        return getattr(reporting, verb, None) or getattr(agreeing, verb)  # type: ignore[no-any-return]

    def fall_silent(self, number: int, at: datetime) -> None:
        with unit_of_work(self.session) as session:
            reporting.confirm_overdue(session, self.exchanges[number], at=at)

    def decide(self, terms: PolicyTerms, version: int, at: datetime) -> None:
        with unit_of_work(self.session) as session:
            network.decide(session, self.id, terms=terms, after_version=version, by=None, at=at)
            apply_floor(session, self.id, floor_seconds=terms.floor_seconds, by=None, at=at)

    # How things stand

    def stands(self, number: int) -> Stands:
        exchange = self.session.get_one(Exchange, self.exchanges[number])
        rows = self.session.exec(select(Help).where(Help.exchange_id == exchange.id)).all()
        made = self.session.exec(select(Credit).where(Credit.exchange_id == exchange.id)).all()
        standing = [row for row in rows if row.reversed_at is None]
        assert [row.seconds for row in standing] == ([exchange.credited_seconds] if standing else [])
        assert {row.entry_id for row in rows} == {each.entry_id for each in made}
        assert {each.entry_id for each in made if each.reversal_entry_id is None} == {row.entry_id for row in standing}
        assert (exchange.state == "credited") == bool(standing)
        held = self._book.entry(exchange.hold_id).postings[0].out if exchange.hold_id else 0
        taken_back = sorted(row.seconds for row in rows if row.reversed_at)
        is_credited = exchange.state == "credited"
        return Stands(
            state=exchange.state.value,
            logged=exchange.reported_seconds,
            credited=exchange.credited_seconds if is_credited else None,
            held=held,
            corrections=exchange.corrections,
            taken_back=tuple(taken_back),
        )

    @property
    def _book(self) -> ledger.Book:
        return book_of(self.session, self.id)

    def balances(self) -> dict[str, tuple[int, int, int]]:
        """Posted, promised by them, promised to them."""
        found = self._book.balances(self.accounts.values())
        return {
            name: (found[account].posted, found[account].out, found[account].in_)
            for name, account in self.accounts.items()
        }

    def digest(self) -> tuple[object, ...]:
        """What a refusal may not change: every exchange, and how many steps, notices, help and entries there are."""
        here = [*self.exchanges.values()]
        exchanges = self.session.exec(
            select(Exchange).where(Exchange.timebank_id == self.id).order_by(col(Exchange.id))
        ).all()
        counts = [
            self.session.exec(select(func.count()).select_from(table).where(where)).one()
            for table, where in (
                (Step, col(Step.exchange_id).in_(here)),
                (Credit, col(Credit.exchange_id).in_(here)),
                (Help, col(Help.timebank_id) == self.id),
                (Notice, col(Notice.timebank_id) == self.id),
            )
        ]
        return [each.model_dump() for each in exchanges], counts, self._book.head().number

    def ways_out(self, number: int, at: datetime) -> set[str]:
        """What anybody may do with an exchange now."""
        exchange = self.session.get_one(Exchange, self.exchanges[number])
        policy = policy_at(self.session, self.id, at)
        here: list[Standing] = [self.standings[name] for name in MEMBERS]
        return {each.verb.value for standing in here for each in open_verbs(exchange, policy, standing, at=at)}

    def prove(self, at: datetime) -> None:
        """Reports, statements, entries and exchanges say the same, and the auditor finds nothing."""
        year = Period(self.founded.date(), at.date() + timedelta(days=400), PeriodKind.YEAR)
        assert reconciliation(self.session, self.id, year).reconciles
        book = self._book
        entries, credited = (
            set[UUID](),
            self.session.exec(
                select(Credit.entry_id, Credit.reversal_entry_id).join(Exchange).where(Exchange.timebank_id == self.id)
            ).all(),
        )
        for name, account in self.accounts.items():
            lines = book.statement(account, moved_only=True, limit=500).lines
            assert sum(line.seconds for line in lines) == book.balance(account).posted
            assert all(row.exchange for row in queries.explain(self.session, self.parties[name], lines))
            entries |= {line.entry for line in lines if line.purpose == SERVICE or line.kind is EntryKind.REVERSE}
        assert entries == {entry for pair in credited for entry in pair if entry}, "each entry has its exchange"
        assert ledger.audit(self.session, book.id).problems == []


def _hours(verb: str, deed: Deed) -> dict[str, Any]:
    """What is said with a verb."""
    if verb in {"propose", "suggest", "agree"} and deed.plan:
        return {"planned_for": deed.plan.at, "planned_seconds": deed.plan.seconds}
    if verb in {"log", "report", "correct", "settle", "adjust"} and deed.logged:
        return {"seconds": deed.logged.seconds, "happened_on": deed.logged.day}
    return {"note": "Otherwise"} if verb == "dispute" else {}
