"""Lets things happen in the demo, by the house's own actions: people join, list, propose, agree, log and confirm."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from timebank.access.actions import set_password
from timebank.access.rules import Hasher
from timebank.afterwords import actions as afterwords
from timebank.concerns import actions as concerns
from timebank.demo.kinds_of_help import KINDS
from timebank.demo.offers_and_requests import OFFERS, Text
from timebank.demo.on_paper import OnPaper
from timebank.demo.passing_on import Gifted, Wished
from timebank.demo.people import ABOUT, Body, Villager, email_of, phone_of
from timebank.demo.stories import Deed, Story, who_acts
from timebank.demo.talking import Afterthought, Said
from timebank.demo.together import Together
from timebank.demo.who_signs_in import DEMO_ACCESS
from timebank.donations import asking, giving
from timebank.exchanges import agreeing, approving, reporting
from timebank.exchanges.agreeing import Between
from timebank.exchanges.tables import Exchange, Verb
from timebank.group_sessions import announcing, checking_in, registering
from timebank.group_sessions import crediting as group_crediting
from timebank.group_sessions.tables import Part
from timebank.language import Language
from timebank.listings import actions as listings
from timebank.listings.actions import Wording
from timebank.listings.tables import Side
from timebank.members import actions as members
from timebank.members import guarding
from timebank.members.guarding import Limits
from timebank.members.queries import standing_of
from timebank.members.rules import Guarded, Standing
from timebank.members.tables import Authority, Evidence, Role
from timebank.messages import actions as messages
from timebank.network import actions as network
from timebank.network.queries import policies
from timebank.network.rules import HOUR, PolicyTerms
from timebank.organisations import actions as organisations
from timebank.sheets import entering, printing
from timebank.sheets.rules import Line, Sheet

_HASHER = Hasher()
_SIGN_IN = frozenset(each.name for each in DEMO_ACCESS.people)
"""The others have no password: somebody who looks at the demo need not choose among sixty people."""


class Valley:
    """One timebank of the demo: everybody in it by name, and what they can do."""

    def __init__(self, *, slug: str, name_en: str, name_cy: str, phone: str) -> None:
        self.slug, self.name_en, self.name_cy, self.phone = slug, name_en, name_cy, phone
        self.timebank_id: UUID
        self.parties: dict[str, UUID] = {}
        self.standings: dict[str, Standing] = {}
        self._gifts: dict[str, UUID] = {}
        self._listings: dict[Text, UUID] = {}
        self._exchanges: dict[Story, UUID] = {}
        self._wishes: dict[Wished, UUID] = {}
        self._sessions: dict[Together, UUID] = {}

    def found(self, session: Session, *, terms: PolicyTerms, at: datetime) -> None:
        self.timebank_id = network.found(
            session, slug=self.slug, name_en=self.name_en, name_cy=self.name_cy, phone=self.phone, terms=terms, at=at
        ).id
        for key, kind in KINDS.items():
            gift = members.name_gift(session, self.timebank_id, name_en=kind.en, name_cy=kind.cy)
            self._gifts[key] = gift.id

    def decide(self, session: Session, *, terms: PolicyTerms, by: str, at: datetime) -> None:
        person_id = self.standings[by].person_id
        newest = policies(session, self.timebank_id)[0].version
        network.decide(session, self.timebank_id, terms=terms, after_version=newest, by=person_id, at=at)

    def welcome(self, session: Session, villager: Villager, *, by: str | None, at: datetime, role: Role | None) -> None:
        """A villager becomes a member; `role` is what they are beside that."""
        roles = {Role.MEMBER} | ({role} if role else set())
        self._enter(session, villager.name, villager, roles=roles, by=by, at=at)

    def employ(self, session: Session, name: str, *, role: Role | None, at: datetime) -> None:
        """Somebody comes to work with the timebank without being a member: a broker, an auditor, a delegate."""
        self._enter(session, name, None, roles={role} if role else set(), by=None, at=at)

    def join(self, session: Session, body: Body, *, at: datetime) -> None:
        """An organisation joins, and its delegate speaks for it."""
        joined = organisations.join(
            session,
            timebank_id=self.timebank_id,
            name=body.name,
            about_en=body.about_en,
            about_cy=body.about_cy,
            at=at,
        )
        self.parties[body.name] = joined.id
        self.employ(session, body.delegate, role=None, at=at)
        delegate = self.parties[body.delegate]
        members.let_act_for(session, delegate, joined.id, at=at)
        self.standings[body.delegate] = standing_of(session, delegate)

    def pause(self, session: Session, name: str, *, by: str) -> None:
        members.suspend(session, self.parties[name], broker=self.standings[by])

    def let_guard(self, session: Session, *, guardian: str, ward: str, by: str, at: datetime) -> None:
        """A broker lets a member act for another, for four hours a month."""
        guarding.appoint(
            session,
            self.parties[ward],
            guardian_id=self.parties[guardian],
            limits=Limits(acts=frozenset(Guarded), most_monthly_seconds=4 * HOUR),
            evidence=Evidence.SAID_SO,
            broker=self.standings[by],
            at=at,
            today=at.date(),
        )

    def offer_or_ask(self, session: Session, text: Text, *, at: datetime) -> None:
        listed = listings.post(
            session,
            side=Side.OFFER if text in OFFERS else Side.REQUEST,
            party_id=self.parties[text.who],
            wording=Wording(title=text.title, details=text.details, gift_id=self._gifts[text.kind], times=text.times),
            by=self.standing(who_acts(text.who, text.who), text.who),
            at=at,
            submission=uuid4(),
        )
        self._listings[text] = listed.id

    def take_off_the_list(self, session: Session, text: Text, *, at: datetime) -> None:
        by = self.standings[who_acts(text.who, text.who)]
        listings.close(session, self._listings[text], by=by, at=at)

    def pass_on(self, session: Session, gifted: Gifted, *, at: datetime) -> None:
        """Somebody puts hours into the pot, or passes them on to somebody."""
        giving.donate(
            session,
            self.parties[gifted.who],
            receiver_id=self.parties[gifted.to] if gifted.to else None,
            seconds=gifted.seconds,
            word=gifted.word,
            by=self.standing(who_acts(gifted.who, gifted.who), gifted.who),
            at=at,
            submission=uuid4(),
        )

    def ask_the_pot(self, session: Session, wished: Wished, *, at: datetime) -> None:
        by = self.standing(who_acts(wished.who, wished.who), wished.who)
        wish = asking.ask(
            session,
            self.parties[wished.who],
            seconds=wished.seconds,
            word=wished.word,
            by=by,
            at=at,
            submission=uuid4(),
        )
        self._wishes[wished] = wish.id

    def give_from_the_pot(self, session: Session, wished: Wished, *, at: datetime) -> None:
        broker = self.standings[wished.broker]
        asking.grant(
            session, self._wishes[wished], seconds=wished.grants, broker=broker, at=at, submission=uuid4(), word=""
        )

    def enter_paper(self, session: Session, paper: OnPaper) -> None:
        """A sheet comes back filled in, and a broker enters it."""
        by = self.standings[paper.broker]
        sheet = printing.print_hours(session, month=paper.lines[0].day, place=paper.place, by=by, at=paper.printed)[0]
        lines = [
            Line(
                number=number,
                happened_on=line.day,
                giver_id=self.parties[line.giver],
                receiver_id=self.parties[line.receiver],
                title=line.what,
                seconds=line.seconds,
            )
            for number, line in enumerate(paper.lines, start=1)
        ]
        said = Sheet(printed_id=sheet.id, approves=True)
        entering.enter(session, lines, sheet=said, by=by, at=paper.entered, submission=uuid4())

    def announce(self, session: Session, together: Together) -> None:
        """A group session is announced, and people sign up the day after."""
        by, at = self.standing(who_acts(together.host, together.host), together.host), together.announced
        followed = [held for known, held in self._sessions.items() if known.what.title == together.follows]
        payer_id = self.parties[together.payer] if together.payer else None
        what = replace(together.what, payer_id=payer_id, follows_id=followed[0] if followed else None)
        announced = announcing.announce(
            session, self.parties[together.host], what=what, by=by, at=at, submission=uuid4()
        )
        self._sessions[together] = announced.id
        for number, name in enumerate(together.receivers):
            announcing.sign_up(
                session,
                announced.id,
                party_id=self.parties[name],
                by=self.standing(who_acts(name, name), name),
                at=at + timedelta(days=1, minutes=number),
            )

    def check_in(self, session: Session, together: Together) -> None:
        """People say at the door that they are here, a few before it begins and a few after."""
        host, starts_at = self.standings[who_acts(together.host, together.host)], together.what.starts_at
        for number, name in enumerate(together.checked_in):
            at, party_id = starts_at + timedelta(minutes=3 * number - 5), self.parties[name]
            checking_in.check_in(session, self._sessions[together], party_id=party_id, by=host, at=at)

    def credit_together(self, session: Session, together: Together, *, at: datetime) -> None:
        """Those who were coming came; the host says how long they prepared it."""
        broker, session_id = self.standings[together.broker], self._sessions[together]
        registering.register_all(session, session_id, by=broker, at=at)
        registering.register(
            session,
            session_id,
            party_id=self.parties[together.host],
            part=Part.GIVER,
            seconds=together.what.planned_seconds,
            prepared_seconds=together.prepared_seconds,
            by=broker,
            at=at,
        )
        group_crediting.credit(session, session_id, broker=broker, at=at)

    def standing(self, by: str, whose: str) -> Standing:
        """Somebody, as they act for themselves, or were told by another to act for them: most ring, some write."""
        told = (Authority.PHONE, Authority.PHONE, Authority.LETTER, Authority.IN_PERSON)[len(whose) % 4]
        by_whom = self.standings[by]
        return by_whom if by_whom.speaks_for(self.parties[whose]) else by_whom.told(told)

    def act(self, session: Session, story: Story, deed: Deed) -> None:
        """The next thing in a story happens."""
        if story not in self._exchanges:
            self._exchanges[story] = self._begin(session, story, deed).id
        elif deed.by is None:
            reporting.confirm_overdue(session, self._exchanges[story], at=deed.at)
        elif deed.of is None:
            self._decide(session, self._exchanges[story], deed, broker=self.standings[deed.by])
        else:
            self._go_on(session, self._exchanges[story], deed, by=self.standing(deed.by, deed.of))
        if deed.verb is Verb.AGREE and story.listing is not None and story.listing not in OFFERS:
            self.take_off_the_list(session, story.listing, at=deed.at)

    def say(self, session: Session, said: Said) -> None:
        """Somebody writes to the other of a story; a broker does it for those without e-mail."""
        messages.write(
            session,
            self._exchanges[said.story],
            words=said.words,
            by=self.standing(who_acts(said.who, *said.story.both), said.who),
            at=said.at,
            submission=uuid4(),
            for_party=self.parties[said.who],
        )

    def say_how_it_went(self, session: Session, thought: Afterthought) -> None:
        """One of the two says how it went, and thanks the other."""
        exchange_id = self._exchanges[thought.story]
        by = self.standing(who_acts(thought.who, *thought.story.both), thought.who)
        common: dict[str, Any] = {"by": by, "at": thought.at, "for_party": self.parties[thought.who]}
        afterwords.say_how_it_went(session, exchange_id, thought.feeling, **common)
        if thought.words is not None:
            afterwords.thank(session, exchange_id, words=thought.words, **common)

    def confide(self, session: Session, *, by: str, about: str, words: str, at: datetime) -> None:
        """Somebody tells the brokers something in private; who has no e-mail rings one of them."""
        concerns.confide(
            session,
            self.parties[about],
            words=words,
            by=self.standing(who_acts(by, by), by),
            at=at,
            submission=uuid4(),
            for_party=self.parties[by],
        )

    def _enter(
        self,
        session: Session,
        name: str,
        villager: Villager | None,
        *,
        roles: set[Role],
        by: str | None,
        at: datetime,
    ) -> None:
        has_email = villager is None or villager.has_email
        member = members.welcome(
            session,
            broker=self.standings[by] if by else None,
            timebank_id=self.timebank_id,
            name=name,
            email=email_of(name) if has_email else None,
            phone=phone_of(name),
            language=villager.language if villager else Language.ENGLISH,
            area=villager.area if villager else "",
            about=ABOUT.get(name, ""),
            roles=roles,
            at=at,
        )
        if name in _SIGN_IN:
            set_password(session, member.person_id, password=DEMO_ACCESS.password, at=at, using=_HASHER)
        self.parties[name] = member.id
        self.standings[name] = standing_of(session, member.id)

    def _begin(self, session: Session, story: Story, deed: Deed) -> Exchange:
        assert deed.of is not None and deed.by is not None  # noqa: S101, PT018 - somebody begins it
        between = Between(
            giver_id=self.parties[story.giver],
            receiver_id=self.parties[story.receiver],
            proposer_id=self.parties[deed.of],
        )
        by = self.standing(deed.by, deed.of)
        if deed.verb is Verb.REPORT:
            assert deed.seconds is not None and deed.happened_on is not None  # noqa: S101, PT018 - that is what is logged
            return reporting.log(
                session,
                between=between,
                title=story.title,
                seconds=deed.seconds,
                happened_on=deed.happened_on,
                note=deed.note,
                gift_id=self._gifts[story.kind],
                place=KINDS[story.kind].place,
                by=by,
                at=deed.at,
                submission=uuid4(),
            )
        asked: dict[str, Any] = {
            "by": by,
            "at": deed.at,
            "submission": uuid4(),
            "note": deed.note,
            "planned_for": deed.planned_for,
            "planned_seconds": deed.seconds,
            "place": KINDS[story.kind].place,
        }
        if story.listing is None:
            return agreeing.propose(session, between=between, title=story.title, **asked)
        listing_id = self._listings[story.listing]
        return agreeing.answer_listing(session, listing_id, for_party=between.proposer_id, **asked)

    def _go_on(self, session: Session, exchange_id: UUID, deed: Deed, *, by: Standing) -> None:
        """One of the two does something, or a broker for them."""
        assert deed.of is not None  # noqa: S101 - the two always act for one of them
        common: dict[str, Any] = {"by": by, "at": deed.at, "note": deed.note, "for_party": self.parties[deed.of]}
        more: dict[Verb, dict[str, Any]] = {
            Verb.AGREE: {"planned_for": deed.planned_for, "planned_seconds": deed.seconds},
            Verb.SUGGEST: {"planned_for": deed.planned_for, "planned_seconds": deed.seconds},
            Verb.REPORT: {"seconds": deed.seconds, "happened_on": deed.happened_on},
            Verb.CORRECT: {"seconds": deed.seconds, "happened_on": deed.happened_on},
            Verb.DISPUTE: {"seconds": deed.seconds},
        }
        _VERBS_OF_THE_TWO[deed.verb](session, exchange_id, **common, **more.get(deed.verb, {}))

    def _decide(self, session: Session, exchange_id: UUID, deed: Deed, *, broker: Standing) -> None:
        """A broker decides something."""
        match deed.verb:
            case Verb.APPROVE:
                approving.approve(session, exchange_id, broker=broker, at=deed.at, note=deed.note)
            case Verb.SETTLE | Verb.ADJUST:
                assert deed.seconds is not None  # noqa: S101 - that is what is decided
                decide = approving.settle if deed.verb is Verb.SETTLE else approving.adjust
                decide(session, exchange_id, seconds=deed.seconds, note=deed.note, broker=broker, at=deed.at)
            case Verb.REVERSE:
                approving.reverse(session, exchange_id, note=deed.note, broker=broker, at=deed.at)
            case Verb.DECLINE:
                agreeing.decline(session, exchange_id, by=broker, at=deed.at, note=deed.note)
            case _:
                raise NotImplementedError(deed.verb)


_VERBS_OF_THE_TWO: dict[Verb, Callable[..., Exchange]] = {
    Verb.AGREE: agreeing.agree,
    Verb.SUGGEST: agreeing.suggest,
    Verb.DECLINE: agreeing.decline,
    Verb.WITHDRAW: agreeing.withdraw,
    Verb.CANCEL: agreeing.cancel,
    Verb.DID_NOT_HAPPEN: agreeing.did_not_happen,
    Verb.REPORT: reporting.report,
    Verb.CORRECT: reporting.correct,
    Verb.CONFIRM: reporting.confirm,
    Verb.DISPUTE: reporting.dispute,
}
