"""An exchange's life as a line of steps, and whose turn it is: what its page says in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from flask_babel import gettext

from timebank.afterwords.queries import Echo, Thanked
from timebank.exchanges.life import ENDS, approval_is_beforehand, confirmed_by_silence, may_be_corrected
from timebank.exchanges.queries import Named
from timebank.exchanges.rules import has_come, is_party, other_than, parties_of, who_suggests
from timebank.exchanges.tables import Exchange, State, Step
from timebank.language import N_
from timebank.members.rules import Standing
from timebank.network.tables import Policy
from timebank.web.applied_rules import Applied
from timebank.web.filters import day, hours, moment
from timebank.web.wording import AUTHORITIES, HOUSE_STEPS, STEPS

NEXT: dict[State, str] = {
    State.AGREED: N_("When it is done, one of the two logs the hours."),
    State.APPROVED: N_("When it is done, one of the two logs the hours."),
    State.CREDITED: N_("The hours are on both statements. Thank you!"),
    State.REVERSED: N_("The hours were taken back. Both statements show both entries."),
}
IT_ENDED = N_("It ended here, and no hours are counted.")


@dataclass(frozen=True)
class LifeStep:
    """One step as the page's line of life shows it."""

    text: str
    when: str = ""
    detail: str = ""
    state: str = "done"
    href: str = ""
    rule: Applied | None = None


def life_of(
    named: Named,
    steps: Sequence[tuple[Step, str | None, str | None]],
    rules: Mapping[int, Applied],
    echo: Echo,
) -> list[LifeStep]:
    """What has happened so far, oldest first, by which rule, and thanks at its end: those only for the two."""
    told = [(step.at, _told(step, who, for_whom, rules.get(step.number))) for step, who, for_whom in steps]
    thanked = [(each.thanks.at, _thanked(named.name_of(party_id), each)) for party_id, each in echo.thanks.items()]
    return [step for _, step in sorted([*told, *thanked], key=itemgetter(0))]


def _thanked(who: str, said: Thanked) -> LifeStep:
    return LifeStep(
        text=gettext("%(who)s said thank you", who=who),
        when=moment(said.thanks.at),
        detail=said.words,
        href="#thanks",
    )


def _told(step: Step, who: str | None, for_whom: str | None, rule: Applied | None) -> LifeStep:
    if step.by_member_id is None or who is None:
        text = gettext(HOUSE_STEPS[step.verb])
    else:
        text = gettext(STEPS[step.verb]) % {"who": who}
    details = []
    if for_whom and step.for_party_id != step.by_member_id:
        details.append(gettext("For: %(name)s", name=for_whom))
    if step.authority:
        details.append(gettext(AUTHORITIES[step.authority]))
    if step.planned_for:
        details.append(moment(step.planned_for))
    if step.happened_on:
        details.append(day(step.happened_on))
    if step.seconds:
        details.append(hours(step.seconds))
    if step.note:
        details.append(step.note)
    return LifeStep(text=text, when=moment(step.at), detail=" · ".join(details), rule=rule)


def whose_turn(named: Named, policy: Policy, asking: Standing, at: datetime) -> list[str]:
    """What happens next, who is waited for, and, where all is done, what is left to whom it seems wrong."""
    exchange = named.exchange
    match exchange.state:
        case State.PROPOSED:
            return [_answer(named, asking), *_too_late(exchange, at)]
        case State.AGREED | State.APPROVED if exchange.suggested_for is not None:
            return [
                gettext("Another time is suggested. Until both agree to it, the one agreed stands."),
                _answer(named, asking),
            ]
        case State.REPORTED:
            return _confirmation(named, policy, asking)
    if waits := _for_a_broker(exchange, policy, at):
        return [*waits, *_not_this_broker(exchange, asking)]
    return [gettext(NEXT.get(exchange.state, IT_ENDED)), *_if_it_is_wrong(exchange, asking)]


def _for_a_broker(exchange: Exchange, policy: Policy, at: datetime) -> list[str]:
    """What a broker is waited for to decide, and what the two can do meanwhile; nothing where none is."""
    match exchange.state:
        case State.CONFIRMED:
            return [_broker_has_to_look(exchange)]
        case State.DISPUTED:
            return _disagreement(exchange, policy)
        case State.AGREED if approval_is_beforehand(exchange, policy):
            return _approval(exchange, at)
        case _:
            return []


def _too_late(exchange: Exchange, at: datetime) -> list[str]:
    if not has_come(exchange, at):
        return []
    return [gettext("The time that was suggested has passed: suggest another one.")]


def _approval(exchange: Exchange, at: datetime) -> list[str]:
    if not has_come(exchange, at):
        return [gettext("A time broker looks at it before it takes place.")]
    return [
        gettext("Its time has come, and no time broker has approved it."),
        gettext("If it took place, one of the two logs the hours, and a time broker looks at them. If not, say so."),
    ]


def _disagreement(exchange: Exchange, policy: Policy) -> list[str]:
    said = [gettext("A time broker talks with both, and settles the hours.")]
    if may_be_corrected(exchange, policy):
        said.append(gettext("Whoever logged them can also correct them, or take them back."))
    else:
        said.append(gettext("They have been corrected often enough. Whoever logged them can still take them back."))
    return said


def _not_this_broker(exchange: Exchange, asking: Standing) -> list[str]:
    if not (asking.is_broker and is_party(exchange, asking)):
        return []
    return [gettext("You are part of this exchange yourself: another broker has to decide.")]


def _if_it_is_wrong(exchange: Exchange, asking: Standing) -> list[str]:
    """What the two can still do where everything is done."""
    if not asking.sides & parties_of(exchange):
        return []
    if exchange.state is State.CREDITED:
        return [gettext("If they are not right, tell a time broker, who can put them right or take them back.")]
    if exchange.state in ENDS:
        return [gettext("If help was given after all, log the hours anew.")]
    return []


def _answer(named: Named, asking: Standing) -> str:
    asked = other_than(named.exchange, who_suggests(named.exchange))
    if asking.speaks_for(asked):
        return gettext("Your answer is waited for.")
    return gettext("Waiting for an answer. From: %(name)s", name=named.name_of(asked))


def _confirmation(named: Named, policy: Policy, asking: Standing) -> list[str]:
    exchange = named.exchange
    assert exchange.reporter_id is not None  # noqa: S101 - logged hours were logged by one of the two
    asked, until = other_than(exchange, exchange.reporter_id), confirmed_by_silence(exchange, policy)
    if asking.speaks_for(asked):
        said = [gettext("Please say whether the hours are right.")]
    else:
        said = [gettext("Waiting for a confirmation. From: %(name)s", name=named.name_of(asked))]
    if until is not None:
        said.append(gettext("If nobody says anything, it counts as confirmed: %(when)s", when=moment(until)))
    return said


def _broker_has_to_look(exchange: Exchange) -> str:
    if exchange.waits_for_limit:
        return gettext("The hours are confirmed, but they would pass a limit of the policy. A time broker will help.")
    if exchange.is_unapproved:
        return gettext("Nobody approved it beforehand, so a time broker looks at it before the hours are credited.")
    if exchange.is_one_handed:
        return gettext(
            "One person logged it for both sides, so a time broker looks at it before the hours are credited."
        )
    return gettext("A time broker looks at it before the hours are credited.")
