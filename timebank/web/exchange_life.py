"""An exchange's life as a line of steps, and whose turn it is: what its page says in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from flask_babel import gettext

from timebank.afterwords.queries import Echo, Thanked
from timebank.exchanges.life import approval_is_beforehand, confirmed_by_silence
from timebank.exchanges.queries import Named
from timebank.exchanges.rules import other_than, who_suggests
from timebank.exchanges.tables import Exchange, State, Step
from timebank.language import N_
from timebank.members.rules import Standing
from timebank.network.tables import Policy
from timebank.web.applied_rules import Applied
from timebank.web.filters import day, hours, moment
from timebank.web.wording import AUTHORITIES, HOUSE_STEPS, STEPS

NEXT: dict[State, str] = {
    State.AGREED: N_("When it is done, either of you logs the hours."),
    State.APPROVED: N_("When it is done, either of you logs the hours."),
    State.DISPUTED: N_(
        "A time broker talks with you both, and settles the hours. Whoever logged them can also correct them."
    ),
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


def whose_turn(named: Named, policy: Policy, asking: Standing) -> list[str]:
    """What happens next, and who is waited for: a sentence or two."""
    exchange = named.exchange
    match exchange.state:
        case State.PROPOSED:
            return [_answer(named, asking)]
        case State.AGREED | State.APPROVED if exchange.suggested_for is not None:
            return [
                gettext("Another time is suggested. Until both agree to it, the one agreed stands."),
                _answer(named, asking),
            ]
        case State.REPORTED:
            return _confirmation(named, policy, asking)
        case State.CONFIRMED:
            return [_broker_has_to_look(exchange)]
        case State.AGREED if approval_is_beforehand(exchange, policy):
            return [gettext("A time broker looks at it before it takes place.")]
        case _:
            return [gettext(NEXT.get(exchange.state, IT_ENDED))]


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
