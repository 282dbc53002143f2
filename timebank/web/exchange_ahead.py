"""Today on the line of an exchange's life, and the steps that are still ahead, as far as the policy tells."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from flask_babel import gettext

from timebank.exchanges.life import approval_is_beforehand, confirmed_by_silence, terms_for, waits_for_broker
from timebank.exchanges.queries import Named
from timebank.exchanges.rules import has_come, other_than, who_suggests
from timebank.exchanges.tables import Exchange, State
from timebank.members.rules import Standing
from timebank.network.tables import Confirmation, Policy
from timebank.web.exchange_life import LifeStep
from timebank.web.filters import day, moment

BEFORE_IT_HAPPENS = (State.PROPOSED, State.AGREED, State.APPROVED)
BEFORE_CREDIT = (*BEFORE_IT_HAPPENS, State.REPORTED, State.CONFIRMED, State.DISPUTED)


def ahead(named: Named, policy: Policy, asking: Standing, at: datetime) -> list[LifeStep]:
    """Today, with who is waited for, and what comes after it; nothing where all is done."""
    if named.exchange.state not in BEFORE_CREDIT:
        return []
    today = LifeStep(text=gettext("Today"), when=day(at), detail=_waited_for(named, policy, asking, at), state="now")
    return [today, *_to_come(named.exchange, policy, at)]


def _waited_for(named: Named, policy: Policy, asking: Standing, at: datetime) -> str:
    exchange = named.exchange
    asked = _who_is_asked(exchange)
    if asked is not None and asking.speaks_for(asked):
        return gettext("Waiting for you")
    if asked is not None:
        return gettext("Waited for: %(name)s", name=named.name_of(asked))
    is_here = has_come(exchange, at)
    is_ready = is_here or exchange.state is State.APPROVED or not approval_is_beforehand(exchange, policy)
    if exchange.state in {State.AGREED, State.APPROVED} and is_ready:
        if not is_here and exchange.planned_for is not None:
            return gettext("Nobody is waited for: the day has not come yet.")
        return gettext("Waited for: whichever of the two logs the hours first")
    return gettext("Waited for: a time broker")


def _who_is_asked(exchange: Exchange) -> UUID | None:
    """Which of the two has to answer, if one of them has to."""
    if exchange.state is State.PROPOSED or (exchange.suggested_for is not None and exchange.state in BEFORE_IT_HAPPENS):
        return other_than(exchange, who_suggests(exchange))
    if exchange.state is State.REPORTED and exchange.reporter_id is not None:
        return other_than(exchange, exchange.reporter_id)
    return None


def _to_come(exchange: Exchange, policy: Policy, at: datetime) -> Iterator[LifeStep]:
    state = exchange.state
    if state in BEFORE_IT_HAPPENS:
        yield from _until_it_happens(exchange, policy, at)
        yield _next(gettext("One of the two logs the hours"))
    if state in {*BEFORE_IT_HAPPENS, State.REPORTED}:
        yield from _until_it_is_confirmed(exchange, policy)
    if state is State.DISPUTED:
        yield _next(gettext("A time broker settles the hours"))
    elif state is State.CONFIRMED or waits_for_broker(exchange, policy):
        yield _next(gettext("A time broker looks at it"))
    yield _next(gettext("The hours are credited"))
    yield _next(gettext("Thanks, if you like"))


def _until_it_happens(exchange: Exchange, policy: Policy, at: datetime) -> Iterator[LifeStep]:
    if exchange.state is State.PROPOSED:
        yield _next(gettext("Both agree on a time"))
    if exchange.state is not State.APPROVED and approval_is_beforehand(exchange, policy):
        yield _next(gettext("A time broker approves it"))
    if not has_come(exchange, at):
        yield _next(gettext("It takes place"), moment(exchange.planned_for) if exchange.planned_for else "")


def _until_it_is_confirmed(exchange: Exchange, policy: Policy) -> Iterator[LifeStep]:
    confirmation = terms_for(exchange, policy).confirmation
    if exchange.state is not State.REPORTED and confirmation is Confirmation.EITHER:
        return  # whoever logs has said it
    until = confirmed_by_silence(exchange, policy)
    when = gettext("at the latest: %(when)s", when=moment(until)) if until else ""
    by_the_other = exchange.state is State.REPORTED or confirmation is Confirmation.BOTH
    yield _next(gettext("The other confirms them") if by_the_other else gettext("The hours are confirmed"), when)


def _next(text: str, when: str = "") -> LifeStep:
    return LifeStep(text=text, when=when, state="next")
